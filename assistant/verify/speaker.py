"""What a reply says of the one who speaks, or merely asks: no document can bear it out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verify.evidence import Passage, Place
from kb.text import asks

_FRAME = re.compile(
    r"^\W*(?:(?:yes|yeah|no|oh|well|sure|so|ok(?:ay)?)\b[\s,!.]*)*\bi\s+(?:do|did|have|am|can)\b\s*(?=[,.!])"
    r"|\bi(?:\s*['’]\s*m|\s+am)\s+(?:not\s+(?:quite\s+|really\s+|entirely\s+)?sure|sorry|afraid|happy|glad)\b"
    r"(?:\s+to\s+(?:hear|say|tell\s+you|confirm)\b)?[\s,]*(?:but|that|of)?"
    r"|\bi\s+(?:can\s+)?(?:(?:do\s+not|do\s*n\s*['’]?\s*t)\s+(?:really\s+)?)?"
    r"(?:know|think|guess|believe|understand|see|find|found|suppose|read|checked|confirm)\b[\s,:]*(?:but|that)?"
    r"|\b(?:tell|told|asked|gave|give|show|showed|let)\s+me\b"
    r"|我(?:们)?(?:认为|觉得|想|猜|知道|了解|理解|明白|查到|看到|确认|注意到|很?抱歉|很高兴)|据我所知|请?让我",
    re.IGNORECASE,
)
"""What only says how the speaker knows or feels about what follows."""
_SPEAKER = re.compile(
    r"(?<![\w.])(?:i|me|my|mine|myself)(?![\w.]|\s*\))|我(?![们国司行方社校院店馆团])", re.IGNORECASE
)


def of_the_speaker(claim: Passage, places: Sequence[Place]) -> str:
    """Return an objection if a claim speaks of the speaker ("I have one, too") and the evidence has no "I" either.

    "I think" and "I am not sure, but" are no such claims: they only introduce one.
    """
    if not _SPEAKER.search(_FRAME.sub(" ", claim.text)):
        return ""
    passages = {id(place.passage): place.passage for place in places}.values()
    if any(_SPEAKER.search(passage.text) for passage in passages):
        return ""
    return "the source does not speak of the speaker"


def asks_only(claim: Passage) -> str:
    """Return an objection if a claim is a question, which states nothing."""
    return "a question states nothing" if any(map(asks, claim.sentences)) else ""
