#!/usr/bin/env bash
# What takes hours: many crash points, long property tests, every evaluation set in every mode. The figures are for
# docs/benchmarks.md, by hand. Runs and answers of the sets stay in build/soak.
. "$(dirname "$0")/env.sh"

if [ -z "${PLLM_EVAL_DATA:-}" ] && [ -d ../shared/data ]; then PLLM_EVAL_DATA=$(cd ../shared/data && pwd); fi
export PLLM_EVAL_DATA=${PLLM_EVAL_DATA:-}
export PLLM_CRASH_POINTS=${PLLM_CRASH_POINTS:-500} PROPTEST_CASES=${PROPTEST_CASES:-5000}

say "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(git rev-parse --short HEAD)"
scripts/cargo-test.sh

for set in tests/data/languages/* ${PLLM_EVAL_DATA:+"$PLLM_EVAL_DATA"/sets/*}; do
    [ -s "$set/qrels.tsv" ] || continue
    for mode in hybrid keyword dense; do
        say "" "== $(basename "$set"), $mode"
        "$BINARY" eval --set "$set" --mode "$mode" --out "build/soak/$(basename "$set")-$mode"
    done
done
