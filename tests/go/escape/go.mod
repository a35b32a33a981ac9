module example.test/escape

go 1.26
