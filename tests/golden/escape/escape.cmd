export GOROOT="$PWD/../list/go" GOENV=off GOFLAGS= GOWORK=off GO111MODULE= GOOS=linux GOARCH=amd64 GOEXPERIMENT= GOPROXY=
here="$PWD/"
for flags in "" -m "-m -l" -m=2 --json; do
    echo "\$ heapwise escape $flags one/one.go"
    "$HEAPWISE" escape $flags one/one.go 2>&1 | sed "s|$here||"
done
for flags in --cost "--cost --json"; do
    echo "\$ heapwise escape $flags one/one.go"
    "$HEAPWISE" escape $flags one/one.go | sed "s|$here||g"
done
for more in "" "--cost=always --json" --cost=none; do
    echo "\$ heapwise review --engine=own $more one/one.go"
    "$HEAPWISE" review --engine=own $more one/one.go 2>&1 | grep -v -e version -e '^reading the' -e '^writing' | sed "s|$here||g"
done
log=$(mktemp -d)
echo '$ heapwise escape --json=0,DIR one/one.go'; "$HEAPWISE" escape --json=0,"$log" one/one.go; echo "status $?"
for f in $(cd "$log"; find . -type f | sort); do echo "$f:"; sed "s|$here||g" "$log/$f"; done
rm -r "$log"
for bad in 1,/tmp DIR 0,; do "$HEAPWISE" escape --json=$bad one/one.go 2>&1 | head -1; done
"$HEAPWISE" escape -m=1 --json=0,/tmp one/one.go 2>&1 | head -1
dir=$(mktemp -d); cp bad.txt "$dir/bad.go"; cd "$dir"
echo '$ heapwise escape bad.go'; "$HEAPWISE" escape bad.go; echo "status $?"
echo '$ heapwise escape --json bad.go'; "$HEAPWISE" escape --json bad.go | sed "s|$dir/||"
echo '$ heapwise escape -m=many'; "$HEAPWISE" escape -m=many; echo "status $?"
echo '$ heapwise escape ./nothing'; "$HEAPWISE" escape ./nothing; echo "status $?"
# files as the compiler takes them: no go.mod, names as given
mkdir dep; printf 'package dep\n\nfunc G(p *int) *int { return p }\n' >dep/dep.go
printf 'package p\n\nimport "x/dep"\n\nfunc f()\n\nfunc F() { f(); f() }\n\nfunc H() {\n\tb := make([]byte, 20000)\n\t_ = dep.G(new(int))\n\t_ = b\n}\n' >p.go
for flags in -m "-m -l" "-m -l=4" "-m -smallframes"; do
    echo "\$ heapwise escape --compile -p=x/p $flags --package=x/dep=dep/dep.go p.go"
    "$HEAPWISE" escape --compile -p=x/p $flags --package=x/dep=dep/dep.go p.go; echo "status $?"
done
for file in bad.go none.go ""; do
    echo "\$ heapwise escape --compile $file"; "$HEAPWISE" escape --compile $file; echo "status $?"
done
cd /; rm -r "$dir"
