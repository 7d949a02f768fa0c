#!/usr/bin/env bash
# Builds the page, and with it the binary of this clone to build/pllm. `build.sh test` builds it together with all tests, so that
# both share what they are made of (alone it has fewer features of some third-party crates, and all would be compiled twice).
# `build.sh dist` builds the smaller one for others, slowly, to build/dist/pllm.
. "$(dirname "$0")/env.sh"

profile=release out=$BINARY targets=(-p pllm)
case ${1:-run} in
run) ;;
test) targets=(--workspace --bins --tests) ;;
dist) profile=dist out=build/dist/pllm ;;
*) die "unknown: $1" "expected run, test or dist" ;;
esac
mkdir -p "$(dirname "$out")"

scripts/web.sh build

# Two clones share the target folder and each leaves its binary at the same place in it: build and copy under one lock.
# The expansion is for the inner shell.
# shellcheck disable=SC2016
locked target bash -euc '
    profile=$1 out=$2
    shift 2
    cargo build --profile "$profile" --locked "$@"
    install -m 755 "$CARGO_TARGET_DIR/$profile/pllm" "$out"
' build "$profile" "$out" "${targets[@]}"
