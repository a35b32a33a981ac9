#!/bin/sh
# heapwise bench run on a small module in git: what it finds, what it keeps, and that it cleans up.
# usage: bench_run.sh HEAPWISE          Skips (77) without go or git.
heapwise=$(realpath "$1")
for tool in go git python3; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work/tmp" GIT_CONFIG_GLOBAL=/dev/null
mkdir -p "$work/tmp" "$work/m/sub"
cd "$work/m" || exit 1
fail() { echo "FAIL: $*"; exit 1; }

cat > go.mod <<'X'
module example.com/m

go 1.20
X
cat > sub/a.go <<'X'
package sub

func Make(n int) []int {
	var out []int
	for i := 0; i < n; i++ {
		out = append(out, i)
	}
	return out
}
X
cat > sub/a_test.go <<'X'
package sub

import "testing"

var sink []int

func BenchmarkMake(b *testing.B) {
	for _, n := range []int{10, 100} {
		b.Run("case", func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				sink = Make(n)
			}
		})
	}
}
X
git init -q . && git add -A && git -c user.name=t -c user.email=t@t commit -q -m one || exit 77
sed -i 's/var out \[\]int/out := make([]int, 0, n)/' sub/a.go

run() { "$heapwise" bench run --benchtime 200x --windows 3 --first-look 4 --max-runs 4 --json "$@" > "$work/out" 2> "$work/err"; }
clean() {
    [ -z "$(ls -A "$work/tmp")" ] || fail "left behind: $(ls "$work/tmp")"
    [ "$(git worktree list | wc -l)" = 1 ] || fail "a worktree is left"
}

run --keep "$work/kept" --memprofile "$work/prof" Make ./... || fail "status $?: $(cat "$work/err")"
clean
python3 - "$work/out" <<'X' || fail "$(cat "$work/out")"
import json, sys
page = json.load(open(sys.argv[1]))
rows = {(r["benchmark"].split("-")[0], r["unit"]): r for r in page["rows"]}
for name in ("Make/case", "Make/case#01"):
    row = rows[name, "allocs/op"]
    assert row["verdict"] == "better" and row["new"] == 1 and row["counted"], row
assert page["summary"]["worse"] == 0
X
[ -s "$work/kept/old.txt" ] && [ -s "$work/kept/new.txt" ] || fail "results not kept"
[ "$(ls "$work/prof" | wc -l)" = 2 ] || fail "profiles: $(ls "$work/prof")"

git -c user.name=t -c user.email=t@t commit -q -a -m two
sed -i 's/out := make(\[\]int, 0, n)/out := make([]int, 0)/' sub/a.go
run Make ./... # against HEAD, since the tree has changes
[ $? = 1 ] || fail "more allocations: not status 1"
git checkout -q sub/a.go
run --before=HEAD~1 Make ./sub || fail "against HEAD~1: $?"
clean
run --before=nosuch Make ./sub
[ $? = 2 ] || fail "unknown revision: not status 2"
run NoSuchBenchmark ./sub
[ $? = 2 ] || fail "no benchmark: not status 2"
echo 'func broken' >> sub/a.go
run Make ./sub
[ $? = 2 ] || fail "no build: not status 2"
clean
echo "7 passed, 0 failed"
