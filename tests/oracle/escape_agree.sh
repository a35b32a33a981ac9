#!/usr/bin/env bash
# heapwise escape against go build: the same lines in the same order, for what each level and -l say.
# usage: escape_agree.sh HEAPWISE MODULE-DIR
set -euo pipefail
heapwise=$(realpath "$1"); module=$(realpath "$2")
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export GOFLAGS= GO111MODULE=on GOWORK=off GOTOOLCHAIN=local GOPROXY=off LC_ALL=C
cp -r "$module" "$dir/module"
cd "$dir/module"
cases=0 differ=0

# compare GCFLAGS HEAPWISE-ARGS...: package for package, as go build may run them in any order.
compare() {
    local flags=$1; shift
    for package in $(go list ./...); do
        go build -gcflags="$flags" "$package" 2> "$dir/want" || true
        "$heapwise" escape "$@" "$package" > "$dir/have" 2>&1 || true
        cases=$((cases + 1))
        cmp -s "$dir/want" "$dir/have" && continue
        differ=$((differ + 1))
        echo "differs: $package with $flags"
        diff "$dir/want" "$dir/have" | head -10 || true
    done
}
compare '-m -l' -l
compare '-m'
compare '-m=2 -l' -m=2 -l
compare '-m=2' -m=2
echo "$cases compared, $differ differ"
[ "$differ" -eq 0 ]
