"""Words that say "at least" and "at most" anywhere; those that need a number are in ``fact_patterns``."""

from __future__ import annotations

from kb.language.words import Word, Words

_NOT = ("no", "not")
_NOT_HAN = tuple("不得能可应")

AT_LEAST = Words(
    "at least", "no less than", "not less than", "no fewer than", "not fewer than", "minimum", "above",
    *(Word(f"{more} than", not_after=_NOT) for more in ("more", "longer", "higher")),
    *(f"不{may}{little}于" for may in ("", *"得能可应") for little in "少低短"),
    "至少", "最低", "最少", "以上", *(Word(over, not_after=_NOT_HAN) for over in ("超过", "高于")),
)  # fmt: skip
AT_MOST = Words(
    "at most", "maximum", "below", "up to",
    *(f"{no} {more} than" for no in _NOT for more in ("more", "longer", "higher")),
    *(Word(f"{less} than", not_after=_NOT) for less in ("less", "fewer")),
    *(f"不{may}{over}" for may in ("", *"得能可应") for over in ("超过", "高于", "多于", "长于")),
    "至多", "最多", "最高", "以下", "不足", *(Word(under, not_after=_NOT_HAN) for under in ("低于", "少于")),
)  # fmt: skip
