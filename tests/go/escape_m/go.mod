module example.test/escape.x

go 1.26
