#!/usr/bin/env bash
# The main job: ingest the sample library, answer one question, serve both to the browser of this computer. In a terminal the
# service is in the foreground; without one it goes on when this ends. PLLM_SAMPLE_DATA names another data directory, PLLM_PORT
# another port than 8080; PLLM_OPEN=1 opens the page.
. "$(dirname "$0")/env.sh"

data=${PLLM_SAMPLE_DATA:-build/sample-data}
PLLM_DATA_DIR=$(realpath -m "$data") # other clones have the same relative one
export PLLM_DATA_DIR
question=${PLLM_SAMPLE_QUESTION:-"How late may we turn up for the boat to Haddenvik?"}
wanted=${PLLM_PORT:-8080}

read -r state port <<<"$(python3 scripts/address.py "$PLLM_DATA_DIR" "$wanted")"
url=http://127.0.0.1:$port

open_page() {
    [ -z "${PLLM_OPEN:-}" ] || xdg-open "$url" >/dev/null 2>&1 || true
}

# In the background, with its messages in a file, until it answers.
detach() {
    local log=build/sample-service.log service
    mkdir -p build
    "$BINARY" serve --port "$port" </dev/null >"$log" 2>&1 &
    service=$!
    until python3 scripts/address.py "$PLLM_DATA_DIR" "$port" | grep -q serving; do
        kill -0 "$service" 2>/dev/null || { cat "$log" >&2 && die "the service did not start"; }
        sleep 0.1
    done
    say "Personal LLM is on $url  (in the background: \`kill $service\` ends it)"
    open_page
}

if [ "$state" = serving ]; then
    service=$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' "$PLLM_DATA_DIR/lock")
    say "" "the sample library is served already, by the program that was built before:" \
        "Personal LLM is on $url  (\`kill $service\` ends it, then \`make run\` begins anew)"
    open_page
    exit
fi

say "" "the sample library: tests/data/library/files -> $data"
"$BINARY" ingest tests/data/library/files
say "" "question: $question"
"$BINARY" ask "$question"
cat <<END

Next, with your own documents:
  $BINARY ingest ~/Documents/notes
  $BINARY ask "What did I write about …?"
  $BINARY serve --open

A language model writes under the answer, each sentence checked against your documents, once you choose one. A very small one is
here already; what it writes is called a draft:
  $BINARY ask "$question" --llm $LLM
END
python3 scripts/ollama.py
cat <<END

The sample library in your browser:
END
[ "$state" = free ] || die "the ports $wanted to $((wanted + 9)) of this computer are taken" "please choose another one: PLLM_PORT=9090 make run"
[ "$port" = "$wanted" ] || say "(port $wanted is taken by something else, so it is $port; PLLM_PORT chooses another one)"
if [ -t 0 ] || [ -t 1 ]; then
    exec "$BINARY" serve --port "$port" ${PLLM_OPEN:+--open}
fi
detach
