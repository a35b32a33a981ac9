module example.test/escape.generic

go 1.26
