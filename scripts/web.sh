#!/usr/bin/env bash
# The page: `web.sh build` makes web/dist, which the program takes in; `web.sh test` checks its format, types, pure parts and
# size; `web.sh browser` tests it in Chromium against the program that was built.
. "$(dirname "$0")/env.sh"

export npm_config_update_notifier=false # no advice to change npm
wanted=$(sed -n 's/.*"node": ">=\([0-9.]*\)".*/\1/p' web/package.json)
is_new_enough() {
    found=$(node --version 2>/dev/null | tr -d v || true)
    [ -n "$found" ] && command -v npm >/dev/null 2>&1 &&
        [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ]
}

# The machine's own Node, else one from the cache.
has_node() {
    is_new_enough && return
    scripts/node.sh || return
    PATH=$NODE_HOME/bin:$PATH
    is_new_enough
}

# packages FOLDER: its packages as the lock file says, loaded only when that has changed.
packages() {
    local have=$1/node_modules/.package-lock.json
    if [ -e "$have" ] && [ ! "$1/package-lock.json" -nt "$have" ]; then return; fi
    npm --prefix "$1" ci --no-audit --no-fund --loglevel=error
}

is_built() {
    [ -e web/dist/index.html ] && [ -z "$(find web -path web/node_modules -prune -o -path web/dist -prune -o \
        -type f -newer web/dist/index.html -print -quit)" ]
}

build() {
    npm --prefix web run --silent build -- --logLevel warn
}

case ${1:-build} in
build)
    if is_built; then exit 0; fi
    without="the program is built without its page, and says so where it would be"
    if ! has_node; then
        say "Node is ${found:-not installed}, expected $wanted or newer: $without"
    elif ! packages web; then
        say "the packages of the page could not be loaded: $without"
    else
        build
    fi
    ;;
test)
    has_node || die "Node is ${found:-not installed}" "expected $wanted or newer"
    packages web
    is_built || build # not again after it was built in: the program would be compiled again
    for step in check test size; do npm --prefix web run --silent "$step"; done
    ;;
browser)
    has_node || die "Node is ${found:-not installed}" "expected $wanted or newer"
    packages web
    is_built || build
    packages tests/browser
    PLLM=$PWD/$BINARY npm --prefix tests/browser run --silent test
    ;;
*) die "unknown: $1" "expected build, test or browser" ;;
esac
