"""Stored questions that are answered differently in two places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from ingest.lint.subjects import told_apart
from ingest.lint.types import Finding, FindingKind, LintDocument, Quote, Severity
from ingest.lint.validity import may_meet
from kb.language.facts import agree, facts
from kb.language.overlap import jaccard
from kb.language.text import terms
from kb.types import Chunk

# Chosen as for near duplicates, not measured by itself.
_SAME_ANSWER = 0.8  # Jaccard of the answers' words above which they say the same, if their facts do
_LEAST_TERMS = 2  # that say what a question is about
_GENERAL = frozenset(
    terms(
        "a an the of to in on at for with and or is are was be do does did can could will would should may i we "
        "you it my your our this that there what how when where who which why want need know learn more question "
        "help get have has if 怎么 如何 什么 吗 呢 的 了 我 你 有 是 可以 能 问题 常见"
    )
)
_GROUP = 20  # places of one question that are compared one with another


def find_different_answers(documents: Sequence[LintDocument]) -> list[Finding]:
    """Return a finding for every two different answers to one question; an error where their facts differ."""
    asked: dict[tuple[str, ...], list[tuple[LintDocument, list[Chunk]]]] = defaultdict(list)
    for document in documents:
        answers: dict[tuple[str, ...], list[Chunk]] = defaultdict(list)
        for chunk in document.chunks:
            if chunk.question and (key := _asked(chunk.question)):
                answers[key].append(chunk)
        for key, chunks in answers.items():
            asked[key].append((document, chunks))
    found = []
    for places in asked.values():
        for (one, ours), (other, theirs) in combinations(places[:_GROUP], 2):
            severity = _difference(_text(ours), _text(theirs))
            if severity is None or not may_meet(one, other):
                continue
            first = ours[0], theirs[0]
            if not told_apart((one, other), first, (first[0].question or "", first[1].question or "")):
                sentence = f"{ours[0].question!r} is answered differently in two places: keep one answer"
                quotes = (_quote(one, ours), _quote(other, theirs))
                found.append(Finding(FindingKind.DIFFERENT_ANSWERS, severity, sentence, quotes))
    return found


def _asked(question: str) -> tuple[str, ...]:
    """Return the terms of a question in any order, none where it asks nothing in particular ("Questions?")."""
    words = set(terms(question))
    return tuple(sorted(words)) if len(words - _GENERAL) >= _LEAST_TERMS else ()


def _difference(one: str, other: str) -> Severity | None:
    """Return how much two answers to one question differ, None where they say the same."""
    ours, theirs = facts(one), facts(other)
    unmatched = [f for f in ours if not any(agree(f, g) for g in theirs)]
    unmatched_there = [g for g in theirs if not any(agree(f, g) for f in ours)]
    if unmatched and unmatched_there and {f.kind for f in unmatched} & {g.kind for g in unmatched_there}:
        return Severity.ERROR
    words, other_words = set(terms(one)), set(terms(other))
    if jaccard(words, other_words) >= _SAME_ANSWER:
        return None
    return None if words <= other_words or other_words <= words else Severity.WARNING


def _text(chunks: Sequence[Chunk]) -> str:
    return "\n".join(chunk.text for chunk in chunks)


def _quote(document: LintDocument, chunks: Sequence[Chunk]) -> Quote:
    return Quote(document.uri, document.file_uri, chunks[0].page, _text(chunks))
