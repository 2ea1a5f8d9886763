"""Of a table row, the fields that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.language.facts import Kind, facts
from kb.language.function_words import FUNCTION_WORDS, SMALL_HAN
from kb.language.text import terms
from kb.language.wanted import states_what_is_wanted, wanted_groups

_FIELD = re.compile(r";\s+(?=[^;:：]{1,80}[:：]\s)")
_ASKING = frozenset(
    terms("what which who whom whose when where why how much many long often please tell me my 什么 哪个 多少")
)
_ASKING_HAN = re.compile("[多少几谁吗呢么什怎哪何久吧]")
_HOW_MANY = re.compile(r"\bhow many ([a-z]+)|(?:多少|几|幾)\s?([\u4e00-\u9fff]{1,2})", re.IGNORECASE)
_UNIT = re.compile(r"[(（]([^)）]{1,20})[)）]")
_CODE = re.compile(r"(?=.*\d)[A-Z0-9]+(?:-[A-Z0-9]+)*")
_FEW = 3  # fields; a row with so few is said whole


def fields_asked_for(query: str, row: str) -> str:
    """Return the fields of a row (``Header: value; …``) that the query asks for, after those that say what it is.

    Asked for is what the query names by the header, and, where it asks for an amount or a time, what states one.
    The whole row where nothing can be told to be asked for, or nearly all of it.
    """
    fields = split_fields(row)
    if len(fields) <= _FEW:
        return row
    wanted = telling_terms(query)
    subject = {i for i, f in enumerate(fields) if wanted & telling_terms(f.partition(":")[2])}
    asked = set(named_fields(wanted, row)) - subject
    if units := _units_asked(query):
        asked |= {i for i, f in enumerate(fields) if i and i not in subject and units & _units_stated(f)}
    for kinds in () if asked and units else wanted_groups(query):
        if not any(_states(fields[i], kinds) for i in asked):
            asked |= {i for i, f in enumerate(fields) if i and i not in subject and _states(f, kinds)}
    if not asked or len(asked) > len(fields) // 2:
        return row
    names = range(naming_fields([f.partition(":")[2].strip() for f in fields]))
    return "; ".join(fields[i] for i in sorted({*names, *subject, *asked}))


def split_fields(row: str) -> list[str]:
    """Return the fields of a row, each ``Header: value``."""
    return _FIELD.split(row)


def is_row(line: str) -> bool:
    """Tell whether a line can be a row: at least two fields, of which the last states its header."""
    return _FIELD.search(line) is not None


def naming_fields(values: Sequence[str]) -> int:
    """Return how many of a row's values say what it is about: two where a code stands before a name, else one."""
    return 2 if len(values) > 2 and _CODE.fullmatch(values[0]) and values[1][:1].isalpha() else 1


def _units_asked(query: str) -> set[str]:
    """Return the measures that a query asks for a number of: "how many litres", 多少公斤."""
    return {
        fact.unit
        for found in _HOW_MANY.finditer(query)
        for fact in facts(f"2 {found[1] or found[2]}")
        if fact.unit
    }


def _units_stated(field: str) -> set[str]:
    return {fact.unit for text in _written(field) for fact in facts(text) if fact.unit}


def _states(field: str, kinds: frozenset[Kind]) -> bool:
    """Tell whether a field states a fact of one of these kinds; its unit may stand in the header."""
    return any(states_what_is_wanted(text, kinds) for text in _written(field))


def _written(field: str) -> list[str]:
    """Return a field, and its value with the unit that its header states."""
    header, _, value = field.partition(":")
    unit = _UNIT.search(header)
    return [field, f"{unit[1]} {value.strip()}", f"{value.strip()} {unit[1]}"] if unit else [field]


def named_fields(wanted: frozenset[str], row: str) -> list[int]:
    """Return the places of the fields whose headers have one of the wanted terms, but for the first field."""
    fields = split_fields(row)
    return [i for i, f in enumerate(fields) if i and wanted & telling_terms(f.partition(":")[0])]


def telling_terms(text: str) -> frozenset[str]:
    """Return the terms that can tell a field from others: no small words, no single Chinese characters."""
    found = frozenset(terms(text)) - FUNCTION_WORDS - _ASKING
    return frozenset(term for term in found if term.isascii() or len(term) > 1)


def spoken_of(text: str) -> frozenset[str]:
    """Return the telling terms of what is spoken of: no pair of Chinese characters of which one is a small word.

    >>> sorted(spoken_of("运费要多少")), sorted(spoken_of("How much is the postage?"))
    (['运费'], ['postag'])
    """
    return frozenset(t for t in telling_terms(text) if not (SMALL_HAN.search(t) or _ASKING_HAN.search(t)))
