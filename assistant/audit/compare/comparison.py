"""Two runs of the same questions, paired: which rates differ beyond chance, and which answers changed how."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.audit.measure.metrics import METRICS
from assistant.audit.statistics.pairs import Difference, compare, says
from assistant.audit.types import AuditedAnswer
from assistant.types import Outcome
from kb.language.overlap import overlap
from kb.language.text import fold, sentences, terms

# Chosen; bench_difference.py measures how many changed answers are found.
_SAME_MATTER = 0.5  # share of the shorter sentence's words that the other one has as well
_FEWEST_TERMS = 3  # of a sentence that can be told to be about the same matter
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[一二两三四五六七八九十百千万]+(?=个?[天日年月周时元次件号])")
_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|can't|don't|doesn't|won't|isn't|aren't|without|neither|nor)\b|不|无法|没有|未|禁止"
)

CHANGES = ("lost", "conflicting", "worse", "better", "gone", "new", "changed", "unchanged")
"""How an answer may have changed, the most serious first.

A bad answer that is no longer given is ``gone``; one that was good, or of which nothing tells, is ``lost``.
"""
_FEW_SUPPORTED = 0.5  # faithfulness below which an answer was mostly made up, whatever was expected; chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One question in both runs.

    Attributes:
        id: of the question.
        question: as typed.
        kind: one of ``CHANGES``.
        why: in a few words.
        first: what the first run answered.
        second: what the second run answered.
    """

    id: str
    question: str
    kind: str
    why: str
    first: AuditedAnswer
    second: AuditedAnswer


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side.

    Attributes:
        metrics: metric -> how its rate differs.
        changes: per question that both have, in the order of the first.
        only_first: number of questions that the second run has not.
        only_second: number of questions that the first run has not.
    """

    metrics: Mapping[str, Difference]
    changes: tuple[Change, ...]
    only_first: int
    only_second: int

    def counts(self) -> dict[str, int]:
        """Return how many answers changed in each way."""
        return {kind: sum(change.kind == kind for change in self.changes) for kind in CHANGES}


def compare_runs(first: Sequence[AuditedAnswer], second: Sequence[AuditedAnswer]) -> Comparison:
    """Compare two runs by the ids of their questions."""
    others = {answer.id: answer for answer in second}
    pairs = [(answer, others[answer.id]) for answer in first if answer.id in others]
    metrics = {}
    for metric in METRICS:
        measured = [
            (a.measures[metric.name], b.measures[metric.name])
            for a, b in pairs
            if metric.name in a.measures and metric.name in b.measures
        ]
        if (difference := compare(measured)) is not None:
            metrics[metric.name] = difference
    return Comparison(
        metrics, tuple(change_of(a, b) for a, b in pairs), len(first) - len(pairs), len(second) - len(pairs)
    )


def change_of(first: AuditedAnswer, second: AuditedAnswer) -> Change:
    """Return how one answer changed."""
    kind, why = _kind(first, second)
    return Change(id=first.id, question=first.question, kind=kind, why=why, first=first, second=second)


def _kind(first: AuditedAnswer, second: AuditedAnswer) -> tuple[str, str]:
    before, after = (a.outcome == Outcome.ANSWERED for a in (first, second))
    if before and not after:
        bad, good = _wrong(first), _right(first)
        told = f"wrongly ({bad})" if bad else f"rightly ({good})" if good else "(nothing tells how well)"
        return ("gone" if bad else "lost"), f"it was answered {told}, now it is {second.outcome}"
    if after and not before:
        return "new", f"it was {first.outcome}, now it is answered"
    if same_answer(first, second):
        return "unchanged", ""
    if not before:
        return "changed", "neither is an answer, the words differ"
    if conflict := contradiction(first.text, second.text):
        return "conflicting", conflict
    one, two = (_share(answer, "faithfulness") for answer in (first, second))
    if one != two:
        return ("better" if two > one else "worse"), f"faithfulness {one:.2f}, now {two:.2f}"
    if first.text == second.text:
        return "changed", "the same words, cited from another place"
    return "changed", "other words"


def _wrong(answer: AuditedAnswer) -> str:
    """Return what tells that an answer was bad; empty where nothing does."""
    if answer.measures.get("abstention_recall"):
        return "the documents do not answer it"
    if _missed(answer, "expected_words"):
        return "without the expected words"
    if _missed(answer, "document_if_answered") and not _met(answer, "expected_words"):
        return "from another document than expected"
    if "faithfulness" in answer.measures and (share := _share(answer, "faithfulness")) < _FEW_SUPPORTED:
        return f"faithfulness {share:.2f}"
    return ""


def _right(answer: AuditedAnswer) -> str:
    """Return what tells that an answer was good; empty where nothing does."""
    if _met(answer, "expected_words"):
        return "with the expected words"
    return "from an expected document" if _met(answer, "document_if_answered") else ""


def _met(answer: AuditedAnswer, metric: str) -> bool:
    return metric in answer.measures and _share(answer, metric) == 1.0


def _missed(answer: AuditedAnswer, metric: str) -> bool:
    return metric in answer.measures and _share(answer, metric) < 1.0


def same_answer(first: AuditedAnswer, second: AuditedAnswer) -> bool:
    """Tell whether two answers are the same for a customer: words, and where they stand."""

    def seen(answer: AuditedAnswer) -> tuple[object, ...]:
        cited = tuple((c.number, c.document_uri, c.record_id, c.page, c.quote) for c in answer.citations)
        return answer.outcome, answer.text, cited

    return seen(first) == seen(second)


def _share(answer: AuditedAnswer, metric: str) -> float:
    numerator, denominator = answer.measures.get(metric, (0.0, 0.0))
    return numerator / denominator if denominator else 0.0


def contradiction(first: str, second: str) -> str:
    """Return where two answers speak of the same matter with other numbers, or one denies it; empty for nowhere.

    Sentences are paired by their words, numbers left out.
    """
    for sentence in sentences(second):
        best, share = "", 0.0
        for other in sentences(first):
            if sentence == other:
                best = ""
                break
            found = _alike(other, sentence)
            if found > share:
                best, share = other, found
        if not best or share < _SAME_MATTER:
            continue
        was, now = (set(_NUMBER.findall(fold(text))) for text in (best, sentence))
        if was != now and was and now and not (was <= now or now <= was):
            return f"“{_short(best)}” became “{_short(sentence)}”"
        if bool(_NEGATION.search(fold(best))) != bool(_NEGATION.search(fold(sentence))):
            return f"“{_short(best)}” became “{_short(sentence)}”"
    return ""


def _alike(one: str, two: str) -> float:
    first, second = (set(terms(_NUMBER.sub(" ", text))) for text in (one, two))
    return overlap(first, second) if min(len(first), len(second)) >= _FEWEST_TERMS else 0.0


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"


def describe(name: str, difference: Difference) -> str:
    """Return one metric's difference in a line for people."""
    low, high = 100 * difference.interval.low, 100 * difference.interval.high
    return (
        f"{name:22} {100 * difference.first:5.1f} % -> {100 * difference.second:5.1f} %  "
        f"({low:+.1f} to {high:+.1f} points, p {difference.chance:.3g}, {difference.method}; "
        f"{difference.better} better, {difference.worse} worse of {difference.size}): {says(difference)}"
    )
