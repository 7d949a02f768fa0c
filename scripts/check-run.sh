#!/usr/bin/env bash
# Is the main job right? Runs it in a fresh data directory and looks at what it did as a script would, then at its files.
. "$(dirname "$0")/env.sh"

PLLM_SAMPLE_DATA=$(mktemp -d)
export PLLM_SAMPLE_DATA
trap 'rm -rf "$PLLM_SAMPLE_DATA"' EXIT

python3 scripts/check_service.py
python3 scripts/check_answer.py "$BINARY" "$PLLM_SAMPLE_DATA"
