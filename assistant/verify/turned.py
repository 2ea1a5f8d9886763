"""One thing of a sentence changed for another: its limit, a name in it, or the word that decides what it says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.verify.evidence import Passage, Place
from kb.language.bounds import AT_LEAST, AT_MOST
from kb.language.overlap import containment
from kb.language.text import fold, terms
from kb.language.wording import name_words, names

# Chosen on edited sentences that had passed, not one by one; bench_verify.py measures them together (ADR 0009).
_SAME_WORDS = 0.7
"""From here on claim and sentence are so alike that another limit in one of them is another limit of the same."""
_REST_SAID = 0.8
"""Share of a claim's terms beside a name from which on a sentence says the same of another name."""
_CLAUSE = re.compile("[,;:.，；：。、()（）]")
_LIMITED = 3
"""Terms behind the words of a limit that tell what it limits."""
Limit = tuple[str, tuple[str, ...]]
"""The words of a limit, and the terms behind them."""
_MARKS = " .,;:!?。，；：！？、"
_LOOKED_AT = 10
"""Sentences in which a claim is looked for word for word."""
_PAIRS = (
    *(("可以", word) for word in ("不可", "不可以", "不得", "不能")), ("能", "不能"), ("应当", "不得"),
    ("须", "无须"), ("必须", "不必"), ("必须", "无需"), ("需要", "不需要"), (" can ", " cannot "),
    (" if ", " unless "),
    *((f" {word} ", f" {word} not ") for word in ("may", "must", "will", "do", "is", "are")),
)  # fmt: skip
_TURNS = (*_PAIRS, *((right, left) for left, right in _PAIRS))


def limit_turned(claim: Passage, best: Place) -> str:
    """Return an objection if the claim says "at least" of what the sentence says "at most", or the other way."""
    if claim.language != best.passage.language or best.score < _SAME_WORDS:
        return ""
    mine, theirs = _limits(claim.text), _limits(best.words)
    for turned, limits in enumerate(mine):
        same, opposite = theirs[turned], theirs[1 - turned]
        if limits and opposite and not mine[1 - turned] and not same:
            return f"the source says {opposite[0][0]}"
        for _, limited in limits:
            said = [words for words, other in opposite if limited and other == limited]
            if said and limited not in [other for _, other in same]:
                return f"the source says {said[0]}"
    return ""


def _limits(text: str) -> tuple[list[Limit], list[Limit]]:
    """Return the lower and the upper limits in a text."""
    least, most = (
        [
            (found.group(), tuple(terms(_CLAUSE.split(text[found.end() :])[0])[:_LIMITED]))
            for found in bound.finditer(text)
        ]
        for bound in (AT_LEAST, AT_MOST)
    )
    return least, most


def name_changed(claim: Passage, best: Place) -> str:
    """Return an objection if the sentence that says all else of a claim has another name in the place of its own.

    That the name stands elsewhere in the passage does not make it the one of this sentence; nor does it once
    more than it stands in the sentence.
    """
    if best.passage.language != claim.language:
        return ""
    said, there = _named(claim.text), _named(best.words)
    text = fold(best.words)
    strange = [
        name
        for name in said
        if said[name] > text.count(name) and (name in text or not _part_named(name, best.words))
    ]
    others = [name for name in there if there[name] > claim.folded.count(name)]
    if not strange or not others:
        return ""
    rest = claim.terms - frozenset(terms(" ".join(name for name in strange if name not in there)))
    if containment(rest, best.passage.sentence_terms[best.sentence]) < _REST_SAID:
        return ""
    return f"the source names {others[0]}, not {strange[0]}"


def _part_named(name: str, sentence: str) -> bool:
    """Tell whether a sentence has a word of a name, written as a name is; "cloud" is no "Google Cloud"."""
    return any(re.search(rf"\b(?:{word.capitalize()}|{word.upper()})\b", sentence) for word in name.split())


def _named(text: str) -> Counter[str]:
    """Return how often a text has each name."""
    return Counter(name for span in names(text) if (name := " ".join(name_words(text, span))))


def one_word_turned(claim: Passage, places: Sequence[Place]) -> str:
    """Return an objection if a claim stands in a sentence word for word but for one that turns it round."""
    said = fold(claim.text).strip(_MARKS)
    turns = [(mine, theirs) for mine, theirs in _TURNS if mine in said]
    for there in (fold(place.words) for place in places[:_LOOKED_AT]):
        if said in there:
            return ""
        for mine, theirs in turns:
            for found in re.finditer(re.escape(mine), said):
                if said[: found.start()] + theirs + said[found.end() :] in there:
                    return f"the source says {theirs.strip()}"
    return ""
