"""The inspection report: many tables, ruled and unruled, with a line above and below every page, set by ReportLab."""

from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import CondPageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

import markup

FONTS = Path("/usr/share/fonts/truetype/liberation")
HEADER = "Playground inspection 2024 · Borough of Kessing"
FOOTER = "Rowntree Bligh Inspections · KB-2024-0331"
WIDTH = A4[0] - 40 * mm


def write(source, path):
    for name in ("Regular", "Bold"):
        pdfmetrics.registerFont(TTFont(f"Sans{name}", FONTS / f"LiberationSans-{name}.ttf"))
    document = SimpleDocTemplate(
        str(path), pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=31 * mm, bottomMargin=24 * mm,
        title=source.blocks[0].text, author="Rowntree Bligh Inspections", invariant=1,
    )
    story = [flowable for each in source.blocks for flowable in block(each)]
    document.build(story, onFirstPage=frame, onLaterPages=frame)


def frame(canvas, document):
    canvas.setFont("SansRegular", 8)
    canvas.drawString(20 * mm, A4[1] - 15 * mm, HEADER)
    canvas.drawString(20 * mm, 13 * mm, FOOTER)
    canvas.drawRightString(A4[0] - 20 * mm, 13 * mm, f"Page {document.page}")


def style(size, font="SansRegular", before=0.0, after=0.0):
    return ParagraphStyle(
        f"{font}{size}", fontName=font, fontSize=size, leading=size * 1.3, spaceBefore=before, spaceAfter=after,
        alignment=TA_LEFT,
    )


def block(each):
    match each:
        case markup.Heading():
            size = {1: 17, 2: 12.5}[each.level]
            return [CondPageBreak(40 * mm), Paragraph(each.text, style(size, "SansBold", before=size * 0.8, after=size * 0.4))]
        case markup.Paragraph():
            return [Paragraph(each.text, style(11, after=8))]
        case markup.Table():
            return [grid(each), Spacer(1, 9)]


def grid(table):
    cells = [[Paragraph(cell, style(8.8, "SansBold" if n == 0 else "SansRegular")) for cell in row]
             for n, row in enumerate(table.rows)]
    ruled = [("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]
    common = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 3.5)]
    return Grid(cells, colWidths=widths(table.rows), repeatRows=1, style=common + (ruled if table.ruled else []))


def widths(rows):
    """Shares of the line's width after the longest cell of each column, none too narrow for its head's words."""
    longest = [max(min(len(cell), 44) for cell in column) for column in zip(*rows)]
    words = [max(len(word) for cell in column for word in cell.split()) for column in zip(*rows)]
    wanted = [max(all_of ** 0.75 * 2, word + 4) for all_of, word in zip(longest, words)]
    return [WIDTH * share / sum(wanted) for share in wanted]
