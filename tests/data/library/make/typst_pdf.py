"""The club bulletin: two justified columns with hyphenated words, a title across both, set by Typst."""

import tempfile
from pathlib import Path

import typst

import markup

PREAMBLE = """
#set document(title: "{title}", author: "Prudence Aldous", date: datetime(year: 2024, month: 9, day: 20))
#set page(paper: "iso-b5", columns: 2, margin: (x: 1.6cm, top: 1.8cm, bottom: 1.9cm),
  footer: context align(center, text(8pt)[The Hive Tool, number 47 · page #counter(page).display()]))
#set columns(gutter: 0.7cm)
#set text(font: "Libertinus Serif", size: 10.6pt, lang: "en", region: "GB", hyphenate: true)
#set par(justify: true, leading: 0.62em, spacing: 1em)
#set table(stroke: (x, y) => if y == 0 {{ (bottom: 0.6pt) }}, inset: (x: 3pt, y: 3pt), align: left)
#show heading: set text(hyphenate: false)
#show table: set text(8.6pt, hyphenate: false)
#show table: set par(justify: false)
"""
SPECIAL = set("\\#*_$@<>`~[]=\"'")


def write(source, path):
    title, first, *rest = source.blocks
    text = PREAMBLE.format(title=title.text)
    text += "#place(top, scope: \"parent\", float: true, clearance: 1.4em, align(center)["
    text += f"#text(24pt, weight: \"bold\")[{escaped(title.text)}] \\ #emph[{inline(first.text)}]])\n\n"
    text += "\n\n".join(block(each) for each in rest)
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder, "main.typ")
        main.write_text(text, encoding="utf-8")
        path.write_bytes(typst.compile(str(main), ignore_system_fonts=True))


def block(each):
    match each:
        case markup.Heading():
            return "=" * (each.level - 1) + " " + escaped(each.text)
        case markup.Paragraph():
            return inline(each.text)
        case markup.Items():
            return "\n".join("  " * depth + ("+ " if numbered else "- ") + inline(t) for depth, numbered, t in each.entries)
        case markup.Table():
            rows = ",\n".join(", ".join(f"[{inline(cell)}]" for cell in row) for row in each.rows)
            columns = ", ".join(["auto"] * len(each.rows[0]))
            return f"#table(columns: ({columns}),\n{rows})"


def inline(text):
    marked = {"text": escaped, "emphasis": lambda t: f"#emph[{escaped(t)}]"}
    return "".join(marked[kind](piece) for kind, piece in markup.pieces(text))


def escaped(text):
    return "".join("\\" + char if char in SPECIAL - {"'"} else char for char in text)
