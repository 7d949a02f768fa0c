"""Is the sample library's answer right, and does each of its quotes stand where it says? Asks as a script would, by `--json`."""

import json
import pathlib
import subprocess
import sys

LIBRARY = pathlib.Path("tests/data/library/files")
QUESTION = "How late may we turn up for the boat to Haddenvik?"
EXPECTED = "closes 45 minutes before sailing"
# Of other formats the canonical text has other characters than the file.
VERBATIM = {".md", ".txt"}


def main(binary, data):
    def pllm(*arguments):
        command = [binary, "--data-dir", data, *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")

    again = json.loads(pllm("ingest", "--json", str(LIBRARY)))
    changed = [file for file in again["files"] if file["status"] != "unchanged"]
    assert len(again["files"]) == len(list(LIBRARY.iterdir())) and not changed, again

    answer = json.loads(pllm("ask", "--json", QUESTION))
    citations = answer["citations"]
    assert not answer["abstained"] and citations, answer
    for citation in citations:
        quote, file = citation["quote"], LIBRARY / pathlib.Path(citation["path"]).name
        text = pllm("sources", "show", citation["source"], "--text")
        assert text[citation["start"] : citation["end"]] == quote, citation
        if file.suffix in VERBATIM:
            assert quote in file.read_text(encoding="utf-8"), f"{file} does not hold {quote!r}"
    assert EXPECTED in citations[0]["quote"], citations[0]
    print(f"nothing was read again; {len(citations)} citations stand where they say; the first one has the answer")


if __name__ == "__main__":
    main(*sys.argv[1:])
