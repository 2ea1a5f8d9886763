"""What is measured of an answer, and the rates of many answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.audit.statistics.intervals import Rate, measure, shows
from assistant.audit.types import AuditedAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
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
        name="faithfulness",
        title="Faithfulness",
        unit="claims",
        bad="unsupported",
        meaning="Claims that the sources cited by their sentence support, of all claims (Es et al. 2023, RAGAS).",
    ),
    Metric(
        name="citation_recall",
        title="Citation recall",
        unit="sentences",
        bad="not fully supported by what they cite",
        meaning="Sentences that have a citation and that all their citations together support "
        "(ALCE, Gao et al. 2023).",
    ),
    Metric(
        name="citation_precision",
        title="Citation precision",
        unit="citations",
        bad="not needed or not supporting",
        meaning="Citations of supported sentences that support on their own, or without which the others do not "
        "(ALCE, Gao et al. 2023).",
    ),
    Metric(
        name="answer_relevance",
        title="Answer relevance",
        unit="answers",
        bad="nearer to other questions",
        meaning="Share of other questions of the run, in the same language, that the answer fits less well than "
        "the one it answers, by the embedder.",
        counts=False,
    ),
    Metric(
        name="context_precision",
        title="Context precision",
        unit="questions",
        bad="of the ranking lost to other passages",
        meaning="Mean precision at the ranks of passages from an expected document, over the hits (RAGAS).",
        counts=False,
    ),
    Metric(
        name="context_recall",
        title="Context recall",
        unit="expected facts",
        bad="not among the hits",
        meaning="Expected words (or, without them, whether an expected document) found among the hits.",
    ),
    Metric(
        name="abstention_precision",
        title="Abstention precision",
        unit="abstentions",
        bad="of answerable questions",
        meaning="Abstentions on questions that the documents do not answer, of all abstentions.",
    ),
    Metric(
        name="abstention_recall",
        title="Abstention recall",
        unit="unanswerable questions",
        bad="answered",
        meaning="Unanswerable questions on which the assistant abstained.",
    ),
    Metric(
        name="answered",
        title="Answered",
        unit="answerable questions",
        bad="not answered",
        meaning="Answerable questions that got an answer.",
    ),
    Metric(
        name="expected_document",
        title="Expected document first",
        unit="answerable questions",
        bad="with another document first",
        meaning="Answerable questions whose first citation is from an expected document, and from the expected "
        "record where one is named; an abstention is not.",
    ),
    Metric(
        name="document_if_answered",
        title="Document, if answered",
        unit="answered questions",
        bad="with another document first",
        meaning="The same, of those answerable questions that got an answer: what is left when abstentions are "
        "set aside.",
    ),
    Metric(
        name="expected_words",
        title="Expected words",
        unit="answerable questions",
        bad="without them",
        meaning="Answerable questions whose reply or quotes hold all expected words; an abstention does not.",
    ),
)
"""In the order of reports."""

BY_NAME = {metric.name: metric for metric in METRICS}


@dataclass(frozen=True, slots=True, kw_only=True)
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
        for place in groups_of(answer):
            members.setdefault(place, []).append(answer)
    found = []
    for (group, value), some in sorted(members.items(), key=lambda item: (item[0][0] != "all", item[0])):
        for metric in METRICS:
            pairs = pairs_of(some, metric.name)
            if pairs:
                rate = measure(pairs, counts=metric.counts)
                found.append(
                    GroupRate(
                        metric=metric.name,
                        group=group,
                        value=value,
                        rate=rate,
                        shows=shows(rate, metric.bad, metric.unit, counts=metric.counts),
                    )
                )
    return found
