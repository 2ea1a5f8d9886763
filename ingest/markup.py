"""HTML elements to an outline: what a reader sees of a page, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Comment, Doctype, NavigableString, PreformattedString, Tag

from ingest.limits import MAX_MARKUP_DEPTH
from ingest.outline import Outline
from ingest.questions import is_question
from ingest.tables import Table
from kb.errors import LimitExceeded

_NEVER_SHOWN = (
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed", "head", "form button",
    "select", "textarea", "input", "dialog:not([open])",
)  # fmt: skip
_ROLES_AROUND = ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog")
_AROUND = ("nav", "aside", *(f"[role={role}]" for role in _ROLES_AROUND))
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)"
    r"|font-size\s*:\s*(?:0(?:\.\d+)?|1)(?:px|pt|em|rem|%)?\s*(?:;|$|!)"
    r"|(?:left|top|text-indent|margin-left)\s*:\s*-\d{4,}px|clip\s*:\s*rect\(\s*0[^)]*\)",
    re.IGNORECASE,
)
_WHITE_TEXT = re.compile(
    r"(?:^|;)\s*color\s*:\s*(?:white|#fff(?:fff)?\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)", re.IGNORECASE
)
_BACKGROUND = re.compile(
    r"background(?:-color|-image)?\s*:\s*(?!white|#fff|transparent|none|inherit)", re.IGNORECASE
)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CSS_NAME = re.compile(r"^[.#][\w-]+$")
_CSS_MEDIA = re.compile(r"@[^{}]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")

_CLOSED_TAG = re.compile(
    r"<(/?)(?:div|span|table|ul|ol|dl|section|article|b|i|em|strong|font|a|blockquote|form|center|details|main|small"
    r"|code|sub|sup|u|label|fieldset|figure|nav|aside|header|footer)\b(?![^<>]*/>)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^h([1-6])$")
_SUMMARY_LEVEL = 7  # below every h1 to h6
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_MAX_SPAN = 200  # columns or rows that a cell may cover
_MENU_LINK_SHARE = 0.8  # of the characters of a list or block that is navigation
_MENU_LINKS = 4


def check_depth(markup: str) -> None:
    """Raise ``LimitExceeded`` for a page nested so deeply that building its tree would take minutes.

    Only elements that must be closed are counted, before anything is built.
    """
    depth = 0
    for tag in _CLOSED_TAG.finditer(markup):
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        if depth > 3 * MAX_MARKUP_DEPTH:
            raise LimitExceeded(f"elements are nested more than {3 * MAX_MARKUP_DEPTH} deep: simplify the page")


def drop_unseen(soup: BeautifulSoup) -> int:
    """Remove what a page does not show; return how many characters of hidden text were removed."""
    for selector in _NEVER_SHOWN:
        if selector == "head":
            continue
        for element in soup.select(selector):
            element.decompose()
    hidden = 0
    for element in list(_hidden_elements(soup)):
        if not element.decomposed:
            hidden += len("".join(element.get_text().split()))
            element.decompose()
    return hidden


def css_hidden_names(soup: BeautifulSoup) -> set[str]:
    """Return the classes (``.x``) and ids (``#x``) that the page's own style sheets hide."""
    names: set[str] = set()
    for style in soup.find_all("style"):
        rules = _CSS_MEDIA.sub("", _CSS_COMMENT.sub("", style.get_text()))
        for selectors, body in _CSS_RULE.findall(rules):
            if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", body, re.IGNORECASE):
                names.update(part for part in (s.strip() for s in selectors.split(",")) if _CSS_NAME.match(part))
    return names


def drop_named(soup: BeautifulSoup, names: set[str]) -> int:
    """Remove the elements of these classes and ids; return how many characters went."""
    hidden = 0
    for name in sorted(names):
        for element in soup.select(name):
            if not element.decomposed:
                hidden += len("".join(element.get_text().split()))
                element.decompose()
    return hidden


def _hidden_elements(soup: BeautifulSoup) -> Iterator[Tag]:
    for element in soup.find_all(True):
        if element.has_attr("hidden"):
            yield element
            continue
        style = str(element.get("style") or "")
        white = _WHITE_TEXT.search(style) or str(element.get("color") or "").lower() in ("white", "#ffffff")
        if _HIDING.search(style) or (white and not any(map(_has_background, (element, *element.parents)))):
            yield element


def _has_background(element: Tag) -> bool:
    return bool(
        element.get("bgcolor") or element.get("background") or element.get("class")
        or _BACKGROUND.search(str(element.get("style") or ""))
    )  # fmt: skip


def drop_surroundings(root: Tag) -> None:
    """Remove menus, side columns, page headers and footers; keep them where nothing else is."""
    for selector in _AROUND:
        for element in root.select(selector):
            element.decompose()
    for element in root.select("header, footer"):
        if not element.decomposed and not any(p.name in ("article", "main", "section") for p in element.parents):
            element.decompose()
    for element in root.find_all(["ul", "ol", "div", "p"]):
        if not element.decomposed and _is_menu(element):
            element.decompose()


def _is_menu(element: Tag) -> bool:
    """Tell whether nearly all of the text of an element is short links."""
    links = element.find_all("a")
    if len(links) < _MENU_LINKS or element.find(["p", "table", *(f"h{level}" for level in range(1, 7))]):
        return False
    text = len("".join(element.get_text().split()))
    linked = ["".join(link.get_text().split()) for link in links]
    characters = sum(map(len, linked))
    return text > 0 and characters >= _MENU_LINK_SHARE * text and characters <= 15 * len(links)


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
        if element.name in _BLOCKS:
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
        elif tag.name in _BLOCKS:
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
        text = " ".join(tidy_inline(_inline_text(item)).split())
        if text:
            marker = f"{number}." if tag.name == "ol" else "-"
            yield f"{'  ' * indent}{marker} {text}"
            number += 1
        yield from nested


def _inline_text(tag: Tag) -> str:
    """Return the text of an element with blanks where blocks and line breaks part it, and nowhere else."""
    parts: list[str] = []
    for node in tag.descendants:
        if isinstance(node, NavigableString):
            if not isinstance(node, (Comment, Doctype, PreformattedString)):
                parts.append(str(node))
        elif isinstance(node, Tag) and (node.name in _BLOCKS or node.name == "br"):
            parts.append("\n")
        elif isinstance(node, Tag) and node.name == "img":
            parts.append(f" {node.get('alt') or ''} ")
    return "".join(parts)


def read_table(tag: Tag) -> Table:
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
            text = " ".join(tidy_inline(_inline_text(cell)).split())
            for across in range(_span(cell, "colspan")):
                cells[column + across] = text
                for down in range(1, _span(cell, "rowspan")):
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
        tidy_inline(caption.get_text(" ")) if isinstance(caption, Tag) else "",
    )


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() else 1


def tidy_inline(text: str) -> str:
    r"""Return running text with white space as a browser shows it; ``\\n`` is where the page breaks a line."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
