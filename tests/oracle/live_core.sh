#!/usr/bin/env bash
# live_core.sh HEAPWISE: a process, the core heapwise writes of it, gcore's and the kernel's give the same answers;
# cut, foreign and hostile cores are refused. $GO: another go command.
set -euo pipefail
heapwise=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); server=
end() { [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true; rm -rf "$dir"; }
trap end EXIT
build() { (cd "$here/../go/livegraph" && GOWORK=off GOTOOLCHAIN="${CHAIN:-local}" "${GO:-go}" build "$@" .); }
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
start() { coproc SERVER { cd "$dir" && exec "$@" 2>&1; }; server=$SERVER_PID; exec 5<&"${SERVER[0]}" 6>&"${SERVER[1]}"; }
ask() { echo "$*" >&6; read -r answer <&5; }
# What only a process has is left out. A thread that was waking has what the process says afterwards.
answers() { "$heapwise" heap --json --top 0 "$@" 2>&1 | sed '/^  "\(pid\|stopped_ns\)":/d'; }
map() { "$heapwise" live --json --top 0 "$@" 2>&1 | sed -n '/^  "heap":/,/^  }/p'; }

for mode in exe pie; do
    build -buildmode=$mode -o "$dir/$mode"
    GOTRACEBACK=crash start "$dir/$mode" 300
    ask heap; ask heap
    # The collector's threads fall asleep after their work; then answers stay the same.
    answers "$server" >"$dir/process"
    for _ in 1 2 3 4 5 6 7 8; do
        sleep 0.2; answers "$server" >"$dir/again"
        cmp -s "$dir/process" "$dir/again" && break
        mv "$dir/again" "$dir/process"
    done
    map "$server" >"$dir/process.map"
    ! grep -q 'not permitted' "$dir/process" || { echo "skipped: ptrace is not permitted here"; exit 77; }
    is "$mode: it has an answer" "$(grep -c '"main.root"' "$dir/process" | sed 's/[1-9].*/some/')" some
    "$heapwise" core -o "$dir/ours" "$server" >"$dir/out"
    is "$mode: our core is for its owner alone" "$(stat -c %a "$dir/ours")" 600
    is "$mode: our core has holes" "$(($(stat -c '%b * 512' "$dir/ours") < $(stat -c %s "$dir/ours") / 2))" 1
    answers "$dir/ours" >"$dir/core"; answers "$server" >"$dir/after"
    is "$mode: our core" "$( { cmp -s "$dir/core" "$dir/process" || cmp "$dir/core" "$dir/after"; } && map "$dir/ours" | cmp - "$dir/process.map" && echo same)" same
    if command -v gcore >/dev/null; then
        gcore -o "$dir/gcore" "$server" >/dev/null 2>&1
        answers "$dir/gcore.$server" >"$dir/again"; answers "$server" >"$dir/after"
        is "$mode: gcore's" "$( { cmp -s "$dir/again" "$dir/process" || cmp "$dir/again" "$dir/after"; } && echo same)" same
        rm "$dir/gcore.$server"
    fi
    if command -v gdb >/dev/null; then
        is "$mode: gdb reads ours" "$(gdb -batch -ex 'info threads' "$dir/$mode" "$dir/ours" 2>/dev/null | grep -c 'Thread\|LWP' | sed 's/[1-9].*/some/')" some
    fi
    if [ "$(cat /proc/sys/kernel/core_pattern)" = core ] && prlimit --core=unlimited --pid "$server" 2>/dev/null; then
        kill -ABRT "$server"; wait "$server" 2>/dev/null || true
        core=$(ls "$dir"/core "$dir"/core."$server" 2>/dev/null | head -1 || true)
        # The collector has stood still since: only the running goroutine is elsewhere.
        is "$mode: the kernel's" "$(answers "$core" | grep -A2 '"name": "main.\(root\|blob\|short\|chain\)"' | cmp - <(grep -A2 '"name": "main.\(root\|blob\|short\|chain\)"' "$dir/process") && echo same)" same
        rm "$core"
    else
        kill -KILL "$server"; wait "$server" 2>/dev/null || true
    fi
    server=
done

fails() { local what=$1 want=$2; shift 2; "$heapwise" heap "$@" >"$dir/out" 2>&1 && status=0 || status=$?
    is "$what" "$status $(grep -c "$want" "$dir/out")" "2 1"; }
head -c 100 "$dir/ours" >"$dir/cut"; fails "cut in its header" 'cut short' "$dir/cut"
head -c 40000 "$dir/ours" >"$dir/cut"; fails "cut in its memory" 'cut: ' "$dir/cut"
fails "no core" 'no core file' "$dir/pie"
fails "another program" 'not written by' --exe "$dir/exe" "$dir/ours"
fails "no such program" 'nothing-there' --exe "$dir/nothing-there" "$dir/ours"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
