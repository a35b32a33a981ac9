#!/usr/bin/env bash
# profile_poll.sh HEAPWISE PROFILES: `heapwise profile trend --every` against a server: snapshots are kept in a
# ring, a look that fails is said, an interrupt ends it with the trend of what there is, a stalled or wrong
# server is an error and leaves no half-written file.
set -euo pipefail
heapwise=$(realpath "$1") profiles=$(realpath "$2")
dir=$(mktemp -d); server=
end() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"; }
trap end EXIT
ldconfig -p | grep -qE 'libcurl(-gnutls)?\.so\.4' || { echo "no libcurl"; exit 77; }
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
cat >"$dir/server.py" <<'PY'
import http.server, sys, time
heap, later = (open(f"{sys.argv[1]}/{n}.pb", "rb").read() for n in ("heap", "later"))
looks = 0
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global looks
        looks += 1
        if self.path == "/text": body, status = b"not a profile", 200
        elif self.path == "/missing" or (self.path == "/shaky" and looks % 3 == 2): body, status = b"gone", 404
        else: body, status = heap if looks < 3 else later, 200
        self.send_response(status); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(s.server_port, flush=True)
s.serve_forever()
PY
python3 "$dir/server.py" "$profiles" >"$dir/port" & server=$!
for _ in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.1; done
at="http://127.0.0.1:$(cat "$dir/port")"
cd "$dir"
run() { "$heapwise" profile trend "$@" >out 2>err && status=0 || status=$?; }
run --every=50ms --count=6 --keep=4 --dir=ring "$at/heap"
is "polled" "$status $(head -1 out | grep -c 'of 4 snapshots')" "0 1"
is "the ring keeps four" "$(ls ring | wc -l)" 4
run ring/*
is "its files are profiles" "$status $(grep -c 'total' out)" "0 1"
run --every=50ms --count=6 --dir=shaky "$at/shaky"
is "a failed look is said" "$status $(grep -c '404' err)" "0 2"
is "and leaves no file" "$(ls shaky | wc -l)" 4
run --every=20ms --count=9 --dir=none "$at/missing"
is "no such page" "$status $(wc -l <err) $(ls none | wc -l)" "2 1 0"
run --every=20ms --count=9 --dir=text "$at/text"
is "no profile" "$status $(ls text | wc -l)" "2 0"
"$heapwise" profile trend --every=30ms --dir=long "$at/heap" >out 2>err & pid=$!
for _ in $(seq 100); do [ "$(ls long 2>/dev/null | wc -l)" -ge 3 ] && break; sleep 0.1; done
kill -INT $pid; wait $pid && status=0 || status=$?
is "interrupted" "$status $(grep -c 'What grows' out)" "0 1"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
