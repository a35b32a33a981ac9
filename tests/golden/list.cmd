export GOROOT="$PWD/list/go" GOENV=off GOFLAGS= GOWORK=off GO111MODULE= CGO_ENABLED=0 GOOS=linux GOARCH=amd64 GOEXPERIMENT= GOPROXY=
cd list/ok
$HEAPWISE list ./sub fmt; echo "exit $?"
$HEAPWISE list -deps .; echo "exit $?"
$HEAPWISE list -e -deps -json=ImportPath,Name,GoFiles,Imports,Standard,Error .; echo "exit $?"
$HEAPWISE list ./none 2>&1 | sed "s,$PWD,DIR,"
$HEAPWISE list -nosuch; echo "exit $?"
cd ../broken
$HEAPWISE list ./...; echo "exit $?"
GOROOT=/nonexistent $HEAPWISE list fmt
