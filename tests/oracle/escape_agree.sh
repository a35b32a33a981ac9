#!/usr/bin/env bash
# heapwise escape against go build: the same lines in the same order, for what each level and -l say, of
# every package of each module; a module's file `flags` names the ones it is for.
# usage: escape_agree.sh HEAPWISE MODULE-DIR...
set -euo pipefail
heapwise=$(realpath "$1"); shift
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export GOFLAGS= GO111MODULE=on GOWORK=off GOTOOLCHAIN=local GOPROXY=off LC_ALL=C
cases=0 differ=0

# compare FLAGS: package for package, as go build may run them in any order.
compare() {
    for package in $(go list ./...); do
        go build -gcflags="$1" "$package" > /dev/null 2> "$dir/want" ||
            { differ=$((differ + 1)); echo "does not compile: $package"; continue; }
        "$heapwise" escape $1 "$package" > "$dir/have" 2>&1 || true
        cases=$((cases + 1))
        cmp -s "$dir/want" "$dir/have" && [ -s "$dir/want" ] && continue
        differ=$((differ + 1))
        echo "differs: $package with $1"
        diff "$dir/want" "$dir/have" | head -10 || true
    done
}
# The trees behind those lines pass their checker after every pass.
sound() {
    cases=$((cases + 1))
    "$heapwise" dump --check "$@" ./... > "$dir/have" 2>&1 && return
    differ=$((differ + 1))
    echo "unsound: $PWD $*"
    head -10 "$dir/have"
}
for module; do
    cp -r "$module" "$dir/$(basename "$module")"
    cd "$dir/$(basename "$module")"
    flags=('-m' '-m -l' '-m=2' '-m=2 -l')
    if [ -e flags ]; then mapfile -t flags < flags; fi
    for each in "${flags[@]}"; do compare "$each"; done
    sound
    sound -l
    cd "$OLDPWD"
done
echo "$cases compared, $differ differ"
[ "$cases" -gt 0 ] && [ "$differ" -eq 0 ]
