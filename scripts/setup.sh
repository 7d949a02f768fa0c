#!/usr/bin/env bash
# Installs what the machine lacks. `setup.sh run` serves `make run`; `setup.sh test` adds what only tests need.
. "$(dirname "$0")/env.sh"

wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
command -v cargo >/dev/null 2>&1 ||
    die "cargo is not installed" "please install Rust $wanted or newer (rustup does it), then repeat"
found=$(cargo --version | cut -d' ' -f2)
[ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ] ||
    die "cargo is $found, expected $wanted or newer" "please run: rustup update stable"
if [ "${1:-run}" = test ]; then
    for tool in fmt clippy; do
        cargo "$tool" --version >/dev/null 2>&1 ||
            die "cargo $tool is not installed" "please run: rustup component add rustfmt clippy"
    done
fi

missing=()
need() { # need PACKAGE CHECK…: the Debian package is missing when the check fails
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

has_libclang() { [ -n "${LIBCLANG_PATH:-}" ] || compgen -G '/usr/lib/llvm-*/lib/libclang.so*' || compgen -G '/usr/lib*/libclang.so*'; }

need git command -v git                   # `cargo xtask tidy` lists files by it
need gcc command -v cc                    # the bundled SQLite and ring are C
need libc6-dev test -e /usr/include/stdio.h
need g++ command -v c++                   # llama.cpp is C++,
need cmake command -v cmake               # is built by it,
need libclang-dev has_libclang            # and its header is read by it
need ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
need python3 command -v python3
need python3-pip python3 -m pip --version # brings the model
if [ "${1:-run}" = test ]; then
    need strace command -v strace           # kills the store at chosen system calls
    need qemu-user command -v qemu-x86_64   # runs the binary on an old processor
    need chromium command -v chromium       # opens the page
    need openssl command -v openssl         # makes the certificate of a proxy
    need poppler-utils command -v pdftotext # reads the sample library's PDF beside the product
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null 2>&1 || die "not installed: ${missing[*]}" "please install them (names of Debian packages)"
    as_root true 2>/dev/null || die "not installed: ${missing[*]}" "please run: sudo apt-get install ${missing[*]}"
    say "installing ${missing[*]} (Debian packages)"
    log=$(mktemp)
    apt() { # what it prints is shown only when it fails
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 ||
            { cat "$log" && die "apt-get $1 failed"; }
    }
    apt update
    apt install -y --no-install-recommends "${missing[@]}"
    rm "$log"
fi
