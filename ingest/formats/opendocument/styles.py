"""What the styles of an OpenDocument say: how text looks, which paragraphs are headings, how lists are marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ingest.formats.office.lines import Place
from ingest.formats.opendocument.names import q
from ingest.text.number_styles import style_named
from ingest.text.numbering import Level
from ingest.text.symbols import symbol_font

_TINY = re.compile(r"^(?:[01](?:\.\d+)?|2(?:\.0+)?)pt$")  # text of 2 points or less is not meant to be read
_WHITE = ("#ffffff", "#fefefe")
_SHIFT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)%")
_PLACES = re.compile(r"%(\d)%")
_LONGEST_CHAIN = 20  # styles based on styles; more are a circle
_LIST_LEVELS = ("text:list-level-style-number", "text:list-level-style-bullet", "text:list-level-style-image")

Element = Any  # lxml elements
Look = Mapping[str, str]
"""Properties of text by their full names."""


class Styles:
    """The styles of one file.

    Attributes:
        lists: name of a list style -> depth (0 outermost) -> what holds there.
        outline: depth -> how headings are numbered.
        hidden_pages: names of the styles of slides that are not shown.
        masters: name of a master slide -> name of its style.
    """

    def __init__(self, roots: list[Element]) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._looks: dict[tuple[str, str], Look] = {}
        self._fonts: dict[str, str] = {}
        self.lists: dict[str, dict[int, Level]] = {}
        self.outline: dict[int, Level] = {}
        self.hidden_pages: set[str] = set()
        self.masters: dict[str, str] = {}
        for root in roots:
            for face in root.iter(q("style:font-face")):
                family = str(face.get(q("svg:font-family")) or "").strip("'\"")
                self._fonts[str(face.get(q("style:name")))] = family
            for style in root.iter(q("style:style")):
                name = str(style.get(q("style:name")) or "")
                self._styles[str(style.get(q("style:family"))), name] = style
                page = style.find(q("style:drawing-page-properties"))
                if page is not None and page.get(q("presentation:visibility")) == "hidden":
                    self.hidden_pages.add(name)
            for master in root.iter(q("style:master-page")):
                self.masters[str(master.get(q("style:name")))] = str(master.get(q("draw:style-name")) or "")
            for one in root.iter(q("text:list-style")):
                levels = {depth(level): list_level(level) for level in one if level.tag in map(q, _LIST_LEVELS)}
                self.lists[str(one.get(q("style:name")))] = levels
            for level in root.iter(q("text:outline-level-style")):
                self.outline[depth(level)] = list_level(level)

    def chain(self, family: str, name: str) -> list[Element]:
        """Return a style and those that it inherits from, nearest first."""
        found: list[Element] = []
        while len(found) < _LONGEST_CHAIN and (family, name) in self._styles:
            found.append(self._styles[family, name])
            name = str(found[-1].get(q("style:parent-style-name")) or "")
        return found

    def look(self, family: str, name: str) -> Look:
        """Return the properties of text that a style of a family (``paragraph``, ``text``) sets or inherits."""
        key = (family, name)
        if key not in self._looks:
            look: dict[str, str] = {}
            for style in reversed(self.chain(family, name)):
                properties = style.find(q("style:text-properties"))
                look |= dict(properties.attrib) if properties is not None else {}
            self._looks[key] = look
        return self._looks[key]

    def heading_level(self, name: str) -> int:
        """Return 1 for the style of titles and those based on it, 0 for others."""
        names = [name, *(str(s.get(q("style:parent-style-name")) or "") for s in self.chain("paragraph", name))]
        return 1 if "Title" in names else 0

    def list_style(self, name: str) -> str | None:
        """Return the list that a style of paragraphs belongs to; empty for none, None where it says nothing."""
        for style in self.chain("paragraph", name):
            named = style.get(q("style:list-style-name"))
            if named is not None:
                return str(named)
        return None

    def symbol_font(self, look: Look) -> str:
        """Return the symbol font that text is set in, empty for other fonts."""
        name = look.get(q("style:font-name"), "") or look.get(q("fo:font-family"), "").strip("'\"")
        return next((font for font in (name, self._fonts.get(name, "")) if symbol_font(font)), "")


def is_unseen(look: Look) -> bool:
    """Tell whether text is hidden, or too small to be read."""
    return look.get(q("text:display")) == "none" or bool(_TINY.match(look.get(q("fo:font-size"), "")))


def is_white(look: Look) -> bool:
    """Tell whether text is white, and its own ground is not coloured."""
    ground = look.get(q("fo:background-color"), "transparent")
    return look.get(q("fo:color"), "").lower() in _WHITE and ground in ("transparent", "#ffffff")


def is_struck(look: Look) -> bool:
    """Tell whether text is struck through, by any kind of line."""
    lines = [look.get(q(f"style:text-line-through-{kind}")) for kind in ("style", "type")]
    return "none" not in lines and any(lines)


def place(look: Look) -> Place:
    """Return where text stands: on the line, above or below it."""
    stated = look.get(q("style:text-position"), "")
    shift = _SHIFT.match(stated)
    if stated.startswith("super") or (shift and float(shift.group(1)) > 0):
        return Place.RAISED
    return Place.LOWERED if stated.startswith("sub") or (shift and float(shift.group(1)) < 0) else Place.LINE


def list_level(element: Element) -> Level:
    """Return what a list or the outline says of one depth."""
    if element.tag == q("text:list-level-style-image"):
        return Level(style="bullet", pattern="")
    start = str(element.get(q("text:start-value")) or "1")
    if element.tag == q("text:list-level-style-bullet"):
        look = element.find(q("style:text-properties"))
        named = look.get(q("style:font-name")) or look.get(q("fo:font-family")) if look is not None else ""
        return Level(style="bullet", pattern=str(element.get(q("text:bullet-char")) or ""), font=str(named or ""))
    style = str(element.get(q("style:num-format")) or "")
    before, after = (str(element.get(q(f"style:num-{side}")) or "") for side in ("prefix", "suffix"))
    whole = element.get(q("style:num-list-format")) or element.get(q("loext:num-list-format"))
    if not style:
        return Level(style="none", pattern=before + after)
    own, shown = depth(element), str(element.get(q("text:display-levels")) or "1")
    first = own - int(shown) + 1 if shown.isdecimal() and len(shown) < 3 else own
    places = ".".join(f"%{number + 1}" for number in range(max(0, first), own + 1))
    synchronous = element.get(q("style:num-letter-sync")) == "true"
    letters = {"a": "lowerLetter", "A": "upperLetter"} if synchronous else {}
    return Level(
        style=letters.get(style) or style_named(style),
        pattern=_PLACES.sub(r"%\1", str(whole)) if whole else f"{before}{places}{after}",
        start=int(start) if start.isdecimal() and len(start) < 9 else 1,
    )


def depth(element: Element, name: str = "text:level") -> int:
    """Return the 0-based depth that an element states by a 1-based level."""
    stated = str(element.get(q(name)) or "1")
    return max(0, min(int(stated), 10) - 1) if stated.isdecimal() and len(stated) < 4 else 0
