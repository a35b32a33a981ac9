# What is wrong in one package hides nothing of another: loading, syntax, types, what comes late.
export GOROOT="$PWD/list/go" GOENV=off GOFLAGS= GOWORK=off GO111MODULE= CGO_ENABLED=0 GOOS=linux GOARCH=amd64 GOEXPERIMENT= GOPROXY=off
cd check
$HEAPWISE check ./...; echo "exit $?"
$HEAPWISE check -e ./...; echo "exit $?"
$HEAPWISE check ./fine ./types; echo "exit $?"
$HEAPWISE check ./fine; echo "exit $?"
