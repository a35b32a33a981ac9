#!/usr/bin/env bash
# gc_live.sh HEAPWISE: `heapwise gc watch --live` in a terminal of its own (tmux): figures of a running
# service appear, and q gives the terminal back.
set -euo pipefail
heapwise=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || { echo "no go command"; exit 77; }
command -v tmux >/dev/null || { echo "no tmux"; exit 77; }
dir=$(mktemp -d); server=
end() { tmux -S "$dir/tmux" kill-server 2>/dev/null || true; [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"; }
trap end EXIT
(cd "$here/../go/gcload" && GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local go build -o "$dir/gcload" .)
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }

port=$((20000 + $$ % 20000))
"$dir/gcload" -w idle -ops 60000 -live 4 -http "127.0.0.1:$port" >/dev/null 2>"$dir/err" & server=$!
t() { tmux -S "$dir/tmux" -f /dev/null "$@"; }
t new-session -d -x 100 -y 30 "'$heapwise' gc watch 'http://127.0.0.1:$port/debug/pprof/heap?debug=1' --live --interval=1 --for=40; echo status \$?; sleep 20"
shows() { for _ in $(seq 50); do t capture-pane -p >"$dir/screen" || true; grep -q "$1" "$dir/screen" && { echo yes; return; }; sleep 0.2; done; echo no; }
is "the source is named" "$(shows "127.0.0.1:$port")" yes
is "allocation rate" "$(shows 'allocat.*[0-9].*/s')" yes
t send-keys q
is "q ends it" "$(shows 'status 0')" yes
is "the terminal is given back" "$(grep -c "127.0.0.1:$port" "$dir/screen")" 0
"$heapwise" gc watch "http://127.0.0.1:$port/debug/pprof/heap?debug=1" --live >"$dir/out" 2>"$dir/err" && status=0 || status=$?
is "no terminal" "$status $(grep -c 'wants a terminal' "$dir/err")" "2 1"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
