#!/usr/bin/env bash
# What takes hours: many crash points, long property tests, every evaluation set in every mode, requests made out of the API's
# description, the stock clients of OpenAI's language, broken and malicious uploads. The figures are for docs/benchmarks.md, by hand.
. "$(dirname "$0")/env.sh"

if [ -z "${PLLM_EVAL_DATA:-}" ] && [ -d ../shared/data ]; then
    PLLM_EVAL_DATA=$(cd ../shared/data && pwd)
    export PLLM_EVAL_DATA
fi
export PLLM_CRASH_POINTS=${PLLM_CRASH_POINTS:-500} PROPTEST_CASES=${PROPTEST_CASES:-5000}

scripts/cargo-test.sh
scripts/eval-sets.sh
scripts/api-soak.sh
scripts/stock-clients.sh
[ -z "${PLLM_EVAL_DATA:-}" ] || python3 scripts/hostile-uploads.py "$BINARY" "$PLLM_EVAL_DATA"
