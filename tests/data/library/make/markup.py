"""The sources' markup: headings, paragraphs, nested lists, tables, footnotes. One block a value, in order.

A paragraph is one line. `{unruled}` before a table leaves out its rules. `[^1]` in a text refers to a line `[^1]: …`.
"""

import re
from dataclasses import dataclass, field
from functools import partial

ITEM = re.compile(r"( *)(-|\d+\.) (.*)")
NOTE = re.compile(r"\[\^(\d+)\]: (.*)")
REFERENCE = re.compile(r"\[\^(\d+)\]")
EMPHASIS = re.compile(r"\*([^*]+)\*")


@dataclass
class Heading:
    level: int
    text: str


@dataclass
class Paragraph:
    text: str


@dataclass
class Items:
    """`entries`: (depth from 0, whether numbered, text)."""

    entries: list = field(default_factory=list)


@dataclass
class Table:
    """The first row is the head."""

    ruled: bool
    rows: list = field(default_factory=list)


@dataclass
class Source:
    blocks: list
    notes: dict


def read(path):
    source, ruled = Source([], {}), True
    for line in path.read_text(encoding="utf-8").splitlines():
        if line == "{unruled}":
            ruled = False
        elif note := NOTE.fullmatch(line):
            source.notes[note[1]] = note[2]
        elif line.startswith("#"):
            marks, text = line.split(" ", 1)
            source.blocks.append(Heading(len(marks), text))
        elif item := ITEM.fullmatch(line):
            group(source.blocks, Items, Items).entries.append((int(bool(item[1])), item[2] != "-", item[3]))
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            table = group(source.blocks, Table, partial(Table, ruled))
            ruled = True
            if not set("".join(cells)) <= set("- "):
                table.rows.append(cells)
        else:
            source.blocks.append(Paragraph(line) if line else None)
    source.blocks = [block for block in source.blocks if block is not None]
    return source


def group(blocks, kind, new):
    """The block that the line before belongs to, or a new one. An empty line between stands there as `None`."""
    if not (blocks and isinstance(blocks[-1], kind)):
        blocks.append(new())
    return blocks[-1]


def pieces(text):
    """(kind, text) with kind `text`, `emphasis` or `note`: what a writer has to mark."""
    found, at = [], 0
    for match in re.finditer(f"{REFERENCE.pattern}|{EMPHASIS.pattern}", text):
        found += [("text", text[at : match.start()])] if match.start() > at else []
        found.append(("note", match[1]) if match[1] else ("emphasis", match[2]))
        at = match.end()
    return found + ([("text", text[at:])] if at < len(text) else [])
