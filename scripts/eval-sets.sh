#!/usr/bin/env bash
# The figures of every evaluation set: `eval-sets.sh [MODE…]`, all three modes by default. Takes the sets in eight languages of
# this repository, and those of $PLLM_EVAL_DATA/sets where it is set. Runs and answers stay in build/eval/<set>-<mode>.
. "$(dirname "$0")/env.sh"

[ $# -gt 0 ] || set -- hybrid keyword dense
say "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(git rev-parse --short HEAD)"
for set in tests/data/languages/* ${PLLM_EVAL_DATA:+"$PLLM_EVAL_DATA"/sets/*}; do
    [ -s "$set/qrels.tsv" ] || continue
    for mode in "$@"; do
        say "" "== $(basename "$set"), $mode"
        "$BINARY" eval --quiet --set "$set" --mode "$mode" --out "build/eval/$(basename "$set")-$mode"
    done
done
