"""Writes the sample library's PDFs, Word files and web pages from `sources/`: `python make.py FOLDER`."""

import sys
from pathlib import Path

import chromium_pdf
import markup
import reportlab_pdf
import typst_pdf
import word

SOURCES = Path(__file__).parent / "sources"


def main(folder):
    folder = Path(folder)

    def source(name):
        return markup.read(SOURCES / f"{name}.md")

    typst_pdf.write(source("beekeepers-bulletin"), folder / "beekeepers-bulletin.pdf")
    reportlab_pdf.write(source("playground-inspection"), folder / "playground-inspection.pdf")
    word.pdf(
        source("studio-lease"), folder / "studio-lease.pdf", author="Tannery Workspace Trust", language="en-GB",
        header="Tannery Workspace Trust · Lease of Unit 7", footer="Initialled: ____ ____    Page ", size=12.5,
    )
    chromium_pdf.write(source("energieberatung"), folder / "energieberatung.pdf")
    word.write(source("bakery-handbook"), folder / "bakery-handbook.docx", author="Rosamund Tell", language="en-GB")
    word.write(source("kita-wiesenwichtel"), folder / "kita-wiesenwichtel.docx", author="Friederike Sandvoss", language="de-DE")
    page = (SOURCES / "evening-school-zh.html").read_text(encoding="utf-8")
    (folder / "evening-school-zh.html").write_bytes(page.encode("gbk"))


if __name__ == "__main__":
    main(*sys.argv[1:])
