"""A message that asks several things becomes several questions, each standing alone."""

from __future__ import annotations

import re

from kb.language.text import asks, sentences, terms

_MOST = 3
_FEWEST_TERMS = 3  # of a question; in Chinese a character is a term and a pair another
_ASKS_EN = (
    r"how|what|when|where|who|which|why|do|does|did|can|could|is|are|will|would|should|may|must"
    r"|have|has|am|any|until"
)
_ASKS = re.compile(
    rf"\b(?:{_ASKS_EN})\b|[吗嗎呢]|什么|什麼|怎么|怎麼|怎样|如何|多少|多久|多长|多長|几[天年月个次点时]"
    rf"|哪|谁|能不能|可不可以"
    r"|可否|是否|会不会|有没有|要不要|为何|为什么",
    re.IGNORECASE,
)
_JOINT = re.compile(
    rf"\s*[,;]?\s+(?:and|or|also|plus|&)\s+(?:also\s+)?(?=(?:{_ASKS_EN})\b)"
    r"|[，,；;]\s*(?:还有|另外|以及|并且|而且|同时|顺便问?一?下?|那么?)?[，,]?\s*(?=\S)|(?:以及|还有"
    r"|并且)(?=\S)",
    re.IGNORECASE,
)
_CUT_SHORT = re.compile(rf"\b(?:{_ASKS_EN})\s*$", re.IGNORECASE)  # "how and when do I …" is one question


def split_questions(message: str) -> tuple[str, ...]:
    """Return the questions in a message, each with what was said before it; empty where it asks one thing.

    >>> split_questions("How long may I return it, and what does the parcel cost?")
    ('How long may I return it', 'How long may I return it what does the parcel cost?')
    """
    told: list[str] = []
    asked: list[str] = []
    for sentence in sentences(message):
        if not asks(sentence):
            told.append(sentence)
            continue
        pieces = _pieces(sentence)
        asked += [" ".join([*told, piece]) if told else piece for piece in pieces]
    return tuple(asked) if 2 <= len(asked) <= _MOST else ()


def _pieces(sentence: str) -> list[str]:
    """Return the questions in one sentence; a part that asks nothing stays with the one it stands before."""
    pieces: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(sentence):
        before, after = sentence[begin : joint.start()], sentence[joint.end() :]
        if _is_question(before) and not _CUT_SHORT.search(before) and _is_question(after):
            pieces.append(sentence[begin : joint.start()].strip())
            begin = joint.end()
    pieces.append(sentence[begin:].strip())
    return [pieces[0], *(f"{pieces[0]} {piece}" for piece in pieces[1:])]


def asks_something(text: str) -> bool:
    """Tell whether there is a word in a text that asks."""
    return _ASKS.search(text) is not None


def _is_question(text: str) -> bool:
    return asks_something(text) and len(set(terms(text))) >= _FEWEST_TERMS
