#!/usr/bin/env bash
# The workspace's tests, under the lock of the target folder: some of them start the binary that lies in it.
. "$(dirname "$0")/env.sh"
locked target cargo test --release --locked --workspace --no-fail-fast "$@"
