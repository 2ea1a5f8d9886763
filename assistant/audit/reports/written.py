"""Runs, comparisons and differences as text, in the form that was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assistant.audit.compare.comparison import CHANGES, Change, Comparison, compare_runs, describe
from assistant.audit.compare.difference import Behind, LoadDifference
from assistant.audit.reports.html import comparison_page, difference_page, run_page
from assistant.audit.reports.report import build_report, escaped, to_csv, to_json, to_markdown
from assistant.audit.runs.folder import RunFolder
from assistant.settings import Settings
from kb.terminal import plain, short

_LISTED = 20


def written_report(settings: Settings, name: str, form: str) -> str:
    """Return a run's report in one of the forms.

    Raises:
        FaqError: there is no such run, or it cannot be read.
    """
    report = build_report(RunFolder(settings.home, name))
    if form == "html":
        return run_page(report)
    if form == "markdown":
        return to_markdown(report)
    return to_csv(report) if form == "csv" else _json(to_json(report))


def written_comparison(settings: Settings, first: str, second: str, form: str) -> str:
    """Return how two runs differ, in one of the forms.

    Raises:
        FaqError: there is no such run, or it cannot be read.
    """
    one, two = RunFolder(settings.home, first), RunFolder(settings.home, second)
    one.facts()
    two.facts()
    comparison = compare_runs(one.answers(), two.answers())
    if form == "json":
        return _json(_comparison_row(first, second, comparison))
    if form == "html":
        return comparison_page(first, second, comparison)
    lines = _comparison_markdown(first, second, comparison) if form == "markdown" else _comparison_text(comparison)
    return "\n".join(lines)


def written_difference(difference: LoadDifference, form: str) -> str:
    """Return how a load changes answers, in one of the forms."""
    if form == "json":
        counted = {"saved": difference.saved, "counts": difference.counts()}
        return _json(plain(difference) | counted)
    if form == "html":
        return difference_page(difference)
    return "\n".join(_difference_markdown(difference) if form == "markdown" else _difference_text(difference))


def _json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False)


def _comparison_row(first: str, second: str, comparison: Comparison) -> dict[str, Any]:
    return {
        "first": first, "second": second, "counts": comparison.counts(),
        "only_first": comparison.only_first, "only_second": comparison.only_second,
        "metrics": plain(comparison.metrics),
        "changes": [plain(change) for change in comparison.changes if change.kind != "unchanged"],
    }  # fmt: skip


def _ordered(changes: Iterator[Change]) -> list[Change]:
    return sorted((c for c in changes if c.kind != "unchanged"), key=lambda c: CHANGES.index(c.kind))


def _comparison_text(comparison: Comparison) -> Iterator[str]:
    for name, difference in comparison.metrics.items():
        yield describe(name, difference)
    yield "answers: " + ", ".join(f"{number} {kind}" for kind, number in comparison.counts().items())
    if comparison.only_first or comparison.only_second:
        yield f"not paired: {comparison.only_first} of the first, {comparison.only_second} of the second"
    for change in _ordered(iter(comparison.changes))[:_LISTED]:
        yield from _change_text(change)


def _change_text(change: Change) -> Iterator[str]:
    yield f"\n{change.kind}: {change.id}: {change.question}"
    yield f"  {change.why}" if change.why else ""
    yield "  - " + " ".join(change.first.text.split())
    yield "  + " + " ".join(change.second.text.split())


def _comparison_markdown(first: str, second: str, comparison: Comparison) -> Iterator[str]:
    yield f"# Audit {second}, compared with {first}"
    yield ""
    yield "| measure | before | after | difference, 95 % | better / worse | p |"
    yield "|---|---|---|---|---|---|"
    for name, d in comparison.metrics.items():
        yield (
            f"| {name} | {100 * d.first:.1f} % | {100 * d.second:.1f} % | {100 * d.interval.low:+.1f} to "
            f"{100 * d.interval.high:+.1f} points | {d.better} / {d.worse} of {d.size} "
            f"| {d.chance:.3g} ({d.method}) |"
        )
    yield ""
    yield "Answers: " + ", ".join(f"{number} {kind}" for kind, number in comparison.counts().items()) + "."
    yield ""
    for change in _ordered(iter(comparison.changes))[:_LISTED]:
        yield from _change_markdown(change)


def _change_markdown(change: Change) -> Iterator[str]:
    yield f"- **{change.kind}** `{change.id}` {escaped(change.question)}" + (
        f" ({escaped(change.why)})" if change.why else ""
    )
    yield f"  - before: {escaped(change.first.text)[:600]}"
    yield f"  - after: {escaped(change.second.text)[:600]}"


def _summary(difference: LoadDifference) -> str:
    kinds = (
        ", ".join(f"{number} {kind}" for kind, number in difference.counts().items() if number)
        or "no answer differs"
    )
    return (
        f"versions {difference.old} and {difference.new}: {difference.documents} documents changed; "
        f"{difference.questions} questions, "
        f"{len(difference.replayed)} asked anew ({100 * difference.saved:.0f} % saved); {kinds}"
    )


def _difference_text(difference: LoadDifference) -> Iterator[str]:
    yield _summary(difference)
    for item in difference.changes:
        yield from _change_text(item.change)
        for document in item.documents:
            yield f"  {document.kind}: {short(document.uri)}"
            yield from (f"    {line}" for line in document.lines)


def _difference_markdown(difference: LoadDifference) -> Iterator[str]:
    yield f"# Answers at version {difference.new}, compared with version {difference.old}"
    yield ""
    yield _summary(difference) + "."
    yield ""
    for item in difference.changes[:_LISTED]:
        yield from _change_markdown(item.change)
        yield from _documents_markdown(item)


def _documents_markdown(item: Behind) -> Iterator[str]:
    for document in item.documents:
        yield f"  - {document.kind} {escaped(short(document.uri))}"
        for line in document.lines[:6]:
            yield f"    - `{line.replace('`', chr(39))[:300]}`"
