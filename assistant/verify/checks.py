"""The checks that no score outweighs: a claim's numbers, dates, names and negations stand in its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.verify.evidence import Passage, Place
from assistant.verify.polarity import answered, condition_reversed, contradiction, denied, denies_more, telling
from assistant.verify.speaker import asks_only, of_the_speaker
from assistant.verify.turned import limit_turned, name_changed, one_word_turned
from kb.language.conditions import SPAN, Does, words_that
from kb.language.facts import Fact, Kind, agree, comparable
from kb.language.overlap import containment
from kb.language.text import HAN, fold, terms

# Chosen on edited sentences that had passed, not one by one; bench_verify.py measures them together (ADR 0009).
_NEAREST = 3
"""Sentences among which the one with the most words of the claim is looked for."""
_AS_NEAR = 0.05
"""A fact that agrees may stand in words this much farther from the claim's than one that does not."""
_ABOUT_IT = 0.35
"""From here on a sentence is about the claim, so that another value in it speaks against it."""
_SAME_WORDS = 0.7
"""From here on claim and sentence are so alike that a negation in only one of them turns the meaning round."""
_SAID_WHOLE = 0.8
"""From here on a sentence is taken to say all of a claim, so that a condition of it must be in the claim."""
_ALL_OF_IT = 0.95
"""From here on all the claim's words stand in the sentence."""
_IN_THE_CLAIM = 0.5
"""Share of a condition's terms that a claim must have to keep the condition."""
_ONLY = words_that(Does.ALONE)
"""Words that limit what is said to what is named."""
_HALF_OF_IT = 0.5
"""Share of the words beside a limit that a claim must have to be limited by it."""
_STATES_THE_REST = 0.75
"""Share of a claim's terms in a sentence without its condition from which on the claim is the rest of it."""
_TELLING = 2
"""Fewest telling terms of a claim that is compared with another language by its meaning alone."""
_BESIDE = 5
"""Terms on each side of a fact that tell what it is a fact about."""
_HAN = re.compile(f"[{HAN}]")
_CLAUSE_END = re.compile(r"[,;:()，；：、。！？（）]|\.\s")


def objections(claim: Passage, places: Sequence[Place]) -> list[str]:
    """Return what speaks against a claim, for people; nothing if all its facts agree.

    Args:
        claim: the claim.
        places: all sentences of the evidence, best first; at least one.
    """
    found = fact_objections(claim, places) + missing_names(claim, places)
    fullest = max(places[:_NEAREST], key=lambda place: place.covered)
    reasons = [
        "" if found else name_changed(claim, fullest),
        turned_round(claim, places) or one_word_turned(claim, places),
        limit_turned(claim, fullest),
        _unconditional(claim, places[0]),
        _unconditional(claim, fullest),
        of_the_speaker(claim, places),
        asks_only(claim),
        _too_little(claim, places),
    ]
    return found + [reason for reason in reasons if reason]


def _too_little(claim: Passage, places: Sequence[Place]) -> str:
    """Return an objection if next to nothing tells what a claim is about, and its sources are in another language.

    "The answer is no." is near to anything; words and order cannot tell there.
    """
    if claim.language in {place.passage.language for place in places} or any(claim.facts):
        return ""
    few = len(telling(claim.text)) < _TELLING
    return "it says too little to be compared with another language" if few else ""


def fact_objections(claim: Passage, places: Sequence[Place]) -> list[str]:
    """Return an objection for each number, amount, date, period or code that the evidence does not bear out."""
    found = []
    for sentence, stated in zip(claim.sentences, claim.facts, strict=True):
        for fact in stated:
            others = [other for other in stated if other is not fact]
            if reason := _against(sentence, fact, others, places):
                found.append(reason)
    return found


def _against(sentence: str, fact: Fact, others: Sequence[Fact], places: Sequence[Place]) -> str:
    """Return why a fact is not supported, or nothing.

    Of the facts that measure the same, the one in the words nearest to the claim's counts; those that the claim's
    other facts speak of are left out.
    """
    around = _around(sentence, fact)
    agreeing, other_value, other = 0.0, 0.0, ""
    for place in places:
        for found in place.facts:
            alike = place.score / 2 + containment(around, _around(place.words, found))
            if agree(fact, found):
                agreeing = max(agreeing, alike)
            elif alike > other_value and place.score >= _ABOUT_IT and _rivals(fact, found, others):
                other_value, other = alike, f"the source says {_shown(place.words, found)}"
    if agreeing and agreeing >= other_value - _AS_NEAR:
        return ""
    if other:
        return f"{other}, not {_shown(sentence, fact)}"
    if fact.kind is Kind.CODE and any(_holds(place.words, str(fact.value)) for place in places):
        return ""
    return f"the source does not say {_shown(sentence, fact)}"


def _rivals(fact: Fact, stated: Fact, others: Sequence[Fact]) -> bool:
    """Tell whether a fact of the source is another value of ``fact``, and none that the claim gives beside it."""
    return comparable(fact, stated) and not any(agree(other, stated) for other in others)


@lru_cache(maxsize=8192)
def _around(sentence: str, fact: Fact) -> frozenset[str]:
    """Return the terms beside a fact in its clause."""
    ends = [found.end() for found in _CLAUSE_END.finditer(sentence, 0, fact.start)]
    after = _CLAUSE_END.search(sentence, fact.end)
    begin, stop = (ends[-1] if ends else 0), (after.start() if after else len(sentence))
    before, behind = terms(sentence[begin : fact.start]), terms(sentence[fact.end : stop])
    reach = _BESIDE * (2 if _HAN.search(sentence) else 1)
    return frozenset(before[-reach:]) | frozenset(behind[:reach])


def _shown(sentence: str, fact: Fact) -> str:
    words = sentence[fact.start : fact.end].strip()
    return f"{fact.bound.value} {words}" if fact.bound and words.isascii() else words


def _holds(text: str, code: str) -> bool:
    squeezed = fold(text).replace(" ", "").replace("-", "")
    return code.replace(" ", "").replace("-", "") in squeezed


def missing_names(claim: Passage, places: Sequence[Place]) -> list[str]:
    """Return an objection for each name that the evidence does not have; a translated name cannot be told."""
    passages = {id(place.passage): place.passage for place in places}.values()
    same_language = {p.language for p in passages} & {claim.language, ""}
    text = " ".join(p.folded for p in passages)
    missing = []
    for words in claim.names:
        if same_language and not all(word in text for word in words):
            missing.append(f"the source does not name {' '.join(words)}")
    return missing


def turned_round(claim: Passage, places: Sequence[Place]) -> str:
    """Return an objection if the nearest sentences deny or demand what the claim does not, or the claim more.

    A question says nothing by itself, but its answer's "no" denies it.
    """
    near = [*places[:_NEAREST], max(places, key=lambda place: place.covered)]
    near = [place for place in dict.fromkeys(near) if place.passage.language == claim.language]
    stated = [place for place in near if not place.asks]
    for sentence in claim.sentences:
        if reason := contradiction(sentence, [place.words for place in stated]):
            return reason
        for place in stated:
            if place.score >= _SAID_WHOLE and condition_reversed(sentence, place.words):
                return "the source makes the opposite condition"
    for place in stated[:1]:
        if place.score >= _SAME_WORDS and (reason := denies_more(claim.text, place.words)):
            return reason
    return next((reason for place in near if (reason := _answered_otherwise(claim, place))), "")


def _answered_otherwise(claim: Passage, place: Place) -> str:
    """Return an objection if a question in the claim's words is answered with its opposite."""
    if not place.asks or place.covered < _SAME_WORDS or place.sentence + 1 >= len(place.passage.sentences):
        return ""
    said = answered(place.passage.sentences[place.sentence + 1])
    if said is None or denied(claim.text) == (denied(place.words) == said):
        return ""
    return "the source says no" if not said else "the source says yes"


def _unconditional(claim: Passage, best: Place) -> str:
    """Return an objection if the claim says what the best sentence says, but without its condition."""
    if claim.language != best.passage.language:
        return ""
    for condition in SPAN.finditer(best.words):
        rest = _rest(best.words, condition)
        wanted = frozenset(terms(condition.group()))
        if containment(wanted - rest or wanted, claim.terms) >= _IN_THE_CLAIM:
            continue
        if best.score < _SAID_WHOLE and containment(claim.terms, rest) < _STATES_THE_REST:
            continue
        return f"the source makes a condition: {condition.group().strip()}"
    only = _ONLY.search(best.words)
    if only and not _ONLY.search(claim.text) and best.covered >= _ALL_OF_IT and _limits(only, best.words, claim):
        return f"the source limits it: {only.group()}"
    return ""


def _limits(only: re.Match[str], sentence: str, claim: Passage) -> bool:
    """Tell whether a claim says what is limited: the words before the limit in its clause, or else behind it."""
    begin = max((found.end() for found in _CLAUSE_END.finditer(sentence, 0, only.start())), default=0)
    after = _CLAUSE_END.search(sentence, only.end())
    before = terms(sentence[begin : only.start()])[-_BESIDE:]
    limited = before or terms(sentence[only.end() : after.start() if after else len(sentence)])
    return containment(frozenset(limited), claim.terms) >= _HALF_OF_IT


def _rest(sentence: str, condition: re.Match[str]) -> frozenset[str]:
    """Return the terms of what a sentence says under a condition: of its part between semicolons, without it."""
    begins = [found.end() for found in re.finditer("[;；]", sentence[: condition.start()])]
    after = re.search("[;；]", sentence[condition.end() :])
    stop = condition.end() + after.start() if after else len(sentence)
    left = sentence[begins[-1] if begins else 0 : condition.start()]
    return frozenset(terms(f"{left} {sentence[condition.end() : stop]}"))
