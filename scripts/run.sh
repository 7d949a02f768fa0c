#!/usr/bin/env bash
# The main job: ingest the sample library, answer one question. PLLM_SAMPLE_DATA names another data directory.
. "$(dirname "$0")/env.sh"

PLLM_DATA_DIR=${PLLM_SAMPLE_DATA:-build/sample-data}
export PLLM_DATA_DIR
question=${PLLM_SAMPLE_QUESTION:-"How late may we turn up for the boat to Haddenvik?"}

say "" "the sample library: tests/data/library/files -> $PLLM_DATA_DIR"
"$BINARY" ingest tests/data/library/files
say "" "question: $question"
"$BINARY" ask "$question"
cat <<END

Next, with your own documents:
  $BINARY ingest ~/Documents/notes
  $BINARY ask "What did I write about …?"

The sample library in your browser:
  $BINARY --data-dir $PLLM_DATA_DIR serve --open
END
