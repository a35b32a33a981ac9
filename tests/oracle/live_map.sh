#!/usr/bin/env bash
# live_map.sh HEAPWISE [STOPS]: `heapwise live PID` on a process that allocates without a pause: at every stop
# the objects and bytes counted are the runtime's own, the lines add up to the kernel's resident size, and the
# process goes on right (it checks what it keeps). $GO: another go command.
set -euo pipefail
heapwise=$(realpath "$1") stops=${2:-12}
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); server=
end() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"; }
trap end EXIT
build() { (cd "$here/../go/liveheap" && GOWORK=off GOTOOLCHAIN="${CHAIN:-local}" "${GO:-go}" build "$@" .); }
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
start() { coproc SERVER { exec "$1" 2>&1; }; server=$SERVER_PID; exec 5<&"${SERVER[0]}" 6>&"${SERVER[1]}"; }
ask() { echo "$*" >&6; read -r answer <&5; [ "$answer" = done ] || { echo "$answer"; exit 1; }; }
stop() { kill "$server"; wait "$server" 2>/dev/null || true; server=; }
number() { sed -n "s/^ *\"$1\": \(-\{0,1\}[0-9]*\),\{0,1\}$/\1/p" "$dir/out" | head -1; }

for mode in exe pie noinfo stripped; do
    case $mode in noinfo) build -ldflags=-w -o "$dir/$mode" ;; stripped) build -ldflags=-s -o "$dir/$mode" ;; *) build -buildmode=$mode -o "$dir/$mode" ;; esac
    start "$dir/$mode"
    ask work 60
    "$heapwise" live --json "$server" >"$dir/out" 2>&1 || ! grep -q 'not permitted' "$dir/out" || { cat "$dir/out"; echo "skipped: ptrace is not permitted here"; exit 77; }
    ask busy 3
    right=0 whole=0 small=0
    for i in $(seq "$stops"); do
        "$heapwise" live --json "$server" >"$dir/out" 2>"$dir/err" || cat "$dir/err"
        [ "$(number objects_counted)" != "$(number objects_runtime)" ] || [ "$(number bytes_counted)" != "$(number bytes_runtime)" ] ||
            [ "$(number manual_counted)" != "$(number manual_runtime)" ] || right=$((right + 1))
        # A kernel before 6.7 does not say which pages are the shared zero page.
        d=$(number difference_bytes); r=$(number kernel_rss_bytes)
        u=$(awk '/"unexplained"/ {getline; gsub(/[^0-9]/, ""); print; exit}' "$dir/out")
        [ "$u" -ge $((r / 10)) ] && echo "unexplained $u of $r" || small=$((small + 1))
        [ "$r" -gt 0 ] && [ "$d" -ge 0 ] && [ "$d" -lt $((r / 4)) ] && whole=$((whole + 1)) || echo "difference $d of $r"
    done
    is "$mode: counts are the runtime's" "$right" "$stops"
    is "$mode: lines add up to the kernel's figure" "$whole" "$stops"
    is "$mode: unexplained is less than a tenth, mostly" "$((small * 2 > stops))" 1
    # Killed on our way: it goes on.
    for i in $(seq 5); do timeout -s KILL 0.0$i "$heapwise" live "$server" || true; done >/dev/null 2>&1
    ask work 1
    is "$mode: it goes on" "$answer" done
    "$heapwise" live --html "$dir/page.html" "$server" >"$dir/out"
    is "$mode: the page has a treemap" "$(grep -c 'Resident memory by what it holds' "$dir/page.html")" 1
    is "$mode: goroutines by who started them" "$(grep -c 'liveheap/main.go:' "$dir/out" | sed 's/[1-9].*/some/')" some
    stop
done

fails() { local what=$1 want=$2; shift 2; "$heapwise" live "$@" >"$dir/out" 2>&1 && status=0 || status=$?
    is "$what" "$status $(grep -c "$want" "$dir/out")" "2 1"; }
fails "no such process" 'no such process' 999999999
fails "neither a process nor a file" 'nothing-there' nothing-there
sleep 100 & server=$!
fails "not Go" 'pid:[0-9]*: ' "$server"
stop
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
