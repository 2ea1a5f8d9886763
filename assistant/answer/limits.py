"""What belongs to a sentence and must not be cut off: limits, exceptions, lead-ins, what it refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.language.conditions import Does, words_that
from kb.language.list_marks import read_mark
from kb.language.words import Word, Words

_GOES_ON = Words(
    "however", "but", "unless", "except", "otherwise", "only", "if not", "please note", "note", "exception(s)",
    "exclusion(s)", "in that case", "after that", "then", "this does", "this is", "this applies", "these do",
    "these are", "these apply", "it does not", "it does only", "it is not", "it is only", "that does not",
    "that is not", "not included", "excluded", "subject to", "provided", "condition(s)", "limitation(s)",
    "但", "不过", "然而", "除非", "除外", "除了", "例外", "否则", "仅限", "仅适用", "只限", "注意", "请注意",
    "另外", "如果不", "若不", "此外", "其中", "前提", "限制", "不适用", "不包括", "不含",
    *(f"以上{word}" for word in ("不", "仅", "均", "规定")),
    *(f"该{noun}{word}" for noun in ("服务", "政策", "优惠", "规定") for word in "不仅"),
)  # fmt: skip
"""A sentence that opens so limits or goes on from the one before it: it comes along."""
_TAKES_AWAY = Words(
    "do(es) not apply", "not apply to", "is not included", "is not covered", "are not included", "are not covered",
    "with the exception of", "the above", "不适用", "不在此列", "上述不", "上述…不", "上述除外", "上述…除外",
)  # fmt: skip
"""A sentence anywhere near that takes away from the one that is quoted."""
_LEANS_BACK = Words(
    "this", "these", "those", "that", "it", "they", "he", "she", "such", "however", "but", "otherwise", "then",
    "unless", "except", "also", "in that case", "after that", "the same", "both", Word("这", not_before=("里",)),
    "该", Word("此", not_before=("外",)), Word("其", not_before=("中", "他", "它")), "它", "他们", "上述", "前述",
    "以上", "但", "不过", "然而", "否则", "除非", "同时", "因此", "反之",
)  # fmt: skip
"""A sentence that opens so cannot be read without the one before it."""
_LEAD_IN = re.compile(r"[:：]\s*$")
_CLOSED = re.compile(r"[.!?。！？:：;；…\"”』」)）]\s*$")
_STOPPED = re.compile(r"[.!?。！？;；…][\"”』」)）]*\s*$")
_EDITION = re.compile(
    r"\W*(?:version|edition|revision|effective|last\s+(?:updated|revised|modified)|valid\s+(?:from|as\s+of)"
    r"|版本|版次|生效日期|更新日期|修订日期)",
    re.IGNORECASE,
)
_EDITION_HAN = re.compile("版本|版次|(?:生效|更新|修订)日期|生效|施行|自|起|第|版|年|月|日|号")
_EDITION_WORD = re.compile(
    r"v?\d+(?:st|nd|rd|th)?|version|edition|revision|effective|valid|last|updated|revised|modified|from|as|of|on|since"
    r"|and|date|the|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_HEADING = 70  # English characters; a longer line without a full stop is a sentence


def is_item(sentence: str) -> bool:
    """Tell whether a sentence is an item of a list."""
    return read_mark(sentence) is not None


def is_lead_in(sentence: str) -> bool:
    """Tell whether a sentence leads to what follows: it ends in a colon."""
    return _LEAD_IN.search(sentence) is not None


def is_edition(sentence: str) -> bool:
    """Tell whether a sentence says nothing but which edition of a document it stands in, and since when.

    >>> is_edition("Version 2.1, effective May 2026"), is_edition("The 2026 edition costs 5 euro")
    (True, False)
    """
    if not _EDITION.match(sentence):
        return False
    words = re.findall(r"\w+", _EDITION_HAN.sub(" ", sentence).casefold())
    return any(word[-1].isdecimal() for word in words) and all(map(_EDITION_WORD.fullmatch, words))


def opens_list(sentence: str, following: str) -> bool:
    """Tell whether a line stands above a list: it ends in a colon, or in nothing, and an item follows."""
    if is_lead_in(sentence):
        return True
    return is_item(following) and not is_item(sentence) and not _STOPPED.search(sentence)


def is_heading(sentence: str, following: str) -> bool:
    """Tell whether a line stands above what follows rather than saying something itself."""
    closed = _CLOSED.search(sentence) or is_item(sentence)
    return not closed and len(sentence.encode()) <= _HEADING and bool(following) and not is_item(following)


def goes_on(sentence: str) -> bool:
    """Tell whether a sentence opens by limiting the one before it, or by going on with it."""
    return _GOES_ON.match(sentence) is not None


def leans_back(sentence: str) -> bool:
    """Tell whether a sentence opens so that it cannot be read without the one before it."""
    return _LEANS_BACK.match(sentence) is not None


def takes_away(sentence: str) -> bool:
    """Tell whether a sentence states a limit, an exception or a condition."""
    return goes_on(sentence) or bool(_TAKES_AWAY.search(sentence) or _STATED.search(sentence))


def with_context(sentences: Sequence[str], first: int, last: int, barriers: frozenset[int]) -> tuple[int, int]:
    """Grow a stretch of sentences by what belongs to it.

    Args:
        sentences: of one text, in order.
        first: of the stretch, 0-based.
        last: of the stretch, inclusive.
        barriers: sentences that must not be quoted, nor anything beyond them.
    """
    while last + 1 < len(sentences) and last + 1 not in barriers and _belongs_after(sentences, first, last):
        last += 1
    while first > 0 and first - 1 not in barriers and _LEANS_BACK.match(sentences[first]):
        first -= 1
    return first, last


def _belongs_after(sentences: Sequence[str], first: int, last: int) -> bool:
    following = sentences[last + 1]
    if _GOES_ON.match(following):
        return True
    return bool(_TAKES_AWAY.search(following)) and last - first < 4


_STATED = words_that(
    Does.SETS | Does.LIFTS | Does.LIMITS | Does.DEMANDS | Does.DENIES, but=Does.LOOSE, also=("at most",)
)
"""What limits a statement: said by its source, it must be said with it."""


def dropped_limit(written: str, source: str) -> str:
    """Return the word of a limit that the source sentence states and the written one does not; empty if none.

    Args:
        written: a sentence of a draft.
        source: the sentence of a document that supports it.

    >>> dropped_limit("You can return it.", "You can return it, subject to inspection.")
    'subject to'
    """
    stated, wanted = _STATED.findall(written), _STATED.findall(source)
    if len(stated) >= len(wanted):
        return ""
    said = {word.casefold() for word in stated}
    return next((word for word in wanted if word.casefold() not in said), "")
