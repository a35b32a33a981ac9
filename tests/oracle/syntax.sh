#!/bin/sh
# tests/oracle/syntax.sh TOOL [FILE|DIRECTORY...]: our syntax trees and errors against the compiler's.
# Every node's kind, position, start, end and details must be equal, and every error's text and place.
# TOOL is build/tests/oracle/syntax_tool. Without files: the error tests' marks, and a part of GOROOT
# that takes seconds; tools/compare-syntax takes all of GOROOT.
set -eu
tool=$1; shift
here=$(dirname "$0")
. "$here/syntax/build.sh"
build dump
bad=0

if [ $# -eq 0 ]; then
    build marks
    "$tool" errors "$source"/testdata/*.go > "$tmp/errors"
    "$tmp/bin_marks" syntax "$source"/testdata/*.go < "$tmp/errors" || bad=1
    if [ -d "$goroot/test/syntax" ]; then
        "$tool" errors-per-line "$goroot"/test/syntax/*.go > "$tmp/errors" # as the compiler shows
        "$tmp/bin_marks" errorcheck "$goroot"/test/syntax/*.go < "$tmp/errors" || bad=1
    fi
    set -- "$goroot/src/runtime" "$goroot/src/go" "$goroot/src/net/http" "$goroot/src/reflect" \
        "$source/testdata" "$goroot/test/syntax" "$goroot/test/typeparam" \
        "$goroot/src/internal/types/testdata" "$here/../fuzz/corpus/syntax"
fi
find "$@" -name '*.go' -type f 2>/dev/null | sort > "$tmp/list"

total=$(wc -l < "$tmp/list")
split -l 400 -a 4 "$tmp/list" "$tmp/part."
lines=0
for part in "$tmp"/part.*; do
    "$tool" dump "@$part" > "$tmp/ours.txt"
    "$tmp/bin_dump" dump "@$part" > "$tmp/theirs.txt"
    lines=$((lines + $(wc -l < "$tmp/theirs.txt")))
    if ! cmp -s "$tmp/ours.txt" "$tmp/theirs.txt"; then
        bad=1
        diff -U2 "$tmp/theirs.txt" "$tmp/ours.txt" | head -"${SYNTAX_DIFF_LINES:-40}"
    fi
done
echo "trees: $total files, $lines lines of nodes and errors: $([ $bad = 0 ] && echo equal || echo DIFFERENT)"
exit $bad
