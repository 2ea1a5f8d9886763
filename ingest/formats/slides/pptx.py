"""PowerPoint slides: titles as headings, texts and lists in reading order, tables and charts as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PackageNotFoundError
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from ingest.formats.office.charts import chart_table
from ingest.formats.office.diagrams import DATA, RELATIONS, diagram_lines
from ingest.formats.office.pictures import described
from ingest.formats.slides.text import ListMarks, SlideText, leave_words
from ingest.limits import MAX_PAGES, check_archive, check_encrypted
from ingest.structure.outline import Outline
from ingest.structure.tables import Row, Table, count_header_rows
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.types import Document, Omitted

_MAX_NESTING = 20
# Chosen by looking at slides.
_ROW_SHARE = 0.04  # of a slide's height: shapes whose tops differ by less stand side by side
_TITLES = ("title", "ctrTitle")
_AROUND = ("dt", "ftr", "sldNum", "hdr")
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
    outline, omissions = Outline(), Omissions()
    warnings: list[str] = []
    for number, slide in enumerate(slides, start=1):
        if slide.element.get("show") in ("0", "false"):
            leave_words(omissions, Omitted.HIDDEN, slide.element)
            warnings.append(f"slide {number} is hidden and was left out")
            continue
        _Reader(outline, slide, number, int(presentation.slide_height or 0), omissions).read()
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            omissions.leave(Omitted.COMMENTS, slide.notes_slide.notes_text_frame.text)
        _leave_comments(slide, omissions)
    stated = str(presentation.core_properties.title or "").strip()
    stated = "" if stated.casefold() in ("powerpoint presentation", "powerpoint 演示文稿") else stated
    title, sections = outline.finish("", stated or file_title(source.path))
    yield Document(
        uri=source.uri, title=title, sections=sections, warnings=tuple(warnings), omitted=tuple(omissions)
    )


class _Reader:
    """One pass over a slide."""

    def __init__(self, outline: Outline, slide: Any, number: int, height: int, omissions: Omissions) -> None:
        self._outline = outline
        self._slide = slide
        self._number = number
        self._row = max(1, int(height * _ROW_SHARE))
        self._omissions = omissions
        self._text = SlideText(slide.part, omissions)

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
                leave_words(self._omissions, Omitted.HIDDEN, shape.element)
            elif shape.element.tag == qn("p:grpSp"):
                if depth < _MAX_NESTING:
                    self._shapes(list(shape.shapes), depth + 1)
            elif getattr(shape, "has_table", False):
                self._table(shape.table)
            elif getattr(shape, "has_chart", False):
                table = chart_table(shape.chart.element)
                self._outline.table(table, self._number)
            else:
                self._diagram(shape.element)
                self._paragraphs(shape)
                self._outline.paragraph(self._picture(shape), self._number)

    def _diagram(self, shape: Element) -> None:
        """Add the words of a diagram as a list; one whose part is missing draws nothing."""
        for named in shape.iter(RELATIONS):
            relation = str(named.get(DATA) or "")
            if relation in self._slide.part.rels and not self._slide.part.rels[relation].is_external:
                root = parse_xml(self._slide.part.rels[relation].target_part.blob)
                self._outline.paragraph("\n".join(diagram_lines(root)), self._number)

    def _picture(self, shape: Any) -> str:
        """Return the description of a picture; one without any is counted."""
        element = shape.element
        properties = element.find(f".//{qn('p:cNvPr')}")
        if properties is None or (element.tag != qn("p:pic") and not properties.get("descr")):
            return ""
        decorative = any(str(mark.tag).endswith("}decorative") for mark in properties.iter())
        shown = described(str(properties.get("descr") or ""), str(properties.get("title") or ""), alone=False)
        if not shown and not decorative and element.tag == qn("p:pic"):
            self._omissions.count(Omitted.PICTURES)
        return "" if decorative else self._text.linked(shown, properties)

    def _paragraphs(self, shape: Any) -> None:
        """Add the paragraphs of a shape, list items next to each other as one list."""
        items: list[str] = []
        marks = ListMarks(shape)
        kind = _placeholder(shape.element)
        for paragraph in shape.element.iter(qn("a:p")):
            text = self._text.read(paragraph)
            mark, level = marks.next(paragraph, bool(text.strip()), kind in _LISTS)
            if mark:
                items.append(f"{'  ' * level}{mark} {' '.join(text.split())}")
                continue
            if text.strip() or not items:
                self._list(items)
                items = []
                self._outline.paragraph(text, self._number)
        self._list(items)

    def _list(self, items: list[str]) -> None:
        """Add a list; a single paragraph is none, whatever its placeholder is for."""
        text = items[0].removeprefix("- ") if len(items) == 1 else "\n".join(items)
        self._outline.paragraph(text, self._number)

    def _texts(self, shape: Element) -> list[str]:
        read = (" ".join(self._text.read(paragraph).split()) for paragraph in shape.iter(qn("a:p")))
        return [text for text in read if text]

    def _cell(self, cell: Element) -> str:
        """Return the text of a cell on one line, its items with their numbers."""
        marks, parts = ListMarks(None), []
        for paragraph in cell.iter(qn("a:p")):
            text = " ".join(self._text.read(paragraph).split())
            mark, _ = marks.next(paragraph, bool(text), False)
            parts.append(f"{mark.removeprefix('-').strip()} {text}".strip())
        return " ".join(filter(None, parts))

    def _table(self, table: Any) -> None:
        """Add a table with every merged cell written into each place that it covers."""
        rows: list[Row] = []
        grid: dict[tuple[int, int], str] = {}
        for down, row in enumerate(table.rows):
            for across, cell in enumerate(row.cells):
                if (down, across) in grid:
                    continue
                text = self._cell(cell._tc)
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


def _leave_comments(slide: Any, omissions: Omissions) -> None:
    """Note the comments of reviewers, which stand in parts of their own, as left out."""
    for relation in slide.part.rels.values():
        if not relation.is_external and relation.reltype.rpartition("/")[2] == "comments":
            for node in parse_xml(relation.target_part.blob).iter():
                if str(node.tag).endswith(("}text", "}t")):
                    omissions.leave(Omitted.COMMENTS, node.text or "")
