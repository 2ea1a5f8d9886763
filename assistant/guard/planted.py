"""Words in a document that speak to a machine, not to a reader: they are never quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.guard.planted_patterns import (
    ASKS_FOR_WORK,
    CHAT,
    CODE,
    ENGLISH,
    FOREIGN,
    FOREIGN_WORDS,
    ORDERS,
    OTHER_SCRIPT,
    SPEAKER,
)
from kb.language.facts import facts
from kb.language.text import asks, detect_language, terms

_SHARED = 0.2  # of a sentence's words that stand elsewhere in its chunk; below, it is about something else

_OPENS = re.compile(r":\s*(['‘\"“])")
_CLOSES = {"‘": "’", "“": "”"}

_PLANTED = re.compile("|".join(f"(?:{pattern})" for pattern in ORDERS), re.IGNORECASE | re.MULTILINE)
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


def is_planted(sentence: str) -> bool:
    """Tell whether a sentence gives orders to a machine that reads it, or is program code."""
    return _PLANTED.search(_ZERO_WIDTH.sub("", sentence)) is not None


def planted_places(sentences: Sequence[str], about: str) -> frozenset[int]:
    """Return which sentences of a chunk were planted, as far as that can be seen.

    Besides orders to a machine: code, questions, work that is asked for, words in another script, wherever they
    have next to nothing in common with the rest of the chunk; and what stands between two such sentences.

    Args:
        sentences: of one chunk, in order.
        about: its title, headings and stored question.
    """
    words = [_words(sentence) for sentence in sentences]
    certain = [is_planted(sentence) for sentence in sentences]
    orders = tuple(certain)
    script = Counter(detect_language(sentence) for sentence in [about, *sentences]).most_common(1)[0][0]
    doubtful = [planted or _speaks(sentence) for sentence, planted in zip(sentences, certain, strict=True)]
    known = [_words(about), *(w for w, doubt in zip(words, doubtful, strict=True) if not doubt)]
    count = Counter(word for group in known for word in group)  # what is doubtful does not speak for its like
    strange: list[bool] = []
    for place, (sentence, own) in enumerate(zip(sentences, words, strict=True)):
        shared = sum(count[word] > (not doubtful[place]) for word in own) / (len(own) or 1)
        strange.append(not certain[place] and bool(own) and shared < _SHARED)
        certain[place] = certain[place] or _looks_planted(sentence, strange[place], script)
    inside = False
    for place, sentence in enumerate(sentences):  # a block of code, from mark to mark
        certain[place] = certain[place] or inside
        inside ^= bool(sentence.count("```") % 2)
    _spread(sentences, certain, strange, orders)
    return frozenset(place for place, planted in enumerate(certain) if planted)


def _spread(
    sentences: Sequence[str], certain: list[bool], strange: Sequence[bool], orders: Sequence[bool]
) -> None:
    """Mark what belongs to planted sentences: what they hand over in quotation marks, and what stands by them.

    A strange neighbour of an order to a machine is taken for a part of it if it states no fact; one that states a
    fact only between two planted sentences.
    """
    opened = ""
    for place, sentence in enumerate(sentences):
        certain[place] = certain[place] or bool(opened)
        if not opened and certain[place] and (found := _OPENS.search(sentence)):
            opened = _CLOSES.get(found.group(1), found.group(1))
            sentence = sentence[found.end() :]
        if opened and sentence.rstrip(" .。?？").endswith(opened):
            opened = ""
    firm = [planted and not asks(sentence) for sentence, planted in zip(sentences, certain, strict=True)]
    for place in range(1, len(sentences) - 1):
        certain[place] = certain[place] or (strange[place] and firm[place - 1] and firm[place + 1])
    for order in (range(len(sentences)), range(len(sentences) - 1, -1, -1)):
        beside = False
        for place in order:
            joined = beside and strange[place] and not facts(sentences[place])
            certain[place] = certain[place] or joined
            beside = orders[place] or joined


def _looks_planted(sentence: str, strange: bool, script: str) -> bool:
    if OTHER_SCRIPT.search(sentence):
        return script in ("en", "zh")
    if script in ("en", "zh") and _is_foreign(sentence):
        return strange
    if CODE.search(sentence) or CHAT.search(sentence):
        return strange
    return strange and _speaks(sentence)


def _is_foreign(sentence: str) -> bool:
    foreign = len(FOREIGN.findall(sentence))
    return foreign >= FOREIGN_WORDS and foreign > len(ENGLISH.findall(sentence))


def _speaks(sentence: str) -> bool:
    """Tell whether a sentence is somebody's who talks to somebody: a question, work asked for, a speaker's I."""
    return asks(sentence) or any(p.search(sentence) for p in (ASKS_FOR_WORK, SPEAKER))


def _words(text: str) -> frozenset[str]:
    """Return the words that say what a text is about: in Chinese pairs of characters, elsewhere long words."""
    return frozenset(term for term in terms(text) if len(term) >= (4 if term.isascii() else 2))
