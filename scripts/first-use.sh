#!/usr/bin/env bash
# first-use.sh ARCHIVE [FILE QUESTION WORDS]: how long takes the first use of what `make dist` has packed? Unpacks it, and where no
# network is (nothing but loopback, no home, nothing of this clone) starts the service, gives it one file as the page does, and
# asks until the answer cites the words; the times count from the start of the program.
. "$(dirname "$0")/env.sh"

archive=${1:?"usage: first-use.sh ARCHIVE [FILE QUESTION WORDS]"}
file=${2:-tests/data/library/files/studio-lease.pdf}
question=${3:-"How much is the rent of the studio?"}
words=${4:-"612 pounds"}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar --extract --gzip --file "$archive" --directory "$folder" --strip-components=1
cp scripts/first_use.py "$file" "$folder/"

# Where a person may not do without the network, the measurement says nothing.
isolated=(unshare --net)
[ "$(id -u)" = 0 ] || isolated=(unshare --map-root-user --net)
"${isolated[@]}" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$folder/home" \
    python3 "$folder/first_use.py" "$folder" "$folder/$(basename "$file")" "$question" "$words"
