"""OpenDocument texts: headings by level, lists with their marks, tables in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.formats.opendocument.archive import OpenDocument, header_rows, table_rows
from ingest.formats.opendocument.names import q
from ingest.formats.opendocument.text import Item, shapes
from ingest.structure.outline import Outline
from ingest.structure.tables import Table
from ingest.text.numbering import marked
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.types import Document, Omitted

_MAX_NESTING = 30
_PASSED_OVER = (
    "text:sequence-decls", "text:variable-decls", "text:user-field-decls", "text:table-of-content", "office:forms",
    "text:alphabetical-index", "text:illustration-index", "text:table-index",
)  # fmt: skip

Element = Any  # lxml elements


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a text.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no OpenDocument text.
        LimitExceeded: it unpacks to more than is read.
    """
    document = OpenDocument(source, "text")
    outline = Outline()
    reader = _Reader(document, outline, source.path.name)
    reader.blocks(document.body, 0)
    reader.end_list()
    title = "" if outline.has_heading() else document.title
    title, sections = outline.finish(title, document.title or file_title(source.path))
    yield Document(uri=source.uri, title=title, sections=sections, omitted=tuple(document.omissions))


class _Reader:
    """One pass over the body of a text."""

    def __init__(self, document: OpenDocument, outline: Outline, name: str) -> None:
        self._document = document
        self._text = document.reader
        self._lines: list[str] = []
        self._outline = outline
        self._name = name
        self._passed_over = frozenset(map(q, _PASSED_OVER))

    def blocks(self, parent: Element, depth: int) -> None:
        """Add everything below an element."""
        for child in parent if depth <= _MAX_NESTING else ():
            if not isinstance(child.tag, str) or child.tag in self._passed_over:
                continue
            if child.tag in (q("text:p"), q("text:h")):
                self._paragraph(child, depth)
            elif child.tag == q("text:list"):
                self._list(child, depth)
            elif child.tag == q("table:table"):
                self.end_list()
                self._table(child, depth)
            elif child.tag == q("text:tracked-changes"):
                for deletion in child.iter(q("text:deletion")):
                    self._text.leave(Omitted.DELETED, deletion)
            elif child.tag == q("text:section") and _is_hidden(child):
                self._text.leave(Omitted.HIDDEN, child)
            else:
                self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> None:
        text = self._text.read(paragraph)
        if text.strip():
            self.end_list()
        level = self._document.styles.heading_level(str(paragraph.get(q("text:style-name")) or ""))
        if paragraph.tag == q("text:h"):
            mark = self._text.heading_mark(paragraph) if text.strip() else ""
            outlined = str(paragraph.get(q("text:outline-level")) or "1")
            level = level or 1 + (int(outlined) if outlined.isdecimal() and len(outlined) < 3 else 1)
            text = marked(mark, text) if mark.strip("-") else text
        if level:
            self._outline.heading(text, level)
        else:
            self._outline.paragraph(text)
        self._anchored(paragraph, depth)

    def _anchored(self, paragraph: Element, depth: int) -> None:
        for shape in shapes(paragraph):
            self.end_list()
            self.blocks(shape, depth + 1)

    def _list(self, element: Element, depth: int) -> None:
        """Add a list to the one before it; headings in it, which programs number so, stay headings."""
        for item in self._text.items(element):
            text = " ".join(self._text.read(item.element).split())
            if item.element.tag == q("text:h"):
                self.end_list()
                self._heading(item, text)
            elif text:
                self._lines.append(self._text.item_line(item, text))
            if any(True for _ in shapes(item.element)):
                self.end_list()
                self._anchored(item.element, depth)

    def end_list(self) -> None:
        """Add the items that wait: programs cut one list into several."""
        self._outline.paragraph("\n".join(self._lines))
        self._lines.clear()

    def _heading(self, item: Item, text: str) -> None:
        outlined = str(item.element.get(q("text:outline-level")) or "1")
        level = 1 + (int(outlined) if outlined.isdecimal() and len(outlined) < 3 else 1)
        numbered = text and item.mark.strip("-")
        self._outline.heading(marked(item.mark, text, item.tight) if numbered else text, level)

    def _table(self, table: Element, depth: int) -> None:
        rows = [
            tuple(" ".join(cell.split()) for cell in row)
            for _, row in table_rows(self._document, table, self._name)
        ]
        width = max(map(len, rows), default=0)
        if width < 2:
            for cell in table.iter(q("table:table-cell")):
                self.blocks(cell, depth + 1)
                self.end_list()
            return
        padded = [row + ("",) * (width - len(row)) for row in rows]
        self._outline.table(Table(padded, header_rows(table) or None))
        for inner in table.iter(q("table:table")) if depth <= _MAX_NESTING else ():
            if next(inner.iterancestors(q("table:table")), None) is table:
                self._table(inner, depth + 1)


def _is_hidden(section: Element) -> bool:
    """Tell whether a section is not shown: never, or not under the condition that it states."""
    display = section.get(q("text:display"))
    return bool(display == "none" or (display == "condition" and section.get(q("text:is-hidden")) == "true"))
