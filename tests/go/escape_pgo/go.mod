module example.test/escape.pgo

go 1.26
