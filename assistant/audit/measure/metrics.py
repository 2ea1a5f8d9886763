"""What is measured of an answer, and the rates of many answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.audit.statistics.intervals import Rate, measure, shows
from assistant.audit.types import AuditedAnswer


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure, and how to speak of it.

    Attributes:
        name: as in commands and files.
        title: for people.
        unit: what is counted.
        bad: what is said of those that do not count.
        meaning: definition, with its source.
        counts: whether it counts things that hold or do not; else it is a mean of values 0-1.
    """

    name: str
    title: str
    unit: str
    bad: str
    meaning: str
    counts: bool = True


METRICS: tuple[Metric, ...] = (
    Metric(
        "faithfulness", "Faithfulness", "claims", "unsupported",
        "Claims that the sources cited by their sentence support, of all claims (Es et al. 2023, RAGAS).",
    ),
    Metric(
        "citation_recall", "Citation recall", "sentences", "not fully supported by what they cite",
        "Sentences that have a citation and that all their citations together support (ALCE, Gao et al. 2023).",
    ),
    Metric(
        "citation_precision", "Citation precision", "citations", "not needed or not supporting",
        "Citations of supported sentences that support on their own, or without which the others do not "
        "(ALCE, Gao et al. 2023).",
    ),
    Metric(
        "answer_relevance", "Answer relevance", "answers", "nearer to other questions",
        "Share of other questions of the run, in the same language, that the answer fits less well than the one "
        "it answers, by the embedder.", counts=False,
    ),
    Metric(
        "context_precision", "Context precision", "questions", "of the ranking lost to other passages",
        "Mean precision at the ranks of passages from an expected document, over the hits (RAGAS).", counts=False,
    ),
    Metric(
        "context_recall", "Context recall", "expected facts", "not among the hits",
        "Expected words (or, without them, whether an expected document) found among the hits.",
    ),
    Metric(
        "abstention_precision", "Abstention precision", "abstentions", "of answerable questions",
        "Abstentions on questions that the documents do not answer, of all abstentions.",
    ),
    Metric(
        "abstention_recall", "Abstention recall", "unanswerable questions", "answered",
        "Unanswerable questions on which the assistant abstained.",
    ),
    Metric(
        "answered", "Answered", "answerable questions", "not answered",
        "Answerable questions that got an answer.",
    ),
    Metric(
        "expected_document", "Expected document first", "answerable questions", "with another document first",
        "Answerable questions whose first citation is from an expected document, and from the expected record "
        "where one is named; an abstention is not.",
    ),
    Metric(
        "document_if_answered", "Document, if answered", "answered questions", "with another document first",
        "The same, of those answerable questions that got an answer: what is left when abstentions are set aside.",
    ),
    Metric(
        "expected_words", "Expected words", "answerable questions", "without them",
        "Answerable questions whose reply or quotes hold all expected words; an abstention does not.",
    ),
)  # fmt: skip
"""In the order of reports."""

BY_NAME = {metric.name: metric for metric in METRICS}


@dataclass(frozen=True, slots=True)
class GroupRate:
    """The rate of one metric in one group of answers.

    Attributes:
        metric: its name.
        group: ``all``, or what the answers were told apart by (``language``, ``document`` …).
        value: of the group ("zh"); empty for ``all``.
        rate: with its interval.
        shows: what this sample shows and cannot show.
    """

    metric: str
    group: str
    value: str
    rate: Rate
    shows: str


def pairs_of(answers: Iterable[AuditedAnswer], metric: str) -> list[tuple[float, float]]:
    """Return numerator and denominator per answer that has them."""
    return [answer.measures[metric] for answer in answers if metric in answer.measures]


def rate_of(answers: Sequence[AuditedAnswer], metric: str) -> Rate:
    """Return one metric's rate."""
    return measure(pairs_of(answers, metric), counts=BY_NAME[metric].counts)


def groups_of(answer: AuditedAnswer) -> list[tuple[str, str]]:
    """Return the groups that an answer is in: one per field, one per cited document."""
    found = [(name, value) for name, value in answer.groups.items() if value]
    return [*found, *(("document", uri) for uri in answer.documents)]


def rates(answers: Sequence[AuditedAnswer]) -> list[GroupRate]:
    """Return every metric over all answers, then by group; groups that measure nothing are left out."""
    members: dict[tuple[str, str], list[AuditedAnswer]] = {("all", ""): list(answers)}
    for answer in answers:
        for group in groups_of(answer):
            members.setdefault(group, []).append(answer)
    found = []
    for place, some in sorted(members.items(), key=lambda item: (item[0][0] != "all", item[0])):
        for metric in METRICS:
            pairs = pairs_of(some, metric.name)
            if pairs:
                rate = measure(pairs, counts=metric.counts)
                found.append(
                    GroupRate(
                        metric.name, *place, rate, shows(rate, metric.bad, metric.unit, counts=metric.counts)
                    )
                )
    return found
