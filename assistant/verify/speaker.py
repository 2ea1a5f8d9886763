"""What a reply says of the one who speaks, or merely asks: no document can bear it out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verify.evidence import Passage, Place
from kb.language.text import asks

_FRAME = re.compile(
    r"^\W*(?:(?:yes|yeah|no|oh|well|sure|so|ok(?:ay)?)\b[\s,!.]*)*\bi\s+(?:do|did|have|am|can)\b\s*(?=[,.!])"
    r"|\bi(?:\s*['’]\s*m|\s+am)\s+(?:not\s+(?:quite\s+|really\s+|entirely\s+)?sure|sorry|afraid|happy|glad)\b"
    r"(?:\s+to\s+(?:hear|say|tell\s+you|confirm)\b)?[\s,]*(?:but|that|of)?"
    r"|\bi(?:\s*['’]\s*(?:ve|d)|\s+(?:have|would|can|was|do\s+not|do\s*n\s*['’]?\s*t))?\s+(?:really\s+|just\s+)?"
    r"(?:know|think|guess|believe|understand|see|find|found|suppose|read|say|said|told|heard|checked|confirm(?:ed)?)\b"
    r"[\s,:]*(?:but|that)?"
    r"|\b(?:tell|told|asked|gave|give|show|showed|let)\s+me\b"
    r"|我(?:们)?(?:认为|觉得|想|猜|知道|了解|理解|明白|查到|看到|确认|注意到|可以告诉[您你]|很?抱歉|很高兴)|据我所知|请?让我",
    re.IGNORECASE,
)
"""What only says how the speaker knows or feels about what follows."""
_SPEAKER = re.compile(
    r"(?<![\w./])(?:i(?![\w/]|\.\w)|me(?!\w)|myself(?!\w)|mine(?!\w)|my(?!\w)(?!\s+(?-i:[A-Z])))"
    r"|(?<!自)我(?![们国司行方社校院店馆团局市省区县部厅委所处家])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|\s)(?:[A-Z]\w+|part|class|type|section|schedule|annex|level|phase|stage|press)\s+$")
"""What makes an "I" behind it a number or a key, unless it opens a sentence."""
_OPENERS = {"Yes", "No", "Oh", "Well", "So", "And", "But", "When", "If", "As", "While", "Since", "Because", "Sure"}


def of_the_speaker(claim: Passage, places: Sequence[Place]) -> str:
    """Return an objection if a claim speaks of the speaker ("I have one, too") and the evidence does not.

    "I think" and "I am not sure, but" are no such claims: they only introduce one.
    """
    if not _speaks(claim.text):
        return ""
    passages = {id(place.passage): place.passage for place in places}.values()
    if any(_speaks(sentence) for passage in passages for sentence in passage.sentences if not asks(sentence)):
        return ""
    return "the source does not speak of the speaker"


def asks_only(claim: Passage) -> str:
    """Return an objection if a claim is a question, which states nothing."""
    return "a question states nothing" if all(map(asks, claim.sentences)) else ""


def _speaks(text: str) -> bool:
    """Tell whether a text says something of its speaker, beside how it knows of the rest."""
    told = _FRAME.sub(" ", text)
    return any(not _is_number(told, found) for found in _SPEAKER.finditer(told))


def _is_number(text: str, match: re.Match[str]) -> bool:
    """Tell whether an "I" is a Roman number or a key, and a "me" the name of a button: "Part I", "Remember me"."""
    before = text[max(0, match.start() - 24) : match.start()]
    if match.group() == "I":
        named = _NUMBERED.search(before)
        return named is not None and named.group().strip() not in _OPENERS
    return match.group() == "me" and before.casefold().endswith("remember ")
