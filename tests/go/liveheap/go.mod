module example.com/liveheap

go 1.24
