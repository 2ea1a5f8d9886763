"""Word documents: headings by style, lists with their marks, tables in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from ingest.limits import check_archive
from ingest.outline import Outline
from ingest.tables import Row, Table
from ingest.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile
from kb.types import Document

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted document, or the format before 2007
_HEADING_STYLE = re.compile(r"^(?:heading|标题|標題)\s*(\d)$", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"^(?:title|标题|標題)$", re.IGNORECASE)
_TINY_HALF_POINTS = 4  # text of 2 points or less is not meant to be read
_MAX_SPAN = 200
_MAX_NESTING = 20
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
    with source.path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            raise EncryptedFile(f"{source.path.name} is encrypted or in the format before 2007: save it as .docx")
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
    warnings = (f"{reader.hidden} characters of hidden text were left out",) if reader.hidden else ()
    yield Document(source.uri, title, sections, warnings=warnings)


class _Reader:
    """One pass over the body of a document."""

    def __init__(self, document: Any, outline: Outline) -> None:
        self._document = document
        self._outline = outline
        self._styles = _heading_levels(document)
        self._hidden_styles = _hidden_styles(document)
        self._formats = _list_formats(document)
        self._counts: dict[tuple[str, int], int] = {}
        self._list: list[str] = []
        self.hidden = 0

    def read(self) -> None:
        """Fill the outline: body, then footnotes."""
        self._blocks(self._document.element.body, 0)
        self._end_list()
        for note in _footnotes(self._document):
            text = self._text(note)
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
        text = self._text(paragraph)
        properties = paragraph.find(qn("w:pPr"))
        style = _value(properties, "w:pStyle")
        level = self._styles.get(style, 0)
        outlined = _value(properties, "w:outlineLvl")
        if outlined.isdigit() and int(outlined) < 9:
            level = int(outlined) + 2
        if level and text.strip():
            self._end_list()
            self._outline.heading(text, level)
            return
        marker, indent = self._marker(properties, style)
        if marker:
            if text.strip():
                self._list.append("  " * indent + f"{marker} " + " ".join(text.split()))
        elif text.strip():
            self._end_list()
            self._outline.paragraph(text)
        for box in _text_boxes(paragraph):
            self._end_list()
            self._blocks(box, _MAX_NESTING - 1)

    def _end_list(self) -> None:
        if self._list:
            self._outline.paragraph("\n".join(self._list))
            self._list = []

    def _marker(self, properties: Element | None, style: str) -> tuple[str, int]:
        """Return the mark of a list item (``-``, ``3.``) and how deep it is nested; no mark for no item."""
        numbering = properties.find(qn("w:numPr")) if properties is not None else None
        number = _value(numbering, "w:numId")
        indent = int(_value(numbering, "w:ilvl") or 0)
        if not number:
            number, indent = self._formats.by_style.get(style, ("", 0))
        if not number or number == "0":
            return "", 0
        self._counts[number, indent] = self._counts.get((number, indent), 0) + 1
        for key in [key for key in self._counts if key[0] == number and key[1] > indent]:
            del self._counts[key]
        kind = self._formats.kinds.get((number, indent), "bullet")
        return ("-" if kind in ("bullet", "none") else f"{self._counts[number, indent]}."), indent

    def _text(self, element: Element) -> str:
        """Return the visible text of a paragraph (or cell); hidden runs are counted, deleted text is not read."""
        parts: list[str] = []
        for node in _visible_nodes(element):
            if node.tag == qn("w:r"):
                if self._is_hidden(node):
                    self.hidden += sum(len(text.text or "") for text in node.iter(qn("w:t")))
                    continue
                parts.extend(_run_text(node))
            elif node.tag == qn("w:p") and parts and node is not element:
                parts.append("\n")
            elif node.tag.endswith("}t") and node.tag != qn("w:t"):
                parts.append(node.text or "")  # a formula's text
        return "".join(parts)

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return False
        vanish = properties.find(qn("w:vanish"))
        if vanish is not None:
            return (vanish.get(qn("w:val")) or "true") not in ("0", "false", "off")
        if _value(properties, "w:rStyle") in self._hidden_styles:
            return True
        size = _value(properties, "w:sz")
        if size.isdigit() and int(size) <= _TINY_HALF_POINTS:
            return True
        white = _value(properties, "w:color").upper() in ("FFFFFF", "FEFEFE")
        return white and not _has_shading(run)

    def _table(self, table: Element, depth: int) -> None:
        rows: list[Row] = []
        header_rows = 0
        above: dict[int, str] = {}
        for place, row in enumerate(_children(table, "w:tr")):
            cells: list[str] = []
            for cell in _children(row, "w:tc"):
                properties = cell.find(qn("w:tcPr"))
                span = _value(properties, "w:gridSpan")
                merge = properties.find(qn("w:vMerge")) if properties is not None else None
                goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
                text = above.get(len(cells), "") if goes_on else " ".join(self._text(cell).split())
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


def _visible_nodes(element: Element) -> Iterator[Element]:
    """Yield paragraphs, runs and formula texts below an element; not deletions, text boxes or fallbacks."""
    skipped = (qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:pPr"), qn("w:sdtPr"))
    for child in element:
        if not isinstance(child.tag, str) or child.tag in skipped or child.tag.endswith("}Fallback"):
            continue
        if child.tag == qn("w:r"):
            yield child
            continue
        if child.tag == qn("w:p") or child.tag.endswith("/math}t"):
            yield child
        yield from _visible_nodes(child)


def _run_text(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:tab"), qn("w:ptab")):
            yield " "
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"


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


def _value(parent: Element | None, name: str) -> str:
    """Return the value of a property, empty where it is not set."""
    found = parent.find(qn(name)) if parent is not None else None
    return str(found.get(qn("w:val")) or "") if found is not None else ""


def _has_shading(run: Element) -> bool:
    """Tell whether white text stands on a coloured ground: of its run, paragraph, cell or table style."""
    for element in (run, *run.iterancestors()):
        for shading in element.iterfind(f"*/{qn('w:shd')}"):
            if (shading.get(qn("w:fill")) or "auto").upper() not in ("AUTO", "FFFFFF"):
                return True
        if element.tag == qn("w:tbl"):
            return bool(_value(element.find(qn("w:tblPr")), "w:tblStyle"))
    return False


def _heading_levels(document: Any) -> dict[str, int]:
    """Return the level of each heading style by its id: title 1, ``Heading 1`` 2 and so on."""
    levels: dict[str, int] = {}
    for style in document.styles.element.iterfind(qn("w:style")):
        name = _value(style, "w:name")
        named = _HEADING_STYLE.match(name)
        outlined = _value(style.find(qn("w:pPr")), "w:outlineLvl")
        identifier = str(style.get(qn("w:styleId")) or "")
        if named:
            levels[identifier] = int(named.group(1)) + 1
        elif _TITLE_STYLE.match(name):
            levels[identifier] = 1
        elif outlined.isdigit() and int(outlined) < 9:
            levels[identifier] = int(outlined) + 2
        elif _value(style, "w:basedOn") in levels and style.get(qn("w:type")) == "paragraph":
            levels[identifier] = levels[_value(style, "w:basedOn")]
    return levels


def _hidden_styles(document: Any) -> frozenset[str]:
    hidden = [
        str(style.get(qn("w:styleId")))
        for style in document.styles.element.iterfind(qn("w:style"))
        if style.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None
    ]
    return frozenset(hidden)


class _ListFormats:
    """How lists count: ``kinds`` by number id and depth; ``by_style`` for styles that are lists."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, int], str] = {}
        self.by_style: dict[str, tuple[str, int]] = {}


def _list_formats(document: Any) -> _ListFormats:
    formats = _ListFormats()
    for style in document.styles.element.iterfind(qn("w:style")):
        numbering = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        number = _value(numbering, "w:numId")
        if number:
            formats.by_style[str(style.get(qn("w:styleId")))] = (number, int(_value(numbering, "w:ilvl") or 0))
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return formats
    kinds: dict[str, dict[int, str]] = {}
    for abstract in root.iterfind(qn("w:abstractNum")):
        levels = {
            int(level.get(qn("w:ilvl")) or 0): _value(level, "w:numFmt")
            for level in abstract.iterfind(qn("w:lvl"))
        }
        kinds[str(abstract.get(qn("w:abstractNumId")))] = levels
    for number in root.iterfind(qn("w:num")):
        for level, kind in kinds.get(_value(number, "w:abstractNumId"), {}).items():
            formats.kinds[str(number.get(qn("w:numId"))), level] = kind
    return formats


def _footnotes(document: Any) -> list[Element]:
    """Return the footnotes that have text; separators are not footnotes."""
    for relation in document.part.rels.values():
        if relation.reltype == _FOOTNOTES and not relation.is_external:
            from docx.oxml import parse_xml

            root = parse_xml(relation.target_part.blob)
            return [note for note in root.iterfind(qn("w:footnote")) if note.get(qn("w:type")) is None]
    return []
