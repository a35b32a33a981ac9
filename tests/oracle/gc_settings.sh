#!/usr/bin/env bash
# gc_settings.sh HEAPWISE: what `heapwise gc env` says of //go:debug lines, GOEXPERIMENT, GODEBUG,
# GOGC and GOMEMLIMIT against what the installed Go does with them.
set -euo pipefail
heapwise=$1
command -v go >/dev/null || { echo "no go command"; exit 77; }
version=$(go env GOVERSION)
case $version in go1.2[1-7]*) ;; *) echo "the tables end at Go 1.27, this is $version"; exit 77 ;; esac
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOWORK=off
unset GODEBUG GOGC GOMEMLIMIT GOEXPERIMENT
passed=0 failed=0
check() { # what, our verdict word, Go's: ok or fails
    local ours=ok
    [ "$2" = "rejected by Go" ] && ours=fails
    if [ "$ours" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$1: heapwise says '$2', Go $3"; fi
}
verdict() { "$heapwise" gc env --go="$version" --json "$@" | sed -n 's/.*"verdict": "\([^"]*\)".*/\1/p' | tail -1 || true; }

# //go:debug: go list checks nothing, so each pair is one build of an empty program.
printf 'module m\n\ngo 1.21\n' >"$dir/go.mod"
for pair in panicnil=1 gc=greentea gctrace=1 x509sha1=1 http2client=0 default=go1.21 default=go9.9 nosuch=1 novalue asynctimerchan=1; do
    printf '//go:debug %s\npackage main\n\nfunc main() {}\n' "$pair" >"$dir/main.go"
    go=ok; (cd "$dir" && go build -o /dev/null . >/dev/null 2>&1) || go=fails
    check "//go:debug $pair" "$(verdict --dir="$dir")" $go
done
printf 'package main\n\nimport "runtime/debug"\n\nfunc main() { println(debug.SetGCPercent(-1), debug.SetMemoryLimit(-1)) }\n' >"$dir/main.go"

for word in greenteagc nogreenteagc greentea arenas swissmap none nosuch noregabi; do
    go=ok; (cd "$dir" && GOEXPERIMENT=$word go list -f '{{.Name}}' . >/dev/null 2>&1) || go=fails
    check "GOEXPERIMENT=$word" "$(verdict GOEXPERIMENT=$word)" $go
done

(cd "$dir" && go build -o prog .)
for limit in 100MB 1G 1GiB 1.5GiB 104857600 off 10KiB -1 1TiB 99999999TiB +5MiB "5 MiB"; do
    go=ok; GOMEMLIMIT=$limit "$dir/prog" >/dev/null 2>&1 || go=fails
    check "GOMEMLIMIT=$limit" "$(verdict "GOMEMLIMIT=$limit")" $go
done
for debug in cgocheck=1 cgocheck=2 gctrace=on fips140=on fips140=off; do
    go=ok; GODEBUG=$debug "$dir/prog" >/dev/null 2>&1 || go=fails
    check "GODEBUG=$debug" "$(verdict "GODEBUG=$debug")" $go
done
# GOGC: "ignored" must mean that the program runs with 100.
for gogc in 50 abc 50% off OFF -5 +70 " 50" 99999999999; do
    read -r percent _ < <(GOGC=$gogc "$dir/prog" 2>&1)
    says=$(verdict "GOGC=$gogc")
    ignored=no; [ "$says" = "ignored by Go" ] && ignored=yes
    is100=no; [ "$percent" = 100 ] && is100=yes
    if [ $ignored = $is100 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "GOGC=$gogc: runs with $percent, heapwise says $says"; fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
