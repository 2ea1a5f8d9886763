"""Reports as one HTML page that carries everything it shows: no network, no other file.

What a page says stands in its template (``templates``), where every value is escaped.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.audit.compare.comparison import CHANGES, Change, Comparison
from assistant.audit.compare.difference import LoadDifference
from assistant.audit.measure.metrics import BY_NAME, METRICS, GroupRate
from assistant.audit.reports.report import Report, agreement_row, corrected_row
from assistant.audit.review.links import link_of
from assistant.audit.types import AuditedAnswer
from kb.terminal import plain, short

if TYPE_CHECKING:
    from jinja2 import Environment

_GROUPED = ("faithfulness", "citation_recall", "answered", "expected_document", "abstention_recall")
_FIELDS = ("language", "topic", "channel", "version", "document")
_MEMBERS = 25  # of a group in a chart, those with the lowest rates


@functools.cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # not before a page is wanted

    environment = Environment(
        loader=PackageLoader("assistant.audit.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment


def _page(template: str, title: str, data: dict[str, Any], **values: object) -> str:
    return _templates().get_template(template).render(title=title, data=plain(data), **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a chart.

    Attributes:
        label: for people.
        value: 0-1.
        low: of the interval.
        high: of the interval.
        size: what it is counted over.
        metric: that a click shows the answers of.
        group: that a click filters by; ``all`` for none.
        member: of the group.
    """

    label: str
    value: float
    low: float
    high: float
    size: float
    metric: str
    group: str
    member: str

    @property
    def numbers(self) -> str:
        """Its rate, interval and size in figures."""
        interval = f"{100 * self.low:.1f}–{100 * self.high:.1f}"
        return f"{100 * self.value:.1f} %  ({interval}), n {self.size:.0f}"


def run_page(report: Report) -> str:
    """Return a run's page: charts, filters, and the answers behind every rate."""
    data = {
        "metrics": {
            m.name: {"title": m.title, "unit": m.unit, "bad": m.bad, "meaning": m.meaning, "counts": m.counts}
            for m in METRICS
        },
        "answers": [_linked(answer) for answer in report.answers],
        "truth": [{"answer": a, "claim": c, "supported": yes} for (a, c), yes in report.review.truth.items()],
    }
    corrected = [corrected_row(found) for found in report.review.corrected]
    found = {**report.review.judges, "two reviewers": report.review.people, "two judges": report.second}
    return _page(
        "run.html",
        f"Audit {report.facts.name}",
        data,
        facts=_facts(report),
        overall=[_bar(item, BY_NAME[item.metric].title) for item in report.overall],
        corrected=[row for row in corrected if row["rate"] is not None],
        shown=[(item, BY_NAME[item.metric]) for item in report.overall],
        grouped=list(_grouped(report)),
        judges=[(name, item, agreement_row(item)) for name, item in found.items() if item.size],
        disputed=len(report.review.disputed),
        metrics=METRICS,
        fields=[*sorted({name for answer in report.answers for name in answer.groups}), "document"],
    )


def comparison_page(first: str, second: str, comparison: Comparison) -> str:
    """Return the page of two runs side by side."""
    kept = [change for change in comparison.changes if change.kind != "unchanged"]
    kept.sort(key=lambda change: CHANGES.index(change.kind))
    return _page(
        "comparison.html",
        f"Audit {second}, compared with {first}",
        {"changes": [{**_sides(change), "documents": []} for change in kept]},
        metrics=[(BY_NAME[name].title, found) for name, found in comparison.metrics.items()],
        counts=comparison.counts(),
    )


def difference_page(difference: LoadDifference) -> str:
    """Return the page of what a load changed."""
    changes = [{**_sides(item.change), "documents": plain(item.documents)} for item in difference.changes]
    title = f"Answers at version {difference.new}, compared with version {difference.old}"
    return _page("difference.html", title, {"changes": changes}, difference=difference, counts=difference.counts())


def _linked(answer: AuditedAnswer) -> dict[str, Any]:
    """Return an answer as the page's script reads it, each citation with a link to its document."""
    citations = [{**plain(citation), "link": link_of(citation)} for citation in answer.citations]
    return {**plain(answer), "citations": citations}


def _sides(change: Change) -> dict[str, Any]:
    return {**plain(change), "first": _linked(change.first), "second": _linked(change.second)}


def _facts(report: Report) -> dict[str, str]:
    facts = report.facts
    return {
        "Questions": f"{len(report.answers)} of {facts.questions}, from {facts.source}; {facts.sampling}",
        "Knowledge base": f"version {facts.version or 'as recorded'}",
        "Asked": facts.created_at,
        "Assistant": facts.assistant,
        "Judge": facts.judge + (f"; second judge {facts.second}" if facts.second else ""),
        "Failed": f"{len(report.failed)} questions, in no rate",
    }


def _grouped(report: Report) -> Iterator[tuple[str, list[tuple[str, str, list[Bar]]]]]:
    """Yield each field that answers are grouped by, and its charts: title, how it was cut, lines."""
    found: dict[tuple[str, str], list[GroupRate]] = {}
    for item in report.rates:
        if item.group != "all" and item.metric in _GROUPED:
            found.setdefault((item.group, item.metric), []).append(item)
    for field in [*_FIELDS, *sorted({group for group, _ in found} - set(_FIELDS) - {"outcome"})]:
        charts = []
        for metric in _GROUPED:
            if items := found.get((field, metric), []):
                worst = sorted(items, key=lambda item: item.rate.value)[:_MEMBERS]
                cut = f" (lowest {_MEMBERS} of {len(items)})" if len(items) > _MEMBERS else ""
                charts.append((BY_NAME[metric].title, cut, [_bar(item, short(item.value)) for item in worst]))
        if charts:
            yield field, charts


def _bar(item: GroupRate, label: str) -> Bar:
    rate = item.rate
    return Bar(
        label=label,
        value=rate.value,
        low=rate.interval.low,
        high=rate.interval.high,
        size=rate.size,
        metric=item.metric,
        group=item.group,
        member=item.value,
    )
