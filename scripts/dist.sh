#!/usr/bin/env bash
# What others get: one archive that needs nothing else, with the program, the model that it searches by, the systemd unit and the
# licences. Its name and SHA-256 are printed.
. "$(dirname "$0")/env.sh"

name=pllm-$(git rev-parse --short=10 HEAD)-linux-x86_64
folder=build/dist/$name
model=$(find "$PLLM_MODELS" -maxdepth 1 -name "$MODEL-*" -print -quit)
[ -n "$model" ] || die "the model $MODEL is not in $PLLM_MODELS" "please run: scripts/model.sh"

rm -rf "$folder"
mkdir -p "$folder/models"
install -m 755 build/dist/pllm "$folder/pllm"
cp -r "$model" "$folder/models/"
rm -f "$folder/models/"*/checked.json # what this machine has found out about its own files
install -m 644 README.md LICENSE NOTICE deploy/pllm.service "$folder/"
# The same bytes for the same files, whoever packs them and when.
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" --directory build/dist "$name" |
    gzip -9 --no-name >"$folder.tar.gz"
rm -rf "$folder"
say "" "$folder.tar.gz  ($(($(stat -c %s "$folder.tar.gz") / 1000000)) MB)" "$(sha256sum <"$folder.tar.gz" | cut -d' ' -f1)"
