"""OpenDocument slides: titles as headings, texts and lists, tables as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.formats.opendocument.archive import OpenDocument, table_rows
from ingest.formats.opendocument.names import q
from ingest.formats.opendocument.text import shapes
from ingest.limits import MAX_PAGES
from ingest.structure.outline import Outline
from ingest.structure.tables import Table
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import LimitExceeded
from kb.types import Document, Omitted

_MAX_NESTING = 30
_DESCRIPTIONS = (q("svg:desc"), q("svg:title"))
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
        if str(slide.get(q("draw:style-name"))) in document.styles.hidden_pages:
            document.reader.leave(Omitted.HIDDEN, slide)
            warnings.append(f"slide {number} is hidden and was left out")
            continue
        drawn = [shape for shape in slide if isinstance(shape.tag, str)]
        notes = [shape for shape in drawn if shape.tag == q("presentation:notes")]
        for note in notes:
            document.omissions.leave(Omitted.COMMENTS, document.cell_text(note))
        shown = [shape for shape in drawn if shape not in notes]
        titles = [shape for shape in shown if shape.get(q("presentation:class")) == "title"]
        for shape in titles:
            outline.heading(document.cell_text(shape), 2, number)
        for shape in shown:
            if shape not in titles and shape.get(q("presentation:class")) not in _AROUND:
                _shape(document, outline, shape, number, source.path.name, 0)
    title, sections = outline.finish("", document.title or file_title(source.path))
    yield Document(
        uri=source.uri, title=title, sections=sections, warnings=tuple(warnings), omitted=tuple(document.omissions)
    )


def _shape(document: OpenDocument, outline: Outline, shape: Element, number: int, name: str, depth: int) -> None:
    """Add what a shape holds, and what its picture shows."""
    if shape.get(q("draw:display")) in ("none", "printer"):
        document.reader.leave(Omitted.HIDDEN, shape)
        return
    if shape.tag == q("office:annotation"):
        document.reader.leave(Omitted.COMMENTS, shape)
        return
    outline.paragraph(document.reader.picture(shape), number)
    listed: list[str] = []
    for child in shape if depth <= _MAX_NESTING else ():
        if child.tag == q("text:list"):  # a change of style or depth begins another one: to a reader it goes on
            listed += document.reader.list_lines(child)
            continue
        outline.paragraph("\n".join(listed), number)
        listed = []
        if child.tag == q("text:p"):
            outline.paragraph(document.reader.read(child), number)
            for inner in shapes(child):
                _shape(document, outline, inner, number, name, depth + 1)
        elif child.tag == q("table:table"):
            rows = [tuple(" ".join(c.split()) for c in row) for _, row in table_rows(document, child, name)]
            width = max(map(len, rows), default=0)
            outline.table(Table([row + ("",) * (width - len(row)) for row in rows]), number)
        elif isinstance(child.tag, str) and child.tag not in _DESCRIPTIONS:
            _shape(document, outline, child, number, name, depth + 1)
    outline.paragraph("\n".join(listed), number)
