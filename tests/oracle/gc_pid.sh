#!/usr/bin/env bash
# gc_pid.sh HEAPWISE: `heapwise gc watch pid:PID` against what the process says of itself: the goal to the byte, the
# cycles of its trace, and what is said when it ends.
set -euo pipefail
heapwise=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || { echo "no go command"; exit 77; }
dir=$(mktemp -d); pids=()
end() { for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; rm -rf "$dir"; }
trap end EXIT
(cd "$here/../go/gcload" && GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local go build -o "$dir/gcload" .)
unset GODEBUG GOGC GOMEMLIMIT
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
field() { sed -n "s/.*\"$1\":\([^,}]*\).*/\1/p" "$2" | tail -1; }

# A service at rest: both ways see the same.
port=$((20000 + $$ % 20000)) url=
"$dir/gcload" -w idle -ops 60000 -live 20 -http "127.0.0.1:$port" >/dev/null 2>"$dir/err" & idle=$!; pids+=($idle)
url="http://127.0.0.1:$port/debug/pprof/heap?debug=1"
for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done
"$heapwise" gc watch "pid:$idle" --ndjson --interval=0.3 --for=4 >"$dir/pid" 2>"$dir/err" && status=0 || status=$?
if grep -q 'CAP_SYS_PTRACE\|not known' "$dir/err"; then cat "$dir/err"; exit 77; fi
is "a process" $status 0
"$heapwise" gc watch "$url" --ndjson --interval=0.3 --for=4 >"$dir/url" 2>"$dir/err"
goal=$(field goal "$dir/pid")
is "goal" "$goal" "$(field goal "$dir/url")"
awk -v m="$(field marked "$dir/pid")" -v g="$goal" 'BEGIN { exit !(m > 0 && m < g) }' && ok=yes || ok=no
is "marked below the goal" $ok yes
is "no cycles at rest" "$(field cycles_per_s "$dir/pid")" 0
# Forced collections are seen.
"$heapwise" gc watch "$url&gc=1" --ndjson --interval=0.2 --for=6 >"$dir/url" 2>"$dir/err" & forcing=$!; pids+=($forcing)
"$heapwise" gc watch "pid:$idle" --ndjson --interval=4 --for=5 >"$dir/pid" 2>"$dir/err"
wait $forcing
awk -v c="$(field cycles_per_s "$dir/pid")" 'BEGIN { exit !(c >= 0.3) }' && ok=yes || ok="$(field cycles_per_s "$dir/pid")"
is "forced cycles" "$ok" yes

# A program at work: as many cycles as its trace has in that time, and its end.
GODEBUG=gctrace=1 "$dir/gcload" -w words -ops 900 -live 10 >/dev/null 2>"$dir/trace" & busy=$!; pids+=($busy)
for _ in $(seq 100); do grep -q '^gc 2 ' "$dir/trace" && break; sleep 0.05; done
"$heapwise" gc watch "pid:$busy" --ndjson --interval=0.1 --for=120 >"$dir/pid" 2>"$dir/err" && status=0 || status=$?
is "what was read stands" $status 0
is "the end is said" "$(grep -c 'process has ended' "$dir/err")" 1
wait $busy
have=$(sed -n 's/.*"cycles_per_s":\([^,]*\).*"seconds":\([^,]*\).*/\1 \2/p' "$dir/pid" | awk '{ n += $1 * $2 } END { printf "%d", n + 0.5 }')
want=$(grep -c '^gc [0-9]* @' "$dir/trace")
awk -v have="$have" -v want="$want" 'BEGIN { exit !(have >= want * 0.5 - 3 && have <= want) }' && ok=yes || ok="$have of $want"
is "cycles" "$ok" yes
grep -q '"floating":[0-9.e+]*,' "$dir/pid" && ok=yes || ok=no
is "floating garbage" $ok yes
"$heapwise" gc watch "pid:$busy" >"$dir/out" 2>"$dir/err" && status=0 || status=$?
is "no such process" "$status $(grep -c 'no such process\|cannot be opened' "$dir/err")" "2 1"

# A program with the other collector says its goal itself.
mkdir "$dir/other"
printf 'module example.com/other\n\ngo 1.24\n' >"$dir/other/go.mod"
cat >"$dir/other/main.go" <<'GO'
package main

import (
	"runtime"
	"time"
)

var keep [][]byte

func main() {
	for i := 0; i < 2000; i++ {
		keep = append(keep, make([]byte, 10000))
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	println(m.NextGC)
	time.Sleep(time.Minute)
}
GO
other=nogreenteagc
case $(go env GOVERSION) in go1.25*) other=greenteagc ;; esac
if (cd "$dir/other" && GOEXPERIMENT=$other GOWORK=off GOTOOLCHAIN=local go build -o main .) 2>"$dir/err"; then
    "$dir/other/main" 2>"$dir/says" & second=$!; pids+=($second)
    for _ in $(seq 100); do [ -s "$dir/says" ] && break; sleep 0.1; done
    "$heapwise" gc watch "pid:$second" --ndjson --interval=0.3 --for=2 >"$dir/pid" 2>"$dir/err" && status=0 || status=$?
    is "a process built with $other" "$status $(printf %.0f "$(field goal "$dir/pid")")" "0 $(cat "$dir/says")"
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
