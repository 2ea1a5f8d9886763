"""Parts that the OpenDocument formats share: the XML inside, styles that hide, text of paragraphs and tables."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.limits import MAX_CELLS, check_archive
from ingest.structure.tables import Merged
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile, LimitExceeded

_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
_TINY = re.compile(r"^(?:[01](?:\.\d+)?|2(?:\.0+)?)pt$")  # text of 2 points or less is not meant to be read
_MAX_REPEAT = 1000  # times that one filled cell or row is written; empty ones are repeated to the sheet's edge
_MAX_NESTING = 60

Element = Any  # lxml elements


def q(name: str) -> str:
    """Return the full name of an element or attribute: ``text:p``."""
    space, _, local = name.partition(":")
    return f"{{{_SPACES[space]}}}{local}"


class OpenDocument:
    """An open file of the family.

    Attributes:
        body: the element that holds the text, the sheets or the slides.
        title: what the file says its title is, empty where it says nothing.
        hidden: characters of hidden text seen so far.
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
        self.hidden = 0
        self._hiding: set[str] = set()
        self.headings: dict[str, int] = {}
        self._counted: set[tuple[str, int]] = set()
        for root in (styles, content):
            for style in root.iter(q("style:style")) if root is not None else ():
                self._read_style(style)
            for level in root.iter(q("text:list-level-style-number")) if root is not None else ():
                name = str(level.getparent().get(q("style:name")) or "")
                self._counted.add((name, _count(level, "text:level")))

    def _read_style(self, style: Element) -> None:
        name = str(style.get(q("style:name")) or "")
        shown = style.find(q("style:text-properties"))
        if shown is not None:
            white = str(shown.get(q("fo:color")) or "").lower() in ("#ffffff", "#fefefe")
            ground = str(shown.get(q("fo:background-color")) or "transparent")
            white = white and ground in ("transparent", "#ffffff") and style.get(q("style:family")) == "text"
            none = shown.get(q("text:display")) == "none"
            if none or white or _TINY.match(str(shown.get(q("fo:font-size")) or "")):
                self._hiding.add(name)
        parent = str(style.get(q("style:parent-style-name")) or "")
        for candidate in (name, parent):
            if candidate == "Title":
                self.headings[name] = 1
            elif candidate in self.headings:
                self.headings[name] = self.headings[candidate]

    def text(self, element: Element, depth: int = 0) -> str:
        """Return the visible text of a paragraph; what its style hides is counted."""
        if depth > _MAX_NESTING:
            return ""
        parts = [element.text or ""]
        for child in element:
            parts.append(self._inner(child, depth) if isinstance(child.tag, str) else "")
            parts.append(child.tail or "")
        return "".join(parts)

    def _inner(self, child: Element, depth: int) -> str:
        if child.tag == q("text:s"):
            return " "
        if child.tag == q("text:tab"):
            return " "
        if child.tag == q("text:line-break"):
            return "\n"
        if child.tag in (
            q("office:annotation"),
            q("text:note-citation"),
            q("text:tracked-changes"),
        ):
            return ""
        if child.tag == q("draw:frame"):  # what it holds else is read apart; this names it for who cannot see it
            named = child.find(q("svg:desc")) if child.find(q("draw:image")) is not None else None
            return f" {named.text or ''} " if named is not None else ""
        if child.tag == q("text:hidden-text") or str(child.get(q("text:style-name"))) in self._hiding:
            self.hidden += len("".join("".join(child.itertext()).split()))
            return ""
        inner = self.text(child, depth + 1)
        return f" ({inner.strip()})" if child.tag == q("text:note") else inner

    def is_hidden(self, paragraph: Element) -> bool:
        """Tell whether a paragraph's style hides all of it; its characters are counted then."""
        hides = str(paragraph.get(q("text:style-name"))) in self._hiding
        if hides:
            self.hidden += len("".join("".join(paragraph.itertext()).split()))
        return hides

    def list_lines(self, element: Element, indent: int = 0, style: str = "") -> list[str]:
        """Return the lines of a list with their marks, nested lists indented; an empty item is not counted."""
        style = str(element.get(q("text:style-name")) or style)
        lines: list[str] = []
        number = 0
        for item in element.findall(q("text:list-item")) if indent < _MAX_NESTING else ():
            fresh = True
            for child in item:
                if child.tag == q("text:list"):
                    lines += self.list_lines(child, indent + 1, style)
                elif child.tag in (q("text:p"), q("text:h")) and not self.is_hidden(child):
                    text = " ".join(self.text(child).split())
                    number += bool(text and fresh)
                    mark = f"{number}." if (style, indent + 1) in self._counted else "-"
                    lines += [f"{'  ' * indent}{mark if fresh else ' '} {text}"] if text else []
                    fresh = fresh and not text
        return lines

    def cell_text(self, cell: Element) -> str:
        """Return the text of a table cell, its paragraphs on lines of their own."""
        kinds = (q("text:p"), q("text:h"))
        shown = [p for p in cell.iter(*kinds) if p.getparent().tag != q("office:annotation")]
        return "\n".join(self.text(paragraph) for paragraph in shown if not self.is_hidden(paragraph))


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
        if cells and row.get(q("table:visibility")) not in ("collapse", "filter"):
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
