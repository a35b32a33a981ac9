#!/usr/bin/env bash
# heapwise escape --json=0,DIR against the files of go build -gcflags=-json=0,DIR: the same bytes, but for
# records of the compiler's back end. Each module, and packages of the standard library.
# usage: log_agree.sh HEAPWISE LOG-AGREE MODULE-DIR...
set -uo pipefail
heapwise=$(realpath "$1") agree=$(realpath "$2"); shift 2
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export GO111MODULE=on GOWORK=off GOPROXY=off PYTHONDONTWRITEBYTECODE=1
failed=0
for module; do
    cp -r "$module" "$dir/$(basename "$module")"
    cd "$dir/$(basename "$module")" || exit 3
    # Of two programs the compiler writes the same files, both at once: of a module with commands the packages.
    pattern=./...; [ -d internal ] && pattern=./internal/...
    "$agree" "$heapwise" --loose $pattern || failed=1
done
cd "$(go env GOROOT)/src" || exit 3
"$agree" "$heapwise" --loose sort strings container/heap text/scanner encoding/csv || failed=1
exit $failed
