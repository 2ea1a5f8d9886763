"""OpenDocument texts: headings by level, lists with their marks, tables in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.formats.markup.page import hidden_warning
from ingest.formats.office.opendocument import OpenDocument, header_rows, q, table_rows
from ingest.structure.outline import Outline
from ingest.structure.tables import Table
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.types import Document

_MAX_NESTING = 30
_PASSED_OVER = (
    "text:tracked-changes", "text:sequence-decls", "text:table-of-content", "office:forms",
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
    _Reader(document, outline, source.path.name).blocks(document.body, 0)
    title = "" if outline.has_heading() else document.title
    title, sections = outline.finish(title, document.title or file_title(source.path))
    yield Document(source.uri, title, sections, warnings=hidden_warning(document.hidden))


class _Reader:
    """One pass over the body of a text."""

    def __init__(self, document: OpenDocument, outline: Outline, name: str) -> None:
        self._document = document
        self._outline = outline
        self._name = name
        self._passed_over = frozenset(map(q, _PASSED_OVER))

    def blocks(self, parent: Element, depth: int) -> None:
        """Add everything below an element."""
        if depth > _MAX_NESTING:
            return
        for child in parent:
            if not isinstance(child.tag, str) or child.tag in self._passed_over:
                continue
            if child.tag in (q("text:p"), q("text:h")):
                self._paragraph(child, depth)
            elif child.tag == q("text:list"):
                self._outline.paragraph("\n".join(self._document.list_lines(child)))
            elif child.tag == q("table:table"):
                self._table(child, depth)
            elif child.tag == q("text:section") and child.get(q("text:display")) == "none":
                self._document.hidden += len("".join("".join(child.itertext()).split()))
            else:
                self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> None:
        if not self._document.is_hidden(paragraph):
            text = self._document.text(paragraph)
            level = self._document.headings.get(str(paragraph.get(q("text:style-name"))), 0)
            if paragraph.tag == q("text:h") and not level:
                outlined = str(paragraph.get(q("text:outline-level")) or "1")
                level = 1 + (int(outlined) if outlined.isdecimal() else 1)
            if level:
                self._outline.heading(text, level)
            else:
                self._outline.paragraph(text)
        for frame in paragraph.findall(q("draw:frame")):
            self.blocks(frame, depth + 1)

    def _table(self, table: Element, depth: int) -> None:
        rows = [
            tuple(" ".join(cell.split()) for cell in row)
            for _, row in table_rows(self._document, table, self._name)
        ]
        width = max(map(len, rows), default=0)
        if width < 2:
            for cell in table.iter(q("table:table-cell")):
                self.blocks(cell, depth + 1)
            return
        padded = [row + ("",) * (width - len(row)) for row in rows]
        self._outline.table(Table(padded, header_rows(table) or None))
        for inner in table.iter(q("table:table")) if depth <= _MAX_NESTING else ():
            if next(inner.iterancestors(q("table:table")), None) is table:
                self._table(inner, depth + 1)
