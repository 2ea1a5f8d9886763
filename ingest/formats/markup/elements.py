"""HTML elements to an outline: what a reader sees of a page, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import Comment, Doctype, NavigableString, PreformattedString, Tag

from ingest.formats.markup.inline import BLOCKS, inline_text, read_table, tidy_inline
from ingest.formats.markup.lists import google_level, numbered
from ingest.formats.markup.styles import Styles
from ingest.limits import MAX_MARKUP_DEPTH
from ingest.structure.outline import Outline
from ingest.text.questions import is_question
from kb.errors import LimitExceeded

_HEADING = re.compile(r"^h([1-6])$")
_SUMMARY_LEVEL = 7  # below every h1 to h6
_DEEPEST_LIST = 10  # levels of indentation; deeper lists are written as deep as this
_BOX_ALONE = re.compile(r"^([☑☐◉○])\n")
_OWN_BLOCKS = frozenset(("table", "details", "dl", "pre", "figure", *(f"h{level}" for level in range(1, 7))))
"""What stands in a list item as a block of its own, not as one of its lines."""


def fill_outline(outline: Outline, root: Tag, styles: Styles, page: int | None = None) -> None:
    """Add everything that ``root`` holds to the outline, in reading order.

    Raises:
        LimitExceeded: elements are nested too deeply.
    """
    _Walk(outline, styles, page).block(root, 0)


class _Walk:
    """One pass over a tree: inline text is gathered until a block begins or ends."""

    def __init__(self, outline: Outline, styles: Styles, page: int | None) -> None:
        self._outline = outline
        self._styles = styles
        self._page = page
        self._line: list[str] = []
        self._details = 0

    def _flush(self) -> None:
        text = tidy_inline("".join(self._line))
        self._line = []
        if text:
            self._outline.paragraph(text, self._page)

    def block(self, element: Tag, depth: int) -> None:
        """Add one element and everything in it."""
        if depth > MAX_MARKUP_DEPTH:
            raise LimitExceeded(f"elements are nested more than {MAX_MARKUP_DEPTH} deep: simplify the page")
        for child in element.children:
            if isinstance(child, NavigableString):
                if not isinstance(child, (Comment, Doctype, PreformattedString)):
                    self._line.append(str(child))
            elif isinstance(child, Tag):
                self._tag(child, depth + 1)
        if element.name in BLOCKS:
            self._flush()

    def _tag(self, tag: Tag, depth: int) -> None:
        if _HEADING.match(tag.name) or tag.name == "summary" or tag.get("role") == "heading":
            self._flush()
            self._heading(tag, depth)
        elif tag.name == "br":
            self._line.append("\n")
        elif tag.name in ("ul", "ol", "menu", "dir"):
            self._flush()
            self._list(tag, depth)
        elif tag.name == "dl":
            self._flush()
            self._definitions(tag, depth)
        elif tag.name == "table":
            self._flush()
            self._table(tag, depth)
        elif tag.name == "pre":
            self._flush()
            self._outline.paragraph(tag.get_text().strip("\n"), self._page)
        elif tag.name == "details":
            self._flush()
            self._details += 1
            self.block(tag, depth)
            self._details -= 1
            self._outline.end_section(_SUMMARY_LEVEL + self._details)
        elif tag.name in BLOCKS:
            self._flush()
            self.block(tag, depth)
        else:
            self.block(tag, depth)

    def _heading(self, tag: Tag, depth: int, mark: str = "") -> None:
        heading = _HEADING.match(tag.name)
        level = int(heading.group(1)) if heading else _SUMMARY_LEVEL + max(self._details - 1, 0)
        if not heading and str(tag.get("aria-level") or "").isdigit():
            level = int(str(tag["aria-level"]))
        if tag.find(["table", "ul", "ol", "dl", "pre"]) is not None:
            self.block(tag, depth)  # a heading that holds the page, because nobody closed it
            return
        text = " ".join(inline_text(tag).split())
        self._outline.heading(f"{mark} {text}" if mark and text else text, level, self._page)

    def _list(self, tag: Tag, depth: int) -> None:
        """Add a list: its items as lines, what stands in them as a block after the lines above it."""
        lines: list[str] = []
        for part in self._list_parts(tag, max(google_level(tag), 0), depth):
            if isinstance(part, str):
                lines.append(part)
                continue
            if lines:
                self._outline.paragraph("\n".join(lines), self._page)
                lines = []
            block, mark = part
            if _HEADING.match(block.name):
                self._heading(block, depth, mark if mark != "-" else "")
            else:
                self._tag(block, depth + 1)
                self._flush()
        if lines:
            self._outline.list_lines("\n".join(lines), self._page, goes_on=google_level(tag) >= 0)

    def _list_parts(self, tag: Tag, indent: int, depth: int) -> Iterator[str | tuple[Tag, str]]:
        """Yield the lines of a list, and the blocks between them with the mark that is not written yet."""
        if depth > MAX_MARKUP_DEPTH:
            raise LimitExceeded(f"elements are nested more than {MAX_MARKUP_DEPTH} deep: simplify the page")
        space = "  " * min(indent, _DEEPEST_LIST)
        for child, mark in numbered(tag, self._styles):
            if child.name in ("ul", "ol"):
                yield from self._list_parts(child, indent + 1, depth + 1)
                continue
            fresh = True
            for piece in _pieces(child, depth):
                if isinstance(piece, str):
                    for line in _BOX_ALONE.sub(r"\1 ", tidy_inline(piece)).split("\n"):
                        if line:
                            yield (
                                f"{space}{mark} {line}"
                                if fresh and mark
                                else f"{space}{'' if fresh else '  '}{line}"
                            )
                            fresh = False
                elif piece.name in ("ul", "ol", "menu", "dir"):
                    yield from self._list_parts(piece, indent + 1, depth + 1)
                else:
                    yield piece, mark if fresh else ""
                    fresh = False

    def _definitions(self, tag: Tag, depth: int) -> None:
        terms: list[str] = []
        for child in tag.find_all(["dt", "dd"]):
            if child.find_parent("dl") is not tag:
                continue
            if child.name == "dt":
                terms.append(" ".join(inline_text(child).split()))
            else:
                self._definition(", ".join(filter(None, terms)), child, depth)
                terms = []
        for term in filter(None, terms):
            self._outline.paragraph(term, self._page)

    def _definition(self, term: str, definition: Tag, depth: int) -> None:
        """Add what is told of a term: a question with its answer, or both on one line where that is short."""
        blocks = definition.find(["ul", "ol", "table", "dl", "pre", *(f"h{level}" for level in range(1, 7))])
        text = tidy_inline(inline_text(definition))
        if blocks is not None and term:
            self._outline.heading(term, _SUMMARY_LEVEL + self._details, self._page)
            self.block(definition, depth)
            self._flush()
            self._outline.end_section(_SUMMARY_LEVEL + self._details)
        elif term and is_question(term):
            self._outline.paragraph(f"Q: {term}\nA: {text}", self._page)
        else:
            self._outline.paragraph(f"{term.rstrip(':：')}: {text}" if term else text, self._page)

    def _table(self, tag: Tag, depth: int) -> None:
        table = read_table(tag, self._styles)
        width = max((len(row) for row in table.rows), default=0)
        if tag.find("table") or width < 2 or tag.find([*(f"h{level}" for level in range(1, 5))]):
            self.block(tag, depth)  # a table that lays out the page
        else:
            self._outline.table(table, self._page)


def _pieces(item: Tag, depth: int) -> Iterator[str | Tag]:
    """Yield an item's stretches of text, and the lists and blocks between them, in order."""
    text: list[str] = []
    for part in _flat(item, depth):
        if isinstance(part, str):
            text.append(part)
            continue
        if "".join(text).strip():
            yield "".join(text)
        text = []
        yield part
    if "".join(text).strip():
        yield "".join(text)


def _flat(element: Tag, depth: int) -> Iterator[str | Tag]:
    if depth > MAX_MARKUP_DEPTH:
        raise LimitExceeded(f"elements are nested more than {MAX_MARKUP_DEPTH} deep: simplify the page")
    for child in element.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, (Comment, Doctype, PreformattedString)):
                yield str(child)
        elif isinstance(child, Tag):
            if child.name in _OWN_BLOCKS or child.name in ("ul", "ol", "menu", "dir"):
                yield child
            elif child.name == "br":
                yield "\n"
            else:
                around = "\n" if child.name in BLOCKS else ""
                yield around
                yield from _flat(child, depth + 1)
                yield around
