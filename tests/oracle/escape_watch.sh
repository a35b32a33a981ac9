#!/usr/bin/env bash
# escape_watch.sh HEAPWISE: `escape --watch` beside runs of `escape` from nothing, over edits of all kinds: the
# block of an edited package, and of what imports it where that changed, is what a new run prints.
set -uo pipefail
heapwise=$(realpath "$1")
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
dir=$(mktemp -d); watch=0
finish() { [ "$watch" = 0 ] || kill "$watch" 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"; }
trap finish EXIT
export CGO_ENABLED=0 GO111MODULE=on GOWORK=off GOPROXY=off GOFLAGS= LC_ALL=C
passed=0 failed=0

check() { # NAME STATUS
    if [ "$2" = 0 ]; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1)); echo "failed: $1"; tail -n 20 "$dir/out"; tail -n 3 "$dir/err"
}
wait_for() { # PATTERN COUNT: until err has so many such lines
    for _ in $(seq 200); do
        [ "$(grep -c "$1" "$dir/err")" -ge "$2" ] && return 0
        sleep 0.05
    done
    return 1
}

mkdir -p "$dir/m/low" "$dir/m/mid" "$dir/m/high" "$dir/m/apart"; cd "$dir/m" || exit 3
printf 'module example.com/m\n\ngo 1.26\n' >go.mod
low() { printf 'package low\n\nvar kept *int\n\n%s\n' "$1" >low/low.go; }
low 'func F(p *int) *int { return p }'
cat >mid/mid.go <<'G'
package mid

import "example.com/m/low"

type T[P any] struct{ p *P }

func (t *T[P]) Get() *P { return t.p }
func G() int            { x := 1; return *low.F(&x) }
G
cat >high/high.go <<'G'
package high

import "example.com/m/mid"

var t mid.T[string]

func H() (*string, int) { return t.Get(), mid.G() }
G
printf 'package apart\n\nfunc A() *int { return new(int) }\n' >apart/apart.go

: >"$dir/out"; : >"$dir/err"
"$heapwise" escape --watch ./... >>"$dir/out" 2>>"$dir/err" & watch=$!
wait_for 'are watched' 1; check start $?
"$heapwise" escape ./... >"$dir/want" 2>&1
cmp -s "$dir/want" "$dir/out"; check "first answer" $?

edited() { # NAME PACKAGE...: the answer since the last edit holds the block of each package as a new run has it
    local name=$1; shift
    wait_for 'after the edit' 1; check "$name: an answer" $?
    for package; do
        "$heapwise" escape "./$package" 2>/dev/null >"$dir/want"
        [ -s "$dir/want" ] || echo "no lines" >"$dir/want"
        python3 - "$dir/want" "$dir/out" <<'P'
import sys
sys.exit(open(sys.argv[1]).read() not in open(sys.argv[2]).read())
P
        check "$name: $package" $?
    done
    grep -q '^# example.com/m/apart$' "$dir/out"; [ $? = 1 ] || [ "${apart:-no}" = yes ]; check "$name: nothing of others" $?
    : >"$dir/out"; : >"$dir/err"
}
: >"$dir/out"; : >"$dir/err"
low 'func F(p *int) *int { kept = p; return p }'; edited "a parameter leaks" low mid
low 'func F(p *int) *int { return p }'; edited "and no more" low mid
low 'func F(p *int) *int { return q }'; edited "a name is missing" low
low 'func F(p *int) *int {'; edited "half a line" low
low 'func F(p *int, q ...int) *int { return p }'; edited "another signature" low
low 'func F(p *int) *int { return p }'; edited "back again" low
sed -i 's/return t.Get/println(); return t.Get/' high/high.go; edited "another package" high
low 'func F(p *int) *int { kept = p; return p }'; edited "two are edited" low mid
sed -i 's/x := 1/x := 2/' mid/mid.go; edited "the one between" mid
printf 'package low\n' >low/low.tmp; printf 'package low\n\nfunc F(p *int) *int { return nil }\n' >low/new.tmp
mv low/new.tmp low/low.go; edited "put there by a new name" low mid
apart=yes; printf 'package apart\n\nfunc A() *int { return nil }\n' >apart/apart.go; edited "one on its own" apart

for change in "import a/package" "a new file" "go.mod"; do
    : >"$dir/out"; : >"$dir/err"
    case $change in
    import*) printf 'package apart\n\nimport "os"\n\nfunc A() *os.File { return os.Stdout }\n' >apart/apart.go ;;
    *file) printf 'package low\n\nfunc More() *int { return new(int) }\n' >low/more.go ;;
    go.mod) sed -i 's/1.26/1.25/' go.mod ;;
    esac
    wait_for 'everything is read anew' 1; check "$change" $?
    wait_for 'are watched' 1; check "$change: watched again" $?
    "$heapwise" escape ./... >"$dir/want" 2>/dev/null
    cmp -s "$dir/want" "$dir/out"; check "$change: the whole answer" $?
done
kill "$watch"; wait "$watch" 2>/dev/null; watch=0
for _ in $(seq 40); do pgrep -f "$heapwise escape --watch" >/dev/null || break; sleep 0.05; done
! pgrep -f "$heapwise escape --watch" >/dev/null; check "no copy is left" $?
echo "escape --watch: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
