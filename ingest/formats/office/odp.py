"""OpenDocument slides: titles as headings, texts and lists, tables as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.formats.markup.page import hidden_warning
from ingest.formats.office.opendocument import OpenDocument, q, table_rows
from ingest.limits import MAX_PAGES
from ingest.structure.outline import Outline
from ingest.structure.tables import Table
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import LimitExceeded
from kb.types import Document

_MAX_NESTING = 30
_AROUND = ("header", "footer", "date-time", "page-number")

Element = Any  # lxml elements


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a presentation; speaker notes are left out and reported.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no OpenDocument presentation.
        LimitExceeded: it has more slides, or unpacks to more, than is read.
    """
    document = OpenDocument(source, "presentation")
    outline = Outline()
    slides = document.body.findall(q("draw:page"))
    if len(slides) > MAX_PAGES:
        raise LimitExceeded(f"{source.path.name} has {len(slides):,} slides, more than {MAX_PAGES:,}: split it")
    warnings: list[str] = []
    for number, slide in enumerate(slides, start=1):
        outline.close_headings()
        shapes = [shape for shape in slide if isinstance(shape.tag, str)]
        notes = [shape for shape in shapes if shape.tag == q("presentation:notes")]
        if any(document.cell_text(note).strip() for note in notes):
            warnings.append(f"the speaker notes of slide {number} were left out")
        shown = [shape for shape in shapes if shape not in notes]
        titles = [shape for shape in shown if shape.get(q("presentation:class")) == "title"]
        for shape in titles:
            outline.heading(document.cell_text(shape), 2, number)
        for shape in shown:
            if shape not in titles and shape.get(q("presentation:class")) not in _AROUND:
                _blocks(document, outline, shape, number, source.path.name, 0)
    title, sections = outline.finish("", document.title or file_title(source.path))
    yield Document(source.uri, title, sections, warnings=(*warnings, *hidden_warning(document.hidden)))


def _blocks(document: OpenDocument, outline: Outline, parent: Element, number: int, name: str, depth: int) -> None:
    """Add what a shape holds."""
    for child in parent if depth <= _MAX_NESTING else ():
        if child.tag == q("text:p"):
            if not document.is_hidden(child):
                outline.paragraph(document.text(child), number)
        elif child.tag == q("text:list"):
            outline.paragraph("\n".join(document.list_lines(child)), number)
        elif child.tag == q("table:table"):
            rows = [tuple(" ".join(c.split()) for c in row) for _, row in table_rows(document, child, name)]
            width = max(map(len, rows), default=0)
            outline.table(Table([row + ("",) * (width - len(row)) for row in rows]), number)
        elif isinstance(child.tag, str):
            _blocks(document, outline, child, number, name, depth + 1)
