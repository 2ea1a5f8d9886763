"""Write a source as an A4 PDF with running header, footer and ruled tables."""

from __future__ import annotations

import subprocess
from functools import cache
from html import escape
from typing import Any

from docsource import BOLD, Block, Heading, ItemList, Paragraph, Source, Table
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, ListFlowable, SimpleDocTemplate
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

CJK_FAMILY = "WenQuanYi Micro Hei"
CJK_FONT = "CJK"
MARGIN = 22 * mm
WIDTH = A4[0] - 2 * MARGIN
RULE = colors.HexColor("#8a8f98")
SHADE = colors.HexColor("#e8ebf0")


@cache
def register_cjk_font() -> str:
    """Register the Chinese font that fontconfig knows; only used glyphs are stored."""
    command = ["fc-match", "--format", "%{family}\t%{file}", CJK_FAMILY]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    family, _, file = answer.partition("\t")
    if CJK_FAMILY not in family:
        raise SystemExit(f"{CJK_FAMILY} is missing: install the package fonts-wqy-microhei")
    pdfmetrics.registerFont(TTFont(CJK_FONT, file, subfontIndex=0))
    pdfmetrics.registerFontFamily(CJK_FONT, CJK_FONT, CJK_FONT, CJK_FONT, CJK_FONT)
    return CJK_FONT


class Styles:
    """Paragraph styles for one document's language."""

    def __init__(self, chinese: bool) -> None:
        self.regular = register_cjk_font() if chinese else "Helvetica"
        self.bold = self.regular if chinese else "Helvetica-Bold"
        wrap: dict[str, Any] = {"wordWrap": "CJK"} if chinese else {}
        self.body = ParagraphStyle("body", fontName=self.regular, fontSize=10.5, leading=16, spaceAfter=7, **wrap)
        self.cell = ParagraphStyle("cell", self.body, fontSize=9.5, leading=13, spaceAfter=0)
        self.head_cell = ParagraphStyle("head_cell", self.cell, fontName=self.bold)
        self.item = ParagraphStyle("item", self.body, spaceAfter=3)
        self.note = ParagraphStyle(
            "note",
            self.body,
            leftIndent=8,
            borderPadding=6,
            backColor=SHADE,
            spaceBefore=6,
            spaceAfter=12,
        )
        sizes = {1: 19, 2: 14, 3: 11.5}
        self.headings = {
            level: ParagraphStyle(
                f"h{level}",
                self.body,
                fontName=self.bold,
                fontSize=size,
                leading=size * 1.4,
                spaceBefore=14 - 2 * level,
                spaceAfter=6,
                keepWithNext=1,
                textColor=colors.HexColor("#1f3a5f"),
            )
            for level, size in sizes.items()
        }


def write_pdf(source: Source) -> None:
    """Render the source to its target."""
    styles = Styles(source.chinese)
    title = f"{source.meta['company']} - {source.title}"

    class PagedCanvas(Canvas):  # type: ignore[misc]
        """Holds pages back until their number is known, then adds header and footer."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.held: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            """Keep the finished page for later."""
            self.held.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            """Write all pages, now that their number is known."""
            for state in self.held:
                self.__dict__.update(state)
                self.draw_frame(len(self.held))
                super().showPage()
            super().save()

        def draw_frame(self, total: int) -> None:
            """Draw header and footer of the current page."""
            number = self.getPageNumber()
            page = f"第 {number} 页，共 {total} 页" if source.chinese else f"Page {number} of {total}"
            self.setFont(styles.regular, 8.5)
            self.setStrokeColor(RULE)
            top, bottom, right = A4[1] - 14 * mm, 13 * mm, A4[0] - MARGIN
            self.drawString(MARGIN, top, source.meta["company"])
            self.drawRightString(right, top, source.title)
            self.line(MARGIN, top - 4, right, top - 4)
            self.line(MARGIN, bottom + 10, right, bottom + 10)
            self.drawString(MARGIN, bottom, source.edition)
            self.drawRightString(right, bottom, page)

    document = SimpleDocTemplate(
        str(source.target),
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=24 * mm,
        bottomMargin=24 * mm,
        title=title,
        author=source.meta["company"],
        lang=source.meta["lang"],
        invariant=1,
    )
    flow: list[Flowable] = [Text(escape(source.title), styles.headings[1])]
    flow.append(Text(escape(source.edition), styles.body))
    for block in source.blocks:
        flow.extend(flowables(block, styles))
    document.build(flow, canvasmaker=PagedCanvas)


def markup(text: str) -> str:
    """Turn bold runs into the library's markup."""
    return BOLD.sub(r"<b>\1</b>", escape(text, quote=False))


def flowables(block: Block, styles: Styles) -> list[Flowable]:
    """Turn a block into what the page layout takes."""
    match block:
        case Heading(level, text):
            return [Text(markup(text), styles.headings[level])]
        case Paragraph(text, note):
            return [Text(markup(text), styles.note if note else styles.body)]
        case ItemList(items, numbered):
            entries = [Text(markup(item), styles.item) for item in items]
            kind = "1" if numbered else "bullet"
            return [
                ListFlowable(
                    entries,
                    bulletType=kind,
                    start=None if numbered else "–",
                    bulletFormat="%s." if numbered else None,
                    bulletFontName=styles.regular,
                    bulletFontSize=10,
                    leftIndent=18,
                    spaceAfter=7,
                )
            ]
        case Table(rows):
            return [ruled_table(rows, styles)]


def ruled_table(rows: list[list[str]], styles: Styles) -> Flowable:
    """Lay out a ruled table; its header repeats on every page."""
    cells = [
        [Text(markup(cell), styles.cell if index else styles.head_cell) for cell in row]
        for index, row in enumerate(rows)
    ]
    longest = [max(5, *(display_length(row[i]) for row in rows)) for i in range(len(rows[0]))]
    weights = [min(length, 44) ** 0.7 for length in longest]
    widths = [WIDTH * weight / sum(weights) for weight in weights]
    look = [
        ("GRID", (0, 0), (-1, -1), 0.6, RULE),
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    return Grid(cells, colWidths=widths, style=look, repeatRows=1, spaceBefore=4, spaceAfter=10)


def display_length(text: str) -> int:
    """Length in Latin letters; a Chinese character counts twice."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)
