#!/usr/bin/env bash
# The readers of type descriptors and frames on a program as Go builds it for amd64, arm64 and as PIE.
# usage: abi_facts.sh ABI_FACTS [GO-RELEASE...]   (releases come through GOTOOLCHAIN)
set -euo pipefail
facts=$(realpath "$1"); shift
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
cp "$here/abi_facts.go" main.go
printf 'module example.test/facts\n\ngo 1.21\n' > go.mod
export CGO_ENABLED=0
go build -buildvcs=false -o compare . || { echo "skipped: go build fails"; exit 77; }
[ $# -gt 0 ] || set -- local
for release in "$@"; do
    for arch in amd64 arm64; do
        GOTOOLCHAIN=$release GOARCH=$arch go build -buildvcs=false -o program . || exit 77
        "$facts" program > lines || { tail "lines" | grep -v '^type'; echo "wrong: $release $arch"; exit 1; }
        printf '%s %s: ' "$release" "$arch"; tail -1 lines
        ./compare program < lines
    done
done
GOTOOLCHAIN=$release go build -buildvcs=false -buildmode=pie -ldflags=-s -o program .
"$facts" program | grep -v '^type'
