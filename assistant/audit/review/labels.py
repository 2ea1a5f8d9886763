"""What people say of claims: read from sheets, disagreements found, one truth per claim, agreement measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.audit.measure.metrics import pairs_of
from assistant.audit.runs.private import redacted_text
from assistant.audit.statistics.agreement import Agreement, agreement
from assistant.audit.statistics.correction import Corrected, Labelled, prediction_powered, rogan_gladen
from assistant.audit.types import AuditedAnswer
from kb.errors import FaqError

_YES = frozenset(("yes", "y", "true", "1", "1.0", "supported", "是", "对", "支持"))
_NO = frozenset(("no", "n", "false", "0", "0.0", "unsupported", "not supported", "否", "不", "不支持"))
_UNSURE = frozenset(("unsure", "?", "？", "不确定", "unclear"))

Place = tuple[str, int]
"""Id of an answer and 1-based number of a claim in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one reviewer says of one claim.

    Attributes:
        answer: id of the answer.
        claim: 1-based number in the answer.
        reviewer: name.
        supported: None for unsure.
        note: in the reviewer's words.
        settles: whether it settles what others disagree about.
        weight: for how many answers the answer stands in the sample.
    """

    answer: str
    claim: int
    reviewer: str
    supported: bool | None
    note: str = ""
    settles: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the labels of a run come to.

    Attributes:
        truth: claim -> what people say; without those that they disagree about.
        disputed: claim -> what each reviewer says, where nothing settles it.
        people: agreement of pairs of reviewers on what both labelled.
        judges: agreement of each judge with people, by its name.
        corrected: faithfulness corrected for the first judge's error, by method.
        reviewers: their names.
    """

    truth: Mapping[Place, bool]
    disputed: Mapping[Place, Mapping[str, bool]]
    people: Agreement
    judges: Mapping[str, Agreement]
    corrected: tuple[Corrected, ...]
    reviewers: tuple[str, ...]


def read_opinions(
    table: Sequence[Mapping[str, str]],
    answers: Sequence[AuditedAnswer],
    reviewer: str | None,
    *,
    settles: bool,
    weights: Mapping[str, float],
    regions: Sequence[str],
) -> list[Opinion]:
    """Return the labels of a sheet; rows that are not filled in are left out.

    Args:
        table: rows as ``assistant.audit.review.sheet`` has them.
        answers: of the run that the sheet was drawn from.
        reviewer: who labelled, where the rows do not say.
        settles: these labels settle what others disagree about.
        weights: of the answers in the sample; 1 where not known.
        regions: whose national telephone numbers are taken out of notes.

    Raises:
        FaqError: a row is of another run, a label cannot be read, or nobody is named.
    """
    by_id = {answer.id: answer for answer in answers}
    opinions = []
    for line, row in enumerate(table, 2):
        if not (said := row["supported"].strip().casefold()):
            continue
        answer, number = by_id.get(row["answer"]), row["claim_number"].partition(".")[0]
        place = int(number) if number.isdigit() else 0
        known = answer is not None and 1 <= place <= len(answer.claims)
        if not known or (answer and answer.claims[place - 1].text.strip() != row["claim"].strip()):
            raise FaqError(
                f"row {line} is claim {number!r} of answer {row['answer']!r}, which this run does not have so: "
                "name the run that the sheet was drawn from"
            )
        if said not in _YES | _NO | _UNSURE:
            raise FaqError(f"row {line} says {row['supported']!r}: write yes, no or unsure")
        name = row["reviewer"].strip() or reviewer
        if not name:
            raise FaqError(f"row {line} names no reviewer: fill in the column, or add --reviewer NAME")
        supported = None if said in _UNSURE else said in _YES
        note, weight = redacted_text(row["note"].strip(), regions), weights.get(row["answer"], 1.0)
        opinions.append(
            Opinion(
                answer=row["answer"],
                claim=place,
                reviewer=name,
                supported=supported,
                note=note,
                settles=settles,
                weight=weight,
            )
        )
    return opinions


def to_row(opinion: Opinion) -> dict[str, Any]:
    """Return an opinion as it is stored, with the time."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "answer": opinion.answer, "claim": opinion.claim,
        "reviewer": opinion.reviewer, "supported": opinion.supported, "note": opinion.note,
        "settles": opinion.settles, "weight": opinion.weight,
    }  # fmt: skip


def from_rows(rows: Sequence[Mapping[str, Any]]) -> list[Opinion]:
    """Return stored opinions; of one reviewer's on one claim the last."""
    latest: dict[tuple[str, int, str], Opinion] = {}
    for row in rows:
        fields = {name: row[name] for name in Opinion.__slots__ if name in row}
        opinion = Opinion(**fields)
        latest[opinion.answer, opinion.claim, opinion.reviewer] = opinion
    return list(latest.values())


def review(answers: Sequence[AuditedAnswer], opinions: Sequence[Opinion]) -> Review:
    """Return what the labels come to."""
    by_place: dict[Place, list[Opinion]] = {}
    for opinion in opinions:
        if opinion.supported is not None:
            by_place.setdefault((opinion.answer, opinion.claim), []).append(opinion)
    truth: dict[Place, bool] = {}
    disputed: dict[Place, dict[str, bool]] = {}
    for place, found in by_place.items():
        deciding = [o for o in found if o.settles] or found
        yes = sum(bool(o.supported) for o in deciding)
        if 2 * yes == len(deciding):
            disputed[place] = {o.reviewer: bool(o.supported) for o in found}
        else:
            truth[place] = 2 * yes > len(deciding)
    by_id = {answer.id: answer for answer in answers}
    weights = {(o.answer, o.claim): o.weight for o in opinions}
    return Review(
        truth=truth,
        disputed=disputed,
        people=_between_people(by_place),
        judges=_of_judges(by_id, truth),
        corrected=_corrections(answers, by_id, truth, weights),
        reviewers=tuple(sorted({o.reviewer for o in opinions})),
    )


def _between_people(by_place: Mapping[Place, Sequence[Opinion]]) -> Agreement:
    """Return the agreement of any two reviewers on what both labelled, the earlier name first."""
    first, second = [], []
    for found in by_place.values():
        ordered = sorted((o for o in found if not o.settles), key=lambda o: o.reviewer)
        if len(ordered) >= 2:
            first.append(bool(ordered[0].supported))
            second.append(bool(ordered[1].supported))
    return agreement(first, second)


def _of_judges(by_id: Mapping[str, AuditedAnswer], truth: Mapping[Place, bool]) -> dict[str, Agreement]:
    claims = {place: by_id[place[0]].claims[place[1] - 1] for place in truth if place[0] in by_id}
    found = {"first judge": agreement([c.supported for c in claims.values()], [truth[p] for p in claims])}
    twice = {place: claim.second for place, claim in claims.items() if claim.second is not None}
    if twice:
        found["second judge"] = agreement([bool(s) for s in twice.values()], [truth[p] for p in twice])
    return found


def between_judges(answers: Sequence[AuditedAnswer]) -> Agreement:
    """Return how far the two judges agree, on every claim that both judged."""
    claims = [c for answer in answers for c in answer.claims if c.second is not None]
    return agreement([c.supported for c in claims], [bool(c.second) for c in claims])


def _corrections(
    answers: Sequence[AuditedAnswer],
    by_id: Mapping[str, AuditedAnswer],
    truth: Mapping[Place, bool],
    weights: Mapping[Place, float],
) -> tuple[Corrected, ...]:
    labelled = [
        Labelled(a, by_id[a].claims[c - 1].supported, yes, weights.get((a, c), 1.0))
        for (a, c), yes in truth.items()
        if a in by_id
    ]
    judged = pairs_of(answers, "faithfulness")
    found = (prediction_powered(judged, labelled), rogan_gladen(judged, labelled))
    return tuple(corrected for corrected in found if corrected is not None)
