"""Does every PDF quote of `questions.jsonl` stand once in its file, on the page that the question names? Asks poppler's `pdftotext`.

White space, typographic quotes and hyphens at line ends are folded; between two pages, lines that all pages have are left out.
"""

import json
import re
import subprocess
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent.parent
# A word divided at a line's end; a number or a capital after the hyphen is no such word.
DIVIDED = re.compile(r"(?<=[a-zäöüß])[-\u00ad\u2010]\n(?=[a-zäöüß])")
QUOTES = str.maketrans("‘’“”", "''\"\"")


def fold(text):
    return " ".join(DIVIDED.sub("", text).translate(QUOTES).split())


def pages(file):
    """The text of each page without the lines of words that stand on every page, their numbers aside."""
    text = subprocess.run(["pdftotext", str(file), "-"], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")
    found = [page.splitlines() for page in text.split("\f")[:-1]]
    everywhere = set.intersection(*({shape(line) for line in page} for page in found))
    running = {line for line in everywhere if re.search(r"[a-z]", line)}
    return ["\n".join(line for line in page if shape(line) not in running) for page in found]


def shape(line):
    """Equal for two lines that differ in their numbers only."""
    return re.sub(r"\d+", "0", line)


def main():
    checked = 0
    for line in (LIBRARY / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        for gold in question["gold"]:
            if gold["file"].endswith(".pdf"):
                checked += 1
                place(question["id"], gold, pages(LIBRARY / "files" / gold["file"]))
    print(f"{checked} quotes stand on their pages, once in their files")


def place(name, gold, texts):
    on = gold.get("pages") or [gold["page"]]
    quote, page = fold(gold["quote"]), fold("\n".join(texts[n - 1] for n in on))
    assert quote in page, f"{name}: {quote!r} is not on page {on}"
    assert len(on) == 1 or all(quote not in fold(texts[n - 1]) for n in on), f"{name}: one page has it all"
    assert fold("\n".join(texts)).count(quote) == 1, f"{name}: {quote!r} stands there more than once"


if __name__ == "__main__":
    main()
