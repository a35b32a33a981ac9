#!/bin/sh
# pprof_agree.sh HEAPWISE TOOLS: a short run of tools/pprof-agree over a small service's profiles and
# generated ones. Skipped without a go command.
command -v go >/dev/null || { echo "skipped: no go command"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
"$2/pprof-agree" "$1" "$dir" --quick --pairs 250 --seed 11
