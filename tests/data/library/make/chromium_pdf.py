"""The consultant's report: a letter as a web page, printed by Chromium."""

import html
import subprocess
import tempfile
from pathlib import Path

import markup
from word import undated

PAGE = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 24mm 22mm 26mm 25mm;
  @bottom-left {{ content: "Büro für Energie und Bau · Bericht 2024-117"; font: 8pt "Liberation Sans" }}
  @bottom-right {{ content: "Seite " counter(page) " von " counter(pages); font: 8pt "Liberation Sans" }} }}
body {{ font: 10.8pt/1.42 "Liberation Sans"; }}
h1 {{ font-size: 18pt }} h2 {{ font-size: 13pt; margin-top: 1.5em }} h3 {{ font-size: 11pt }}
h1, h2, h3 {{ break-after: avoid }}
table {{ border-collapse: collapse; width: 100%; font-size: 9.4pt; margin: 1em 0 }}
th, td {{ border-bottom: 0.5pt solid #888; padding: 3pt 5pt; text-align: left; vertical-align: top }}
td:not(:first-child) {{ white-space: nowrap }} tr {{ break-inside: avoid }}
</style></head><body>
{body}
</body></html>
"""


def write(source, path):
    body = "\n".join(block(each) for each in source.blocks)
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(PAGE.format(title=source.blocks[0].text, body=body), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
        path.write_bytes(undated(printed.read_bytes()))


def block(each):
    match each:
        case markup.Heading():
            return f"<h{each.level}>{html.escape(each.text)}</h{each.level}>"
        case markup.Paragraph():
            return f"<p>{html.escape(each.text)}</p>"
        case markup.Items():
            kind = "ol" if each.entries[0][1] else "ul"
            return f"<{kind}>" + "".join(f"<li>{html.escape(text)}</li>" for _, _, text in each.entries) + f"</{kind}>"
        case markup.Table():
            head, *rows = each.rows
            return "<table>" + line(head, "th") + "".join(line(row, "td") for row in rows) + "</table>"


def line(cells, tag):
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
