#!/usr/bin/env bash
# heapwise map, size and static on small programs: areas and rows add up to the file, stripped or not; every
# package-level variable has the section and size the linker's symbol table gives it.
# usage: binary_map.sh HEAPWISE
set -euo pipefail
heapwise=$(realpath "$1")
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
chain=$(dirname "$(realpath "$0")")/chain_macho.py
cd "$dir"
printf 'module example.test/static\n\ngo 1.21\n' > go.mod
cat > main.go <<'GO'
package main

var zeroPtr [300]*int
var zeroPlain [5000]int32
var setPtr = []string{"a", "b"}
var setPlain = [3]uint16{7, 8, 9}

func main() { println(len(zeroPtr), zeroPlain[len(setPtr)], setPlain[1], zeroPtr[3], setPtr[0]) }
GO
export GOFLAGS=-mod=mod CGO_ENABLED=0
build() { GOOS=${1%/*} GOARCH=${1#*/} go build -buildvcs=false "${@:3}" -o "$2" . || { echo "skipped: go build $1 fails"; exit 77; }; }
build linux/amd64 plain
build linux/amd64 stripped -ldflags='-s -w'
build linux/amd64 pie -buildmode=pie
build linux/arm64 arm64
build darwin/arm64 darwin
build windows/amd64 windows
programs="plain stripped pie arm64 darwin windows chained chainedoffsets"
# Apple's linker cannot be had everywhere: what it does to pointers is done to what Go's has linked.
python3 "$chain" darwin chained no > /dev/null
python3 "$chain" darwin chainedoffsets yes > /dev/null
mkdir native
cat > native/native.go <<'GO'
package main

// static int table[999] = {1, 2, 3};
// int heapwise_count(int i) { return table[i % 999]++ + i / 3; }
import "C"

func main() { println(C.heapwise_count(4)) }
GO
if command -v gcc >/dev/null && CGO_ENABLED=1 go build -buildvcs=false -o cgo ./native 2>/dev/null &&
    CGO_ENABLED=1 go build -buildvcs=false -ldflags='-s -w' -o cgostripped ./native; then
    programs="$programs cgo cgostripped"
fi
for f in $programs; do
    "$heapwise" map --json "$f" > "$f.map"
    "$heapwise" size --top=0 --json "$f" > "$f.size"
    case $f in *stripped) ;; *) "$heapwise" static --std --top=0 --json "$f" > "$f.static" ;; esac
done
"$heapwise" size --by function --top=0 --json cgo > functions 2>/dev/null || rm -f functions
programs="$programs" python3 - <<'PY'
import json, os, subprocess, sys
bad = checked = 0
programs = os.environ["programs"].split()
want = {"main.zeroPtr": ("bss", 2400), "main.zeroPlain": ("noptrbss", 20000), "main.setPtr": ("data", 24),
        "main.setPlain": ("noptrdata", 6)}
for name in programs:
    page = json.load(open(name + ".map"))
    total = sum(a["file_bytes"] for a in page["map"]["areas"])
    if total != os.path.getsize(name):
        bad += 1
        print("%s: areas add up to %d, the file has %d bytes" % (name, total, os.path.getsize(name)))
    if name.endswith("stripped"):
        continue
    rows = {v["name"]: v for v in json.load(open(name + ".static"))["by_variable"]["variables"]}
    for variable, (area, size) in want.items() if name != "cgo" else ():
        v = rows.get(variable)
        checked += 1
        if not v or v["area"] != area or v["size_bytes"] != size:
            bad += 1
            print("%s: %s is %s, want %s of %d bytes" % (name, variable, v, area, size))
    if name not in ("plain", "pie", "arm64"):
        continue
    # ELF symbols have sizes and sections of their own.
    for line in subprocess.run(["readelf", "-sW", name], capture_output=True, text=True).stdout.splitlines():
        word = line.split()
        if len(word) == 8 and word[3] == "OBJECT" and word[7] in rows:
            checked += 1
            if rows[word[7]]["size_bytes"] != int(word[2], 0):
                bad += 1
                print("%s: %s is %d bytes, the symbol table says %s" % (name, word[7], rows[word[7]]["size_bytes"], word[2]))
# size: rows add up to the file, and a stripped program's packages weigh what they weighed before.
loaded = [k + "_bytes" for k in "code lines stackmaps types constants variables".split()]
weights, types = {}, {}
for name in programs:
    page = json.load(open(name + ".size"))
    rows = page["size"]["rows"]
    total = sum(r["total_bytes"] for r in rows)
    if total != os.path.getsize(name):
        bad += 1
        print("%s: size rows add up to %d, the file has %d bytes" % (name, total, os.path.getsize(name)))
    # What the format itself weighs does not shrink with the program: arm64 aligns to 64 KiB.
    least = {"plain": 98.7, "stripped": 98.5, "pie": 98.7, "darwin": 97, "windows": 99}.get(name, 90)
    if page["charged_share"] < least:
        bad += 1
        print("%s: only %.2f %% charged to packages" % (name, page["charged_share"]))
    if page["named_share"] < 99.9:
        bad += 1
        print("%s: only %.2f %% named" % (name, page["named_share"]))
    dwarf = {r["name"]: r["dwarf_bytes"] for r in rows if r["name"] != "runtime"}
    if not name.endswith("stripped") and max(dwarf.values()) > sum(dwarf.values()) / 3:
        bad += 1
        print("%s: one package has most of the debugging information: %s" % (name, max(dwarf, key=dwarf.get)))
    types[name] = {r["name"]: r["types_bytes"] for r in rows}
    weights[name] = {r["name"]: sum(r[k] for k in loaded) for r in rows}
for whole, without in (("plain", "stripped"), ("cgo", "cgostripped")):
    for package, bytes in weights.get(whole, {}).items():
        other = weights[without].get(package, 0)
        if bytes > 200 and abs(bytes - other) > bytes / 100:
            bad += 1
            print("%s: %s: %d bytes, %d when stripped" % (whole, package, bytes, other))
# How the loader learns of pointers changes nothing.
for name in ("chained", "chainedoffsets"):
    if weights[name] != weights["darwin"]:
        bad += 1
        print("%s does not weigh what darwin does" % name)
# C has a package of its own, and its functions names.
if "cgo" in programs:
    named = {r["name"]: r["code_bytes"] for r in json.load(open("functions"))["size"]["rows"]}
    if weights["cgo"].get("C", 0) < 4000 or named.get("heapwise_count", 0) < 10:
        bad += 1
        print("cgo: C weighs %s, heapwise_count %s" % (weights["cgo"].get("C"), named.get("heapwise_count")))
# Where the linker puts types depends on the kind of program, what they weigh does not.
for package, bytes in types["plain"].items():
    if abs(bytes - types["pie"].get(package, 0)) > 64 + bytes / 100:
        bad += 1
        print("%s: %d bytes of types, %d in a PIE" % (package, bytes, types["pie"].get(package, 0)))
print("%d variables checked, %d wrong" % (checked, bad))
sys.exit(bad > 0)
PY
