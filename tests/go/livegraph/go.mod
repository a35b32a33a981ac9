module example.com/livegraph

go 1.24
