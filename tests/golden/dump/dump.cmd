export GOROOT="$PWD/go" GOENV=off GOFLAGS= GOWORK=off GO111MODULE= GOOS=linux GOARCH=amd64 GOEXPERIMENT= GOPROXY=
dump() { echo "\$ heapwise dump $*"; "$HEAPWISE" dump "$@"; }
dump --after=ir
dump --after=inline --func=Total
dump --after=inline --func=Known
dump --after=inline --func='(*cube).area'
dump --after=inline -l --func=Known
dump --after=loopvar --func=Keep
dump --after=escape --func=Known
dump --after=bounds --func=half
dump --check
dump --check -l
dir=$(mktemp -d); printf 'package bad\n\nvar n int = "a"\n' >"$dir/bad.go"; cd "$dir"
echo '$ heapwise dump --after=ir bad.go'; "$HEAPWISE" dump --after=ir bad.go; echo "status $?"
rm bad.go; printf 'package fine\n\nfunc F() {}\n' >fine.go
echo '$ heapwise dump --after=ir --func=G'; "$HEAPWISE" dump --after=ir --func=G fine.go; echo "status $?"
echo '$ heapwise dump --after=ir --json'; "$HEAPWISE" dump --after=ir --json fine.go; echo "status $?"
printf 'package fine\n\nimport "nosuch/y"\n\nvar _ = y.Z\n' >import.go
echo '$ heapwise dump --after=ir import.go'; "$HEAPWISE" dump --after=ir import.go 2>&1 | sed 's|(.*/src|(GOROOT/src|'
echo '$ heapwise escape import.go'; "$HEAPWISE" escape import.go >import.out 2>&1; echo "status $?"; sed 's|(.*/src|(GOROOT/src|' import.out
rm import.go
echo '$ heapwise dump --after=done'; "$HEAPWISE" dump --after=done fine.go; echo "status $?"
echo '$ heapwise dump --func=F'; "$HEAPWISE" dump --func=F fine.go; echo "status $?"
cd /; rm -r "$dir"
