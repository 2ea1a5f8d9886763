"""What a reader of a web page sees: hidden elements go and are counted, menus and what is around the text go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag

from ingest.limits import MAX_MARKUP_DEPTH
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
