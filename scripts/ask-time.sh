#!/usr/bin/env bash
# How long does `pllm ask` take on the sample library, the whole process? The median over its answerable questions, after `make run`.
. "$(dirname "$0")/env.sh"

export PLLM_DATA_DIR=${PLLM_SAMPLE_DATA:-build/sample-data}
python3 - "$BINARY" <<'END'
import json, statistics, subprocess, sys, time

seconds = []
for line in open("tests/data/library/questions.jsonl", encoding="utf-8"):
    question = json.loads(line)
    if question["answerable"]:
        began = time.perf_counter()
        subprocess.run([sys.argv[1], "ask", question["question"]], check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
print(f"{len(seconds)} questions: median {statistics.median(seconds):.3f} s, slowest {max(seconds):.3f} s")
END
