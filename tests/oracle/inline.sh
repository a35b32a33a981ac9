#!/usr/bin/env bash
# heapwise escape against go build -gcflags=-m=2: what can be inlined and at what cost, what is inlined and
# what is devirtualized, line for line and in order. usage: inline.sh HEAPWISE [CASE...]
set -euo pipefail
heapwise=$(realpath "$1"); shift
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export GOFLAGS= GO111MODULE=on GOWORK=off GOTOOLCHAIN=local GOPROXY=off CGO_ENABLED=0 LC_ALL=C
export GOCACHE="$dir/cache" # what is replayed from a cache was written elsewhere

# A case is a file: "-- name --" lines start its files.
. "$here/unpack.sh"
# A caller of 5,000 nodes and more, where only small functions are inlined.
big() {
    mkdir -p "$1"
    awk 'BEGIN { print "package big\n\nvar v [8]int\n\nfunc small() int { return v[0] }\n"
        print "func medium(x int) int { return x*v[1] + x*v[2] + x*v[3] + x*v[4] }\n"
        print "func Big() int {\n\tx := small()\n\tx += medium(x)"
        for (i = 0; i < 1000; i++) print "\tv[" i % 8 "] += x*2"
        print "\treturn x\n}" }' > "$1/big.go"
}
filter() { grep -E "$kinds"; }
kinds='inline|inlining call|devirtualiz|considered .big.|^# '
cases=0 differ=0 lines=0
for name in big $(basename -s .txt "$here"/inline/*.txt); do
    if [ $# -gt 0 ]; then case " $* " in *" $name "*) ;; *) continue ;; esac; fi
    if [ "$name" = big ]; then big "$dir/$name"; else mkdir -p "$dir/$name"; unpack "$here/inline/$name.txt" "$dir/$name"; fi
    cd "$dir/$name"
    [ -f go.mod ] || printf 'module example.test/m\n\ngo 1.26\n' > go.mod
    for flag in -m -m=2; do
        go build -p=1 -gcflags=$flag ./... 2>&1 >/dev/null | filter > want
        "$heapwise" escape $([ $flag = -m ] && echo -m=1 || echo $flag) ./... 2>&1 | filter > have || true
        cases=$((cases + 1)) lines=$((lines + $(wc -l < want)))
        cmp -s want have || { differ=$((differ + 1)); echo "differs: $name $flag"; diff want have | head -20 || true; }
    done
done
echo "$cases cases, $lines lines, $differ differ"
[ "$differ" = 0 ] && [ "$cases" -gt 0 ]
