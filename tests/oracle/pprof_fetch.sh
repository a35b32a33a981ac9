#!/usr/bin/env bash
# pprof_fetch.sh HEAPWISE PROFILES: sources that are URLs: a user and password in them, what is asked of the
# server, a proxy, servers that refuse, stall, end early or speak no TLS. Each failure is one error, status 2, and
# leaves nothing behind.
set -euo pipefail
heapwise=$(realpath "$1") profiles=$(realpath "$2")
dir=$(mktemp -d); server=
end() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"; }
trap end EXIT
ldconfig -p | grep -qE 'libcurl(-gnutls)?\.so\.4' || { echo "no libcurl"; exit 77; }
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
cat >"$dir/server.py" <<'PY'
import base64, http.server, sys, time
heap = open(sys.argv[1], "rb").read()
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body, **fields):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **fields}.items(): self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        given = self.headers.get("Authorization", "")
        print(self.path, base64.b64decode(given[6:]).decode() if given.startswith("Basic ") else "-", file=sys.stderr, flush=True)
        path = self.path.split("?")[0]
        if path == "/auth" and given != "Basic " + base64.b64encode(b"me:p@ss:w").decode(): self.answer(401, b"", WWW_Authenticate='Basic realm="x"')
        elif path == "/missing": self.answer(404, b"Unknown profile\n", Content_Type="text/plain; charset=utf-8", X_Go_Pprof=1)
        elif path == "/moved": self.answer(302, b"", Location="/heap")
        elif path == "/around": self.answer(302, b"", Location="/around")
        elif path == "/file": self.answer(302, b"", Location="file:///etc/passwd")
        elif path == "/stalls": time.sleep(60)
        elif path == "/short": self.answer(200, heap[:99], Content_Length=len(heap))
        elif path == "/text": self.answer(200, b"not a profile")
        elif path == "/nothing": self.answer(200, b"")
        else: self.answer(200, heap)
    def log_message(self, *a): pass
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
s.daemon_threads = True
print(s.server_port, flush=True)
s.serve_forever()
PY
python3 "$dir/server.py" "$profiles/heap.pb" >"$dir/port" 2>>"$dir/asked" & server=$!
for _ in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.1; done
at="127.0.0.1:$(cat "$dir/port")"
cd "$dir"
mkdir saved
run() { rm -rf saved/*; : >asked; PPROF_TMPDIR=$dir/saved HOME=$dir "$heapwise" pprof "$@" >out 2>err && status=0 || status=$?; }
"$heapwise" pprof -top "$profiles/heap.pb" >want
shows() { is "$1" "$status $(cmp -s out want && echo same) $(ls saved | wc -l) $(tail -1 asked)" "0 same 1 $2"; }
fails() { is "$1" "$status $(wc -c <out) $(ls saved | wc -l) $(grep -c "$2" err)" "2 0 0 1"; }

run -top "http://me:p%40ss%3Aw@$at/auth";  shows "user and password" "/auth me:p@ss:w"
is "the password is not shown" "$(grep -c 'p%40ss' err) $(grep -c 'me:\*\*\*@' err)" "0 1"
run -top "me:p%40ss%3Aw@$at/auth";         shows "without a scheme" "/auth me:p@ss:w"
run -compat -top "me:p%40ss%3Aw@$at/auth"; is "as pprof says it" "$(grep -c 'from http://me:p%40ss%3Aw@' err)" 1
run -top "http://me:wrong@$at/auth";       fails "a wrong password" "server response: 401"
is "nor is a wrong one" "$(grep -c 'wrong' err)" 0
run -top "$at";                            shows "the path of the CPU profile" "/debug/pprof/profile -"
run -top -seconds=75 "$at/heap?b=2&a=1&seconds=3"; shows "the words are sorted" "/heap?a=1&b=2&seconds=75 -"
is "how long it takes" "$(grep -c 'Please wait... (1m15s)' err)" 1
run -top ":${at#*:}/heap";                 shows "this machine" "/heap -"
run -top "$at/moved";                      shows "elsewhere" "/heap -"
http_proxy="http://$at" run -top "example.invalid/x" ; fails "no URL, no file" "no such file"
http_proxy="http://$at" run -top "http://example.invalid/heap"; shows "through a proxy" "http://example.invalid/heap -"
run -top "$at/missing";                    fails "no such page" "server response: 404 Not Found - Unknown profile"
is "one line for it" "$(wc -l <err)" 3
run -top "$at/around";                     fails "around and around" "redirects"
run -top "$at/file";                       fails "a file behind a redirect" 'Get "'
run -top "$at/short";                      fails "ends early" 'Get "'
run -top "$at/text";                       fails "no profile" "parsing profile"
run -top "$at/nothing";                    fails "an empty answer" "empty input file"
run -top "https://$at/heap";               fails "no TLS" 'Get "https'
run -top "127.0.0.1:1/heap";               fails "nobody there" "onnect"
run -top "ftp://$at/heap";                 fails "another protocol" 'unsupported protocol scheme "ftp"'
before=$SECONDS
run -top -timeout=1 "$at/stalls";          fails "a server that stalls" "too slow\|timed out"
is "and is not waited for" "$((SECONDS - before < 30))" 1
run -proto -output=half.gz "$at/short";    is "nothing half-written" "$status $(ls half.gz* 2>/dev/null | wc -l)" "2 0"
"$heapwise" profile trend --every=20ms --count=3 --dir=none "http://me:wrong@$at/auth" >out 2>err && status=0 || status=$?
is "a trend hides it too" "$status $(grep -c wrong err) $(ls none | wc -l)" "2 0 0"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
