"""Parts of a Word document beside its body: notes, comments, headers, and documents that are put in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ingest.formats import load
from ingest.formats.word.text import words
from ingest.text.omissions import Omissions
from ingest.types import SourceFile
from kb.errors import LoadError
from kb.types import Document, Omitted

_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "message/rfc822": ".mht",
    "multipart/related": ".mht",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "application/msword": ".doc",
}
"""Content types of documents that are put in to the endings of their formats; all others are Word documents."""

_COMMENTS = ("comments",)
_AROUND = ("header", "footer")
_MAX_DEPTH = 3  # documents in documents in documents
_INSIDE = "!/"  # between the uri of a file and the name of what is inside it

Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


class Parts:
    """What a document holds beside its body.

    Attributes:
        warnings: what could not be read, one sentence each.
        read_paragraph: returns the text of a paragraph of a part, as that of the body is read.
    """

    def __init__(self, document: Any, source: SourceFile, omissions: Omissions) -> None:
        self._part = document.part
        self._source = source
        self._omissions = omissions
        self._notes: dict[str, dict[str, Element]] = {}
        self._note_parts: dict[str, Any] = {}
        self._in_note = False
        self.warnings: tuple[str, ...] = ()
        self.read_paragraph: Callable[[Element, Any], str]

    def _of_kind(self, *kinds: str) -> list[Any]:
        """Return the parts of these kinds, each once."""
        found = {
            id(relation.target_part): relation.target_part
            for relation in self._part.rels.values()
            if not relation.is_external and relation.reltype.rpartition("/")[2] in kinds
        }
        return list(found.values())

    def note(self, kind: str, identifier: str) -> str:
        """Return the text of a note.

        Args:
            kind: ``footnotes`` or ``endnotes``.
            identifier: that the reference to it names.
        """
        if kind not in self._notes:
            self._notes[kind] = {}
            for part in self._of_kind(kind):
                self._note_parts[kind] = part
                for note in parse_xml(part.blob):
                    if note.get(qn("w:type")) in (None, "normal"):
                        self._notes[kind][str(note.get(qn("w:id")))] = note
        found = self._notes[kind].get(identifier)
        if found is None or self._in_note:
            return ""
        self._in_note = True
        try:
            read = [self.read_paragraph(one, self._note_parts[kind]) for one in found.iter(qn("w:p"))]
        finally:
            self._in_note = False
        return " ".join(" ".join(read).split())

    def chunk(self, element: Element) -> list[Document]:
        """Return what a document that is put in (``w:altChunk``) is read as, none where it cannot be read."""
        relation = self._part.rels.get(str(element.get(qn("r:id")) or ""))
        if relation is None or relation.is_external:
            self._omissions.count(Omitted.UNKNOWN, name="a document put in by reference")
            return []
        part = relation.target_part
        ending = _ENDINGS.get(str(part.content_type).split(";")[0].strip().lower(), ".docx")
        if self._source.uri.count(_INSIDE) >= _MAX_DEPTH:
            return []
        try:
            with tempfile.TemporaryDirectory(prefix="faq-") as folder:
                path = Path(folder, f"part{ending}")
                path.write_bytes(part.blob)
                inner = replace(
                    self._source, uri=f"{self._source.uri}{_INSIDE}part{ending}", path=path, sidecar=None
                )
                documents = list(load(inner))
        except LoadError as error:
            self.warnings += (f"a document that is put in could not be read ({error})",)
            return []
        for document in documents:
            self._omissions.add(document.omitted)
        return documents

    def leave_surroundings(self) -> None:
        """Note comments, headers and footers as left out: they are not the text."""
        for part in self._of_kind(*_COMMENTS):
            for comment in parse_xml(part.blob):
                self._omissions.leave(Omitted.COMMENTS, _lines(comment))
        for part in self._of_kind(*_AROUND):
            self._omissions.leave(Omitted.SURROUNDINGS, _lines(parse_xml(part.blob)))


def _lines(element: Element) -> str:
    return "\n".join(words(paragraph) for paragraph in element.iter(qn("w:p")))
