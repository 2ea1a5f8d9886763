"""Inline text as a reader sees it, one way for all formats: raised and lowered text, links, notes.

Loaders find the marks of their format; what becomes of them is decided here.
"""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-–−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-–−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_NUMBERS = re.compile(r"[0-9+\-–−=()][0-9+\-–−=(),，、 ]*")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|ème|º|ª)", re.IGNORECASE)
_TRADE = {"tm": "™", "sm": "℠", "r": "®", "(r)": "®", "(tm)": "™", "c": "©"}
_BRACKETED = re.compile(r"[\[(（【〔].*[\])）】〕]")
_SIGNS = re.compile(r"(?:[^\w\s]|[①-⓿❶-➓ªº])+")
_ADDRESS = re.compile(r"(?:https?|ftp|mailto|tel|sms):", re.IGNORECASE)
_CLOSING = re.compile(r"(?<=[^\s.。])[.。;；,，:：]\s*$")
_CONTACT_SCHEME = re.compile(r"^(?:mailto|tel|sms):", re.IGNORECASE)


def raised(text: str, before: str) -> str:
    """Return what raised text becomes behind ``before``: digits as raised digits, never glued to a number.

    >>> "$49" + raised("1", "$49"), "10 m" + raised("2", "10 m"), "the 4" + raised("th", "the 4")
    ('$49¹', '10 m²', 'the 4th')
    >>> "the fee" + raised("a", "the fee"), "Lume" + raised("TM", "Lume")
    ('the fee (a)', 'Lume™')
    """
    shown = text.strip()
    last = before[-1:]
    if not shown or not last or last.isspace():
        return text.replace(shown, shown.translate(_RAISED)) if _NUMBERS.fullmatch(shown) else text
    if shown.lower() in _TRADE:
        return _TRADE[shown.lower()]
    if last.isdecimal() and _ORDINAL.fullmatch(shown):
        return shown
    if _NUMBERS.fullmatch(shown):
        return shown.translate(_RAISED).replace(" ", "")
    if _SIGNS.fullmatch(shown) or _BRACKETED.fullmatch(shown):
        return shown
    return f" ({shown})"


def lowered(text: str, before: str) -> str:
    """Return what lowered text becomes behind ``before``: digits as lowered digits, letters as they are.

    >>> "CO" + lowered("2", "CO"), "V" + lowered("max", "V")
    ('CO₂', 'Vmax')
    """
    shown = text.strip()
    return text.replace(shown, shown.translate(_LOWERED)) if shown and _NUMBERS.fullmatch(shown) else text


def linked(shown: str, target: str) -> str:
    """Return a link's text with its address in brackets, where that says more: not for places on the same page.

    >>> linked("this form", "https://shop.example/claim")
    'this form (https://shop.example/claim)'
    >>> linked("help@shop.example", "mailto:help@shop.example"), linked("above", "#fees")
    ('help@shop.example', 'above')
    """
    address = target.strip()
    if not shown.strip() or not _ADDRESS.match(address):
        return shown
    bare = _CONTACT_SCHEME.sub("", address)
    if _CONTACT_SCHEME.match(address):
        bare = bare.split("?")[0]
    if not bare or _solid(bare) in _solid(shown):
        return shown
    kept = shown.rstrip()
    return f"{kept} ({bare}){shown[len(kept) :]}"


def noted(text: str) -> str:
    """Return a footnote or endnote as it stands where it is referred to.

    >>> "free of charge" + noted("Except fixed-rate loans. ")
    'free of charge (Except fixed-rate loans.)'
    """
    shown = " ".join(text.split())
    return f" ({shown})" if shown else ""


def with_note(before: str, note: str) -> str:
    """Return text with a note that is referred to at its end: inside the sentence that it is about.

    >>> with_note("Early repayment is free of charge.", "Except fixed-rate loans.")
    'Early repayment is free of charge (Except fixed-rate loans).'
    >>> with_note("The fee", "Net of tax.")
    'The fee (Net of tax.)'
    """
    closed = _CLOSING.search(before)
    if closed is None or not note.strip():
        return before + noted(note)
    return before[: closed.start()] + noted(note.strip().rstrip(".。")) + closed.group()


def _solid(text: str) -> str:
    """Return an address as it is compared: without what a person leaves out when writing it."""
    plain = re.sub(r"^https?://(?:www\.)?", "", text.strip().lower()).rstrip("/")
    return re.sub(r"[\s()\-]", "", plain)
