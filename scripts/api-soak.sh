#!/usr/bin/env bash
# Does the service keep to its own description whatever it is sent? `api-soak.sh [SECONDS]` (120): schemathesis makes requests out
# of the OpenAPI document, right ones and wrong ones, to a service with the sample library. Every 5xx fails but a 503 that says
# when to come back, and every answer that the document does not describe. After `make run`.
. "$(dirname "$0")/env.sh"

SCHEMATHESIS=schemathesis==4.32.5
seconds=${1:-120}
venv=$PLLM_CACHE/bench/venv-schemathesis
folder=$(mktemp -d)
# Now, not when the trap runs: the names are known.
# shellcheck disable=SC2064
trap "kill \$server 2>/dev/null || true; wait; rm -rf '$folder'" EXIT
server=

install() {
    [ "$(cat "$venv/installed.txt" 2>/dev/null)" = "$SCHEMATHESIS" ] && return
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$SCHEMATHESIS"
    printf '%s' "$SCHEMATHESIS" > "$venv/installed.txt"
}
install

"$BINARY" --data-dir "$folder/data" --quiet ingest tests/data/library/files > "$folder/ingest.txt"
"$BINARY" --data-dir "$folder/data" --json serve --port 0 --log-format json > "$folder/address" 2> "$folder/log" &
server=$!
until [ -s "$folder/address" ]; do
    kill -0 "$server" || die "the service did not start" "$(cat "$folder/log")"
    sleep 0.1
done
url=$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' "$folder/address")

# Not asked: that whatever fits the document is taken. What a filter, a file or a range has to be, no schema says.
status=0
config=$PWD/scripts/api-soak.toml checks=$PWD/scripts/api_soak_checks.py
(cd "$folder" && SCHEMATHESIS_HOOKS=$checks "$venv/bin/schemathesis" --config-file "$config" run "$url/api/openapi.json" --max-time "$seconds" --continue-on-failure \
    --exclude-checks positive_data_acceptance --request-timeout 60 --seed 1) || status=$?

kill -0 "$server" 2>/dev/null || die "the service ended" "$(tail -n 20 "$folder/log")"
[ "$status" = 0 ] || die "schemathesis found faults, see above"
