#!/usr/bin/env bash
# escape_module.sh HEAPWISE: what escapes, said by the Go compiler and by heapwise, over a module of our
# own and over packages of the standard library.
set -uo pipefail
heapwise=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOCACHE=$work/cache
passed=0 failed=0

same() { # NAME TRUTH OURS
    if cmp -s "$2" "$3"; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1))
    echo "$1: differs"
    diff "$2" "$3" | head -20
}

module() { # DIRECTORY NAME: byte for byte
    cd "$1" || exit 3
    go build -gcflags=-m ./... 2>"$work/truth"
    "$heapwise" escape ./... >"$work/ours"
    same "$2 -m" "$work/truth" "$work/ours"
    go build -gcflags='all=-m -l' ./... 2>&1 | sed -n '/^# example.com/,$p' >"$work/truth"
    "$heapwise" escape -l --all ./... >"$work/ours"
    same "$2 -m -l" "$work/truth" "$work/ours"
}

cp -r "$here/escape" "$work/escape"
module "$work/escape" module
cp -r "$here/../../examples/routeplanner" "$work/routeplanner"
cd "$work/routeplanner" || exit 3
go build -gcflags=-m ./... 2>&1 | sort >"$work/truth"
"$heapwise" escape ./... | sort >"$work/ours"
same "routeplanner -m" "$work/truth" "$work/ours"

cd "$(go env GOROOT)/src" || exit 3
for package in sort strings errors container/heap text/scanner encoding/csv; do
    go build -gcflags=-m $package 2>"$work/truth"
    "$heapwise" escape $package >"$work/ours"
    same "$package -m" "$work/truth" "$work/ours"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
