#!/usr/bin/env bash
# vet.sh HEAPWISE MODULE-DIR...: heapwise as the vet tool of the real go command: what it says of a package
# from its .cfg and facts is what the compiler says; a change below is seen above; a second run is the same.
set -uo pipefail
heapwise=$(realpath "$1"); shift
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export CGO_ENABLED=0 GO111MODULE=on GOWORK=off GOPROXY=off GOFLAGS=-buildvcs=false LC_ALL=C
passed=0 failed=0

check() { # NAME STATUS
    if [ "$2" = 0 ]; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1)); echo "failed: $1"
}
lines() { sed "s|$PWD/||; s|^\./||" | grep -v '^#' | sort; }

for module; do # with -m: the compiler's lines, in any order of packages
    cp -r "$module" "$dir/m"; cd "$dir/m" || exit 3
    find . -name '*_test.go' -delete
    go build -gcflags=-m ./... 2>&1 | lines >"$dir/want"
    go vet -vettool="$heapwise" -m ./... 2>&1 | lines >"$dir/have"
    cmp -s "$dir/want" "$dir/have" && [ -s "$dir/want" ]; check "$module -m" $?
    diff "$dir/want" "$dir/have" | head -5
    go vet -vettool="$heapwise" -m ./... 2>&1 | lines >"$dir/again"
    cmp -s "$dir/again" "$dir/have"; check "$module -m again" $?
    cd "$dir" && rm -rf m
done

mkdir -p "$dir/m/low" "$dir/m/high"; cd "$dir/m" || exit 3
printf 'module example.com/m\n\ngo 1.26\n' >go.mod
printf 'package low\n\n//go:noinline\nfunc Keep(p *int) int { return *p }\n' >low/low.go
printf 'package high\n\nimport "example.com/m/low"\n\nfunc F() int {\n\tx := 1\n\treturn low.Keep(&x)\n}\n' >high/high.go
printf 'package high\n\nimport "testing"\n\nfunc TestF(t *testing.T) {\n\tp := new(int)\n\tsink = p\n}\n\nvar sink *int\n' >high/high_test.go
printf 'package high_test\n\nimport (\n\t"testing"\n\n\t"example.com/m/high"\n)\n\nfunc TestG(t *testing.T) { _ = high.F() }\n' >high/x_test.go
out=$(go vet -vettool="$heapwise" ./... 2>&1); status=$?
[ $status = 1 ]; check "places found: status 1" $?
grep -q 'high_test.go:6:10: new(int) allocates 8 bytes$' <<<"$out"; check "a test's file" $?
grep -q 'high.go' <<<"$out"; [ $? = 1 ]; check "x stays on the stack" $?
printf 'package low\n\nvar kept *int\n\n//go:noinline\nfunc Keep(p *int) int { kept = p; return *p }\n' >low/low.go
out=$(go vet -vettool="$heapwise" ./high 2>&1)
grep -q 'high/high.go:6:2: x allocates 8 bytes$' <<<"$out"; check "a change below is seen" $?
go vet -vettool="$heapwise" -json ./high 2>&1 | grep -v '^#' | grep -q '"message": "x allocates 8 bytes"'; check "-json" $?
echo '{' >bad.cfg; "$heapwise" bad.cfg >/dev/null 2>"$dir/err"; [ $? = 2 ] && grep -q bad.cfg "$dir/err"; check "no JSON: status 2" $?
echo '{"ImportPath":"a","GoFiles":["/no/such.go"]}' >bad.cfg; "$heapwise" bad.cfg >/dev/null 2>&1; [ $? = 2 ]; check "no such file: status 2" $?
echo "$passed passed, $failed failed"
[ $failed = 0 ]
