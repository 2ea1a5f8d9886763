"""What the styles and lists of a Word document say: heading levels, hidden styles, how lists count."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

_HEADING_STYLE = re.compile(r"^(?:heading|标题|標題)\s*(\d)$", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"^(?:title|标题|標題)$", re.IGNORECASE)
_PLACE = re.compile(r"%(\d)")
_CHINESE = "零一二三四五六七八九十"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))

Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


def value(parent: Element | None, name: str) -> str:
    """Return the value of a property, empty where it is not set."""
    found = parent.find(qn(name)) if parent is not None else None
    return str(found.get(qn("w:val")) or "") if found is not None else ""


def is_on(properties: Element | None, name: str) -> bool:
    """Tell whether a property that is on or off is set and on."""
    found = properties.find(qn(name)) if properties is not None else None
    return found is not None and (found.get(qn("w:val")) or "true") not in ("0", "false", "off")


def heading_levels(document: Any) -> dict[str, int]:
    """Return the level of each heading style by its id: title 1, ``Heading 1`` 2 and so on."""
    levels: dict[str, int] = {}
    for style in document.styles.element.iterfind(qn("w:style")):
        name = value(style, "w:name")
        named = _HEADING_STYLE.match(name)
        outlined = value(style.find(qn("w:pPr")), "w:outlineLvl")
        identifier = str(style.get(qn("w:styleId")) or "")
        if named:
            levels[identifier] = int(named.group(1)) + 1
        elif _TITLE_STYLE.match(name):
            levels[identifier] = 1
        elif outlined.isdigit() and int(outlined) < 9:
            levels[identifier] = int(outlined) + 2
        elif value(style, "w:basedOn") in levels and style.get(qn("w:type")) == "paragraph":
            levels[identifier] = levels[value(style, "w:basedOn")]
    return levels


def hidden_styles(document: Any) -> frozenset[str]:
    """Return the ids of the styles whose text is not shown."""
    hidden = [
        str(style.get(qn("w:styleId")))
        for style in document.styles.element.iterfind(qn("w:style"))
        if is_on(style.find(qn("w:rPr")), "w:vanish")
    ]
    return frozenset(hidden)


class Numbering:
    """Counts the items of a document's lists and writes their marks."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}  # kind, pattern and first number
        self._by_style: dict[str, tuple[str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        for style in document.styles.element.iterfind(qn("w:style")):
            numbering = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            number = value(numbering, "w:numId")
            if number:
                depth = int(value(numbering, "w:ilvl") or 0)
                self._by_style[str(style.get(qn("w:styleId")))] = (number, depth)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        kinds = {str(kind.get(qn("w:abstractNumId"))): kind for kind in root.iterfind(qn("w:abstractNum"))}
        for number in root.iterfind(qn("w:num")):
            abstract = kinds.get(value(number, "w:abstractNumId"))
            for level in abstract.iterfind(qn("w:lvl")) if abstract is not None else ():
                start = value(level, "w:start")
                key = (str(number.get(qn("w:numId"))), int(level.get(qn("w:ilvl")) or 0))
                self._levels[key] = (
                    value(level, "w:numFmt"), value(level, "w:lvlText"), int(start) if start.isdigit() else 1
                )  # fmt: skip

    def next_mark(self, properties: Element | None, style: str) -> tuple[str, int]:
        """Return the mark of a paragraph (``-``, ``3.``, ``2.1``) and its depth; no mark for no item."""
        own = properties.find(qn("w:numPr")) if properties is not None else None
        number, depth = value(own, "w:numId"), int(value(own, "w:ilvl") or 0)
        if not number:
            number, depth = self._by_style.get(style, ("", 0))
        if not number or number == "0":
            return "", 0
        kind, pattern, start = self._levels.get((number, depth), ("bullet", "", 1))
        self._counts[number, depth] = self._counts.get((number, depth), start - 1) + 1
        for key in [key for key in self._counts if key[0] == number and key[1] > depth]:
            del self._counts[key]
        if kind in ("bullet", "none", "") or not _PLACE.search(pattern):
            return "-", depth

        def count(place: re.Match[str]) -> str:
            at = int(place.group(1)) - 1
            inner, _, first = self._levels.get((number, at), (kind, "", 1))
            return _write_count(self._counts.get((number, at), first), inner)

        return _PLACE.sub(count, pattern).strip(), depth


def _write_count(number: int, kind: str) -> str:
    """Return a number as a list writes it: ``3``, ``c``, ``iii``, ``三``."""
    if kind in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 400:
        written = ""
        for size, sign in _ROMAN:
            written, number = written + sign * (number // size), number % size
        return written.upper() if kind == "upperRoman" else written
    if kind.startswith(("chinese", "japaneseCounting", "taiwanese")) and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = ("" if tens == 1 else _CHINESE[tens]) + "十" if tens else ""
        return head + (_CHINESE[ones] if ones or not tens else "")
    return str(number)
