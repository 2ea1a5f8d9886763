"""Text and tables of HTML elements, with white space as a browser shows it."""

from __future__ import annotations

import re

from bs4.element import Comment, Doctype, NavigableString, PreformattedString, Tag

from ingest.formats.markup.lists import numbered
from ingest.formats.markup.styles import Styles
from ingest.structure.tables import Table

_BLOCK_NAMES = """
address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1
h2 h3 h4 h5 h6 header hgroup hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Elements that stand on lines of their own."""

_MAX_SPAN = 200  # columns or rows that a cell may cover


def inline_text(tag: Tag) -> str:
    """Return the text of an element with blanks where blocks and line breaks part it, and nowhere else."""
    parts: list[str] = []
    for node in tag.descendants:
        if isinstance(node, NavigableString):
            if not isinstance(node, (Comment, Doctype, PreformattedString)):
                parts.append(str(node))
        elif isinstance(node, Tag) and (node.name in BLOCKS or node.name == "br"):
            parts.append("\n")
    return "".join(parts)


def read_table(tag: Tag, styles: Styles) -> Table:
    """Return a table with merged cells written into each place they cover."""
    grid: list[dict[int, str]] = []
    header_rows = 0
    pending: dict[tuple[int, int], str] = {}
    rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    for number, row in enumerate(rows):
        cells: dict[int, str] = {column: text for (at, column), text in pending.items() if at == number}
        column = 0
        found = row.find_all(["td", "th"], recursive=False)
        for cell in found:
            while column in cells:
                column += 1
            text = _cell_text(cell, styles)
            for across in range(_span(cell, "colspan")):
                cells[column + across] = text
                for down in range(1, _span(cell, "rowspan", len(rows) - number)):
                    pending[number + down, column + across] = text
            column += 1
        heads = bool(found) and (row.parent is not None and row.parent.name == "thead")
        heads = heads or (len(found) > 1 and all(cell.name == "th" for cell in found))
        if heads and header_rows == number:
            header_rows += 1
        grid.append(cells)
    width = max((max(cells, default=-1) + 1 for cells in grid), default=0)
    caption = tag.find("caption")
    return Table(
        [tuple(cells.get(column, "") for column in range(width)) for cells in grid],
        header_rows or None,
        tidy_inline(inline_text(caption)) if isinstance(caption, Tag) else "",
    )


def _cell_text(cell: Tag, styles: Styles) -> str:
    """Return the text of a cell on one line, the items of lists in it parted and with their numbers."""
    for listed in cell.find_all(["ul", "ol"]):
        for item, mark in list(numbered(listed, styles)):
            following = item.find_next_sibling("li")
            if mark and mark != "-":
                item.insert(0, NavigableString(f"{mark} "))
            if (
                following is not None
                and following.get_text(strip=True)
                and re.search(r"[\w)）]\s*$", item.get_text())
            ):
                item.append(NavigableString(","))
    return " ".join(tidy_inline(inline_text(cell)).split())


def _span(cell: Tag, name: str, rest: int = _MAX_SPAN) -> int:
    """Return how many columns or rows a cell covers; 0 rows are all that follow."""
    value = str(cell.get(name) or "1").strip()
    if value == "0" and name == "rowspan":
        return min(rest, _MAX_SPAN)
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() else 1


def tidy_inline(text: str) -> str:
    r"""Return running text with white space as a browser shows it; ``\\n`` is where the page breaks a line."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
