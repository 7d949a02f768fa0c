#!/usr/bin/env bash
# Do the stock clients of OpenAI's language get along with `/v1`? Asks the sample library with `openai` of Python and of Node; each
# prints what it gets, and fails where that is not right. After `make run`; both are in docs/openai-clients.md.
. "$(dirname "$0")/env.sh"

OPENAI_PYTHON=openai==3.57.0
OPENAI_NODE=openai@7.57.0
NODE_MAJOR=22 # the oldest that it runs on
clients=$PLLM_CACHE/bench/openai

# Not again, unless another version is wanted.
install_python() {
    [ "$(cat "$clients/venv/installed.txt" 2>/dev/null)" = "$OPENAI_PYTHON" ] && return
    python3 -m venv "$clients/venv"
    "$clients/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$OPENAI_PYTHON"
    printf '%s' "$OPENAI_PYTHON" >"$clients/venv/installed.txt"
}

install_node() {
    [ "$(cat "$clients/node/installed.txt" 2>/dev/null)" = "$OPENAI_NODE" ] && return
    mkdir -p "$clients/node"
    npm --prefix "$clients/node" install --save-exact --no-audit --no-fund --loglevel=error "$OPENAI_NODE"
    printf '%s' "$OPENAI_NODE" >"$clients/node/installed.txt"
}

# The machine's own Node, else one from the cache.
major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p' || true)
if [ "${major:-0}" -lt "$NODE_MAJOR" ]; then
    scripts/node.sh
    PATH=$NODE_HOME/bin:$PATH
fi
if [ "${1:-}" = --install ]; then
    install_python
    install_node
    exit
fi
locked openai "$0" --install

folder=$(mktemp -d)
server=
# Now, not when the trap runs: the name is known.
# shellcheck disable=SC2064
trap "kill \$server 2>/dev/null || true; wait; rm -rf '$folder'" EXIT

"$BINARY" --data-dir "$folder/data" --quiet ingest tests/data/library/files >"$folder/ingest.txt"
"$BINARY" --data-dir "$folder/data" --json serve --port 0 >"$folder/address" 2>"$folder/log" &
server=$!
until [ -s "$folder/address" ]; do
    kill -0 "$server" || die "the service did not start" "$(cat "$folder/log")"
    sleep 0.1
done
url=$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' "$folder/address")

"$clients/venv/bin/python" scripts/stock_clients.py "$url"
say ""
node scripts/stock-clients.mjs "$url" "$clients/node"
