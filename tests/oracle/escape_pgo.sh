#!/usr/bin/env bash
# heapwise escape against go build on a module with a CPU profile: default.pgo alone and beside another
# package, -pgo=off, -pgo=FILE. usage: escape_pgo.sh HEAPWISE MODULE-DIR PROFILE-WRITER.go
set -euo pipefail
heapwise=$(realpath "$1") module=$(realpath "$2") writer=$(realpath "$3")
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export GOFLAGS= GO111MODULE=on GOWORK=off GOTOOLCHAIN=local GOPROXY=off LC_ALL=C CGO_ENABLED=0
cp -r "$module" "$dir/module"
cd "$dir/module"
go run "$writer" < edges.txt > default.pgo
head -3 edges.txt | go run "$writer" > "$dir/other.pgo"
cases=0 differ=0

compare() { # PGO FLAGS PATTERN
    go build -p 1 -o /dev/null -pgo="$1" -gcflags="$2" $3 > /dev/null 2> "$dir/want" || true
    "$heapwise" escape --pgo="$1" $2 $3 > "$dir/have" 2>&1 || true
    cases=$((cases + 1))
    sort "$dir/want" > "$dir/want.sorted"
    sort "$dir/have" > "$dir/have.sorted"
    grep -q "$4" "$dir/want" || { echo "go build says nothing of $4: $*"; differ=$((differ + 1)); return; }
    cmp -s "$dir/want.sorted" "$dir/have.sorted" && return
    differ=$((differ + 1))
    echo "differs: $*"
    diff "$dir/want" "$dir/have" | head -20 || true
}
for flags in -m -m=2; do
    compare auto $flags . 'PGO devirtualizing'
    compare auto $flags ./... 'escape.pgo\]'
    compare off $flags ./... 'can inline'
    compare "$dir/other.pgo" $flags ./... 'PGO devirtualizing'
done
cases=$((cases + 1))
"$heapwise" dump --check ./... > "$dir/have" 2>&1 || { differ=$((differ + 1)); head -10 "$dir/have"; }
echo "$cases compared, $differ differ"
[ "$differ" -eq 0 ]
