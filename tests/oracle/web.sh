#!/usr/bin/env bash
# web.sh HEAPWISE PROFILES: `heapwise web`: who is answered and who is not, filters, a folder that grows,
# snapshots of a running server, connections that say nothing, the end by a signal.
set -euo pipefail
heapwise=$(realpath "$1") profiles=$(realpath "$2")
dir=$(mktemp -d); server= other=
end() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; [ -z "$other" ] || kill "$other" 2>/dev/null || true; rm -rf "$dir"; }
trap end EXIT
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
serve() { : >"$dir/out"; "$heapwise" web "$@" >"$dir/out" 2>"$dir/err" & server=$!
    for _ in $(seq 300); do grep -q http "$dir/out" && break; sleep 0.1; done; url=$(grep -o 'http://[^ ]*' "$dir/out"); }
quit() { kill -TERM "$server"; wait "$server" && status=0 || status=$?; server=; }
# ask.py URL METHOD HOST BYTES...: the status and the body's words
cat >"$dir/ask.py" <<'PY'
import re, socket, sys
from urllib.parse import urlsplit
url, method, host = urlsplit(sys.argv[1]), sys.argv[2], sys.argv[3]
s = socket.create_connection(("127.0.0.1", url.port), 60)
target = url.path + ("?" + url.query if url.query else "")
head = sys.argv[4] if len(sys.argv) > 4 else f"{method} {target} HTTP/1.1\r\n" + (f"Host: {host.replace('PORT', str(url.port))}\r\n" if host else "") + "\r\n"
for part in (head[:7], head[7:]): s.sendall(part.encode())
data = b""
while chunk := s.recv(65536): data += chunk
head, _, body = data.partition(b"\r\n\r\n")
open(sys.argv[0].replace("ask.py", "head"), "wb").write(head)
open(sys.argv[0].replace("ask.py", "body"), "wb").write(body)
print(head.split(b" ")[1].decode() if head else "nothing")
PY
ask() { python3 "$dir/ask.py" "$@"; }

mkdir "$dir/snaps"; cp "$profiles/heap.pb" "$dir/snaps/1.pb"
serve "$dir/snaps"
is "the page" "$(ask "$url" GET 127.0.0.1:PORT) $(grep -c '"sides":\[\["1.pb"' "$dir/body")" "200 1"
is "by name" "$(ask "$url" GET localhost:PORT)" 200
is "another name that leads here" "$(ask "$url" GET evil.example:PORT)" 403
is "no name" "$(ask "$url" GET '')" 403
is "two names" "$(ask "$url" GET x "$(printf 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n.')")" 403
is "without the token" "$(ask "${url%/*/}/" GET 127.0.0.1:PORT)" 403
is "with another" "$(ask "$(echo "$url" | sed 's/[0-9a-f]\/$/x\//')" GET 127.0.0.1:PORT)" 403
is "writing" "$(ask "$url" POST 127.0.0.1:PORT)" 405
is "no such page" "$(ask "${url}x" GET 127.0.0.1:PORT)" 404
is "no HTTP" "$(ask "$url" GET x "$(printf 'hello\r\n\r\n.')")" 400
is "head only" "$(ask "$url" HEAD 127.0.0.1:PORT) $(wc -c <"$dir/body")" "200 0"
is "nothing may be loaded" "$(grep -c "default-src 'none'" "$dir/head")" 1
is "only this machine is listened to" "$(awk -v p="$(printf ':%04X' "$(echo "$url" | grep -oE ':[0-9]+' | tr -d :)")" 'index($2, p) && $4 == "0A" { print $2 }' /proc/net/tcp)" "0100007F$(printf ':%04X' "$(echo "$url" | grep -oE ':[0-9]+' | tr -d :)")"
total() { grep -oE '"total":\[[^]]*' "$dir/body"; }
ask "$url" GET 127.0.0.1:PORT >/dev/null; whole=$(total)
ask "$url?focus=main.alloc" GET 127.0.0.1:PORT >/dev/null
is "a filter" "$([ "$(total)" != "$whole" ] && grep -c 'value="main.alloc"' "$dir/body")" 1
is "a filter that finds nothing" "$(ask "$url?focus=nosuch" GET 127.0.0.1:PORT) $(grep -c 'Focus expression matched no samples' "$dir/body")" "200 1"
is "a filter that is wrong" "$(ask "$url?hide=%28" GET 127.0.0.1:PORT) $(grep -c 'error parsing regexp' "$dir/body") $([ "$(total)" = "$whole" ] && echo whole)" "200 1 whole"
cp "$profiles/later.pb" "$dir/snaps/2.pb"; cp "$profiles/later.pb" "$dir/snaps/3.pb"
is "the folder grows" "$(ask "$url" GET 127.0.0.1:PORT) $(grep -oE '\["[0-9]\.pb",[0-9]+\]' "$dir/body" | wc -l)" "200 3"
# Connections that say nothing, and ones that do not read, keep nobody waiting.
python3 - "$url" "$dir/silent" <<'PY' & silent=$!
import socket, sys, time
from urllib.parse import urlsplit
port = urlsplit(sys.argv[1]).port
open_ = [socket.create_connection(("127.0.0.1", port)) for _ in range(80)]
open(sys.argv[2], "w").close()
time.sleep(30)
PY
for _ in $(seq 100); do [ -e "$dir/silent" ] && break; sleep 0.1; done
is "beside 80 silent ones" "$(ask "$url" GET 127.0.0.1:PORT)" 200
kill $silent 2>/dev/null || true
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -n "$chromium" ]; then
    timeout 100 "$chromium" --headless --no-sandbox --disable-gpu --user-data-dir="$dir/chromium" --enable-logging=stderr --virtual-time-budget=4000 \
        --dump-dom "$url?focus=main#view=top&type=alloc_space" 2>"$dir/said" >"$dir/dom"
    is "in a browser" "$(grep -c 'sk-name"><a' "$dir/dom" | sed 's/[1-9][0-9]*/some/') $(grep -c CONSOLE "$dir/said" || true)" "some 0"
fi
quit
is "ends by a signal" "$status" 0

# A server whose profile changes.
if ldconfig -p | grep -qE 'libcurl(-gnutls)?\.so\.4'; then
    cat >"$dir/server.py" <<'PY'
import http.server, sys
bodies = [open(f"{sys.argv[1]}/{n}.pb", "rb").read() for n in ("heap", "later")]
looks = 0
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global looks
        body = bodies[min(looks, 1)]; looks += 1
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(s.server_port, flush=True)
s.serve_forever()
PY
    python3 "$dir/server.py" "$profiles" >"$dir/port" & other=$!
    for _ in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.1; done
    serve "http://127.0.0.1:$(cat "$dir/port")/debug/pprof/heap"
    sides() { grep -oE '"sides":.*"type"' "$dir/body" | grep -oE 'debug/pprof/heap' | wc -l; }
    ask "$url" GET 127.0.0.1:PORT >/dev/null; is "one snapshot" "$(sides)" 1
    ask "$url?take=1" GET 127.0.0.1:PORT >/dev/null; is "another" "$(sides)" 2
    ask "$url?take=1" GET 127.0.0.1:PORT >/dev/null; is "loading the page again takes none" "$(sides)" 2
    kill $other; other=
    is "the server is gone" "$(ask "$url?take=2" GET 127.0.0.1:PORT) $(grep -c 'class="warn"' "$dir/body") $(sides)" "200 1 2"
    quit
fi
"$heapwise" web "$dir/nosuch.pb" >"$dir/out" 2>"$dir/err" && status=0 || status=$?
is "no such file" "$status $(wc -l <"$dir/err") $(wc -l <"$dir/out")" "2 1 0"
"$heapwise" web "$0" >"$dir/out" 2>"$dir/err" && status=0 || status=$?
is "no profile" "$status $(wc -l <"$dir/err")" "2 1"
"$heapwise" web --port=70000 "$profiles/heap.pb" >"$dir/out" 2>"$dir/err" && status=0 || status=$?
is "no such port" "$status" 2
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
