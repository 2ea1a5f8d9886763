"""Word documents: headings by style, lists with their marks, tables, notes and boxes in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ingest.formats.office.charts import chart_table
from ingest.formats.office.diagrams import DATA, RELATIONS, diagram_lines
from ingest.formats.word.numbers import Mark, Numbering
from ingest.formats.word.parts import Parts
from ingest.formats.word.styles import WordStyles, is_on, number, value
from ingest.formats.word.text import WordText, words
from ingest.limits import check_archive, check_encrypted
from ingest.structure.outline import Outline
from ingest.structure.tables import Row, Table
from ingest.text.numbering import marked
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile
from kb.types import Document, Omitted

_MAX_SPAN = 200
_MAX_NESTING = 20
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_WRAPPERS = tuple(qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_DELETED = tuple(qn(f"w:{name}") for name in ("del", "moveFrom"))
_CHUNK = qn("w:altChunk")

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
    outline, omissions = Outline(), Omissions()
    parts = Parts(document, source, omissions)
    _Reader(document, outline, omissions, parts).read()
    parts.leave_surroundings()
    title = document.core_properties.title or ""
    title, sections = outline.finish("" if outline.has_heading() else title, title or file_title(source.path))
    yield Document(
        uri=source.uri, title=title, sections=sections, warnings=parts.warnings, omitted=tuple(omissions)
    )


class _Reader:
    """One pass over the body of a document."""

    def __init__(self, document: Any, outline: Outline, omissions: Omissions, parts: Parts) -> None:
        self._document = document
        self._outline = outline
        self._omissions = omissions
        self._parts = parts
        self._styles = WordStyles(document)
        self._numbering = Numbering(document, self._styles)
        self._list: list[str] = []
        self._joined = ""  # the text of paragraphs whose ends are deleted
        self._text = WordText(document, self._styles, omissions)
        parts.read_paragraph = self._text.read
        self._text.read_note = parts.note

    def read(self) -> None:
        """Fill the outline."""
        self._blocks(self._document.element.body, 0)
        self._end_list()

    def _blocks(self, parent: Element, depth: int) -> None:
        for child in parent:
            if child.tag == qn("w:p"):
                self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                self._end_list()
                self._table(child, depth)
            elif child.tag == _CHUNK:
                self._end_list()
                for inner in self._parts.chunk(child):
                    self._outline.sections("", inner.sections)
            elif child.tag in _DELETED:
                self._text.leave(Omitted.DELETED, child)
            elif child.tag in _WRAPPERS and depth < _MAX_NESTING:
                self._blocks(child, depth + 1)
        if self._joined:
            self._end_list()
            self._outline.paragraph(self._joined)
            self._joined = ""

    def _paragraph(self, paragraph: Element) -> None:
        properties = paragraph.find(qn("w:pPr"))
        text = self._joined + self._text.read(paragraph)
        self._joined = text if _end_is_deleted(properties) else ""
        if not self._joined:
            self._add(paragraph, text, properties)
        self._drawn(paragraph)

    def _add(self, paragraph: Element, text: str, properties: Element | None) -> None:
        """Add a paragraph as what its style and its list say: a heading, an item, or running text."""
        style = value(properties, "w:pStyle")
        outlined = number(properties, "w:outlineLvl")
        level = self._styles.heading_level(style)
        if outlined is not None and 0 <= outlined < 9:
            level = outlined + 2
        mark = self._mark(paragraph, text, properties, style)
        if not text.strip():
            return
        if level:
            self._end_list()
            self._outline.heading(marked(mark.text, text, mark.tight) if mark.text.strip("-") else text, level)
        elif mark.text:
            self._list.append("  " * mark.depth + marked(mark.text, " ".join(text.split()), mark.tight))
        else:
            self._end_list()
            self._outline.paragraph(text)

    def _mark(self, paragraph: Element, text: str, properties: Element | None, style: str) -> Mark:
        """Return the mark of a paragraph; one that nobody sees is not counted."""
        if not text.strip():
            looks = properties.find(qn("w:rPr")) if properties is not None else None
            unseen = self._styles.is_on("w:vanish", looks, "", style) or bool(words(paragraph).strip())
            if unseen:
                return Mark()
        return self._numbering.mark(paragraph, style)

    def _end_list(self) -> None:
        if self._list:
            self._outline.paragraph("\n".join(self._list))
            self._list = []

    def _drawn(self, paragraph: Element) -> None:
        """Add what is anchored in a paragraph: text boxes, charts, diagrams."""
        for box in _text_boxes(paragraph):
            self._end_list()
            self._blocks(box, _MAX_NESTING - 1)
        self._figures(paragraph)

    def _figures(self, element: Element) -> None:
        """Add charts as tables and diagrams as lists; those whose parts are missing draw nothing."""
        own = [one for one in _seen(element, _CHART, RELATIONS) if next(one.iterancestors(element.tag)) is element]
        for figure in own:
            self._end_list()
            drawn = figure.tag == _CHART
            root = self._related(str(figure.get(qn("r:id") if drawn else DATA) or ""))
            if root is not None and drawn:
                self._outline.table(chart_table(root))
            elif root is not None:
                self._outline.paragraph("\n".join(diagram_lines(root)))

    def _related(self, relation: str) -> Element | None:
        part = self._document.part.rels.get(relation)
        return None if part is None or part.is_external else parse_xml(part.target_part.blob)

    def _table(self, table: Element, depth: int) -> None:
        rows: list[Row] = []
        header_rows = 0
        above: dict[int, str] = {}
        shown = [row for row in _children(table, "w:tr") if not self._is_left(row)]
        for place, row in enumerate(shown):
            rows.append(self._row(row, above))
            if is_on(row.find(qn("w:trPr")), "w:tblHeader") and header_rows == place:
                header_rows += 1
        width = max((len(row) for row in rows), default=0)
        if width == 1:
            for row in shown:
                for cell in _children(row, "w:tc"):
                    self._blocks(cell, min(depth + 1, _MAX_NESTING))
                    self._end_list()
            return
        padded = [row + ("",) * (width - len(row)) for row in rows]
        self._outline.table(Table(padded, header_rows or None))
        self._figures(table)
        for inner in table.iter(qn("w:tbl")) if depth < _MAX_NESTING else ():
            if next(inner.iterancestors(qn("w:tbl")), None) is table:
                self._table(inner, depth + 1)

    def _is_left(self, row: Element) -> bool:
        """Tell whether a row is deleted or hidden, and note its words as left out."""
        properties = row.find(qn("w:trPr"))
        if properties is None:
            return False
        if properties.find(qn("w:del")) is not None:
            self._text.leave(Omitted.DELETED, row)
            return True
        if is_on(properties, "w:hidden"):
            self._text.leave(Omitted.HIDDEN, row)
            return True
        return False

    def _row(self, row: Element, above: dict[int, str]) -> Row:
        """Return the cells of a row, merged ones in each place that they cover; ``above`` is the row before."""
        cells: list[str] = [""] * max(0, min(number(row.find(qn("w:trPr")), "w:gridBefore") or 0, _MAX_SPAN))
        for cell in _children(row, "w:tc"):
            properties = cell.find(qn("w:tcPr"))
            if properties is not None and properties.find(qn("w:cellDel")) is not None:
                self._text.leave(Omitted.DELETED, cell)
                continue
            down, beside = (_goes_on(properties, name) for name in ("w:vMerge", "w:hMerge"))
            text = cells[-1] if beside and cells else ""
            text = above.get(len(cells), "") if down else text or self._cell(cell)
            for _ in range(max(1, min(number(properties, "w:gridSpan") or 1, _MAX_SPAN))):
                above[len(cells)] = text
                cells.append(text)
        return tuple(cells)

    def _cell(self, cell: Element) -> str:
        """Return the text of a cell on one line: its items with their marks, its boxes and inner tables."""
        parts: list[str] = []
        for paragraph in _seen(cell, qn("w:p"), _CHUNK):
            if paragraph.tag == _CHUNK:
                parts += [section.text for inner in self._parts.chunk(paragraph) for section in inner.sections]
                continue
            properties = paragraph.find(qn("w:pPr"))
            text = " ".join(self._text.read(paragraph).split())
            mark = self._mark(paragraph, text, properties, value(properties, "w:pStyle"))
            bare = mark.text.removeprefix("-").strip()
            parts.append(marked(bare, text, mark.tight) if text else bare)
        return " ".join(" ".join(parts).split())


def _end_is_deleted(properties: Element | None) -> bool:
    """Tell whether the end of a paragraph is a tracked deletion: it goes on in the next one."""
    looks = properties.find(qn("w:rPr")) if properties is not None else None
    return looks is not None and any(looks.find(tag) is not None for tag in _DELETED)


def _goes_on(properties: Element | None, name: str) -> bool:
    """Tell whether a cell is the further part of a merged one."""
    merge = properties.find(qn(name)) if properties is not None else None
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _seen(element: Element, *tags: str) -> Iterator[Element]:
    """Yield elements of these names below one, text boxes included; not copies for old programs or deletions."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag.endswith("}Fallback") or child.tag in _DELETED:
            continue
        if child.tag in tags:
            yield child
        yield from _seen(child, *tags)


def _text_boxes(paragraph: Element) -> list[Element]:
    """Return the text boxes anchored in a paragraph itself, without the copies kept for old programs."""
    boxes = _seen(paragraph, qn("w:txbxContent"))
    return [box for box in boxes if next(box.iterancestors(qn("w:p")), None) is paragraph]


def _children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a name, also those wrapped in a content control."""
    for child in element:
        if child.tag == qn(name):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, name)
