#!/usr/bin/env bash
# heapwise nm against go tool nm, in every order and with sizes, on small programs for each format.
# usage: binary_nm.sh HEAPWISE
set -euo pipefail
heapwise=$(realpath "$1")
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > go.mod <<'MOD'
module example.test/small
go 1.21
MOD
cat > main.go <<'GO'
package main

type shape interface{ area() int }
type square struct{ side int }

func (s square) area() int { return s.side * s.side }

var table = map[string]shape{"one": square{1}}
var scratch [1 << 16]byte

func main() { println(table["one"].area(), len(scratch)) }
GO
export GOFLAGS=-mod=mod GO111MODULE=on CGO_ENABLED=0
go tool nm -h >/dev/null 2>&1 || true
build() { GOOS=${1%/*} GOARCH=${1#*/} go build -buildvcs=false "${@:3}" -o "$2" . || { echo "skipped: go build $1 fails"; exit 77; }; }
build linux/amd64 linux-amd64
build linux/amd64 linux-amd64-pie -buildmode=pie
build linux/arm64 linux-arm64
build darwin/arm64 darwin-arm64
build windows/amd64 windows-amd64.exe
pairs=0 differ=0
compare() {
    go tool nm "$@" > want 2>/dev/null
    "$heapwise" nm "$@" > have
    pairs=$((pairs + 1))
    cmp -s want have || { differ=$((differ + 1)); echo "differs: nm $*"; diff want have | head -5; }
}
for f in linux-amd64 linux-amd64-pie linux-arm64 darwin-arm64 windows-amd64.exe; do
    compare "$f"
    compare -n -size "$f"
    compare -sort size -size -type "$f"
    compare -sort=none "$f"
done
compare -size linux-amd64 darwin-arm64 windows-amd64.exe
# Stripped: the Go tool gives up; every function of the unstripped program must be there.
build linux/amd64 stripped -ldflags='-s -w'
"$heapwise" nm stripped 2>/dev/null | awk '{print $1, $3}' | sort > have
[ "$(wc -l < have)" -gt 500 ] || { echo "stripped: only $(wc -l < have) symbols"; differ=$((differ + 1)); }
echo "$pairs pairs, $differ differ"
[ "$differ" = 0 ]
