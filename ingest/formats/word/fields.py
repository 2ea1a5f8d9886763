"""Fields of Word documents: what a reader sees of them, and where links lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from docx.oxml.ns import qn

from ingest.formats.word.styles import is_on, number, value
from ingest.text.number_styles import write_number
from ingest.text.symbols import CHECKED, UNCHECKED, read_symbol

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_ENCLOSED = re.compile(r"\\o\s*\\ac\s*\(\s*[○〇◯O]\s*[,;，]\s*([^()]{1,8})\)", re.IGNORECASE)
_GUIDE = re.compile(r"\\o\s*\\ad\s*\(\s*\\s\s*\\up\s*[\d.]+\s*\(([^()]*)\)\s*[,;，]\s*([^()]*)\)", re.IGNORECASE)
_FRACTION = re.compile(r"\\f\s*\(([^(),;]*)[,;]([^(),;]*)\)", re.IGNORECASE)
_CIRCLED = 20  # the highest number that has a circled sign

Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


@dataclass(slots=True)
class Field:
    """A field that is open while its paragraph is read.

    Attributes:
        instruction: what it is told to show.
        shows: whether its result has begun.
        result: whether there is text in its result.
        form: what a form field says of itself, None for other fields.
        target: where it leads, empty for fields that are no links.
    """

    instruction: str = ""
    shows: bool = False
    result: bool = False
    form: Element | None = None
    target: str = ""


def link_target(instruction: str) -> str:
    r"""Return the address that a field leads to, empty for other fields and for places in the same document.

    >>> link_target(r' HYPERLINK "https://shop.example/faq" \l "fees" \o "See here" ')
    'https://shop.example/faq#fees'
    """
    words = [quoted.replace("\\\\", "\\") or bare for quoted, bare in _WORD.findall(instruction)]
    if not words or words[0].upper() != "HYPERLINK":
        return ""
    address, place = "", ""
    for before, word in pairwise(words):
        if before.lower() == "\\l":
            place = word
        elif before.lower() in ("\\o", "\\t"):
            continue
        elif not word.startswith("\\") and not address:
            address = word
    return f"{address}#{place}" if address and place else address


def unshown_result(field: Field) -> tuple[str, str]:
    """Return what a reader sees of a field that stores no result, and the reading above it, both mostly empty."""
    if field.form is not None:
        return _form_value(field.form), ""
    words = [quoted or bare for quoted, bare in _WORD.findall(field.instruction)]
    kind = words[0].upper() if words else ""
    if kind == "SYMBOL" and len(words) > 1:
        font = next((word for before, word in pairwise(words) if before == "\\f"), "")
        code = words[1]
        known = code.isdecimal() or re.fullmatch(r"0[xX][0-9a-fA-F]{1,4}", code)
        return (read_symbol(int(code, 0), font) if known and len(code) < 7 else ""), ""
    if kind == "EQ":
        return _equation(field.instruction)
    return "", ""


def _form_value(form: Element) -> str:
    box = form.find(qn("w:checkBox"))
    if box is not None:
        state = "w:checked" if box.find(qn("w:checked")) is not None else "w:default"
        return CHECKED if is_on(box, state) else UNCHECKED
    choice = form.find(qn("w:ddList"))
    if choice is not None:
        entries = [str(entry.get(qn("w:val")) or "") for entry in choice.iterfind(qn("w:listEntry"))]
        chosen = number(choice, "w:result")
        chosen = number(choice, "w:default") if chosen is None else chosen
        return entries[chosen or 0] if 0 <= (chosen or 0) < len(entries) else ""
    return value(form.find(qn("w:textInput")), "w:default")


def _equation(instruction: str) -> tuple[str, str]:
    enclosed = _ENCLOSED.search(instruction)
    if enclosed:
        inner = enclosed.group(1).strip()
        circled = inner.isdecimal() and 0 < int(inner) <= _CIRCLED
        return (write_number(int(inner), "decimalEnclosedCircle") if circled else f"({inner})"), ""
    guided = _GUIDE.search(instruction)
    if guided:
        return guided.group(2), guided.group(1)
    fraction = _FRACTION.search(instruction)
    return (f"{fraction.group(1).strip()}/{fraction.group(2).strip()}" if fraction else ""), ""
