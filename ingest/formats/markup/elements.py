"""HTML elements to an outline: what a reader sees of a page, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import Comment, Doctype, NavigableString, PreformattedString, Tag

from ingest.formats.markup.inline import BLOCKS, inline_text, read_table, tidy_inline
from ingest.limits import MAX_MARKUP_DEPTH
from ingest.structure.outline import Outline
from ingest.text.questions import is_question
from kb.errors import LimitExceeded

_HEADING = re.compile(r"^h([1-6])$")
_SUMMARY_LEVEL = 7  # below every h1 to h6


def fill_outline(outline: Outline, root: Tag, page: int | None = None) -> None:
    """Add everything that ``root`` holds to the outline, in reading order.

    Raises:
        LimitExceeded: elements are nested too deeply.
    """
    _Walk(outline, page).block(root, 0)


class _Walk:
    """One pass over a tree: inline text is gathered until a block begins or ends."""

    def __init__(self, outline: Outline, page: int | None) -> None:
        self._outline = outline
        self._page = page
        self._line: list[str] = []

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
        heading = _HEADING.match(tag.name)
        if tag.name == "br":
            self._line.append("\n")
        elif tag.name == "img":
            self._line.append(f" {tag.get('alt') or ''} ")
        elif heading or tag.name == "summary" or tag.get("role") == "heading":
            self._flush()
            level = int(heading.group(1)) if heading else _SUMMARY_LEVEL
            if not heading and str(tag.get("aria-level") or "").isdigit():
                level = int(str(tag["aria-level"]))
            self._outline.heading(tidy_inline(tag.get_text(" ")), level, self._page)
        elif tag.name in ("ul", "ol"):
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
        elif tag.name in BLOCKS:
            self._flush()
            self.block(tag, depth)
        else:
            self.block(tag, depth)

    def _list(self, tag: Tag, depth: int) -> None:
        if tag.find([*(f"h{level}" for level in range(1, 7)), "table", "details", "dl"]):
            self.block(tag, depth)  # a list that lays out the page
            return
        lines = list(_list_lines(tag, 0))
        if lines:
            self._outline.paragraph("\n".join(lines), self._page)

    def _definitions(self, tag: Tag, depth: int) -> None:
        term = ""
        for child in tag.find_all(["dt", "dd"]):
            text = tidy_inline(child.get_text(" "))
            if child.name == "dt":
                if term:
                    self._outline.paragraph(term, self._page)
                term = text
            elif term and is_question(term):
                self._outline.paragraph(f"Q: {term}\nA: {text}", self._page)
                term = ""
            else:
                self._outline.paragraph(f"{term.rstrip(':：')}: {text}" if term else text, self._page)
                term = ""
        if term:
            self._outline.paragraph(term, self._page)

    def _table(self, tag: Tag, depth: int) -> None:
        table = read_table(tag)
        width = max((len(row) for row in table.rows), default=0)
        if tag.find("table") or width < 2 or tag.find([*(f"h{level}" for level in range(1, 5))]):
            self.block(tag, depth)  # a table that lays out the page
        else:
            self._outline.table(table, self._page)


def _list_lines(tag: Tag, indent: int) -> Iterator[str]:
    start = str(tag.get("start") or "1")
    number = int(start) if start.isdigit() else 1
    for item in tag.find_all("li", recursive=False):
        inner = [child for child in item.find_all(["ul", "ol"]) if child.find_parent(["ul", "ol"]) is tag]
        nested = [line for child in inner if indent < 10 for line in _list_lines(child, indent + 1)]
        for child in inner:
            child.extract()
        text = " ".join(tidy_inline(inline_text(item)).split())
        if text:
            marker = f"{number}." if tag.name == "ol" else "-"
            yield f"{'  ' * indent}{marker} {text}"
            number += 1
        yield from nested
