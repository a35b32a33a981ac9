module example.com/liveoff

go 1.24
