#!/usr/bin/env bash
# gc_run.sh HEAPWISE: real programs under `heapwise gc run`: every cycle is read, every line of the
# program comes through, thousands of cycles never stop on a full pipe, and statuses are kept apart.
set -euo pipefail
heapwise=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || { echo "no go command"; exit 77; }
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
(cd "$here/../go/gcload" && GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local go build -o "$dir/gcload" .)
unset GODEBUG GOGC GOMEMLIMIT
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
field() { sed -n "s/.*\"$1\": *\([0-9.]*\).*/\1/p" "$2" | head -1; }

# Log lines at full speed beside the trace.
GOGC=5 "$heapwise" gc run --json -- "$dir/gcload" -w log -ops 200000 -live 1 >"$dir/page" 2>"$dir/err"
cycles=$(field cycles "$dir/page")
want=$(grep -o '"num_gc":[0-9]*' "$dir/err" | cut -d: -f2)
awk -v have="$cycles" -v want="$want" 'BEGIN { exit !(have >= want * 0.99) }' && ok=yes || ok="$cycles of $want cycles"
is "cycles beside log lines" "$ok" yes
lines=$(grep -c 'request id=' "$dir/err")
is "log lines handed on" "$lines" 200000

# Two thousand cycles: the trace is four times what a pipe holds. GC_RUN_OPS=18000000 makes ten thousand.
ops=${GC_RUN_OPS:-3600000}
GOGC=1 timeout 120 "$heapwise" gc run --json --out="$dir/seen" -- "$dir/gcload" -w small -ops "$ops" >"$dir/page" 2>"$dir/err" || true
cycles=$(field cycles "$dir/page")
want=$(grep -o '"num_gc":[0-9]*' "$dir/err" | cut -d: -f2)
is "all cycles of a quiet program" "$cycles" "$want"
[ "$want" -ge $((ops / 2000)) ] && is "many cycles" many many || is "many cycles" "$want" "$((ops / 2000)) or more"
is "cycles kept" "$(grep -c '^cycle ' "$dir/seen")" "$want"

"$heapwise" gc run -- sh -c 'echo out; echo err >&2; exit 7' >"$dir/out" 2>"$dir/err" && status=0 || status=$?
is "our status" $status 0
is "its status" "$(sed -n 's/^exit status of the program *//p' "$dir/out")" 7
is "its output" "$(head -1 "$dir/out")" out
is "its standard error" "$(cat "$dir/err")" err
"$heapwise" gc run -- sh -c 'kill -9 $$' >"$dir/out" 2>&1
is "a killed program" "$(sed -n 's/^exit status of the program *//p' "$dir/out")" 137
# A termination goes on to the program, whose end is waited for.
"$heapwise" gc run -- sh -c 'trap "echo ending; exit 5" TERM; echo ready; while :; do sleep 0.1; done' >"$dir/out" 2>&1 &
watcher=$!
for _ in $(seq 50); do grep -q ready "$dir/out" && break; sleep 0.1; done
kill -TERM $watcher
wait $watcher && status=0 || status=$?
is "our status after a termination" $status 0
is "the program saw it" "$(grep -c ending "$dir/out")" 1
is "its status after it" "$(sed -n 's/^exit status of the program *//p' "$dir/out")" 5
"$heapwise" gc run -- "$dir/nosuch" >"$dir/out" 2>&1 && status=0 || status=$?
is "no such program" $status 2
# A grandchild that keeps the pipe open does not keep us.
timeout 20 "$heapwise" gc run -- sh -c 'sleep 60 & echo started' >"$dir/out" 2>&1 && status=0 || status=$?
is "a grandchild with the pipe" $status 0
# Two variants: a setting that must cost CPU (for long enough that noise does not hide it), and which collector the binary has.
"$heapwise" gc ab --a=GOGC=400 --b=GOGC=10 --pairs=5 --seed=1 -- "$dir/gcload" -w words -ops 300 -live 8 >"$dir/page" 2>"$dir/err" && status=0 || status=$?
is "gc ab finds GOGC=10 worse" $status 1
collector=$(go version "$dir/gcload" | grep -q nogreenteagc && echo classic || echo "Green Tea")
case $(go env GOVERSION) in go1.1* | go1.2[0-5]*) collector=classic ;; esac
is "the binary's collector" "$(sed -n 's/^ *collector *\([A-Za-z ]*[a-z]\) (.*/\1/p' "$dir/page" | head -1)" "$collector"
# A service under a load: what its answers took, and it is ended; a port that is taken is said.
address=127.0.0.1:$((20000 + $$ % 20000))
service=("$dir/gcload" -w idle -ops 60000 -live 2 -http "$address")
"$heapwise" gc ab --json --pairs=1 --load="http://$address/debug/pprof/heap?debug=1" --rate=50 --for=1 -- "${service[@]}" >"$dir/page" 2>"$dir/err" && status=0 || status=$?
is "gc ab --load" $status 0
is "percentiles" "$(grep -c '"percent":' "$dir/page")" 5
awk -v p="$(field median_s "$dir/page")" 'BEGIN { exit !(p > 0 && p < 60) }' && ok=yes || ok=no
is "a median latency" "$ok" yes
# Requests with a body and headers of their own; over TLS, whose certificate has to be vouched for.
printf 'some words' >"$dir/body"
post=(--rate=50 --for=1 --pairs=1 --post="$dir/body")
"$heapwise" gc ab --json "${post[@]}" --header='X-Key: abc' --load="http://$address/turn" -- "${service[@]}" >"$dir/page" 2>"$dir/err" && status=0 || status=$?
is "gc ab --load --post" "$status $(grep -c '"percent":' "$dir/page") $(grep -c 'requests without an answer' "$dir/page")" "0 5 0"
"$heapwise" gc ab "${post[@]}" --load="http://$address/turn" -- "${service[@]}" >"$dir/page" 2>"$dir/err" && status=0 || status=$?
is "a load that is refused" "$(grep -c '50 of A, 50 of B (0 were' "$dir/err")" 1
"$heapwise" gc ab --json "${post[@]}" --header='X-Key: abc' --insecure --load="https://$address/turn" -- "${service[@]}" -tls >"$dir/page" 2>"$dir/err" && status=0 || status=$?
is "gc ab --load=https --insecure" "$status $(grep -c '"percent":' "$dir/page")" "0 5"
"$heapwise" gc ab "${post[@]}" --load="https://$address/turn" -- "${service[@]}" -tls >"$dir/page" 2>"$dir/err" && status=0 || status=$?
is "a certificate nobody vouches for" "$status $(grep -c 'takes any certificate' "$dir/err")" "2 1"
"${service[@]}" >"$dir/out" 2>&1 &
other=$!
for _ in $(seq 100); do (exec 3<>"/dev/tcp/${address/:/\/}") 2>/dev/null && break; sleep 0.1; done
"$heapwise" gc ab --pairs=1 --load="http://$address/" -- "${service[@]}" >"$dir/page" 2>"$dir/err" && status=0 || status=$?
kill $other
is "a port that is taken" "$status $(grep -c 'answers there already' "$dir/err")" "2 1"
# A review shows what each finding costs the collector: a part of all, the first the most.
"$heapwise" gc run --precise --json --out="$dir/seen" -- "$dir/gcload" -w sess -ops 60000 -memprofile "$dir/mem" >"$dir/page" 2>"$dir/err"
"$heapwise" review -C "$here/../go/gcload" . --profile "$dir/mem" --gc "$dir/seen" --json >"$dir/page" 2>"$dir/err" && status=0 || status=$?
is "review --gc" $status 0
all=$(field gc_cpu "$dir/page") most=$(field gc_cpu_saved "$dir/page")
awk -v all="$all" -v most="$most" 'BEGIN { exit !(most > all * 0.05 && most < all) }' && ok=yes || ok="$most of $all"
is "GC CPU the first finding costs" "$ok" yes
is "a figure on each finding" "$(grep -c '"gc_cpu_saved"' "$dir/page")" "$(grep -c '"line_shared"' "$dir/page")"
"$heapwise" review -C "$here/../go/gcload" . --gc "$dir/seen" >"$dir/out" 2>"$dir/err" && status=0 || status=$?
is "--gc without a profile" "$status $(grep -c 'wants --profile' "$dir/err")" "2 1"
"$heapwise" review -C "$here/../go/gcload" . --profile "$dir/mem" --gc "$dir/mem" >"$dir/out" 2>"$dir/err" && status=0 || status=$?
is "no observation" "$status $(grep -c 'gctrace' "$dir/err")" "2 1"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
