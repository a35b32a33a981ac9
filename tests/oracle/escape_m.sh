#!/usr/bin/env bash
# heapwise escape against go build -gcflags=-m: the same lines in the same order, at both levels,
# for every package of a module. usage: escape_m.sh HEAPWISE MODULE
set -euo pipefail
heapwise=$(realpath "$1")
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cp -r "$2/." "$dir"; cd "$dir"
export GOFLAGS= GO111MODULE=on GOWORK=off GOTOOLCHAIN=local GOPROXY=off LC_ALL=C
cases=0 differ=0
for package in ./*/; do
    for flags in -m -m=2; do
        go build -gcflags=$flags "$package" > /dev/null 2> want
        "$heapwise" escape $flags "$package" > have
        cases=$((cases + 1))
        cmp -s want have && [ -s want ] && continue
        differ=$((differ + 1))
        echo "differs: $package $flags"
        diff want have | head -20 || true
    done
done
echo "$cases cases, $differ differ"
[ "$cases" -gt 0 ] && [ "$differ" -eq 0 ]
