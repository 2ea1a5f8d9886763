"""Menus, side columns, banners: what stands around the text of a page and is no part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import Tag

from ingest.formats.markup.walk import named

_AROUND = frozenset(["navigation", "banner", "contentinfo", "search", "menu", "menubar"])
_BUTTONS = frozenset(["submit", "button", "reset", "image"])
_ASIDE = frozenset(["complementary", "dialog", "alertdialog"])
_SIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:side-?bar|ad|ads|advert\w*|sponsor\w*|promo\w*|related|share|sharing|social|newsletter|subscribe"
    r"|toc|table-of-contents|menu|nav|navigation|navbar|breadcrumbs?|widgets?|recommend\w*|cookies?|popup|chat)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CRUMBS = re.compile(r"(?:^|[\s_-])breadcrumbs?(?:$|[\s_-])", re.IGNORECASE)
_BANNER = re.compile(
    r"(?:cookie|gdpr|consent|privacy)s?[-_]?(?:law[-_]?)?(?:info[-_]?)?"
    r"(?:banner|consent|notice|bar|pop-?up|modal|dialog|message|overlay|alert|notification|box|wall|prompt|layer)"
    r"|onetrust|cookiebot|cybot|^cc-(?:window|banner)|didomi|usercentrics|osano|truste|qc-cmp|klaro|borlabs",
    re.IGNORECASE,
)
_MAX_BANNER = 3_000  # characters; a page about cookies is no banner
_MENU_LINK_SHARE = 0.8  # of the characters of a list or block that is navigation; chosen, see bench_fidelity.py
_MENU_LINKS = 4
_MENU_LINK = 15  # characters of a menu's link, on average
_HEADINGS = [f"h{level}" for level in range(1, 7)]


def surroundings(root: Tag) -> Iterator[Tag]:
    """Yield menus, side columns, banners, page headers and footers below an element; none inside another one."""
    found: set[int] = set()
    for element in _all_around(root):
        if id(element) not in found and not any(id(above) in found for above in element.parents):
            found.add(id(element))
            yield element


def _all_around(root: Tag) -> Iterator[Tag]:
    yield from (element for element in root.find_all(True) if _is_around(element))
    yield from (element for element in root.find_all(True) if _is_side(element))
    for element in named(root, ("header", "footer")):
        if not any(above.name in ("article", "main", "section", "details") for above in element.parents):
            yield element
    yield from (element for element in named(root, ("div", "section", "form")) if is_banner(element))
    yield from (element for element in named(root, ("ul", "ol", "div", "p", "section")) if is_menu(element))


def _is_around(element: Tag) -> bool:
    """Tell whether an element says of itself that it is a menu, a head, a foot, a button or a trail."""
    if element.name == "nav" or element.get("role") in _AROUND:
        return True
    if element.name in ("ol", "ul") and _CRUMBS.search(_called(element)):
        return True
    if element.name == "button":
        return any(above.name == "form" for above in element.parents)
    return element.name == "input" and str(element.get("type") or "").lower() in _BUTTONS


def _is_side(element: Tag) -> bool:
    """Tell whether an ``aside`` or a dialog is a side column, an advertisement or a form, not a notice."""
    if element.name not in ("aside", "dialog") and element.get("role") not in _ASIDE:
        return False
    if _SIDE_NAMES.search(_called(element)) or is_banner(element) or is_form(element):
        return True
    return is_menu(element, links=2)


def is_banner(element: Tag) -> bool:
    """Tell whether an element asks for consent to cookies."""
    return bool(_BANNER.search(_called(element))) and len(element.get_text()) <= _MAX_BANNER


def is_form(element: Tag) -> bool:
    """Tell whether an element is there to log in, to search or to subscribe."""
    fields = element.select(
        "input[type=password], input[type=email], input[type=search], input[type=tel], textarea"
    )
    return bool(fields) and len(element.get_text(strip=True)) < 100 * len(fields) + 200


def is_menu(element: Tag, links: int = _MENU_LINKS) -> bool:
    """Tell whether nearly all of the text of an element is short links, so many at least."""
    found = element.find_all("a")
    if len(found) < links or element.find(["p", "table", *_HEADINGS]):
        return False
    text = len("".join(element.get_text().split()))
    linked = sum(len("".join(link.get_text().split())) for link in found)
    return text > 0 and linked >= _MENU_LINK_SHARE * text and linked <= _MENU_LINK * len(found)


def _called(element: Tag) -> str:
    """Return what an element is called: its id, classes and label."""
    classes = element.get("class") or ()
    names = [classes] if isinstance(classes, str) else list(classes)
    return " ".join([str(element.get("id") or ""), *names])
