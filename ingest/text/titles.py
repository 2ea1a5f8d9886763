"""The title of a file that does not say its own."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

_EXPORTED = re.compile(r" [0-9a-f]{32}(?:_all)?$")  # what Notion adds to the names of pages and tables
_NAMELESS = frozenset(("index", "readme", "default", "main"))  # such a file is called after its folder


def file_title(path: Path) -> str:
    """Return ``refund policy`` for ``refund-policy.md`` and ``refund`` for ``refund/index.md``."""
    stem = without_hash(path.stem)
    if stem.casefold() in _NAMELESS and path.absolute().parent.name:
        stem = without_hash(path.absolute().parent.name)
    return re.sub(r"[\s_]+|(?<=[^\W\d])-+(?=[^\W\d])", " ", stem).strip() or path.name


def without_hash(name: str) -> str:
    """Return the name of a page or table without what an export adds to it.

    >>> without_hash("Prices 1a2b3c4d5e6f47a8b9c0d1e2f3a4b5c7_all")
    'Prices'
    """
    return _EXPORTED.sub("", name)


def repeats_view(name: str, names: Container[str]) -> bool:
    """Tell whether a file is a whole table beside the view of it that people see (``….csv``, ``…_all.csv``)."""
    stem, _, ending = name.rpartition(".")
    whole = stem.endswith("_all") and _EXPORTED.search(stem) is not None
    return whole and f"{stem.removesuffix('_all')}.{ending}" in names
