"""PowerPoint slides: titles as headings, texts and lists in reading order, tables and charts as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PackageNotFoundError
from pptx.oxml.ns import qn

from ingest.formats.markup.page import hidden_warning
from ingest.formats.office.charts import chart_table
from ingest.formats.office.formulas import write_formula
from ingest.limits import MAX_PAGES, check_archive, check_encrypted
from ingest.structure.outline import Outline
from ingest.structure.tables import Row, Table, count_header_rows
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.types import Document

_TINY_HUNDREDTHS = 200  # of a point: text this small is not meant to be read
_MAX_NESTING = 20
_ROW_SHARE = 0.04  # of a slide's height: shapes whose tops differ by less stand side by side
_TITLES = ("title", "ctrTitle")
_AROUND = ("dt", "ftr", "sldNum", "hdr")
_BULLETS = ("buChar", "buAutoNum", "buBlip")
_LISTS = ("body", "obj", "")  # kinds of placeholders whose paragraphs are list items

Element = Any  # lxml elements as python-pptx subclasses them; python-pptx ships no types


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a presentation; hidden slides and speaker notes are left out and reported.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no presentation.
        LimitExceeded: it has more slides, or unpacks to more, than is read.
    """
    check_encrypted(source.path, ".pptx")
    check_archive(source.path)
    try:
        presentation = Presentation(str(source.path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise DamagedFile(f"{source.path.name} is no whole presentation ({error}): save it anew") from error
    slides = list(presentation.slides)
    if len(slides) > MAX_PAGES:
        raise LimitExceeded(f"{source.path.name} has {len(slides):,} slides, more than {MAX_PAGES:,}: split it")
    outline = Outline()
    warnings: list[str] = []
    hidden = 0
    for number, slide in enumerate(slides, start=1):
        if slide.element.get("show") in ("0", "false"):
            warnings.append(f"slide {number} is hidden and was left out")
            continue
        reader = _Reader(outline, slide, number, int(presentation.slide_height or 0))
        reader.read()
        hidden += reader.hidden
        if slide.has_notes_slide and (slide.notes_slide.notes_text_frame is not None):
            notes = slide.notes_slide.notes_text_frame.text.strip()
            if notes:
                warnings.append(f"the speaker notes of slide {number} were left out")
    stated = str(presentation.core_properties.title or "").strip()
    stated = "" if stated.casefold() in ("powerpoint presentation", "powerpoint 演示文稿") else stated
    title, sections = outline.finish("", stated or file_title(source.path))
    yield Document(source.uri, title, sections, warnings=(*warnings, *hidden_warning(hidden)))


class _Reader:
    """One pass over a slide."""

    def __init__(self, outline: Outline, slide: Any, number: int, height: int) -> None:
        self._outline = outline
        self._slide = slide
        self._number = number
        self._row = max(1, int(height * _ROW_SHARE))
        self.hidden = 0

    def read(self) -> None:
        """Add the slide to the outline: its title, then its shapes from top to bottom."""
        self._outline.close_headings()
        shapes = list(self._slide.shapes)
        for shape in shapes:
            if _placeholder(shape.element) in _TITLES:
                self._outline.heading(" ".join(self._texts(shape.element)), 2, self._number)
        self._shapes([shape for shape in shapes if _placeholder(shape.element) not in _TITLES], 0)

    def _shapes(self, shapes: list[Any], depth: int) -> None:
        def place(shape: Any) -> tuple[int, int]:
            return int(shape.top or 0) // self._row, int(shape.left or 0)

        for shape in sorted(shapes, key=place):
            if _placeholder(shape.element) in _AROUND:
                continue
            if _is_unseen(shape.element):
                self.hidden += sum(len(text.text or "") for text in shape.element.iter(qn("a:t")))
            elif shape.element.tag == qn("p:grpSp"):
                if depth < _MAX_NESTING:
                    self._shapes(list(shape.shapes), depth + 1)
            elif getattr(shape, "has_table", False):
                self._table(shape.table)
            elif getattr(shape, "has_chart", False):
                table = chart_table(shape.chart.element)
                self._outline.table(table, self._number)
            else:
                self._paragraphs(shape.element)

    def _paragraphs(self, shape: Element) -> None:
        """Add the paragraphs of a shape, list items next to each other as one list."""
        items: list[str] = []
        counts: dict[int, int] = {}
        kind = _placeholder(shape)
        for paragraph in shape.iter(qn("a:p")):
            text = self._text(paragraph)
            properties = paragraph.find(qn("a:pPr"))
            level = int(properties.get("lvl") or 0) if properties is not None else 0
            marked = properties is not None and any(
                properties.find(qn(f"a:{name}")) is not None for name in _BULLETS
            )
            plain = properties is not None and properties.find(qn("a:buNone")) is not None
            if text.strip() and (marked or level or (kind in _LISTS and not plain)):
                counts = {depth: count for depth, count in counts.items() if depth <= level}
                counts[level] = counts.get(level, 0) + 1
                counted = properties is not None and properties.find(qn("a:buAutoNum")) is not None
                mark = f"{counts[level]}." if counted else "-"
                items.append(f"{'  ' * level}{mark} {' '.join(text.split())}")
                continue
            self._list(items)
            items, counts = [], {}
            self._outline.paragraph(text, self._number)
        self._list(items)

    def _list(self, items: list[str]) -> None:
        """Add a list; a single paragraph is none, whatever its placeholder is for."""
        text = items[0].removeprefix("- ") if len(items) == 1 else "\n".join(items)
        self._outline.paragraph(text, self._number)

    def _texts(self, shape: Element) -> list[str]:
        return [text for text in (" ".join(self._text(p).split()) for p in shape.iter(qn("a:p"))) if text]

    def _text(self, paragraph: Element) -> str:
        parts: list[str] = []
        for node in paragraph.iter():
            if node.tag in (qn("a:r"), qn("a:fld")):
                text = "".join(part.text or "" for part in node.iter(qn("a:t")))
                if _is_hidden(node.find(qn("a:rPr"))):
                    self.hidden += len(text)
                else:
                    parts.append(text)
            elif node.tag == qn("a:br"):
                parts.append("\n")
            elif str(node.tag).endswith("/math}oMath"):
                parts.append(write_formula(node))
        return "".join(parts)

    def _table(self, table: Any) -> None:
        """Add a table with every merged cell written into each place that it covers."""
        rows: list[Row] = []
        grid: dict[tuple[int, int], str] = {}
        for down, row in enumerate(table.rows):
            for across, cell in enumerate(row.cells):
                if (down, across) in grid:
                    continue
                text = " ".join(self._texts(cell._tc))
                spans = (cell.span_height, cell.span_width) if cell.is_merge_origin else (1, 1)
                for below in range(spans[0]):
                    for beside in range(spans[1]):
                        grid[down + below, across + beside] = text
            rows.append(tuple(grid[down, across] for across in range(len(row.cells))))
        depth = max(1, count_header_rows(rows)) if table.first_row and len(rows) > 1 else None
        self._outline.table(Table(rows, depth), self._number)


def _placeholder(shape: Element) -> str | None:
    """Return what a placeholder is for (``title``; empty where it does not say), None for other shapes."""
    found = shape.find(f".//{qn('p:nvPr')}/{qn('p:ph')}")
    return None if found is None else str(found.get("type") or "")


def _is_unseen(shape: Element) -> bool:
    properties = shape.find(f".//{qn('p:cNvPr')}")
    return properties is not None and properties.get("hidden") in ("1", "true")


def _is_hidden(properties: Element | None) -> bool:
    """Tell whether a run is too small to be read, or wholly transparent."""
    if properties is None:
        return False
    size = str(properties.get("sz") or "")
    if size.isdigit() and int(size) <= _TINY_HUNDREDTHS:
        return True
    alpha = properties.find(f"{qn('a:solidFill')}/*/{qn('a:alpha')}")
    return alpha is not None and str(alpha.get("val")) in ("0", "0%")
