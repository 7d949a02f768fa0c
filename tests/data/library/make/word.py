"""Word files with real headings, numbered and nested lists, tables and footnotes; and one of them as PDF by LibreOffice."""

import datetime
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

import markup

NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
EPOCH = (2024, 6, 1, 0, 0, 0)


def write(source, path, author, language, header=None, footer=None, size=11):
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = source.blocks[0].text, author, language
    properties.created = properties.modified = datetime.datetime(*EPOCH)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Liberation Serif", Pt(size)
    for each in source.blocks:
        block(document, each)
    notes(document, source.notes)
    running(document.sections[0], header, footer)
    document.save(path)
    repack(path)


def block(document, each):
    match each:
        case markup.Heading():
            document.add_heading(each.text, each.level - 1)
        case markup.Paragraph():
            inline(document.add_paragraph(), each.text)
        case markup.Items():
            items(document, each)
        case markup.Table():
            rows = document.add_table(len(each.rows), len(each.rows[0]), style="Table Grid").rows
            for row, texts in zip(rows, each.rows):
                for cell, text in zip(row.cells, texts):
                    inline(cell.paragraphs[0], text)
            document.add_paragraph()


def inline(paragraph, text):
    for kind, piece in markup.pieces(text):
        if kind == "note":
            run = paragraph.add_run()
            run.font.superscript = True
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), str(int(piece) + 1))
            run._r.append(reference)
        else:
            paragraph.add_run(piece).italic = kind == "emphasis" or None


def items(document, each):
    number = None
    for depth, numbered, text in each.entries:
        style = ("List Number" if numbered else "List Bullet") + (" 2" if depth else "")
        paragraph = document.add_paragraph(style=style)
        if numbered:
            number = number or restarted(document, paragraph)
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, number
        inline(paragraph, text)


def restarted(document, paragraph):
    """A numbering of its own that begins at 1 again, or every list of a file would go on counting."""
    numbering = document.part.numbering_part.element
    model = numbering.num_having_numId(paragraph.style.element.pPr.numPr.numId.val)
    number = numbering.add_num(model.abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return number.numId


def notes(document, texts):
    if not texts:
        return
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{n}"><w:p><w:r><w:{element}/></w:r></w:p></w:footnote>'
        for n, (kind, element) in enumerate([("separator", "separator"),
                                             ("continuationSeparator", "continuationSeparator")])
    )
    body = "".join(
        f'<w:footnote w:id="{int(n) + 1}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
        for n, text in texts.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {nsdecls("w")}>{separators}{body}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), NOTES_TYPE, xml.encode("utf-8"), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def running(section, header, footer):
    if header:
        section.header.paragraphs[0].text = header
    if footer:
        paragraph = section.footer.paragraphs[0]
        paragraph.add_run(footer)
        paragraph._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def repack(path):
    """The same bytes on every day: the archive's own dates are replaced."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)


def pdf(source, path, **options):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, path.with_suffix(".docx").name)
        write(source, file, **options)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        subprocess.run([*command, "--convert-to", "pdf", "--outdir", folder, str(file)], check=True, capture_output=True)
        path.write_bytes(undated(file.with_suffix(".pdf").read_bytes()))


def undated(data):
    """A PDF whose dates and file identifier do not change from day to day; no byte moves."""
    data = re.sub(rb"(/(?:CreationDate|ModDate) ?\(D:)\d{14}", rb"\g<1>20240601000000", data)
    data = re.sub(rb"(/(?:DocChecksum) ?/)[0-9A-F]{32}", lambda m: m[1] + b"0" * 32, data)
    return re.sub(rb"(/ID ?\[ ?<)[0-9A-F]{32}(>\s*<)[0-9A-F]{32}", lambda m: m[1] + b"0" * 32 + m[2] + b"0" * 32, data)
