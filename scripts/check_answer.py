"""Does each citation of an answer stand in the file that it names? Asks one question as a script would, by `pllm ask --json`."""

import json
import pathlib
import subprocess
import sys

LIBRARY = pathlib.Path("tests/data/library/files")
QUESTION = "How late may we turn up for the boat to Haddenvik?"
EXPECTED = "closes 45 minutes before sailing"


def pllm(binary, data, *arguments):
    command = [binary, "--data-dir", data, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(binary, data):
    answer = json.loads(pllm(binary, data, "ask", "--json", QUESTION))
    citations = answer["citations"]
    assert not answer["abstained"] and citations, answer
    for citation in citations:
        quote = citation["quote"]
        text = pllm(binary, data, "sources", "show", citation["source"], "--text")
        assert text[citation["start"] : citation["end"]] == quote, citation
        file = LIBRARY / pathlib.Path(citation["path"]).name
        assert quote in file.read_text(encoding="utf-8"), f"{file} does not hold {quote!r}"
    assert EXPECTED in citations[0]["quote"], citations[0]
    print(f"{len(citations)} citations, each found in its file; the first one answers the question")


if __name__ == "__main__":
    main(*sys.argv[1:])
