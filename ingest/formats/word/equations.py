r"""Equation fields of Word (``EQ \f(1,2)``), which also write readings above characters and signs in circles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.text.inline import lowered, raised
from ingest.text.number_styles import write_number

_SWITCH = re.compile(r"\\\s*([a-z]{1,2})\s*(-?\d+(?:\.\d+)?)?\s*", re.IGNORECASE)
_FORMAT = re.compile(r"\\\*\s*(?:\"[^\"]*\"|[^\s\\]+)\s*")
_BRACKET = re.compile(r"\\\s*([lrb])c\s*\\\s*(.)", re.IGNORECASE | re.DOTALL)
_BEGIN = re.compile(r"^\s*EQ\b\s*", re.IGNORECASE)
_PARTED = ",;，；"
_SHAPES = "○〇◯O□△◇"
_CIRCLED = 20  # the highest number that has a circled sign
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_MAX_NESTING = 30


@dataclass(frozen=True, slots=True)
class _Element:
    """One element of a list in brackets.

    Attributes:
        text: as a reader sees it.
        raised: whether all of it stands above the line.
    """

    text: str = ""
    raised: bool = False


def read_equation(instruction: str) -> tuple[str, str]:
    r"""Return what a reader sees of an equation field, and the reading that stands above it, mostly empty.

    >>> read_equation(r'EQ \* jc2 \* "Font:SimSun" \* hps12 \o\ad(\s\up 11(sanbai),三百)')
    ('三百', 'sanbai')
    >>> read_equation(r'EQ \o\ac(○,3)'), read_equation(r'eq \f(1,\r(2))')
    (('③', ''), ('1/√2', ''))
    """
    reader = _Reader(_BEGIN.sub("", instruction))
    shown = " ".join(element.text for element in reader.elements(0)).strip()
    return shown, " ".join(reader.readings)


class _Reader:
    """Reads a field once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.readings: list[str] = []

    def elements(self, depth: int) -> list[_Element]:
        """Return the elements up to the bracket that closes them, or to the end."""
        found: list[_Element] = []
        parts: list[_Element] = []
        while self._at < len(self._text):
            sign = self._text[self._at]
            formatted = _FORMAT.match(self._text, self._at)
            if sign == ")" and depth:
                break
            if formatted:
                self._at = formatted.end()
            elif sign in _PARTED and depth:
                found.append(_joined(parts))
                parts = []
                self._at += 1
            elif sign == "\\" and _SWITCH.match(self._text, self._at) and depth < _MAX_NESTING:
                parts.append(self._switch(depth))
            elif sign == "(" and depth < _MAX_NESTING:
                parts.append(_Element(f"({', '.join(one.text for one in self._listed(depth))})"))
            else:
                self._at += sign == "\\"
                parts.append(_Element(self._text[self._at : self._at + 1]))
                self._at += 1
        return [*found, _joined(parts)]

    def _listed(self, depth: int) -> list[_Element]:
        """Return the elements in the brackets that open here; none where none do."""
        if self._text[self._at : self._at + 1] != "(":
            return []
        self._at += 1
        found = self.elements(depth + 1)
        self._at += 1
        return found

    def _switch(self, depth: int) -> _Element:
        """Read a switch with its options and what it stands before."""
        names: list[str] = []
        brackets: dict[str, str] = {}
        while True:
            bracket, switch = _BRACKET.match(self._text, self._at), _SWITCH.match(self._text, self._at)
            if bracket:
                brackets[bracket[1].lower()] = bracket[2]
                self._at = bracket.end()
            elif switch:
                names.append(switch[1].lower())
                self._at = switch.end()
            else:
                break
        return self._shown(names, brackets, self._listed(depth))

    def _shown(self, names: list[str], brackets: dict[str, str], elements: list[_Element]) -> _Element:
        texts = [one.text.strip() for one in elements]
        kind = names[0] if names else "b"
        if kind == "o":
            return _Element(self._overstruck(elements))
        if kind == "s":
            below = "do" in names
            text = " ".join(texts)
            return _Element(lowered(text, "x") if below else text, raised="up" in names)
        if kind == "f":
            return _Element("/".join(texts))
        if kind == "r":
            return _Element(f"{''.join(texts[:-1])}√{''.join(texts[-1:])}")
        if kind == "b":
            left = brackets.get("l") or brackets.get("b") or ("" if brackets else "(")
            right = brackets.get("r") or _CLOSING.get(brackets.get("b", ""), brackets.get("b", ""))
            return _Element(f"{left}{', '.join(texts)}{right or ('' if brackets else ')')}")
        if kind == "i":
            low, high, inner = (*texts, "", "", "")[:3]
            return _Element(f"∫{lowered(low, '∫')}{raised(high, '∫')} {inner}")
        return _Element(", ".join(filter(None, texts)) if kind == "l" else " ".join(filter(None, texts)))

    def _overstruck(self, elements: list[_Element]) -> str:
        """Return signs set on each other: one in a circle, or characters without the reading above them."""
        base = [one for one in elements if not one.raised]
        if base and len(base) < len(elements):
            self.readings += [one.text.strip() for one in elements if one.raised]
            elements = base
        texts = [one.text.strip() for one in elements]
        inside = [text for text in texts if text not in tuple(_SHAPES)]
        if len(texts) == 2 and len(inside) == 1:
            number = int(inside[0]) if inside[0].isdecimal() and len(inside[0]) < 3 else 0
            return write_number(number, "decimalEnclosedCircle") if 0 < number <= _CIRCLED else f"({inside[0]})"
        return "".join(raised(one.text, "x") if one.raised else one.text for one in elements)


def _joined(parts: list[_Element]) -> _Element:
    """Return an element put together from its parts; what stands above the line is marked as such."""
    shown = [one for one in parts if one.text.strip()]
    if shown and all(one.raised for one in shown):
        return _Element("".join(one.text for one in shown), raised=True)
    text = ""
    for one in parts:
        text += raised(one.text, text) if one.raised else one.text
    return _Element(text)
