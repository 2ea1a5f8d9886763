"""Fields of Word documents: what a reader sees of them, and where links lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from docx.oxml.ns import qn

from ingest.formats.office.forms import FormField, FormKind
from ingest.formats.word.equations import read_equation
from ingest.formats.word.styles import is_on, number, value
from ingest.text.symbols import read_symbol

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


@dataclass(slots=True, kw_only=True)
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
    form: FormField | None = None
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
        return field.form.shown(), ""
    words = [quoted or bare for quoted, bare in _WORD.findall(field.instruction)]
    kind = words[0].upper() if words else ""
    if kind == "SYMBOL" and len(words) > 1:
        font = next((word for before, word in pairwise(words) if before == "\\f"), "")
        code = words[1]
        known = code.isdecimal() or re.fullmatch(r"0[xX][0-9a-fA-F]{1,4}", code)
        return (read_symbol(int(code, 0), font) if known and len(code) < 7 else ""), ""
    if kind == "EQ":
        return read_equation(field.instruction)
    if kind == "FORMCHECKBOX":  # LibreOffice writes no more of it into rich text, and shows it empty
        return FormField(kind=FormKind.BOX).shown(), ""
    return "", ""


def form_field(form: Element) -> FormField:
    """Return what the data of a form field say of it."""
    box, choice = form.find(qn("w:checkBox")), form.find(qn("w:ddList"))
    if box is not None:
        checked = box.find(qn("w:checked")) is not None
        return FormField(
            kind=FormKind.BOX,
            chosen=int(is_on(box, "w:checked")) if checked else None,
            usual=int(is_on(box, "w:default")),
        )
    if choice is not None:
        entries = [str(entry.get(qn("w:val")) or "") for entry in choice.iterfind(qn("w:listEntry"))]
        chosen, usual = number(choice, "w:result"), number(choice, "w:default")
        return FormField(kind=FormKind.CHOICE, chosen=chosen, usual=usual or 0, choices=entries)
    return FormField(text=value(form.find(qn("w:textInput")), "w:default"))
