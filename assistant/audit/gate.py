"""May it go live? Conditions on a run, decided by the bound of the interval and not by the point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.audit.compare.comparison import Comparison, compare_runs
from assistant.audit.measure.metrics import BY_NAME
from assistant.audit.reports.report import Report, build_report, percent
from assistant.audit.runs.folder import RunFolder
from assistant.audit.statistics.intervals import Interval
from kb.errors import FaqError

_COUNTS = {
    "lost_answers": "lost",
    "conflicting_answers": "conflicting",
    "worse_answers": "worse",
    "changed_answers": "changed",
    "new_answers": "new",
}
_OWN_COUNTS = ("failed_questions", "disputed_claims")
_ENOUGH_LABELS = 30  # below, people's labels do not replace the judge's word


@dataclass(frozen=True, slots=True)
class Condition:
    """What a run must reach, or must not pass.

    Attributes:
        name: of a metric, or of a count of answers.
        limit: a rate 0-1, or a number of answers.
        at_least: whether it must be reached; else it must not be passed.
    """

    name: str
    limit: float
    at_least: bool

    @classmethod
    def parse(cls, text: str, *, at_least: bool) -> Condition:
        """Return what ``METRIC=NUMBER`` means; raise ValueError with what there is."""
        name, sign, number = text.partition("=")
        name = name.strip().replace("-", "_")
        known = [*BY_NAME, *_COUNTS, *_OWN_COUNTS]
        if not sign or name not in known:
            raise ValueError(f"{text!r} is no condition: write METRIC=NUMBER with one of {', '.join(known)}")
        try:
            limit = float(number.strip().removesuffix("%")) / (100 if number.strip().endswith("%") else 1)
        except ValueError as error:
            raise ValueError(f"{text!r} has no number after the =: write for example {name}=0.95") from error
        if name in BY_NAME and not 0 <= limit <= 1:
            raise ValueError(f"{text!r} is no rate: rates are 0 to 1, or 0% to 100%")
        return cls(name, limit, at_least)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one condition.

    Attributes:
        name: of what it is about.
        passed: whether the condition is kept.
        says: why, for people.
    """

    name: str
    passed: bool
    says: str


def decide(
    home: Path, name: str, against: str | None, conditions: Sequence[Condition], *, raw: bool = False
) -> list[Decision]:
    """Return a decision on every condition.

    Args:
        home: where the runs are.
        name: of the run to decide on.
        against: the run that lost and changed answers refer to.
        conditions: what it must keep.
        raw: decide on the judge's word even where at least 30 labels of people correct it.

    Raises:
        FaqError: the run is not complete, or a condition needs another run.
    """
    report = build_report(RunFolder(home, name))
    if len(report.answers) < report.facts.questions:
        raise FaqError(
            f"run {name!r} has {len(report.answers)} of {report.facts.questions} answers: give the same "
            "`faq audit run` command again with its --name, it goes on where it was"
        )
    comparison = None
    if any(condition.name in _COUNTS for condition in conditions):
        if against is None:
            raise FaqError("lost and changed answers are counted against another run: add --against RUN")
        old = build_report(RunFolder(home, against))
        comparison = compare_runs(old.answers, report.answers)
        if not comparison.changes:
            raise FaqError(f"runs {against!r} and {name!r} have no question in common: nothing can be compared")
    return [_decide(condition, report, comparison, raw=raw) for condition in conditions]


def _decide(condition: Condition, report: Report, comparison: Comparison | None, *, raw: bool) -> Decision:
    if condition.name in BY_NAME:
        return _decide_rate(condition, report, raw=raw)
    if condition.name == "failed_questions":
        number = len(report.failed)
    elif condition.name == "disputed_claims":
        number = len(report.review.disputed)
    else:
        number = comparison.counts()[_COUNTS[condition.name]] if comparison else 0
    passed = number >= condition.limit if condition.at_least else number <= condition.limit
    wanted = f"{'at least' if condition.at_least else 'at most'} {condition.limit:g} wanted"
    return Decision(condition.name, passed, f"{condition.name} {number}; {wanted}")


def _decide_rate(condition: Condition, report: Report, *, raw: bool) -> Decision:
    found = next((item for item in report.overall if item.metric == condition.name), None)
    if found is None:
        return Decision(condition.name, False, f"{condition.name} was not measured: no answer says anything of it")
    value, interval, source = found.rate.value, found.rate.interval, f"n {found.rate.size:.0f}"
    corrected = next(iter(report.review.corrected), None)
    if condition.name == "faithfulness" and corrected and corrected.labels >= _ENOUGH_LABELS and not raw:
        value, interval = corrected.value, corrected.interval
        source = f"corrected by {corrected.labels} labels of people"
    passed, bound = _reaches(condition, interval)
    which, wanted = ("lower", "at least") if condition.at_least else ("upper", "at most")
    return Decision(
        condition.name, passed,
        f"{condition.name} {percent(value)}, {which} bound {percent(bound)} ({source}, {interval.method}); "
        f"{wanted} {percent(condition.limit)} wanted",
    )  # fmt: skip


def _reaches(condition: Condition, interval: Interval) -> tuple[bool, float]:
    if condition.at_least:
        return interval.low >= condition.limit, interval.low
    return interval.high <= condition.limit, interval.high
