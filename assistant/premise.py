"""A question that takes something for granted which the documents say otherwise: "your 90-day returns"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.types import Quote
from kb.facts import Kind, agree, comparable, facts
from kb.types import Hit

_REACH = 48  # characters before a number that may say that it is the company's
_TAKEN_FOR_GRANTED = re.compile(
    r"""\b(?:your|you\ (?:offer|give|grant|promise|guarantee|allow|have|had|say|said|told|charge"
    r"|advertise|state)|you'?ve\ got
        |i\ (?:heard|read|was\ told|thought|understand|saw)|is\ it\ (?:true|right|correct)
        |since\ (?:you|it)|because\ you)\b
        |你们|您们|贵(?:公司|司|行|店)|听说|据说|我看到|不是说|既然|宣传|承诺|你家|您家""",
    re.IGNORECASE | re.VERBOSE,
)
_COMPOUND = re.compile(r"\b(?:the|your|this|that)\s+$", re.IGNORECASE)
_KINDS = {Kind.PERIOD, Kind.MONEY, Kind.PERCENT}
_OWN = re.compile(r"\b(?:i|my|we|our)\b|我|咱", re.IGNORECASE)


def wrong_premise(message: str, quotes: Sequence[Quote], hits: Sequence[Hit]) -> str:
    """Return what a message takes for granted and the quotes contradict, as it was written; empty if nothing.

    Args:
        message: as typed.
        quotes: of the answer.
        hits: what was found; a value that any of them states is no false premise.
    """
    stated = [fact for fact in facts(message) if fact.kind in _KINDS]
    granted = [f for f in stated if _is_granted(message, f.start, message[f.start : f.end])]
    if not granted:  # most messages: the documents need not be read
        return ""
    quoted = [fact for quote in quotes for fact in facts(quote.words)]
    found = [fact for hit in hits for fact in facts(hit.chunk.text)]
    for fact in granted:
        if any(agree(fact, other) for other in [*quoted, *found]):
            continue
        if any(comparable(fact, other) for other in quoted):
            return message[fact.start : fact.end]
    return ""


def _is_granted(message: str, start: int, written: str) -> bool:
    before = message[max(0, start - _REACH) : start]
    if "-" in written and _COMPOUND.search(before):
        return True
    granted = [found.end() for found in _TAKEN_FOR_GRANTED.finditer(before)]
    return bool(granted) and not _OWN.search(before[granted[-1] :])
