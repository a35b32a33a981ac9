#!/bin/sh
# heapwise benchstat against the real benchstat on a small share of what tools/benchstat-agree does.
# usage: benchstat_agree.sh HEAPWISE TOOLS-DIR
# Skips (77) where there is no Go toolchain or benchstat cannot be had.
exec "$2/benchstat-agree" "$1" --pairs 150 --seed 3 --no-runs
