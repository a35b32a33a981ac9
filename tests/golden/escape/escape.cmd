export GOROOT="$PWD/../list/go" GOENV=off GOFLAGS= GOWORK=off GO111MODULE= GOOS=linux GOARCH=amd64 GOEXPERIMENT= GOPROXY=
here="$PWD/"
for flags in "" -m "-m -l" -m=2 --json; do
    echo "\$ heapwise escape $flags one/one.go"
    "$HEAPWISE" escape $flags one/one.go 2>&1 | sed "s|$here||"
done
dir=$(mktemp -d); cp bad.txt "$dir/bad.go"; cd "$dir"
echo '$ heapwise escape bad.go'; "$HEAPWISE" escape bad.go; echo "status $?"
echo '$ heapwise escape --json bad.go'; "$HEAPWISE" escape --json bad.go | sed "s|$dir/||"
echo '$ heapwise escape -m=many'; "$HEAPWISE" escape -m=many; echo "status $?"
echo '$ heapwise escape ./nothing'; "$HEAPWISE" escape ./nothing; echo "status $?"
rm -r "$dir"
