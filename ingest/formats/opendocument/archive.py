"""Parts that the OpenDocument formats share: the XML inside, and its tables."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.formats.opendocument.names import q
from ingest.formats.opendocument.styles import Styles
from ingest.formats.opendocument.text import OdfText
from ingest.limits import MAX_CELLS, check_archive
from ingest.structure.tables import Merged
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile, LimitExceeded
from kb.types import Omitted

__all__ = ["OpenDocument", "header_rows", "q", "table_rows"]

_MAX_REPEAT = 1000  # times that one filled cell or row is written; empty ones are repeated to the sheet's edge

Element = Any  # lxml elements


class OpenDocument:
    """An open file of the family.

    Attributes:
        body: the element that holds the text, the sheets or the slides.
        title: what the file says its title is, empty where it says nothing.
        styles: how its texts look and its lists count.
        reader: reads its paragraphs, lists and cells.
        omissions: what was left out so far.
    """

    def __init__(self, source: SourceFile, kind: str) -> None:
        """Read the parts of a file.

        Args:
            source: the file.
            kind: ``text``, ``spreadsheet`` or ``presentation``.

        Raises:
            EncryptedFile: a password is needed.
            DamagedFile: it is no OpenDocument of this kind.
            LimitExceeded: it unpacks to more than is read.
        """
        check_archive(source.path)
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist())
            if "content.xml" not in names:
                raise DamagedFile(f"{source.path.name} has no content.xml, as OpenDocuments have: save it anew")
            if "META-INF/manifest.xml" in names:
                manifest = _parse(archive.read("META-INF/manifest.xml"), source)
                if manifest.find(f".//{q('manifest:encryption-data')}") is not None:
                    raise EncryptedFile(f"{source.path.name} needs a password: save it without one")
            content = _parse(archive.read("content.xml"), source)
            styles = _parse(archive.read("styles.xml"), source) if "styles.xml" in names else None
            meta = _parse(archive.read("meta.xml"), source) if "meta.xml" in names else None
        body = content.find(f"{q('office:body')}/{q(f'office:{kind}')}")
        if body is None:
            raise DamagedFile(f"{source.path.name} holds no {kind}: give it the ending of its true format")
        self.body: Element = body
        named = meta.find(f".//{q('dc:title')}") if meta is not None else None
        self.title = (named.text or "").strip() if named is not None else ""
        roots = [root for root in (styles, content) if root is not None]
        self.styles = Styles(roots)
        self.reader = OdfText(self.styles, body)
        self.omissions = self.reader.omissions
        for around in ("style:header", "style:footer", "style:header-left", "style:footer-left"):
            for element in styles.iter(q(around)) if styles is not None else ():
                self.reader.leave(Omitted.SURROUNDINGS, element)

    def cell_text(self, cell: Element) -> str:
        """Return the text of a table cell, its paragraphs on lines of their own."""
        return self.reader.cell_text(cell)


def table_rows(document: OpenDocument, table: Element, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the 1-based numbers and cells of the rows that are not empty, merged cells in each place.

    Raises:
        LimitExceeded: more filled cells than are read; ``name`` is the file's.
    """
    number, seen = 1, 0
    covered: dict[tuple[int, int], str] = {}
    for row in _rows(table):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in (q("table:table-cell"), q("table:covered-table-cell")):
                continue
            while cell.tag == q("table:table-cell") and (number, len(cells)) in covered:
                cells.append(covered[number, len(cells)])  # Pandoc writes no covered cells
            text = document.cell_text(cell)
            repeat = _count(cell, "table:number-columns-repeated")
            across, down = (_count(cell, f"table:number-{side}-spanned") for side in ("columns", "rows"))
            if (across > 1 or down > 1) and text:
                for below in range(min(down, _MAX_REPEAT)):
                    for beside in range(min(across, _MAX_REPEAT)):
                        covered[number + below, len(cells) + beside] = Merged(text) if beside else text
            for _ in range(min(repeat, _MAX_REPEAT)):
                cells.append(text or covered.get((number, len(cells)), ""))
        while cells and not cells[-1]:
            cells.pop()
        repeat = _count(row, "table:number-rows-repeated")
        seen += len(cells) * min(repeat, _MAX_REPEAT)
        if seen > MAX_CELLS:
            raise LimitExceeded(f"{name} has more than {MAX_CELLS:,} cells: split it into several files")
        if cells and row.get(q("table:visibility")) in ("collapse", "filter"):
            document.omissions.leave(Omitted.HIDDEN, " ".join(cells))
        elif cells:
            for more in range(min(repeat, _MAX_REPEAT)):
                yield number + more, list(cells)
        number += repeat


def header_rows(table: Element) -> int:
    """Return how many rows a table marks as its header."""
    return sum(len(group.findall(q("table:table-row"))) for group in table.findall(q("table:table-header-rows")))


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, also those in groups; not those of tables inside its cells."""
    for child in table:
        if child.tag == q("table:table-row"):
            yield child
        elif child.tag in (q("table:table-header-rows"), q("table:table-rows"), q("table:table-row-group")):
            yield from _rows(child)


def _count(element: Element, name: str) -> int:
    value = str(element.get(q(name)) or "1")
    return int(value) if value.isdecimal() and len(value) < 9 else 1


def _parse(content: bytes, source: SourceFile) -> Element:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedFile(f"{source.path.name} holds broken XML ({error}): save it anew") from error
