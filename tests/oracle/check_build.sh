#!/usr/bin/env bash
# heapwise check against go build: the same errors, texts, places, order and limits, on small modules
# that are wrong in different ways. usage: check_build.sh HEAPWISE [CASE...]
set -euo pipefail
heapwise=$(realpath "$1"); shift
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export GOFLAGS= GO111MODULE=on GOWORK=off GOTOOLCHAIN=local GOPROXY=off LC_ALL=C

# A case is a file: "-- name --" lines start its files; a first line "# args" holds arguments.
. "$here/unpack.sh"
cases=0 differ=0
for case in "$here"/check/*.txt; do
    name=$(basename "$case" .txt)
    if [ $# -gt 0 ]; then case " $* " in *" $name "*) ;; *) continue ;; esac; fi
    mkdir -p "$dir/$name"
    unpack "$case" "$dir/$name"
    cd "$dir/$name"
    args=$(sed -n '1s/^# args: //p' "$case")
    [ -f go.mod ] || printf 'module example.test/m\n\ngo 1.26\n' > go.mod
    # -p=1 so that packages are built, and reported, one after the other.
    go build -p=1 $args ./... > /dev/null 2> want || true
    "$heapwise" check $args ./... > have 2>&1 || true
    cases=$((cases + 1))
    cmp -s want have || { differ=$((differ + 1)); echo "differs: $name"; diff want have | head -10; }
done
echo "$cases cases, $differ differ"
[ "$differ" = 0 ] && [ "$cases" -gt 0 ]
