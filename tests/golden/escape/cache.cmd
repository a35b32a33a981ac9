# What is kept never changes an answer: whatever an answer depends on is changed in turn, each time with
# the answer of a run that keeps nothing beside it, and the number of new entries.
export GOROOT="$PWD/../list/go" GOENV=off GOFLAGS= GOWORK=off GO111MODULE= GOOS=linux GOARCH=amd64 GOEXPERIMENT= GOPROXY=
work=$(mktemp -d)
export HEAPWISE_CACHE="$work/cache"
mkdir -p "$work/m/dep" "$work/m/app"; cd "$work/m"
printf 'module example.com/m\n\ngo 1.21\n' >go.mod
printf 'package dep\n\nfunc Get(p *int) *int { return p }\n' >dep/dep.go
printf 'package app\n\nimport "example.com/m/dep"\n\nfunc F() int {\n\tx := 1\n\treturn *dep.Get(&x)\n}\n' >app/app.go
entries() { find "$work/cache" -type f 2>/dev/null | wc -l; }
check() { # WHAT FLAGS...
    what=$1; shift
    before=$(entries)
    "${program:-$HEAPWISE}" escape "$@" ./... >"$work/now" 2>&1; status=$?
    new=$(($(entries) - before))
    "${program:-$HEAPWISE}" escape --no-cache "$@" ./... >"$work/want" 2>&1
    cmp -s "$work/now" "$work/want" && same=same || same=DIFFERENT
    echo "$what: status $status, $new new, $same"
}
check "first run"; cat "$work/now"
check "second run"
(cd app && "$HEAPWISE" escape . | head -3)
check "another level" -m=2
check "a flag" -l
check "the flag for all" -l --all
echo 'var sink *int' >>dep/dep.go
printf 'package dep\n\nvar sink *int\n\nfunc Get(p *int) *int { sink = p; return p }\n' >dep/dep.go
check "a body that is inlined"; grep moved "$work/now"
sed -i 's/x := 1/x := 2/' app/app.go; check "one byte of an importer"
touch dep/dep.go; check "a new time"
printf 'package app\n' >app/new.go; check "a new file"
printf '//go:build never\n\npackage app\n' >app/new.go; check "which no build takes"
sed -i 's/go 1.21/go 1.22/' go.mod; check "the language version"
cp -r "$GOROOT" "$work/go"; OLD=$GOROOT; GOROOT="$work/go"; check "another GOROOT"; GOROOT=$OLD
GOARCH=arm64; check "another target"; GOARCH=amd64
cp "$HEAPWISE" "$work/other"; printf x >>"$work/other"; program=$work/other; check "another build of heapwise"; program=
mkdir app/main; printf 'package main\n\nimport (\n\t"unsafe"\n\n\t"example.com/m/dep"\n)\n\nfunc main() {\n\tx := 1\n\t_ = unsafe.Pointer(dep.Get(&x))\n}\n' >app/main/main.go
GOROOT="$work/go"; mkdir "$GOROOT/src/unsafe"; printf 'package unsafe\n' >"$GOROOT/src/unsafe/unsafe.go"
check "a main package"
printf 'GO PREPROFILE V1\nexample.com/m/app/main.main\nexample.com/m/dep.Get\n3 10\n' >app/main/default.pgo
check "its profile: copies of all below"
printf 'GO PREPROFILE V1\nexample.com/m/app/main.main\nexample.com/m/dep.Get\n3 20\n' >app/main/default.pgo
check "another profile"; check "the same"
rm -r app/main; GOROOT=$OLD
for f in "$work"/cache/*/*; do printf x | dd of="$f" bs=1 seek=50 conv=notrunc 2>/dev/null; done
check "damaged entries"
check "and written again"
echo 'func broken() { undefined() }' >>dep/dep.go; check "an error"; check "is never kept"
"$HEAPWISE" cache clean | sed "s|$work||; s/[0-9.]* [KM]iB/SIZE/"; entries
HEAPWISE_CACHE=off "$HEAPWISE" cache status; "$HEAPWISE" cache; echo "status $?"
cd /; rm -rf "$work"
