"""A question that takes something for granted which the documents say otherwise: "your 90-day returns"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.rows import telling_terms
from assistant.types import Quote
from kb.language.facts import Fact, Kind, agree, comparable, facts
from kb.language.text import sentences
from kb.language.words import Words
from kb.types import Hit

_REACH = 48  # characters before a number that may say that it is the company's
_YOUR = ("your", "你们", "您们", "贵公司", "贵司", "贵行", "贵店", "你家", "您家")
_TAKEN_FOR_GRANTED = Words(
    *_YOUR,
    *(f"you {verb}" for verb in (
        "offer", "give", "grant", "promise", "guarantee", "allow", "have", "had", "say", "said", "told", "charge",
        "advertise", "state",
    )),
    "you've got", "youve got", "i heard", "i read", "i was told", "i thought", "i understand", "i saw",
    "is it true", "is it right", "is it correct", "since you", "since it", "because you",
    "听说", "据说", "我看到", "不是说", "既然", "宣传", "承诺",
)  # fmt: skip
_COMPOUND = re.compile(r"\b(?:the|your|this|that)\s+$", re.IGNORECASE)
_KINDS = {Kind.PERIOD, Kind.MONEY, Kind.PERCENT}
_WHOSE = Words(*_YOUR)
_CLAUSE_END = re.compile("[,;，；]")
_OWN = Words("i", "my", "we", "our", "我", "咱")


def wrong_premise(message: str, quotes: Sequence[Quote], hits: Sequence[Hit]) -> str:
    """Return what a message takes for granted and the quotes contradict, as it was written; empty if nothing.

    Args:
        message: as typed.
        quotes: of the answer.
        hits: what was found; a value that any of them states is no false premise.
    """
    granted = _granted(message)
    if not granted:  # most messages: the documents need not be read
        return ""
    quoted = [fact for quote in quotes for fact in facts(quote.words)]
    found = _stated(message, granted, hits)
    for fact in granted:
        if any(agree(fact, other) for other in [*quoted, *found]):
            continue
        if any(comparable(fact, other) for other in quoted):
            return message[fact.start : fact.end]
    return ""


def without_premise(message: str, hits: Sequence[Hit]) -> str:
    """Return a message without the values that it takes for granted; empty where it takes none.

    A wrong value keeps the right document from being found: what is asked is looked for once more without it.

    Args:
        message: as typed.
        hits: what was found; a value that any of them states stays.
    """
    granted = _granted(message)
    found = _stated(message, granted, hits) if granted else []
    wrong = [fact for fact in granted if not any(agree(fact, other) for other in found)]
    for fact in sorted(wrong, key=lambda fact: -fact.start):
        message = message[: fact.start].rstrip() + " " + message[fact.end :].lstrip("-内之以 ")
    return message if wrong else ""


def _stated(message: str, granted: Sequence[Fact], hits: Sequence[Hit]) -> list[Fact]:
    """Return the facts in those sentences of the hits that speak of what the message speaks of.

    That a passage about returns also says when points expire makes no false premise true.
    """
    about = telling_terms(
        "".join(c for i, c in enumerate(message) if not any(f.start <= i < f.end for f in granted))
    )
    read = [sentence for hit in hits for sentence in sentences(hit.chunk.text)]
    return [fact for sentence in read if about & telling_terms(sentence) for fact in facts(sentence)]


def _granted(message: str) -> list[Fact]:
    """Return the values that a message says are the company's."""
    stated = [fact for fact in facts(message) if fact.kind in _KINDS]
    return [f for f in stated if _is_granted(message, f.start, message[f.start : f.end])]


def _is_granted(message: str, start: int, written: str) -> bool:
    before = message[max(0, start - _REACH) : start]
    if "-" in written and _COMPOUND.search(before):
        return True
    granted = list(_TAKEN_FOR_GRANTED.finditer(before))
    if not granted:
        return False
    between = before[granted[-1].end() :]
    if _WHOSE.fullmatch(granted[-1].group()) and _CLAUSE_END.search(between):
        return False  # "I paid in your shop, about 1,500 yuan"
    return not _OWN.search(between)
