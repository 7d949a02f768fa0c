#!/usr/bin/env bash
# One command: `benches/vs_haystack/run.sh DATA [--rounds N] [--seconds S] [--peer NAME]`. Makes what is missing (the 20,000 texts,
# our collection, the peer's virtual environment and vectors), all in the cache, then measures both sides. See README.md.
. "$(dirname "$0")/../../scripts/env.sh"

[ $# -ge 1 ] || die "expected the folder of the evaluation data" "it has sets/ and reader/"
data=$1
shift
[ -x "$BINARY" ] || die "there is no $BINARY" "make run builds it"
here=benches/vs_haystack
folder=$PLLM_CACHE/bench/twenty-thousand
venv=$PLLM_CACHE/bench/venv-peer
python=$venv/bin/python

[ -s "$folder/corpus.jsonl" ] || python3 scripts/twenty-thousand.py "$data" "$folder"

# The embedder's window, so that every text is one Document; what is unchanged is not embedded again.
if [ ! -e "$folder/pllm/complete" ]; then
    PLLM_INGEST_CHUNK_TOKENS=256 "$BINARY" --data-dir "$folder/pllm" ingest --collection bench \
        --content text --meta title,set --id id "$folder/corpus.jsonl"
    touch "$folder/pllm/complete"
fi

if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    say "installing the peer (some 6 GB, most of it torch)"
    python3 -m venv "$venv"
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi
model=$("$python" "$here/model.py")
[ -s "$folder/peer.npy" ] || "$python" "$here/embed.py" "$model" "$folder/corpus.jsonl" "$folder/peer.npy"

exec python3 "$here/compare.py" --data "$folder" --vectors "$folder/peer.npy" --peer-model "$model" \
    --peer-python "$python" --binary "$BINARY" "$@"
