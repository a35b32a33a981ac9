#!/usr/bin/env bash
# Constants of go/types against go/constant, on some thousand generated expressions.
# usage: constant_values.sh PROGRAM    (the compiled constant_values.c)
set -euo pipefail
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
lines=$(mktemp); trap 'rm -f "$lines"' EXIT
go run "$here/constant_values.go" > "$lines"
"$1" < "$lines"
