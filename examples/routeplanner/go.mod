module example.com/routeplanner

go 1.19
