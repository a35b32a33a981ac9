#!/usr/bin/env bash
# heapwise static on source and on the program built from it: what the source says of section and size is what the
# linker did; where declared, how initialised and who writes are as the comments in the source say.
# usage: static_variables.sh HEAPWISE
set -euo pipefail
heapwise=$(realpath "$1")
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
printf 'module example.test/static\n\ngo 1.21\n' > go.mod
mkdir state
cat > state/state.go <<'GO'
package state

import "sync"

var Limit = 10               // want noptrdata statically written 0
var Names = []string{"a"}    // want data statically constant 16
var Mu sync.Mutex            // want noptrbss zero guard 0
var hits map[string]int      // want bss zero set_once 0
var table = [3]float64{1, 2} // want noptrdata statically constant 0
var zeros = [3]int{0, 0, 0}  // want noptrbss zero constant 0
var nothing error            // want bss zero constant 0
var buffer = make([]byte, 99) // want bss at_init contents_change 99
var cell = new(int64)        // want bss at_init address_taken 8

func init() { hits = map[string]int{"x": 1} }

func Hit(s string) int { buffer[0]++; return hits[s] + int(table[1]) + zeros[len(s)] }
func Cell() **int64    { return &cell }
func Err() error       { return nothing }
GO
cat > main.go <<'GO'
package main

import "example.test/static/state"

var started = compute()      // want noptrbss at_init constant 0
var counter int              // want noptrbss zero written 0

func compute() int { defer func() { recover() }(); return len(state.Names) }

func main() {
	state.Limit = 11
	for range 3 {
		counter++
	}
	state.Mu.Lock()
	println(started, counter, state.Hit("a"), state.Cell(), state.Err() == nil, state.Limit)
}
GO
sed -i 's/go 1.21/go 1.22/' go.mod
export GOFLAGS=-mod=mod CGO_ENABLED=0
go build -buildvcs=false -o program . || { echo "skipped: go build fails"; exit 77; }
go build -buildvcs=false -ldflags=-w -o nodwarf .
go build -buildvcs=false -trimpath -o trimmed .
"$heapwise" static --json ./... > source.json
"$heapwise" static --json trimmed > trimmed.json # found by its path in this module
(cd / && "$heapwise" static --json --source "$dir" "$dir/trimmed") > told.json
(cd / && "$heapwise" static --json "$dir/trimmed") > lost.json 2> lost.err && grep -q -e '--source DIR' lost.err
! grep -q declared lost.json || { echo "sources of a -trimpath program were found outside of its module"; exit 1; }
"$heapwise" static --json program > built.json
(cd / && "$heapwise" static --json "$dir/nodwarf") > nodwarf.json
"$heapwise" static --json --no-source program > linker.json
python3 - <<'PY'
import json, re, sys
load = lambda f: {v["name"]: v for v in json.load(open(f))["by_variable"]["variables"]}
source, built, nodwarf, linker, trimmed, told = map(load, ("source.json", "built.json", "nodwarf.json", "linker.json",
                                                           "trimmed.json", "told.json"))
bad = 0
for file, package in (("main.go", "main"), ("state/state.go", "example.test/static/state")):
    for line, text in enumerate(open(file), 1):
        m = re.match(r"var (\w+).*// want (\S+) (\S+) (\S+) (\d+)", text)
        if not m:
            continue
        area, start, use, behind = (w.replace("_", " ") for w in m.groups()[1:])
        name = package + "." + m[1]
        for where, have in (("source", source), ("built", built), ("nodwarf", nodwarf), ("trimmed", trimmed),
                            ("told", told)):
            v = have.get(name)
            if not v:
                bad += 1; print("%s: %s is missing" % (where, name)); continue
            got = (v["area"], v["initialised"], v["use"], v["behind_bytes"] or 0, v["declared"]["line"])
            want = (area, start, use, int(behind) if start != "zero" else 0, line)
            if got != want or not v["declared"]["file"].endswith(file):
                bad += 1; print("%s: %s is %s in %s, want %s" % (where, name, got, v["declared"]["file"], want))
        if (linker[name]["area"], linker[name]["size_bytes"]) != (source[name]["area"], source[name]["size_bytes"]):
            bad += 1; print("%s: the linker says %s" % (name, linker[name]))
if source["main.counter"]["scope"] != "written by main" or source["example.test/static/state.Limit"]["scope"] != "written by main":
    bad += 1; print("who writes:", source["main.counter"]["scope"])
print("%d variables, %d wrong" % (len(source), bad))
sys.exit(bad > 0)
PY
# A package that does not compile is named; nothing readable at all is an error and no page.
mkdir broken && printf 'package broken\n\nvar Y int = "s"\n' > broken/b.go
! "$heapwise" static ./... > page 2>/dev/null
grep -q '^not covered .*static/broken (does not compile)' page || { echo "not covered is missing"; cat page; exit 1; }
for pattern in ./broken ./nosuch; do
    ! "$heapwise" static $pattern > page 2> err
    [ ! -s page ] && [ -s err ] || { echo "static $pattern prints a page"; cat page err; exit 1; }
done
