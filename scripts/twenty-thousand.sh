#!/usr/bin/env bash
# How fast is a library of 20,000 Documents? `twenty-thousand.sh DATA`: makes it once out of the evaluation and training data in
# DATA, ingests it once (minutes), and measures searching, opening and memory. The library stays in the cache.
. "$(dirname "$0")/env.sh"

[ $# -eq 1 ] || die "expected the folder of the evaluation data" "it has sets/ and reader/"
folder=$PLLM_CACHE/bench/twenty-thousand
[ -s "$folder/corpus.jsonl" ] || python3 scripts/twenty-thousand.py "$1" "$folder"
uptime
cargo bench --quiet --locked --profile release -p pllm-app --bench twenty_thousand -- --data "$folder" --models "$PLLM_MODELS"
