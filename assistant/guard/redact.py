"""Private data out of what is kept: card and identity numbers, telephone numbers, addresses of mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[\w-]+(?:\.[\w-]+)+")
_ASIDE = r"(?<![A-Za-z0-9_.+-])"  # Chinese letters may touch a number, Latin ones make it a code
_ASIDE_AFTER = r"(?![A-Za-z0-9_])"
_CARD = re.compile(rf"{_ASIDE}\d(?:[ -]?\d){{12,18}}{_ASIDE_AFTER}")
_IDENTITY = re.compile(
    rf"{_ASIDE}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{{3}}[\dXx]{_ASIDE_AFTER}"
)
_PHONE = re.compile(
    _ASIDE
    + r"""(?:
        (?:\+|00)\d{1,3}(?:[ ().-]*\d){6,12}    # with the country's number
      | 1[3-9]\d[ -]?\d{4}[ -]?\d{4}            # a Chinese mobile
      | \(?0\d{1,4}\)?[ -]\d{3,4}[ -]?\d{3,4}   # an area and a number in it
      | \(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}    # North American
      | [3689]\d{3}[ -]\d{4}                    # Singapore
    )"""
    + _ASIDE_AFTER,
    re.VERBOSE,
)


def redact(text: str, known: str = "") -> str:
    """Return ``text`` with private data replaced by what it was: ``[card]``, ``[id]``, ``[phone]``, ``[email]``.

    Args:
        text: what a customer or the assistant wrote.
        known: what the company's documents say: their own numbers and addresses stay.
    """

    @cache
    def digits() -> str:
        return re.sub(r"\D", "", known)

    def replaced(name: str, really: Callable[[str], bool] = bool) -> Callable[[re.Match[str]], str]:
        def replace(found: re.Match[str]) -> str:
            words = found.group()
            published = words in known or (name == "phone" and re.sub(r"\D", "", words) in digits())
            return words if published or not really(words) else f"[{name}]"

        return replace

    text = _EMAIL.sub(replaced("email"), text)
    text = _IDENTITY.sub(replaced("id"), text)
    text = _CARD.sub(replaced("card", _is_card), text)
    return _PHONE.sub(replaced("phone"), text)


def _is_card(words: str) -> bool:
    """Tell whether the digits pass Luhn's check, as every payment card's do (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(re.sub(r"\D", "", words))):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
