$HEAPWISE check --syntax --compile syntax/fine.go
$HEAPWISE check --syntax --compile syntax/wrong.go
$HEAPWISE check --syntax --compile syntax/empty.go
$HEAPWISE check --syntax --compile syntax/none.go
