#!/usr/bin/env bash
# live_profile.sh HEAPWISE [STOPS]: `heapwise pprof pid:PID` against the profile the process itself writes
# right afterwards, sample by sample (values, size, functions, files, lines), after random work and
# whatever collections that started; then stops in a process that never pauses. $GO: another go command.
set -euo pipefail
heapwise=$(realpath "$1") stops=${2:-12}
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); server=
end() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"; }
trap end EXIT
build() { (cd "$here/../go/liveheap" && GOWORK=off GOTOOLCHAIN=local "${GO:-go}" build "$@" .); }
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }

start() { coproc SERVER { exec "$1" 2>&1; }; server=$SERVER_PID; exec 5<&"${SERVER[0]}" 6>&"${SERVER[1]}"; }
ask() { echo "$*" >&6; read -r answer <&5; [ "$answer" = done ] || { echo "$answer"; exit 1; }; }
stop() { kill "$server"; wait "$server" 2>/dev/null || true; server=; }
texts() { for i in alloc_objects alloc_space inuse_objects inuse_space; do
    "$heapwise" pprof -traces -lines -ignore 'main\.main$' -sample_index=$i "$1" 2>/dev/null | sed '/^\(File\|Build ID\|Time\):/d'; done; }

compare() { # STOPS
    local same=0
    for i in $(seq "$1"); do
        [ $((i % 7)) != 3 ] || ask collect
        ask work $((RANDOM % 60 + 1))
        "$heapwise" pprof -proto -output "$dir/ours" "pid:$server" 2>"$dir/err" >/dev/null || { cat "$dir/err"; break; }
        ask profile 0 "$dir/theirs"
        texts "$dir/ours" >"$dir/ours.txt"; texts "$dir/theirs" >"$dir/theirs.txt"
        if cmp -s "$dir/ours.txt" "$dir/theirs.txt"; then same=$((same + 1)); else diff "$dir/ours.txt" "$dir/theirs.txt" | head -20 || true; fi
    done
    echo $same >"$dir/same"
    echo "$(wc -l <"$dir/ours.txt") lines in the last"
}

for mode in exe pie stripped; do
    case $mode in stripped) build -ldflags=-s -o "$dir/$mode" ;; *) build -buildmode=$mode -o "$dir/$mode" ;; esac
    start "$dir/$mode"
    "$heapwise" pprof -top "pid:$server" >"$dir/out" 2>&1 || ! grep -q 'not permitted' "$dir/out" || { cat "$dir/out"; echo "skipped: ptrace is not permitted here"; exit 77; }
    compare "$stops"
    is "$mode: equal profiles" "$(cat "$dir/same")" "$stops"
    # A profile without names gets them from the program, as go tool pprof has them.
    if command -v python3 >/dev/null; then
        "$heapwise" pprof -proto -output "$dir/named" "pid:$server" >/dev/null 2>&1
        python3 "$here/strip_names.py" "$dir/named" "$dir/bare"
        "$heapwise" pprof -traces "$dir/bare" >"$dir/ours.txt" 2>&1
        go tool pprof -traces "$dir/bare" >"$dir/theirs.txt" 2>&1
        is "$mode: names from the program" "$(grep -c 'main\.' "$dir/ours.txt" | sed 's/[1-9].*/some/') $(cmp "$dir/ours.txt" "$dir/theirs.txt" && echo same)" "some same"
    fi
    ask busy 3
    good=0
    for i in $(seq "$stops"); do
        "$heapwise" pprof -top -nodecount=3 "pid:$server" >"$dir/out" 2>&1 && grep -q 'liveheap\|main\.' "$dir/out" && good=$((good + 1)) || cat "$dir/out"
    done
    is "$mode: stops while it allocates" "$good" "$stops"
    (cd "$here/../go/liveheap" && "$heapwise" review . --pid "$server") >"$dir/out" 2>&1 || true
    is "$mode: a review ranked by it" "$(grep -c 'main.go:24:' "$dir/out" | sed 's/[1-9].*/some/')" some
    ask work 1
    is "$mode: it goes on" "$answer" done
    # Killed on our way (tests/unit/sys/attach.c does it while the process stands still).
    for i in $(seq 5); do timeout -s KILL 0.0$i "$heapwise" pprof -top "pid:$server" || true; done >/dev/null 2>&1
    ask work 1
    is "$mode: it goes on after we were killed" "$answer" done
    stop
done

# Within collections, record by record, and as text.
build -o "$dir/exe"
if command -v python3 >/dev/null; then
    is "records in both forms" "$(PROGRAM="$dir/exe" python3 "$here/../../tools/live-profiles" "$heapwise" "$stops" | grep -c "^$stops of $stops stops equal")" 1
fi

# Profiling that is off is switched on from outside, and off again.
(cd "$here/../go/liveoff" && GOWORK=off GOTOOLCHAIN=local "${GO:-go}" build -o "$dir/off" .)
"$dir/off" & server=$!
sleep 0.2
"$heapwise" pprof -top "pid:$server" >"$dir/out" 2>&1 || true
is "profiling is off" "$(grep -c 'main\.fill' "$dir/out" || true)" 0
"$heapwise" pprof -top -enable_profiling -seconds 2 "pid:$server" >"$dir/out" 2>&1
is "switched on from outside" "$(grep -c 'main\.fill' "$dir/out") $(grep -c 'Wrote 524288 into' "$dir/out")" "1 1"
"$heapwise" pprof -top -enable_profiling -seconds 1 "pid:$server" >"$dir/out" 2>&1
is "it was off again" "$(grep -c 'Wrote 524288 into' "$dir/out")" 1
stop

fails() { local what=$1 want=$2; shift 2; "$heapwise" pprof -top "$@" >"$dir/out" 2>&1 && status=0 || status=$?
    is "$what" "$status $(grep -c "$want" "$dir/out")" "2 1"; }
fails "no such process" 'no such process' pid:999999999
sleep 100 & server=$!
fails "not Go" 'pid:[0-9]*: ' "pid:$server"
stop
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
