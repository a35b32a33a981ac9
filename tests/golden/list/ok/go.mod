module ex.org/ok

go 1.21
