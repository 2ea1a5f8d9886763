"""Whether a sentence denies, forbids, demands or allows what another one does not; English and Chinese.

Two sentences in like words contradict each other where the same thing is negated in one and not in the other.
Counting negations does not tell: "No, we do not deliver" has two and still says that we do not; of "gift cards
expire and cannot be refunded" only the refund is denied. So each word that negates, forbids, demands or allows (a
*cue*) has a reach, from it to the end of its clause, and a *head* there, which it is about. What two sentences say
of the same head is compared, in the clauses that have most in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.verify.polarity_words import (
    ANSWER_NO,
    ANSWER_YES,
    ASIDE,
    CLASH,
    CUE,
    LIFTS,
    NEGATIVE,
    NON,
    SPLIT,
    SUPPOSED,
    UNDER,
    Force,
)
from kb.language.function_words import FUNCTION_HAN, FUNCTION_WORDS, SMALL_HAN
from kb.language.overlap import containment, likeness, overlap
from kb.language.text import HAN, fold, terms
from kb.language.wording import negations
from kb.language.words import Words

# Chosen on edited sentences that had passed, not one by one; bench_verify.py measures them together (ADR 0009).
_REACH = {"en": 12, "zh": 16}
"""Words or characters that a cue reaches."""
_SPOKEN_OF = 0.5
"""Share of a Chinese reach's terms from which on another clause speaks of it."""
_SAME_CONDITION = 0.5
"""Share of a condition's terms in the other sentence from which on both make the same condition."""
_NOTHING_BESIDE = 0.85
"""Share of either's telling terms in the other from which on two sentences are made of the same words."""
_ALIKE = 0.55
"""Share of a claim's terms that a sentence must have before what it denies is held against the claim."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that negates, forbids, demands or allows.

    Attributes:
        force: what it says of its head.
        start: its offset in the clause.
        head: what it is about: the first telling term in its reach, in Chinese all terms there; may be empty.
        word: as written.
    """

    force: Force
    start: int
    head: frozenset[str]
    word: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence between marks and conjunctions.

    Attributes:
        terms: its terms.
        telling: those that tell what it is about.
        cues: its cues, in order.
        supposed: whether it is a condition: what it denies is not said to be so ("who does not pay, is fined").
    """

    terms: frozenset[str]
    telling: frozenset[str]
    cues: tuple[Cue, ...]
    supposed: bool = False

    def force(self, head: frozenset[str]) -> Force:
        """Return what it says of a head; of what it says nothing special of it plainly states."""
        about = [cue for cue in self.cues if _about(cue.head, head)]
        negative = [cue.force for cue in about if cue.force in NEGATIVE]
        if negative:
            return negative[0] if len(negative) % 2 else Force.NONE
        return about[0].force if about else Force.NONE


@lru_cache(maxsize=8192)
def telling(text: str) -> frozenset[str]:
    """Return the terms that tell what a text is about: no small words; Chinese characters one by one."""
    found = terms(re.sub(SMALL_HAN, " ", text))
    return frozenset(t for t in found if t not in FUNCTION_WORDS and (t.isascii() or len(t) == 1))


@lru_cache(maxsize=8192)
def clauses(sentence: str) -> tuple[Clause, ...]:
    """Return the clauses of a sentence that have terms, with their cues; an answer's "No" is none."""
    answer = ANSWER_NO.match(sentence)
    told = sentence[answer.end() :] if answer else sentence
    stretches = [found.group() for found in ASIDE.finditer(told)]
    told, start = ASIDE.sub(" ", told), 0
    for mark in [*SPLIT.finditer(told), None]:
        stretches.append(told[start : mark.start() if mark else len(told)])
        if mark:  # a word that opens a clause belongs to it
            start = mark.start() if mark.group().isalpha() else mark.end()
    found = []
    for stretch in stretches:
        if own := frozenset(terms(stretch)):
            supposed = SUPPOSED.match(stretch) is not None or stretch.rstrip().endswith("的")
            found.append(Clause(own, telling(stretch), tuple(_cues(stretch)), supposed))
    return tuple(found)


def _cues(clause: str) -> Iterator[Cue]:
    taken: list[tuple[int, int, Force]] = []
    for force, pattern in CUE:
        for match in pattern.finditer(clause):
            if all(match.end() <= start or match.start() >= end for start, end, _ in taken):
                taken.append((*match.span(), force))
    plain = [*negations(clause), *(match.span() for match in NON.finditer(clause))]
    for start, end in plain:
        if all(end <= other or start >= stop for other, stop, _ in taken):
            taken.append((start, end, Force.DENIED))
    taken.sort()
    stops = [start for start, _, _ in taken[1:]] + [len(clause)]
    for (start, end, force), stop in zip(taken, stops, strict=False):
        yield Cue(force, start, _head(clause[end:stop], clause[:start]), clause[start:end])


def _head(behind: str, before: str) -> frozenset[str]:
    """Return what a cue is about: what stands behind it, or, where nothing telling does, what stands before."""
    if re.search(f"[{HAN}]", behind or before):
        told = re.sub(rf"[^{HAN}\w]+", " ", fold(behind))
        run = FUNCTION_HAN.sub("", told[: _REACH["zh"]], count=1) if FUNCTION_HAN.match(told) else told
        found = [t for t in terms(run[: _REACH["zh"]]) if len(t) > 1 or len(run.strip()) == 1]
        return frozenset(found) if found else frozenset(t for t in terms(before[-_REACH["zh"] :]) if len(t) > 1)
    words = [t for t in terms(behind)[: _REACH["en"]] if t not in FUNCTION_WORDS]
    if words:
        return frozenset(words[:1])
    return frozenset([t for t in terms(before) if t not in FUNCTION_WORDS][-1:])


def _about(own: frozenset[str], head: frozenset[str]) -> bool:
    """Tell whether two heads are about the same."""
    return overlap(own, head) >= _SPOKEN_OF


def _has(clause: Clause, head: frozenset[str]) -> bool:
    return containment(head, clause.terms) >= _SPOKEN_OF


def contradiction(claim: str, sources: Sequence[str]) -> str:
    """Return what a source sentence denies, forbids or demands that the claim does not, or the other way round.

    Args:
        claim: what is stated.
        sources: sentences in the claim's language; those that say something else do not matter.

    Returns:
        Why, for people; empty where nothing clashes.
    """
    wanted = telling(claim)
    shares = [(text, containment(wanted, telling(text))) for text in sources]
    about = [(text, share, clauses(text)) for text, share in shares if share >= _ALIKE]
    for mine in clauses(claim):
        for head in _heads(mine, about):
            if reason := _clash(claim, mine, head, about):
                return reason
    return ""


def denies_more(claim: str, source: str) -> str:
    """Return which of two sentences in like words negates where the other has nothing of what is negated.

    Only the source's clauses that the claim has most of count. Empty where both negate or neither does, or where
    ``contradiction`` can tell, because both speak of what is negated.
    """
    wanted = telling(claim)
    spoken = [c for c in clauses(source) if containment(c.telling, wanted) >= _SPOKEN_OF]
    mine, theirs = _negative(clauses(claim)), _negative(spoken or clauses(source))
    if bool(mine) == bool(theirs):
        return ""
    other = source if mine else claim
    if any(_has(clause, cue.head) for cue in mine or theirs for clause in clauses(other)):
        return ""
    return "the source does not negate it" if mine else "the source negates it"


def _negative(of: Iterable[Clause]) -> list[Cue]:
    return [cue for clause in of for cue in clause.cues if cue.force in NEGATIVE]


_Source = tuple[str, float, tuple[Clause, ...]]


def _heads(mine: Clause, about: Iterable[_Source]) -> set[frozenset[str]]:
    """Return the heads that the clause or a source has a cue for, if both speak of them."""
    found = {cue.head for cue in mine.cues}
    found |= {cue.head for _, _, there in about for clause in there for cue in clause.cues}
    return {head for head in found if _has(mine, head)}


def _clash(claim: str, mine: Clause, head: frozenset[str], about: Iterable[_Source]) -> str:
    """Return how the clause that has most in common with the claim's says something else of a head."""
    speaking = [
        (
            round(share + containment(mine.telling, clause.telling), 2),
            text,
            _force_of(mine, clause, head),
        )
        for text, share, there in about
        for clause in there
        if _has(clause, head)
    ]
    if not speaking:
        return ""
    most = max(alike for alike, _, _ in speaking)
    own = mine.force(head)
    closest = [(text, force) for alike, text, force in speaking if alike == most]
    closest = [pair for pair in closest if _same_words(claim, pair[0])] or closest
    clashing = [(text, force) for text, force in closest if _clashes(own, force)]
    if len(clashing) < len(closest):
        return ""
    force = clashing[0][1]
    if all(_same_condition(*((claim, text) if own in NEGATIVE else (text, claim))) for text, _ in clashing):
        return ""
    if own in NEGATIVE and force not in NEGATIVE:
        return "the source does not negate it"
    return "the source negates it" if force in NEGATIVE and own not in NEGATIVE else f"the source {force} it"


def _same_words(claim: str, text: str) -> bool:
    """Tell whether a sentence has the claim's telling terms and next to none beside."""
    return likeness(telling(claim), telling(text)) >= _NOTHING_BESIDE


def _force_of(mine: Clause, clause: Clause, head: frozenset[str]) -> Force:
    """Return what a clause says of a head; a negation that is only supposed is not said of what is stated."""
    force = clause.force(head)
    return Force.NONE if clause.supposed and not mine.supposed and force in NEGATIVE else force


def _clashes(own: Force, other: Force) -> bool:
    return (own in NEGATIVE) != (other in NEGATIVE) or frozenset({own, other}) in CLASH


def _same_condition(negative: str, plain: str) -> bool:
    """Tell whether "no … unless C" meets "… if C", so that one negated and one plain sentence say the same."""
    lifted, under = _condition(negative, LIFTS), _condition(plain, UNDER)
    if likeness(lifted, under) < _SAME_CONDITION:
        return False
    return bool(_denials(negative)) and not _denials(plain) and not LIFTS.search(plain)


def _denials(sentence: str) -> list[Cue]:
    """Return the negations of a sentence but for those that only lift another one, such as "without"."""
    return [cue for cue in _negative(clauses(sentence)) if not LIFTS.match(cue.word)]


def condition_reversed(claim: str, source: str) -> bool:
    """Tell whether both negate alike, but what lifts the negation in one is its condition in the other."""
    for one, other in ((claim, source), (source, claim)):
        lifted, under = _condition(one, LIFTS), _condition(other, UNDER)
        if likeness(lifted, under) < _SAME_CONDITION:
            continue
        if bool(_negative(clauses(one))) == bool(_negative(clauses(other))) and not LIFTS.search(other):
            return True
    return False


def _condition(sentence: str, opening: Words) -> frozenset[str]:
    """Return the telling terms of the condition that a word opens."""
    found = opening.search(sentence)
    if not found:
        return frozenset()
    rest = sentence[found.end() :]
    stop = re.search(r"[,;.，；。]", rest)
    own = terms(rest[: stop.start()] if stop else rest)
    return frozenset(t for t in own if t not in FUNCTION_WORDS and (t.isascii() or len(t) > 1))


def denied(sentence: str) -> bool:
    """Tell whether a sentence as a whole negates."""
    return len(_negative(clauses(sentence))) % 2 == 1


def answered(following: str) -> bool | None:
    """Tell how the sentence after a question answers it: True for yes, False for no, None for neither."""
    if ANSWER_NO.match(following):
        return False
    return True if ANSWER_YES.match(following) else None
