#!/usr/bin/env bash
# live_graph.sh HEAPWISE [SESSIONS]: `heapwise heap PID` on a process that keeps known shapes of memory: right
# after collections every object is reached from some root; what a package variable retains is what a collection
# frees once it is set to nil; ways to objects, the profile for pprof, types. $GO: another go command.
set -euo pipefail
heapwise=$(realpath "$1") sessions=${2:-1500}
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); server=
end() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"; }
trap end EXIT
build() { (cd "$here/../go/livegraph" && GOWORK=off GOTOOLCHAIN="${CHAIN:-local}" "${GO:-go}" build "$@" .); }
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
start() { coproc SERVER { exec "$@" 2>&1; }; server=$SERVER_PID; exec 5<&"${SERVER[0]}" 6>&"${SERVER[1]}"; }
ask() { echo "$*" >&6; read -r answer <&5; }
stop() { kill "$server"; wait "$server" 2>/dev/null || true; server=; }
number() { sed -n "s/^ *\"$1\": \([0-9]*\).*/\1/p" "$dir/out" | head -1; }
retained() { awk -v name="\"main.$1\"," '$1 == "\"name\":" { there = $2 == name } there && $1 == "\"retained_bytes\":" { gsub(/,/, "", $2); print $2; exit }' "$dir/out"; }
graph() { "$heapwise" heap --json --top 0 "$server" >"$dir/out" 2>"$dir/err" || { cat "$dir/err"; exit 1; }; }

for mode in exe pie noinfo; do
    case $mode in noinfo) build -ldflags=-w -o "$dir/$mode" ;; *) build -buildmode=$mode -o "$dir/$mode" ;; esac
    start "$dir/$mode" "$sessions"
    ask heap; ask heap
    "$heapwise" heap --json "$server" >"$dir/out" 2>&1 || ! grep -q 'not permitted' "$dir/out" || { cat "$dir/out"; echo "skipped: ptrace is not permitted here"; exit 77; }
    graph
    # What it allocated to answer us has come after the last collection, and nothing leads to it.
    is "$mode: all that the collector kept is reached" "$(number unreached_survivors)" 0
    is "$mode: little else is not" "$(($(number unreached_objects) <= 20))" 1
    typed=$(sed -n 's/^ *"typed_share": \([0-9]*\).*/\1/p' "$dir/out")
    [ "$mode" = noinfo ] || is "$mode: typed" "$((typed >= 99))" 1
    is "$mode: a finalizer keeps what its object leads to" "$(retained final) $(grep -c '"name": "(finalizers)"' "$dir/out")" "32 1"
    for name in root chain handlers queue blob short wide numbers lists; do
        ask heap; before=$answer
        graph; want=$(retained $name)
        ask $name; freed=$((before - answer))
        # The runtime and what asking allocates come and go, too: some kilobytes at most.
        off=$((freed - want)); [ "${off#-}" -le $((want / 1000 + 6000)) ] && off=0
        is "$mode: main.$name retains what goes with it ($want, $freed)" "$off" 0
    done
    ask check
    is "$mode: it is right afterwards" "$answer" "$sessions 0 0 0 10000"
    stop
done

build -buildmode=pie -ldflags=-s -o "$dir/stripped"
start "$dir/stripped" "$sessions"
ask heap; ask heap
graph
is "stripped: all that the collector kept is reached" "$(number unreached_survivors)" 0
is "stripped: roots are told apart" "$(grep -c '"name": "variable at 0x' "$dir/out" | sed 's/^[1-9][0-9]*$/some/')" some
stop

build -o "$dir/exe"
start "$dir/exe" "$sessions"
ask heap; ask address
"$heapwise" heap --why-alive "$answer" "$server" >"$dir/out"
is "why: the root of a tree" "$(grep -c '^ *main\.root ' "$dir/out") $(grep -c 'main\.tree' "$dir/out" | sed 's/[1-9].*/some/')" "1 some"
"$heapwise" heap --why-alive main.session "$server" >"$dir/out"
is "why: by type" "$(grep -c 'would go with' "$dir/out")" 3
"$heapwise" heap --why-alive main.one "$server" >"$dir/out"
is "why: a variable" "$(grep -c 'main.one' "$dir/out" | sed 's/[1-9].*/some/')" some
"$heapwise" heap --why-alive main.nothing "$server" >"$dir/out" 2>&1 && status=0 || status=$?
is "why: nothing of the name" "$status $(grep -c 'no object, type or variable' "$dir/out")" "2 1"
"$heapwise" heap --pprof "$dir/p" --html "$dir/page.html" "$server" >"$dir/out"
go tool pprof -top -cum -sample_index=space "$dir/p" >"$dir/pprof" 2>&1 || cat "$dir/pprof"
is "pprof opens it" "$(grep -c 'main.short$' "$dir/pprof")" 1
is "the page has a treemap" "$(grep -c 'Heap by who keeps it' "$dir/page.html")" 1
"$heapwise" heap --json --top 0 "$server" >"$dir/out"
row() { awk -v from="\"$1\":" -v name="\"$2\"," '$1 == from { on = 1 } on && ($1 == "\"held_by\":" || $1 == "\"function\":") { there = index($0, name); if (there) n = 7 } there && n-- > 0' "$dir/out" | tr -d ' \n'; }
is "a short string holds a large array" "$(row arrays main.short | grep -c '"type":"stringdata","count":1,"bytes":1007616,"used_bytes":5,')" 1
is "a map that only grew" "$(row maps main.shrunk | grep -o '"type":"map\[int\]string","tables":[0-9]*,"entries":10')" '"type":"map[int]string","tables":8,"entries":10'
is "what closures captured" "$(row closures "func main.fill.func1" | grep -c '"captured":"local\*main.tree"')" 1
"$heapwise" core -o "$dir/before" "$server" >/dev/null
ask short
"$heapwise" heap --diff "$dir/before" "$server" >"$dir/out"
is "diff: what a variable let go" "$(grep -c '^ *main\.short  *[0-9].*-984 KiB$' "$dir/out")" 1
"$heapwise" heap --json --top 0 "$server" >"$dir/out"
for type in 'map.group\[int\]int' 'func main.fill.func1' 'main.polygon' 'list.Element'; do
    is "a type: $type" "$(grep -c "\"type\": \".*\($type\)\"" "$dir/out" | sed 's/[1-9].*/some/')" some
done
"$heapwise" heap --why-alive main.session --html "$dir/page.html" "$server" >"$dir/out"
is "the way is drawn" "$(grep -c '<ol class="flow">' "$dir/page.html") $(grep -c '<code class="src">\[\]\|<code class="src">next' "$dir/page.html" | sed 's/[1-9].*/some/')" "3 some"
(sleep 1; ask wide) & # let go between two looks
"$heapwise" heap --seconds 3 "$server" >"$dir/out"
wait $!
is "two looks: what a variable let go, by type" "$(grep -c '^ *main\.large *[0-9]* *0 .*-112 KiB$' "$dir/out")" 1
is "two looks: and by path" "$(grep -c '^ *main\.wide > \[\.\.\.\]\*main\.large > main\.large *[0-9]* *0 ' "$dir/out")" 1
stop
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
