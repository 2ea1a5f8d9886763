"""What the styles of a Word document say: levels of headings, lists, and how their text looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

_HEADING_STYLE = re.compile(r"^(?:heading|标题|標題)\s*(\d)$", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"^(?:title|标题|標題)$", re.IGNORECASE)
_OFF = ("0", "false", "off")
_LEVELS = 9  # of an outline
_LONGEST_CHAIN = 20  # styles based on styles; more are a circle

Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


def value(parent: Element | None, name: str) -> str:
    """Return the value of a property, empty where it is not set."""
    found = parent.find(qn(name)) if parent is not None else None
    return str(found.get(qn("w:val")) or "") if found is not None else ""


def number(parent: Element | None, name: str) -> int | None:
    """Return the whole number that a property is set to, None where it is not set to one."""
    text = value(parent, name)
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else None


def is_on(properties: Element | None, name: str) -> bool:
    """Tell whether a property that is on or off is set and on."""
    return bool(switch(properties, name))


def switch(properties: Element | None, name: str) -> bool | None:
    """Tell whether a property is on or off; None where it is not set."""
    found = properties.find(qn(name)) if properties is not None else None
    return None if found is None else (found.get(qn("w:val")) or "true") not in _OFF


class WordStyles:
    """The styles of one document, each with what it inherits from those it is based on."""

    def __init__(self, document: Any) -> None:
        self._styles: dict[str, Element] = {}
        self._default = ""
        for style in document.styles.element.iterfind(qn("w:style")):
            identifier = str(style.get(qn("w:styleId")) or "")
            self._styles[identifier] = style
            if style.get(qn("w:type")) == "paragraph" and str(style.get(qn("w:default"))) in ("1", "true", "on"):
                self._default = identifier
        self._levels: dict[str, int] = {}
        self._looks: dict[str, list[Element]] = {}
        self._states: dict[tuple[str, str], bool] = {}
        self._styled: dict[tuple[str, str, str], Element | None] = {}

    def heading_level(self, style: str) -> int:
        """Return the level of a heading style (title 1, ``Heading 1`` 2 and so on), 0 for other styles."""
        if style not in self._levels:
            self._levels[style] = next(filter(None, map(_own_level, self.chain(style))), 0)
        return max(0, self._levels[style])

    def chain(self, style: str) -> Iterator[Element]:
        """Yield a style and those that it is based on, the nearest first."""
        for _ in range(_LONGEST_CHAIN):
            element = self._styles.get(style)
            if element is None:
                return
            yield element
            style = value(element, "w:basedOn")

    def numbering(self, style: str) -> tuple[str, int | None, str]:
        """Return the list that a paragraph style belongs to: its number, depth, and the style that says so."""
        depth: int | None = None
        for element in self.chain(style or self._default):
            properties = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            depth = number(properties, "w:ilvl") if depth is None else depth
            identifier = value(properties, "w:numId")
            if identifier:
                return identifier, depth, str(element.get(qn("w:styleId")) or "")
        return "", None, ""

    def looks(self, style: str) -> list[Element]:
        """Return the run properties of a style and of those it is based on, the nearest first."""
        if style not in self._looks:
            found = (element.find(qn("w:rPr")) for element in self.chain(style))
            self._looks[style] = [properties for properties in found if properties is not None]
        return self._looks[style]

    def is_on(self, name: str, run: Element | None, character: str, paragraph: str) -> bool:
        """Tell whether a run has a property that is on or off.

        What the run says itself holds; else styles of characters and of paragraphs undo each other (ECMA-376,
        17.7.3).
        """
        own = switch(run, name)
        if own is not None:
            return own
        return self._is_styled(name, character) != self._is_styled(name, paragraph or self._default)

    def _is_styled(self, name: str, style: str) -> bool:
        """Tell whether a style, or one that it is based on, sets a property on."""
        if (name, style) not in self._states:
            states = (switch(properties, name) for properties in self.looks(style))
            self._states[name, style] = next((state for state in states if state is not None), False)
        return self._states[name, style]

    def look(self, name: str, run: Element | None, character: str, paragraph: str) -> Element | None:
        """Return a property of a run: its own, else its character style's, else its paragraph style's."""
        own = run.find(qn(name)) if run is not None else None
        if own is not None:
            return own
        key = (name, character, paragraph)
        if key not in self._styled:
            properties = [*self.looks(character), *self.looks(paragraph or self._default)]
            found = (element.find(qn(name)) for element in properties)
            self._styled[key] = next((element for element in found if element is not None), None)
        return self._styled[key]


def _own_level(style: Element) -> int:
    """Return the level that a style says itself: -1 where it says that it is no heading, 0 where it is silent."""
    name = value(style, "w:name")
    named = _HEADING_STYLE.match(name)
    outlined = number(style.find(qn("w:pPr")), "w:outlineLvl")
    if named:
        return int(named.group(1)) + 1
    if _TITLE_STYLE.match(name):
        return 1
    if outlined is not None:
        return outlined + 2 if 0 <= outlined < _LEVELS else -1
    return 0
