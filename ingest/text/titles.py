"""The title of a file that does not say its own."""

from __future__ import annotations

import re
from pathlib import Path

_NAMELESS = frozenset(("index", "readme", "default", "main"))  # such a file is called after its folder


def file_title(path: Path) -> str:
    """Return ``refund policy`` for ``refund-policy.md`` and ``refund`` for ``refund/index.md``."""
    stem = path.stem
    if stem.casefold() in _NAMELESS and path.absolute().parent.name:
        stem = path.absolute().parent.name
    return re.sub(r"[\s_]+|(?<=[^\W\d])-+(?=[^\W\d])", " ", stem).strip() or path.name
