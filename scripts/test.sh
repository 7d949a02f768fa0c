#!/usr/bin/env bash
# Runs the stages of a tier (`quick` or `full`), each with its time, and goes on after a failing one. Ends with a table,
# the failed tests, the ignored ones with their reasons, and one line `N passed, N failed, N skipped`. A stage that runs no
# tests counts as one.
. "$(dirname "$0")/env.sh"

tier=${1:-full}
limit_s=${PLLM_TEST_LIMIT_S:-4500}
logs=$(mktemp -d)
: >"$logs/none.log" # so that there always is one
stages=() passed=0 failed=0 skipped=0 running='' name='' began=0

finish() {
    local ended=$?
    trap - EXIT
    if [ -n "$running" ]; then
        kill -TERM "$running" 2>/dev/null || true
        record interrupted 1
    fi
    say "" "stage         time  result"
    [ ${#stages[@]} -eq 0 ] || printf '%s\n' "${stages[@]}"
    printf '%-10s %7s\n' all "$((SECONDS / 60))m$((SECONDS % 60))s"
    failed_tests
    ignored_tests
    rm -rf "$logs"
    say "" "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && exit "$ended"
    exit 1
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

failed_tests() {
    cat "$logs"/*.log | sed -n 's/^test \(.*[^ ]\) *\.\.\. FAILED$/\1/p' >"$logs/failed"
    if [ -s "$logs/failed" ]; then say "" "failed tests:" && sed 's/^/  /' "$logs/failed"; fi
}

# `test NAME ... ignored, REASON` is cargo's; `test NAME ... ignored (REASON)` is the store suite's.
ignored_tests() {
    cat "$logs"/*.log |
        sed -n 's/^test \(.*[^ ]\) *\.\.\. ignored\(.*\)$/\1\2/p' |
        sed -e 's/ (\(.*\))$/, \1/' -e '/, /!s/$/, no reason given/' | sort >"$logs/ignored"
    if [ -s "$logs/ignored" ]; then say "" "ignored tests:" && sed 's/^/  /' "$logs/ignored"; fi
}

# stage NAME COMMAND…: in a process group of its own, which is killed when the time for all stages is over.
stage() {
    local log=$logs/$1.log left=$((limit_s - SECONDS)) code=0 result=ok
    name=$1 began=$SECONDS
    shift
    if [ "$left" -le 0 ]; then
        record "not run: time is over" 1
        return
    fi
    say "" "== $name"
    : >"$log"
    timeout --kill-after=20 "$left" "$@" </dev/null >"$log" 2>&1 &
    running=$!
    tail -n +1 -s 0.2 -f --pid="$running" "$log" &
    wait "$running" || code=$?
    running=''
    wait
    if [ "$code" -ne 0 ]; then result="failed, exit code $code"; fi
    if [ "$SECONDS" -ge "$limit_s" ]; then result="stopped: all stages together may take $limit_s s"; fi
    record "$result" "$code"
}

# record RESULT CODE: a line of the table for the present stage, and what it adds to the sums.
record() {
    local result=$1 log=$logs/$name.log took=$((SECONDS - began)) ok=0 bad=0 out=0
    [ ! -f "$log" ] || read -r ok bad out <<<"$(awk '
        /^test result: / { for (i = 2; i <= NF; i++) {
            if ($i ~ /^passed/) ok += $(i - 1); if ($i ~ /^failed/) bad += $(i - 1); if ($i ~ /^ignored/) out += $(i - 1) } }
        END { print ok + 0, bad + 0, out + 0 }' "$log")"
    if [ $((ok + bad + out)) -gt 0 ]; then result="$result: $ok passed, $bad failed, $out ignored"; fi
    if [ "$2" -eq 0 ] && [ $((ok + bad + out)) -eq 0 ]; then ok=1; fi
    if [ "$2" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + out))
    stages+=("$(printf '%-10s %7s  %s' "$name" "$((took / 60))m$((took % 60))s" "$result")")
}

stage setup scripts/setup.sh test
[ "$failed" -eq 0 ] || exit 1 # without what the machine lacks, the other stages say nothing
stage fmt cargo fmt --all --check
stage clippy cargo clippy --release --locked --workspace --all-targets -- -D warnings
# With private items, for whom the pages are: those who change the code.
stage doc env RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' \
    cargo doc --quiet --release --locked --workspace --no-deps --document-private-items
stage build scripts/build.sh test
stage model scripts/model.sh
stage tidy cargo xtask tidy
stage web scripts/web.sh test
if [ "$tier" = quick ]; then
    stage test scripts/cargo-test.sh --lib --bins
else
    # The tests start and stop them by themselves.
    for install in services/*/install; do stage "$(basename "$(dirname "$install")")" "$install"; done
    stage test scripts/cargo-test.sh
    stage run scripts/check-run.sh
    stage browser scripts/web.sh browser
fi
