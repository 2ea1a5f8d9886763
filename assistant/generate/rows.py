"""Of a table row, the fields that a question asks for."""

from __future__ import annotations

import re

from kb.text import terms

_FIELD = re.compile(r";\s+(?=[^;:：]{1,80}[:：]\s)")
_FEW = 3  # fields; a row with so few is said whole


def fields_asked_for(query: str, row: str) -> str:
    """Return the fields of a row (``Header: value; …``) that the query names, after the one that says what it is.

    The whole row where it names none, or nearly all.
    """
    fields = _FIELD.split(row)
    if len(fields) <= _FEW:
        return row
    wanted = set(terms(query))
    named = named_fields(wanted, row)
    if not named or len(named) > len(fields) // 2:
        return row
    subject = [i for i, f in enumerate(fields) if wanted & set(terms(f.partition(":")[2]))]
    chosen = sorted({0, *subject, *named})
    return "; ".join(fields[i] for i in chosen)


def named_fields(wanted: set[str], row: str) -> list[int]:
    """Return the places of the fields whose headers have one of the wanted terms, but for the first field."""
    fields = _FIELD.split(row)
    return [i for i, f in enumerate(fields) if i and wanted & set(terms(f.partition(":")[0]))]
