"""A run's report: its rates, what people say of the judge, what stands out. As JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.audit.measure.metrics import BY_NAME, GroupRate, rates
from assistant.audit.review.labels import Review, between_judges, from_rows, review
from assistant.audit.runs.folder import RunFolder
from assistant.audit.statistics.agreement import Agreement
from assistant.audit.statistics.correction import Corrected
from assistant.audit.statistics.intervals import Rate
from assistant.audit.types import AuditedAnswer, RunFacts
from kb.terminal import plain

_LISTED = 10  # answers named in Markdown
_GROUPS = ("language", "topic", "channel", "version")  # of a Markdown report; documents are too many


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run shows.

    Attributes:
        facts: of the run.
        rates: of every metric, over all answers and by group.
        review: what the labels of people come to.
        second: agreement of the two judges.
        answers: all of them.
    """

    facts: RunFacts
    rates: tuple[GroupRate, ...]
    review: Review
    second: Agreement
    answers: tuple[AuditedAnswer, ...]

    @property
    def overall(self) -> list[GroupRate]:
        """The rates over all answers."""
        return [rate for rate in self.rates if rate.group == "all"]

    @property
    def failed(self) -> list[AuditedAnswer]:
        """Questions whose turn raised an error."""
        return [answer for answer in self.answers if answer.error]


def build_report(folder: RunFolder) -> Report:
    """Return the report of a run, finished or not.

    Raises:
        FaqError: there is no such run, or it cannot be read.
    """
    facts, answers = folder.facts(), folder.answers()
    return Report(
        facts=facts,
        rates=tuple(rates(answers)),
        review=review(answers, from_rows(folder.labels())),
        second=between_judges(answers),
        answers=tuple(answers),
    )


def percent(value: float) -> str:
    """Return a share for people; a dash where it is not known."""
    return "–" if math.isnan(value) else f"{100 * value:.1f} %"


def span(low: float, high: float) -> str:
    """Return an interval of shares for people."""
    return f"{100 * low:.1f}–{100 * high:.1f} %"


def finite(value: float) -> float | None:
    """Return a number as JSON can hold it."""
    return None if math.isnan(value) else round(value, 6)


def rate_row(item: GroupRate) -> dict[str, Any]:
    """Return one rate as JSON and CSV have it."""
    rate: Rate = item.rate
    return {
        "metric": item.metric, "group": item.group, "value": item.value, "rate": finite(rate.value),
        "low": round(rate.interval.low, 6), "high": round(rate.interval.high, 6), "total": round(rate.total, 4),
        "size": rate.size, "answers": rate.answers, "effective_size": round(rate.effective, 1),
        "method": rate.interval.method, "shows": item.shows,
    }  # fmt: skip


def agreement_row(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement as JSON has it."""
    return {
        "kappa": finite(agreement.kappa), "low": round(agreement.interval.low, 4),
        "high": round(agreement.interval.high, 4), "share": finite(agreement.share), "size": agreement.size,
        "both_yes": agreement.both, "first_only": agreement.first_only, "second_only": agreement.second_only,
        "both_no": agreement.neither, "words": agreement.words,
    }  # fmt: skip


def corrected_row(corrected: Corrected) -> dict[str, Any]:
    """Return a corrected rate as JSON has it."""
    interval = corrected.interval
    return {
        "metric": "faithfulness", "rate": finite(corrected.value), "low": round(interval.low, 6),
        "high": round(interval.high, 6), "labels": corrected.labels, "method": interval.method,
    }  # fmt: skip


def to_json(report: Report) -> dict[str, Any]:
    """Return the whole report as JSON can hold it."""
    return {
        "run": plain(report.facts),
        "audited": len(report.answers),
        "failed": [{"id": a.id, "error": a.error} for a in report.failed],
        "rates": [rate_row(item) for item in report.rates],
        "corrected": [corrected_row(item) for item in report.review.corrected],
        "agreement": {
            "between_people": agreement_row(report.review.people),
            **{name: agreement_row(found) for name, found in report.review.judges.items()},
            "between_judges": agreement_row(report.second),
        },
        "disputed": [
            {"answer": answer, "claim": claim, "said": dict(said)}
            for (answer, claim), said in report.review.disputed.items()
        ],
        "answers": [plain(answer) for answer in report.answers],
    }


def to_csv(report: Report) -> str:
    """Return the rates as CSV, with a row per metric and group."""
    from assistant.audit.review.sheet import safe

    stream = io.StringIO()
    table = [rate_row(item) for item in report.rates]
    writer = csv.writer(stream)
    names = list(table[0]) if table else []
    writer.writerow(names)
    for row in table:
        writer.writerow([safe(value) if isinstance(value, str) else value for value in row.values()])
    return stream.getvalue()


def to_markdown(report: Report) -> str:
    """Return the report for a pull request."""
    return "\n".join([*_head(report), *_overall(report), *_judge(report), *_by_group(report), *_worst(report)])


def _head(report: Report) -> Iterator[str]:
    facts = report.facts
    yield f"# Audit {facts.name}"
    yield ""
    version = f"version {facts.version}" if facts.version else "the versions recorded"
    asked = f"{len(report.answers)} of {facts.questions} questions from {facts.source}"
    yield f"{asked}, at {version}; {facts.sampling}."
    yield f"Judge: {facts.judge}" + (f"; second judge: {facts.second}" if facts.second else "") + "."
    if report.failed:
        yield f"**{len(report.failed)} questions failed** and are in no rate: {report.failed[0].error}"
    yield ""


def _overall(report: Report) -> Iterator[str]:
    yield "| measure | rate | 95 % interval | n | what this sample shows |"
    yield "|---|---|---|---|---|"
    for item in report.overall:
        rate = item.rate
        title, interval = BY_NAME[item.metric].title, span(rate.interval.low, rate.interval.high)
        yield f"| {title} | {percent(rate.value)} | {interval} | {rate.size:.0f} | {item.shows} |"
    for corrected in report.review.corrected:
        low, high = corrected.interval.low, corrected.interval.high
        yield (
            f"| Faithfulness, corrected | {percent(corrected.value)} | {span(low, high)} "
            f"| {corrected.labels} labels | {corrected.interval.method} |"
        )
    yield ""
    methods = sorted({item.rate.interval.method for item in report.overall})
    yield f"Intervals: {'; '.join(methods)}."
    yield ""


def _judge(report: Report) -> Iterator[str]:
    found = {**report.review.judges, "two reviewers": report.review.people, "two judges": report.second}
    known = {name: item for name, item in found.items() if item.size}
    if not known:
        yield "The judge has not been measured on this run: `faq audit sample` draws claims for people to label."
    for name, item in known.items():
        versus = "" if name.startswith("two") else " and people"
        kappa = "not known" if math.isnan(item.kappa) else f"{item.kappa:.2f}"
        yield (
            f"Agreement, {name}{versus}: kappa {kappa} ({item.interval.low:.2f} to {item.interval.high:.2f}), "
            f"{item.words}; {percent(item.share)} of {item.size} claims alike."
        )
    if report.review.disputed:
        yield f"Reviewers disagree on {len(report.review.disputed)} claims; those are in no figure until settled."
    yield ""


def _by_group(report: Report) -> Iterator[str]:
    shown = ("faithfulness", "citation_recall", "answered", "expected_document", "abstention_recall")
    members: dict[tuple[str, str], dict[str, Rate]] = {}
    for item in report.rates:
        if item.group in _GROUPS and item.metric in shown:
            members.setdefault((item.group, item.value), {})[item.metric] = item.rate
    if not members:
        return
    yield "| group | " + " | ".join(BY_NAME[name].title for name in shown) + " |"
    yield "|---" * (1 + len(shown)) + "|"
    for (group, value), found in members.items():
        cells = [_cell(found.get(name)) for name in shown]
        yield f"| {group} {escaped(value)} | " + " | ".join(cells) + " |"
    yield ""


def _cell(rate: Rate | None) -> str:
    if rate is None:
        return ""
    return f"{percent(rate.value)} ({span(rate.interval.low, rate.interval.high)}, n {rate.size:.0f})"


def _worst(report: Report) -> Iterator[str]:
    unsupported = [(a, c) for a in report.answers for c in a.claims if not c.supported]
    if not unsupported:
        return
    yield f"Unsupported claims, {min(_LISTED, len(unsupported))} of {len(unsupported)}:"
    yield ""
    for answer, claim in unsupported[:_LISTED]:
        yield f"- `{answer.id}` {escaped(answer.question)[:160]}"
        yield f"  - “{escaped(claim.text)[:240]}”: {escaped(claim.reason)[:240]}"
    yield ""


def escaped(text: str) -> str:
    """Return text on one line that Markdown takes as text."""
    line = " ".join(text.split())
    return "".join("\\" + c if c in "\\`*_{}[]<>|#" else c for c in line)


def table_of(items: Sequence[GroupRate]) -> list[tuple[str, str, str, str]]:
    """Return title, rate, interval and what it shows, for a terminal."""
    return [
        (BY_NAME[i.metric].title, percent(i.rate.value), span(i.rate.interval.low, i.rate.interval.high), i.shows)
        for i in items
    ]
