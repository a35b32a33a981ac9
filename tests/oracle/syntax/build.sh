# Sourced by the scripts beside it: makes a module in $tmp with a copy of the compiler's syntax
# package and our programs around it. Sets go, goroot, source, tmp; leaves with 77 where it cannot.
go=$(command -v go) || { echo "no go on PATH: nothing to compare with"; exit 77; }
goroot=$($go env GOROOT)
source=$goroot/src/cmd/compile/internal/syntax
[ -f "$source/parser.go" ] || { echo "$goroot has no compiler source"; exit 77; }
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/syntax" "$tmp/dump" "$tmp/marks" "$tmp/bench"
cp "$source"/*.go "$tmp/syntax/"
rm -f "$tmp"/syntax/*_test.go "$tmp/syntax/testing.go"
cp "$here/syntax/marks.go.txt" "$tmp/syntax/marks.go"
cp "$here/syntax/main.go.txt" "$tmp/dump/main.go"
cp "$here/syntax/marks_main.go.txt" "$tmp/marks/main.go"
cp "$here/syntax/bench.go.txt" "$tmp/bench/main.go"
printf 'module oracle\n\ngo 1.24\n' > "$tmp/go.mod"
build() { (cd "$tmp" && GOFLAGS=-mod=mod GOWORK=off "$go" build -o "bin_$1" "./$1"); }
