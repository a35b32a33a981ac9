#!/usr/bin/env bash
# heapwise nm and objdump against go tool nm and objdump, with every flag, on small programs for each
# format; then the disassemblers on random code.
# usage: binary_tools.sh HEAPWISE
set -euo pipefail
heapwise=$(realpath "$1") script=$(realpath "$0")
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
    go tool "$@" > want 2>/dev/null
    "$heapwise" "$@" > have
    pairs=$((pairs + 1))
    cmp -s want have || { differ=$((differ + 1)); echo "differs: $*"; diff want have | head -5; }
}
for f in linux-amd64 linux-amd64-pie linux-arm64 darwin-arm64 windows-amd64.exe; do
    compare nm "$f"
    compare nm -n -size "$f"
    compare nm -sort size -size -type "$f"
    compare nm -sort=none "$f"
done
compare nm -size linux-amd64 darwin-arm64 windows-amd64.exe
for f in linux-amd64 linux-arm64 darwin-arm64 windows-amd64.exe; do
    compare objdump "$f"
    compare objdump -s '^main\.|mallocgc' -S "$f"
    compare objdump -gnu -s 'runtime\.(gc|mark)' "$f"
done
# Archives and object files that are not linked yet.
mkdir lib
sed 's/^package main/package lib/; s/^func main()/func Main()/' main.go > lib/lib.go
for arch in amd64 arm64; do
    GOARCH=$arch go build -o "lib-$arch.a" ./lib
    compare nm -size "lib-$arch.a"
    compare nm -sort=none "lib-$arch.a" linux-amd64
    for flags in "" -S -gnu; do compare objdump $flags "lib-$arch.a"; done
done
printf 'package p\n\nfunc F(x *int) int { return *x }\n' > lib/one.txt
go tool compile -o one.o -p p lib/one.txt
compare nm -n one.o
compare objdump -S one.o
main=$("$heapwise" nm linux-amd64 | awk '$3 == "main.main" {print $1}')
compare objdump linux-amd64 "0x$main" "$(printf '%x' $((0x$main + 0x45)))"
"$(dirname "$script")/../../tools/asm-agree" "$heapwise" 4000 || differ=$((differ + 1))
# Stripped: the Go tool gives up; every function of the unstripped program must be there.
build linux/amd64 stripped -ldflags='-s -w'
"$heapwise" nm stripped 2>/dev/null | awk '{print $1, $3}' | sort > have
[ "$(wc -l < have)" -gt 500 ] || { echo "stripped: only $(wc -l < have) symbols"; differ=$((differ + 1)); }
echo "$pairs pairs, $differ differ"
[ "$differ" = 0 ]
