"""Words that say "at least" and "at most": before a number (``LEAST``, ``MOST``), and anywhere in a sentence."""

from __future__ import annotations

from kb.language.words import Word, Words

_NOT = ("no", "not")
_NOT_HAN = tuple("不得能可应")
_MAY = ("", *"得能可应")

LEAST = Words(
    "at least", *(f"{no} {less} than" for no in _NOT for less in ("less", "fewer")), "minimum",
    *(f"不{may}{little}于" for may in _MAY for little in "少低短"),
    "至少", "最低", "最少",
)  # fmt: skip
MOST = Words(
    "at most", "maximum", "up to", *(f"{no} {more} than" for no in _NOT for more in ("more", "longer", "higher")),
    *(f"不{may}{over}" for may in _MAY for over in ("超过", "高于", "多于", "长于")),
    "至多", "最多", "最高",
)  # fmt: skip
AT_LEAST = Words(
    *LEAST.entries, "above", *(Word(f"{more} than", not_after=_NOT) for more in ("more", "longer", "higher")),
    "以上", *(Word(over, not_after=_NOT_HAN) for over in ("超过", "高于")),
)  # fmt: skip
AT_MOST = Words(
    *MOST.entries, "below", *(Word(f"{less} than", not_after=_NOT) for less in ("less", "fewer")),
    "以下", "不足", *(Word(under, not_after=_NOT_HAN) for under in ("低于", "少于")),
)  # fmt: skip
