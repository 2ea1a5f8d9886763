"""The checks that no score outweighs: numbers, dates, periods, names and negations of a claim stand in its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.verify.evidence import Passage
from kb.facts import Fact, Kind, agree, comparable
from kb.text import fold

_AS_GOOD = 0.75
"""A sentence that says this share of what the best one says of the claim may carry a fact of it too."""
_ABOUT_IT = 0.35
"""From here on a sentence is about the claim, so that another value in it speaks against it."""
_SAME_WORDS = 0.7
"""From here on claim and sentence are so alike that a negation in only one of them turns the meaning round."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of the evidence, with how much of the claim it says.

    Attributes:
        passage: its text.
        sentence: its number in the passage.
        score: 0-1, the mean of the two below, or the first alone where the languages differ.
        near: how near it is in meaning.
        covered: how many of the claim's terms, by rarity, it has.
    """

    passage: Passage
    sentence: int
    score: float
    near: float = 0.0
    covered: float = 0.0

    @property
    def facts(self) -> list[Fact]:
        """The facts it states."""
        return self.passage.facts[self.sentence]

    @property
    def words(self) -> str:
        """The sentence."""
        return self.passage.sentences[self.sentence]


def objections(claim: Passage, places: Sequence[Place]) -> list[str]:
    """Return what speaks against a claim, for people; nothing if all its facts agree.

    Args:
        claim: the claim.
        places: all sentences of the evidence, best first; at least one.
    """
    found = fact_objections(claim, places) + missing_names(claim, places)
    if reason := turned_round(claim, places[0]):
        found.append(reason)
    return found


def fact_objections(claim: Passage, places: Sequence[Place]) -> list[str]:
    """Return an objection for each number, amount, date, period or code that the evidence does not bear out."""
    stated = [(sentence, fact) for sentence, found in zip(claim.sentences, claim.facts, strict=True) for fact in found]
    return [reason for sentence, fact in stated if (reason := _against(sentence, fact, places))]


def _against(sentence: str, fact: Fact, places: Sequence[Place]) -> str:
    """Return why a fact is not supported, or nothing."""
    written = sentence[fact.start : fact.end]
    near = [place for place in places if place.score >= _AS_GOOD * places[0].score]
    if any(agree(fact, other) for place in near for other in place.facts):
        return ""
    for place in near:
        for other in place.facts:
            if place.score >= _ABOUT_IT and comparable(fact, other):
                return f"the source says {_shown(place.words, other)}, not {_shown(sentence, fact)}"
    if any(agree(fact, other) for place in places for other in place.facts):
        return ""
    if fact.kind is Kind.CODE and any(_holds(place.words, str(fact.value)) for place in places):
        return ""
    return f"the source does not say {written}"


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
    text = " ".join(fold(p.text) for p in passages)
    missing = []
    for words in claim.names:
        comparable_words = [word for word in words if word.isascii() == (claim.language != "zh") or same_language]
        if same_language and not all(word in text for word in comparable_words):
            missing.append(f"the source does not name {' '.join(words)}")
    return missing


def turned_round(claim: Passage, best: Place, least: float = _SAME_WORDS) -> str:
    """Return an objection if only one of the two is negated, though at least so much is alike."""
    if claim.language != best.passage.language or best.score < least:
        return ""
    claimed, said = sum(claim.negations), best.passage.negations[best.sentence]
    if claimed % 2 == said % 2:
        return ""
    return "the source negates it" if said > claimed else "the source does not negate it"
