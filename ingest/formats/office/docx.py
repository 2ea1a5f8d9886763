"""Word documents: headings by style, lists with their marks, tables in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ingest.formats.markup.page import hidden_warning
from ingest.formats.office.charts import chart_table
from ingest.formats.office.word_styles import Numbering, heading_levels, hidden_styles, value
from ingest.formats.office.word_text import WordText
from ingest.limits import check_archive, check_encrypted
from ingest.structure.outline import Outline
from ingest.structure.tables import Row, Table
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile
from kb.types import Document

_MAX_SPAN = 200
_MAX_NESTING = 20
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"

_WRAPPERS = tuple(qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "customXml", "smartTag"))

Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a Word file.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no Word document.
        LimitExceeded: it unpacks to more than a document may.
    """
    check_encrypted(source.path, ".docx")
    check_archive(source.path)
    try:
        document = docx.Document(str(source.path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise DamagedFile(f"{source.path.name} is no whole Word document ({error}): save it anew") from error
    outline = Outline()
    reader = _Reader(document, outline)
    reader.read()
    title = document.core_properties.title or ""
    title, sections = outline.finish("" if outline.has_heading() else title, title or file_title(source.path))
    warnings = (*hidden_warning(reader.text.hidden), *_comment_warning(document))
    yield Document(source.uri, title, sections, warnings=warnings)


class _Reader:
    """One pass over the body of a document."""

    def __init__(self, document: Any, outline: Outline) -> None:
        self._document = document
        self._outline = outline
        self._styles = heading_levels(document)
        self._numbering = Numbering(document)
        self._list: list[str] = []
        self.text = WordText(hidden_styles(document))

    def read(self) -> None:
        """Fill the outline: body, then footnotes."""
        self._blocks(self._document.element.body, 0)
        self._end_list()
        for note in _footnotes(self._document):
            text = self.text.read(note)
            if text.strip():
                self._outline.paragraph(text)

    def _blocks(self, parent: Element, depth: int) -> None:
        for child in parent:
            if child.tag == qn("w:p"):
                self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                self._end_list()
                self._table(child, depth)
            elif child.tag in _WRAPPERS and depth < _MAX_NESTING:
                self._blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element) -> None:
        text = self.text.read(paragraph)
        properties = paragraph.find(qn("w:pPr"))
        style = value(properties, "w:pStyle")
        level = self._styles.get(style, 0)
        outlined = value(properties, "w:outlineLvl")
        if outlined.isdigit() and int(outlined) < 9:
            level = int(outlined) + 2
        marker, indent = self._numbering.next_mark(properties, style) if text.strip() else ("", 0)
        if level and text.strip():
            self._end_list()
            self._outline.heading(f"{marker} {text}" if marker.strip("-") else text, level)
            return
        if marker:
            if text.strip():
                self._list.append("  " * indent + f"{marker} " + " ".join(text.split()))
        elif text.strip():
            self._end_list()
            self._outline.paragraph(text)
        for box in _text_boxes(paragraph):
            self._end_list()
            self._blocks(box, _MAX_NESTING - 1)
        for chart in paragraph.iter(_CHART):
            self._end_list()
            self._chart(str(chart.get(qn("r:id")) or ""))

    def _end_list(self) -> None:
        if self._list:
            self._outline.paragraph("\n".join(self._list))
            self._list = []

    def _chart(self, relation: str) -> None:
        """Add the values of a chart; one whose part is missing draws nothing."""
        part = self._document.part.rels.get(relation)
        if part is not None and not part.is_external:
            self._outline.table(chart_table(parse_xml(part.target_part.blob)))

    def _table(self, table: Element, depth: int) -> None:
        rows: list[Row] = []
        header_rows = 0
        above: dict[int, str] = {}
        for place, row in enumerate(_children(table, "w:tr")):
            late = value(row.find(qn("w:trPr")), "w:gridBefore")
            cells: list[str] = [""] * (min(int(late), _MAX_SPAN) if late.isdigit() else 0)
            for cell in _children(row, "w:tc"):
                properties = cell.find(qn("w:tcPr"))
                span = value(properties, "w:gridSpan")
                merge = properties.find(qn("w:vMerge")) if properties is not None else None
                goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
                text = above.get(len(cells), "") if goes_on else " ".join(self.text.read(cell).split())
                for _ in range(min(int(span), _MAX_SPAN) if span.isdigit() else 1):
                    above[len(cells)] = text
                    cells.append(text)
            if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None and header_rows == place:
                header_rows += 1
            rows.append(tuple(cells))
        width = max((len(row) for row in rows), default=0)
        if width == 1:
            for row in _children(table, "w:tr"):
                for cell in _children(row, "w:tc"):
                    self._blocks(cell, min(depth + 1, _MAX_NESTING))
                    self._end_list()
            return
        padded = [row + ("",) * (width - len(row)) for row in rows]
        self._outline.table(Table(padded, header_rows or None))
        for inner in table.iter(qn("w:tbl")) if depth < _MAX_NESTING else ():
            if next(inner.iterancestors(qn("w:tbl")), None) is table:
                self._table(inner, depth + 1)


def _text_boxes(paragraph: Element) -> list[Element]:
    """Return the text boxes anchored in a paragraph, without the copies kept for old programs."""
    boxes = paragraph.iter(qn("w:txbxContent"))
    return [
        box for box in boxes if not any(str(parent.tag).endswith("}Fallback") for parent in box.iterancestors())
    ]


def _children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a name, also those wrapped in a content control."""
    for child in element:
        if child.tag == qn(name):
            yield child
        elif child.tag == qn("w:sdt"):
            content = child.find(qn("w:sdtContent"))
            if content is not None:
                yield from _children(content, name)


def _footnotes(document: Any) -> list[Element]:
    """Return the footnotes that have text; separators are not footnotes."""
    for relation in document.part.rels.values():
        if relation.reltype == _FOOTNOTES and not relation.is_external:
            root = parse_xml(relation.target_part.blob)
            return [note for note in root.iterfind(qn("w:footnote")) if note.get(qn("w:type")) is None]
    return []


def _comment_warning(document: Any) -> tuple[str, ...]:
    """Return the warning about reviewers' comments: who reads the document is not meant to see them."""
    count = sum(
        len(parse_xml(relation.target_part.blob))
        for relation in document.part.rels.values()
        if relation.reltype == _COMMENTS and not relation.is_external
    )
    return (f"{count} comments were left out",) if count else ()
