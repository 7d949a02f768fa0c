#!/usr/bin/env bash
# Is the main job right? Runs it in a fresh data directory, twice, and looks up every quote in the file that is cited.
. "$(dirname "$0")/env.sh"

PLLM_SAMPLE_DATA=$(mktemp -d)
export PLLM_SAMPLE_DATA
trap 'rm -rf "$PLLM_SAMPLE_DATA"' EXIT

say "== first run"
scripts/run.sh
say "" "== second run: nothing is read again"
scripts/run.sh
python3 scripts/check_answer.py "$BINARY" "$PLLM_SAMPLE_DATA"
