"""Text that every encoder, database and server takes: no halves of characters."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def well_formed(text: str) -> str:
    r"""Join pairs of surrogates, and replace those without a partner by U+FFFD.

    Half characters come from JSON (``"\ud83d"``), and from names and arguments whose bytes are no UTF-8.
    """
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_well_formed(text: str) -> bool:
    """Tell whether a text holds no half of a character."""
    return text.isascii() or not _HALF.search(text)


def escape_halves(text: str) -> str:
    r"""Return a text with every half of a character written as ``\udc80``, as JSON has it."""
    return text if text.isascii() else _HALF.sub(lambda half: f"\\u{ord(half.group()):04x}", text)
