#!/usr/bin/env bash
# Builds the binary of this clone to build/pllm; `build.sh dist` builds the slower, smaller one to build/dist/pllm.
. "$(dirname "$0")/env.sh"

profile=${1:-release}
out=$BINARY
[ "$profile" = release ] || out=build/$profile/pllm
mkdir -p "$(dirname "$out")"

# Two clones share the target folder and each leaves its binary at the same place in it: build and copy under one lock.
# The expansion is for the inner shell.
# shellcheck disable=SC2016
locked target bash -euc '
    cargo build --profile "$1" --locked -p pllm
    install -m 755 "$CARGO_TARGET_DIR/$1/pllm" "$2"
' build "$profile" "$out"
