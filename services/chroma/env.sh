# shellcheck shell=bash disable=SC2034
# Sourced by install, start and stop: which Chroma it is, and where it lies.

set -euo pipefail
SERVICE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PLLM_CACHE=${PLLM_CACHE:-$HOME/.cache/pllm}

# The bare wheel: its server is one library, which needs none of the packages that the client in Python asks for.
CHROMA_VERSION=1.5.9
case $(uname -m) in
x86_64) CHROMA_SHA256=cc09b3df76e5a5cb386aed2715a2eea152e3949f9e1ba93c7119505377749929 ;;
*) CHROMA_SHA256= ;;
esac
CHROMA_HOME=$PLLM_CACHE/chroma/$CHROMA_VERSION-${CHROMA_SHA256:0:8}
CHROMA_LIBRARY=$CHROMA_HOME/chromadb_rust_bindings/chromadb_rust_bindings.abi3.so

fail() {
    printf 'error: %s\n' "$@" >&2
    exit 1
}

# running FOLDER: the process of the server that keeps its data there; fails where there is none.
running() {
    local process
    process=$(cat "$1/server.pid" 2>/dev/null) || return
    # The process may be gone, and its number another one's.
    tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null | grep -qF "server.py $1 " || return
    printf '%s\n' "$process"
}
