#!/usr/bin/env bash
# profile_page.sh HEAPWISE PROFILES: pages of `heapwise profile page` opened in headless Chromium: every
# view shows the figures `heapwise pprof` prints, nothing is fetched, no script fails, and a page of a
# profile with far more stacks than fit stays within its size.
set -euo pipefail
heapwise=$1 profiles=$2
here=$(cd "$(dirname "$0")" && pwd)
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$chromium" ] || { echo "no chromium"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
is() { if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: $2, want $3"; fi; }
# dom PAGE VIEW: what the page holds once its script has run; its complaints go to $dir/said.
dom() { timeout 100 "$chromium" --headless --no-sandbox --disable-gpu --user-data-dir="$dir/chromium" --enable-logging=stderr \
    --virtual-time-budget=4000 --window-size=1400,900 --dump-dom "file://$dir/$1#$2" 2>"$dir/stderr" | sed -n '/<div id="stacks">/,/<script type="application/p' >"$dir/dom"
    grep -i 'CONSOLE' "$dir/stderr" >>"$dir/said" || true; }
has() { grep -cF -- "$1" "$dir/dom" >"$dir/n" || true; [ "$(cat "$dir/n")" -gt 0 ] && echo yes || echo no; }
touch "$dir/said"

"$heapwise" profile page -o "$dir/one.html" "$profiles/heap.pb"
"$heapwise" profile page --base="$profiles/heap.pb" -o "$dir/two.html" "$profiles/later.pb"
"$heapwise" profile page -o "$dir/three.html" "$profiles/heap.pb" "$profiles/later.pb" "$profiles/later.pb"
for page in one two three; do
    is "$page refers to nothing outside" "$(grep -cE '(src|href)="?(https?:)?//|url\(|@import|fetch\(|XMLHttp' "$dir/$page.html" || true)" 0
done

# The first line of top, as pprof prints it: flat flat% sum% cum cum% name.
first() { "$heapwise" pprof -top -unit=B -sample_index="$2" "$3" 2>/dev/null | awk 'seen { print $'"$1"'; exit } /flat%/ { seen = 1 }'; }
name=$(first 6 alloc_space "$profiles/heap.pb") percent=$(first 2 alloc_space "$profiles/heap.pb")
dom one.html 'view=top&type=alloc_space'
is "top shows the function pprof names first" "$(grep -oE 'sk-name"><a[^>]*>[^<]*' "$dir/dom" | head -1 | sed 's/.*>//')" "$name"
shown=$(grep -oE '[0-9.]+%' "$dir/dom" | head -1)
is "and its share" "$(awk -v a="${shown%\%}" -v b="${percent%\%}" 'BEGIN { d = a - b; print (d < 0.06 && d > -0.06) }')" 1
dom one.html "view=flame&type=alloc_space"
is "flame: a frame of it" "$(has "${name##*/}")" yes
is "flame: boxes" "$(has 'class="f"')" yes
dom one.html "view=icicle&q=main"
is "icicle: hits are marked" "$(has 'class="f hit"')" yes
is "icicle: their share is said" "$(has 'matched ')" yes
dom one.html "view=sandwich&f=main.main"
is "sandwich: who calls" "$(has 'Called by')" yes
is "sandwich: the caller" "$(has 'runtime.main')" yes
if ldconfig -p | grep -q libgvc.so.6; then
    dom one.html "view=graph&type=alloc_space"
    is "graph: drawn" "$(has '<svg')" yes
    is "graph: the function's box" "$(has 'alloc_space')" yes
fi
dom two.html "view=top&type=inuse_space&sort=flatD"
is "difference: growth" "$(has 'sk-up')" yes
is "difference: both names" "$(has 'Against')$(has 'heap.pb')$(has 'later.pb')" yesyesyes
dom two.html "view=flame&type=inuse_space"
is "difference: red grew" "$(has 'rgba(226,88,34')" yes
dom three.html "view=icicle&type=inuse_space"
is "time axis: a point for each" "$(grep -oE '<circle ' "$dir/dom" | wc -l)" 3

# Source: a file that is here, and one of a program built elsewhere found below the module.
mkdir -p "$dir/mod/work"
printf 'module example.com/app\n' >"$dir/mod/go.mod"
for i in $(seq 40); do echo "line $i of <work>"; done >"$dir/mod/work/work.go"
python3 - "$dir" <<'PY'
# Profiles as a build elsewhere writes them, and one of 40,000 different stacks with long names.
import random, sys
def varint(v):
    out = bytearray()
    while True:
        out.append(v & 127 | (128 if v > 127 else 0)); v >>= 7
        if not v: return bytes(out)
def num(f, v): return varint(f << 3) + varint(v)
def data(f, b): return varint(f << 3 | 2) + varint(len(b)) + b
def write(path, functions, samples):
    strings, out = [b''], bytearray()
    def text(s): strings.append(s.encode()); return len(strings) - 1
    for t in (('alloc_space', 'bytes'), ('inuse_space', 'bytes')): out += data(1, num(1, text(t[0])) + num(2, text(t[1])))
    for i, (name, file, line) in enumerate(functions, 1):
        out += data(5, num(1, i) + num(2, text(name)) + num(4, text(file)) + num(5, max(line - 3, 1)))
        out += data(4, num(1, i) + num(3, 4096 + i) + data(4, num(1, i) + num(2, line)))
    for stack, value in samples:
        out += data(2, data(1, b''.join(varint(s) for s in stack)) + data(2, varint(value) + varint(value)))
    for s in strings: out += data(6, s)
    open(path, 'wb').write(out)
r = random.Random(1)
write(sys.argv[1] + '/elsewhere.pb', [('example.com/app/work.Do', '/build/7/app/work/work.go', 20), ('</script><b>x', 'y.go', 3)], [([1, 2], 5000)])
many = [('example.com/' + 'very/long/' * 20 + f'p{i}.(*T[go.shape.struct {{ F{i} string }}]).method', f'/src/p{i}/f.go', 10 + i % 900) for i in range(3000)]
write(sys.argv[1] + '/many.pb', many, [([1 + r.randrange(3000) for _ in range(30)], r.randrange(1, 4000)) for _ in range(40000)])
PY
heapwise=$(realpath "$heapwise")
(cd "$dir/mod/work" && "$heapwise" profile page -o "$dir/elsewhere.html" "$dir/elsewhere.pb")
dom elsewhere.html "view=source&f=example.com/app/work.Do"
is "source: found by the end of its path" "$(has 'line 20 of &lt;work&gt;')" yes
is "source: what the line costs" "$(grep -oE '<div class="l cost">.{0,120}' "$dir/dom" | grep -c '4.88 kB.*20</span>' || true)" 1
dom elsewhere.html "view=top"
is "names are text" "$(has '&lt;/script&gt;&lt;b&gt;x')" yes
"$heapwise" profile page -o "$dir/many.html" "$dir/many.pb"
is "many stacks: at most 1.5 MB" "$([ "$(wc -c <"$dir/many.html")" -le 1500000 ] && echo yes || wc -c <"$dir/many.html")" yes
dom many.html "view=flame"
is "many stacks: what is left out is said" "$(has 'too small to draw')" yes
is "no script complains" "$(cat "$dir/said")" ""
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
