# A go command of our own making: what heapwise says, but for one line, and one of its own.
export GOROOT="$PWD/../list/go" GOENV=off GOFLAGS= GOWORK=off GO111MODULE= GOOS=linux GOARCH=amd64 GOEXPERIMENT= GOPROXY=
here="$PWD/"
bin=$(mktemp -d)
"$HEAPWISE" escape one/one.go >"$bin/same"
cat >"$bin/go" <<EOF
#!/bin/sh
case \$1 in
env) echo go1.26.99; echo "$bin/cache" ;;
build) echo "\$@" | sed "s|$bin|BIN|g; s|heapwise-[0-9]*|heapwise-N|g" >"$bin/words"; cat "$bin/answer" >&2; [ -s "$bin/answer" ] || { echo "go: no such thing" >&2; exit 1; } ;;
esac
EOF
chmod +x "$bin/go"; export PATH="$bin:$PATH"
cp "$bin/same" "$bin/answer"
echo '$ heapwise escape --verify one/one.go'; "$HEAPWISE" escape --verify one/one.go; echo "status $?"; cat "$bin/words"
sed 2d "$bin/same" >"$bin/answer"; echo "one/one.go:1:1: moved to heap: nothing" >>"$bin/answer"
echo '$ heapwise escape --verify --pgo=off one/one.go'; "$HEAPWISE" escape --verify --pgo=off one/one.go; echo "status $?"
"$HEAPWISE" escape --verify -l -m=2 --all one/one.go >/dev/null; echo "status $?"; cat "$bin/words"
echo '$ heapwise escape --verify --json one/one.go'; "$HEAPWISE" escape --verify --json one/one.go | grep -A30 '"lines"'
: >"$bin/answer"
echo '$ heapwise escape --verify one/one.go'; "$HEAPWISE" escape --verify one/one.go; echo "status $?"
for more in --cost --compile --until=escape --json=0,/tmp; do "$HEAPWISE" escape --verify $more one/one.go; echo "status $?"; done
ls "$bin"
PATH=/nonexistent "$HEAPWISE" escape --verify one/one.go; echo "status $?"
PATH=/nonexistent "$HEAPWISE" review --verify one/one.go >/dev/null 2>said; echo "status $?"; grep ^heapwise said; rm said
rm -r "$bin"
for more in --cost --compile --until=escape --json --verify; do "$HEAPWISE" escape --watch $more one/one.go; echo "status $?"; done
