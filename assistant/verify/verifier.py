"""Checking claims against evidence, without a language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.table.fields import is_row
from assistant.table.wording import reads_out
from assistant.types import Verdict
from assistant.verify.checks import objections
from assistant.verify.evidence import Passage, Place, taken_apart, windows_of
from assistant.verify.features import Reader, load_weights
from assistant.verify.states import States
from assistant.verify.sums import sum_verdict
from kb.embedders import Embedder
from kb.language.conditions import CUT_OFF
from kb.language.marks import is_mark
from kb.language.text import terms
from kb.language.wording import opposed

# Measured: the tables of ADR 0009, repeated by bench_verify.py; the share in order is chosen.
THRESHOLD = 0.5
"""Support from which on a claim counts as supported, unless a check objects."""
_OBJECTED = 0.5
"""What is left of the support of a claim that a check objects to, beyond what the weights took off."""
_LIKE_WORDS = 0.9
"""Least support of a claim whose words all stand in one sentence, in order, and that no check objects to."""
_IN_ORDER = 0.9
"""Share of a claim's terms that must stand in the sentence in the claim's order."""
_SEMICOLON = re.compile("[;；]")
_DECORATION = " \t*_#>-•·"
"""What may stand between a line's begin and its first word."""
_CLAUSE_MARKS = ".。!！?？;；,，:：\n"


class Verifier:
    """Tells how likely evidence says what a claim states; keeps the evidence it has seen at hand.

    With another embedder than the bundled one, words, facts, names and negations are compared, and meaning only by
    whole texts' vectors.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._weights = load_weights()
        self._states = States(embedder)
        self._reader = Reader(self._states, self._weights)

    def verify(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """Return the verdict on ``claim``; ``evidence`` are whole passages, in any order."""
        return self.verify_all([claim], evidence)[0]

    def verify_all(
        self, claims: Sequence[str], evidence: Sequence[str], asked: str | None = None
    ) -> list[Verdict]:
        """Return a verdict on each claim against the same evidence; nothing is read twice.

        Args:
            claims: one by one.
            evidence: whole passages, in any order.
            asked: the customer's words, whose amounts a sum may rest on; None: those of sums are not checked.
        """
        passages = [taken_apart(text) for text in evidence]
        if not any(text.strip() for text in evidence):
            return [
                Verdict(claim=claim, supported=False, support=0.0, reason="there is no source") for claim in claims
            ]
        return [
            quoted_verdict(claim, evidence)
            or sum_verdict(claim, evidence, asked)
            or self._verdict(claim, passages)
            for claim in claims
        ]

    def read(self, evidence: Sequence[str]) -> None:
        """Read passages that claims will be verified against, so that a claim does not wait for it."""
        passages = [taken_apart(text) for text in evidence if text.strip()]
        self._states.of([window.text for passage in passages for window in windows_of(passage)])

    def _verdict(self, text: str, passages: Sequence[Passage]) -> Verdict:
        claim = Passage(text)
        windows = [window for passage in passages if passage.text.strip() for window in windows_of(passage)]
        features, places = self._reader.compare(claim, windows)
        support = self._weights.probability(features)
        reasons = objections(claim, places)
        if reasons:
            support *= _OBJECTED
        elif in_like_words(claim, places[0]):
            support = max(support, _LIKE_WORDS)
        elif support < THRESHOLD:
            reasons = ["the source does not say this"]
        at = next(number for number, passage in enumerate(passages) if passage is places[0].passage)
        return Verdict(
            claim=text,
            supported=not reasons,
            support=support,
            evidence=at,
            quote=places[0].words,
            reason="; ".join(dict.fromkeys(reasons)),
        )


def quoted_verdict(claim: str, evidence: Sequence[str]) -> Verdict | None:
    """Return the verdict on a claim that stands in the evidence word for word, whole clauses of it; else None.

    A clause that was cut off may hold the condition: then it is not enough that the words stand there.
    """
    parts = [words for part in _SEMICOLON.split(claim) if (words := part.strip(_CLAUSE_MARKS + _DECORATION))]
    words = claim.strip(_CLAUSE_MARKS + _DECORATION)
    for number, text in enumerate(evidence):
        if words and _stands_in(words, text):
            return Verdict(claim=claim, supported=True, support=1.0, evidence=number, quote=words)
        # Fields quoted from one row of a table: all of them stand in one line.
        if len(parts) > 1 and any(all(_stands_in(part, line) for part in parts) for line in text.splitlines()):
            return Verdict(claim=claim, supported=True, support=1.0, evidence=number, quote=parts[0])
        if row := _row_read_out(words, text):
            return Verdict(claim=claim, supported=True, support=1.0, evidence=number, quote=row)
    return None


def _row_read_out(words: str, text: str) -> str:
    """Return the row of a text whose fields the words say, empty where there is none."""
    title, *lines = text.splitlines() or [""]
    rows = (line for line in (title, *lines) if is_row(line))
    return next((row for row in rows if reads_out(words, row, title if lines else "")), "")


def _stands_in(words: str, text: str) -> bool:
    start = text.find(words)
    while start >= 0:
        if _is_whole(text, start, start + len(words)):
            return True
        start = text.find(words, start + 1)
    return False


def in_like_words(claim: Passage, best: Place) -> bool:
    """Tell whether all terms of a claim stand in a sentence, nearly in its order, and none as its opposite.

    They must stand between two semicolons of it, unless the claim has one: what it says of one case is not said of
    another ("granted: a licence; not granted: a letter with the reasons").
    """
    if claim.language != best.passage.language or best.asks:
        return False
    wanted, mine = claim.terms, terms(claim.text)
    parts = [best.words] if _SEMICOLON.search(claim.text) else _SEMICOLON.split(best.words)
    return len(mine) > 1 and any(
        wanted <= frozenset(theirs := terms(part))
        and _common(mine, theirs) >= _IN_ORDER * len(mine)
        and not opposed(claim.text, part)
        for part in parts
    )


def _common(mine: Sequence[str], theirs: Sequence[str]) -> int:
    """Return how many terms stand in both, in the same order."""
    return sum(block.size for block in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks())


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip(_DECORATION), text[end:].lstrip(" \t*_")
    opening = before.rpartition("\n")[2].strip()
    before = before.removesuffix(opening) if is_mark(opening) else before  # "b)" begins the item, it is no clause
    if (before and before[-1] not in _CLAUSE_MARKS) or (after and after[0] not in _CLAUSE_MARKS):
        return False
    left = re.split(r"[.。!！?？;；\n]", before)[-1]
    right = re.split(r"[.。!！?？;；\n]", after)[0]
    return not CUT_OFF.search(left) and not CUT_OFF.search(right)
