"""Write a source as a Word document with heading styles, lists and tables."""

from __future__ import annotations

from typing import Any

from docsource import Block, Heading, ItemList, Paragraph, Source, Table, bold_runs
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from zipdate import fix_zip_dates

LATIN_FONT = "Calibri"
CJK_FONTS = {"zh-Hans": "Microsoft YaHei", "zh-Hant": "Microsoft JhengHei"}


def write_docx(source: Source) -> None:
    """Render the source to its target."""
    document = Document()
    set_fonts(document, source)
    set_properties(document, source)
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{source.meta['company']}\t\t{source.title}"
    footer = section.footer.paragraphs[0]
    footer.text = f"{source.edition}\t\t"
    add_field(footer, "PAGE")
    document.add_heading(source.title, level=0)
    document.add_paragraph(source.edition, style="Subtitle")
    for block in source.blocks:
        add_block(document, block)
    document.save(str(source.target))
    fix_zip_dates(source.target, source.date)


def set_fonts(document: Any, source: Source) -> None:
    """Name a Latin font, and for Chinese a font for its characters."""
    names = ["Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3"]
    for name in names:
        style = document.styles[name]
        style.font.name = LATIN_FONT
        if source.chinese:
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:eastAsia"), CJK_FONTS[source.meta["lang"]])
    document.styles["Normal"].font.size = Pt(10.5)


def set_properties(document: Any, source: Source) -> None:
    """Fill in title, author and fixed dates."""
    properties = document.core_properties
    properties.title = source.title
    properties.author = source.meta["company"]
    properties.last_modified_by = source.meta["company"]
    properties.language = source.meta["lang"]
    properties.comments = ""
    properties.created = source.date
    properties.modified = source.date


def add_block(document: Any, block: Block) -> None:
    """Append one block."""
    match block:
        case Heading(level, text):
            document.add_heading(text, level=level - 1)
        case Paragraph(text, note):
            add_runs(document.add_paragraph(style="Intense Quote" if note else None), text)
        case ItemList(items, numbered):
            add_list(document, items, numbered)
        case Table(rows):
            add_table(document, rows)


def add_runs(paragraph: Any, text: str) -> None:
    """Append text, with its bold runs."""
    for piece, bold in bold_runs(text):
        paragraph.add_run(piece).bold = bold or None


def add_list(document: Any, items: list[str], numbered: bool) -> None:
    """Append a list; numbered ones start at 1."""
    number_id = restart_numbering(document) if numbered else None
    for item in items:
        paragraph = document.add_paragraph(style="List Number" if numbered else "List Bullet")
        add_runs(paragraph, item)
        if number_id is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number_id


def restart_numbering(document: Any) -> int:
    """Make a numbering instance that starts at 1 again, and return its id."""
    style = document.styles["List Number"].element
    numbering = document.part.numbering_part.element
    current = numbering.num_having_numId(style.pPr.numPr.numId.val)
    fresh = numbering.add_num(current.abstractNumId.val)
    fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(fresh.numId)


def add_table(document: Any, rows: list[list[str]]) -> None:
    """Append a table with a bold header row."""
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for index, row in enumerate(rows):
        for column, text in enumerate(row):
            paragraph = table.cell(index, column).paragraphs[0]
            if index == 0:
                paragraph.add_run(text).bold = True
            else:
                add_runs(paragraph, text)
    document.add_paragraph()


def add_field(paragraph: Any, instruction: str) -> None:
    """Append a field such as the page number."""
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()._r
        if kind is None:
            text = OxmlElement("w:instrText")
            text.text = instruction
            run.append(text)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run.append(mark)
