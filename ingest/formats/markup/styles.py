"""Which style a page's own sheets and attributes give an element: as much of CSS as says what a reader sees.

A full cascade is not needed: rules that set one of a dozen properties are matched, more specific ones win over
others, an attribute wins over all. What external style sheets say is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import Tag
from soupsieve import SelectorSyntaxError

from ingest.formats.markup.walk import named

_PROPERTIES = """
display visibility opacity height max-height width overflow overflow-y font-size color background background-color
background-image text-decoration text-decoration-line vertical-align list-style list-style-type white-space left
top right text-indent margin-left margin-top transform clip clip-path content cursor font-family mso-hide
mso-element
"""
_KNOWN = frozenset(_PROPERTIES.split())
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_AT_BLOCK = re.compile(r"@(?P<name>[\w-]+)(?P<about>[^{};]*)\{(?P<rules>(?:[^{}]*\{[^{}]*\})*[^{}]*)\}")
_AT_LINE = re.compile(r"@(?:import|charset|namespace)[^;{}]*;")
_ON_SCREEN = re.compile(r"^\s*(?:only\s+)?(?:screen|all)\s*$|^\s*$", re.IGNORECASE)
_SIMPLE = re.compile(r"^(?P<tag>[a-z][a-z0-9]*)?(?P<names>(?:[.#][\w-]+)*)$", re.IGNORECASE)
_GENERATED = re.compile(r"::?(?P<where>before|after)\s*$", re.IGNORECASE)
_STATE = re.compile(
    r":(?:checked|target|hover|focus(?:-within|-visible)?|active|popover-open|open|not\([^)]*\))"
    r"|\[(?:open|aria-expanded|aria-hidden|aria-selected|data-state|data-open|hidden)[^\]]*\]"
    r"|[.](?:is-|has-|js-)?(?:open(?:ed)?|active|show(?:n|ing)?|visible|expanded|selected|current|in|on)(?![\w-])",
    re.IGNORECASE,
)
_SHOWING = re.compile(
    r"^(?:display:(?!none)|visibility:visible|opacity:(?!0(?:\.0+)?$)|(?:max-)?height:(?!0(?:px|em|rem|%)?$))"
)
_MAX_SHEET = 400_000  # characters of style sheets that are read; frameworks pasted into a page have 200,000
_MAX_SEARCHED = 60  # selectors that need a search through the page

Style = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule for elements with all of ``names`` (``.class``, ``#id``) and this tag name, where it has one."""

    tag: str
    names: frozenset[str]
    weight: tuple[int, int, int, int]
    style: Style

    def fits(self, tag: str, names: frozenset[str]) -> bool:
        return (not self.tag or self.tag == tag) and self.names <= names


class Styles:
    """The styles of the elements of one page."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.external = any(
            "stylesheet" in (link.get("rel") or ()) and link.has_attr("href") for link in named(soup, ("link",))
        )
        """Whether the page has style sheets that are not in it."""
        self._rules: dict[str, list[_Rule]] = {}
        self._searched: dict[int, list[_Rule]] = {}
        self._revealed: list[_Rule] = []
        self._known: dict[int, Style] = {}
        self.generated: list[tuple[str, Tag, str]] = []
        """What style sheets write before or after elements: where, the element, the value of ``content``."""
        self._before: dict[int, str] = {}
        self._searches = 0
        self._present = {name for element in soup.find_all(True) for name in _names(element)}
        text = "\n".join(sheet.get_text() for sheet in soup.find_all("style"))[:_MAX_SHEET]
        for order, (selector, body) in enumerate(_rules(text)):
            style = read_style(body)
            if style:
                self._add(soup, selector.strip(), style, order)

    def of(self, element: Tag) -> Style:
        """Return what is known of an element's own style."""
        known = self._known.get(id(element))
        if known is None:
            known = self._known[id(element)] = self._find(element)
        return known

    def before(self, element: Tag) -> str:
        """Return what a style sheet writes before an element, as the value of ``content``."""
        return self._before.get(id(element), "")

    def is_revealed(self, element: Tag) -> bool:
        """Tell whether a rule shows elements of these classes in another state: opened, checked, pointed at."""
        names = _names(element)
        return any(rule.fits(element.name, names) for rule in self._revealed)

    def _find(self, element: Tag) -> Style:
        attribute = element.get("style")
        if not self._rules and not self._searched:
            return read_style(str(attribute)) if attribute else {}
        names = _names(element)
        rules = list(self._searched.get(id(element), ()))
        for key in (*names, element.name):
            rules.extend(rule for rule in self._rules.get(key, ()) if rule.fits(element.name, names))
        if not rules and not attribute:
            return {}
        style: dict[str, str] = {}
        for rule in sorted(rules, key=lambda rule: rule.weight):
            style.update(rule.style)
        return style | read_style(str(attribute or ""))

    def _add(self, soup: BeautifulSoup, selector: str, style: Style, order: int) -> None:
        generated = _GENERATED.search(selector)
        if generated:
            if style.get("content"):
                for element in self._search(soup, selector[: generated.start()] or "*"):
                    self.generated.append((generated["where"].lower(), element, style["content"]))
                    if generated["where"].lower() == "before":
                        self._before[id(element)] = style["content"]
            return
        if _STATE.search(selector) and any(_SHOWING.match(f"{name}:{value}") for name, value in style.items()):
            last = _STATE.sub("", re.split(r"[\s>+~]+", selector)[-1])
            simple = _SIMPLE.match(last)
            if simple and simple["names"]:
                self._revealed.append(_Rule(simple["tag"] or "", _split(simple["names"]), (0, 0, 0, 0), {}))
        weight = (selector.count("#"), len(re.findall(r"[.\[:]", selector)), len(selector.split()), order)
        simple = _SIMPLE.match(selector)
        if simple:
            rule = _Rule((simple["tag"] or "").lower(), _split(simple["names"]), weight, style)
            self._rules.setdefault(min(rule.names, default=rule.tag), []).append(rule)
        else:
            for element in self._search(soup, selector):
                self._searched.setdefault(id(element), []).append(_Rule("", frozenset(), weight, style))

    def _search(self, soup: BeautifulSoup, selector: str) -> list[Tag]:
        if not set(re.findall(r"[.#][\w-]+", re.sub(r"\[[^\]]*\]|\([^)]*\)", "", selector))) <= self._present:
            return []
        self._searches += 1
        if self._searches > _MAX_SEARCHED:
            return []
        try:
            return list(soup.select(selector))
        except (SelectorSyntaxError, NotImplementedError, ValueError):
            return []  # a selector of a newer CSS, or none


def read_style(text: str) -> dict[str, str]:
    """Return the declarations of an attribute or a rule that are looked at, names and values in lower case."""
    style: dict[str, str] = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        name = name.strip().lower()
        if colon and name in _KNOWN:
            value = re.sub(r"\s*!\s*important\s*$", "", value.strip(), flags=re.IGNORECASE)
            style[name] = value if name == "content" else value.lower()
    return style


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors of a sheet, one by one, with the bodies of their rules; those for print are left out."""
    text = _AT_LINE.sub("", _COMMENT.sub("", text))

    def unpack(block: re.Match[str]) -> str:
        name, about = block["name"].lower(), block["about"]
        kept = name in ("supports", "layer") or (name == "media" and _ON_SCREEN.match(about))
        return block["rules"] if kept else ""

    for selectors, body in _RULE.findall(_AT_BLOCK.sub(unpack, text)):
        for selector in selectors.split(","):
            if selector.strip() and len(selector) < 300:
                yield selector, body


def _names(element: Tag) -> frozenset[str]:
    """Return an element's classes and id as selectors name them."""
    classes = element.get("class") or ()
    names = {f".{name}" for name in ([classes] if isinstance(classes, str) else classes)}
    if element.get("id"):
        names.add(f"#{element['id']}")
    return frozenset(names)


def _split(names: str) -> frozenset[str]:
    return frozenset(re.findall(r"[.#][\w-]+", names))
