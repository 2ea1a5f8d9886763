"""Reports as one HTML page that carries everything it shows: no network, no other file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from assistant.audit.compare.comparison import CHANGES, Change, Comparison
from assistant.audit.compare.difference import LoadDifference
from assistant.audit.measure.metrics import BY_NAME, METRICS, GroupRate
from assistant.audit.reports.charts import Bar, rate_chart
from assistant.audit.reports.report import Report, agreement_row, corrected_row
from assistant.audit.review.links import link_of
from assistant.audit.types import AuditedAnswer
from kb.terminal import plain, short

# Nothing may be fetched: the page is for data that must not leave.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'"
)
_GROUPED = ("faithfulness", "citation_recall", "answered", "expected_document", "abstention_recall")
_FIELDS = ("language", "topic", "channel", "version", "document")
_MEMBERS = 25  # of a group in a chart, those with the lowest rates


def _page(title: str, body: Iterable[str], data: Any) -> str:
    stored = json.dumps(plain(data), ensure_ascii=False).replace("<", "\\u003c")
    stored = stored.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    here = files("assistant.audit.reports")
    style, script = ((here / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style></head><body>",
            f"<header><h1>{escape(title)}</h1></header><main>",
            *body,
            "</main>",
            f'<script type="application/json" id="data">{stored}</script>',
            f"<script>{script}</script>",
            "</body></html>",
        ]
    )


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
    body = [_facts(report), *_charts(report), _judges(report), _drilldown(report)]
    return _page(f"Audit {report.facts.name}", body, data)


def _linked(answer: AuditedAnswer) -> dict[str, Any]:
    """Return an answer as the page's script reads it, each citation with a link to its document."""
    citations = [{**plain(citation), "link": link_of(citation)} for citation in answer.citations]
    return {**plain(answer), "citations": citations}


def _sides(change: Change) -> dict[str, Any]:
    return {**plain(change), "first": _linked(change.first), "second": _linked(change.second)}


def _facts(report: Report) -> str:
    facts = report.facts
    version = str(facts.version) if facts.version else "as recorded"
    rows = {
        "Questions": f"{len(report.answers)} of {facts.questions}, from {facts.source}; {facts.sampling}",
        "Knowledge base": f"version {version}",
        "Asked": facts.created_at,
        "Assistant": facts.assistant,
        "Judge": facts.judge + (f"; second judge {facts.second}" if facts.second else ""),
        "Failed": f"{len(report.failed)} questions, in no rate",
    }
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows.items())
    return f'<section class="facts"><dl>{cells}</dl></section>'


def _charts(report: Report) -> list[str]:
    found = [
        "<section><h2>Rates</h2><p>With 95 % intervals. Choose a line to see the answers behind it.</p>",
        rate_chart([_bar(item, BY_NAME[item.metric].title) for item in report.overall], "Rates over all answers"),
        _corrected(report),
        _shown(report.overall),
        "</section>",
    ]
    grouped: dict[tuple[str, str], list[GroupRate]] = {}
    for item in report.rates:
        if item.group != "all" and item.metric in _GROUPED:
            grouped.setdefault((item.group, item.metric), []).append(item)
    fields = [*_FIELDS, *sorted({group for group, _ in grouped} - set(_FIELDS) - {"outcome"})]
    for field in fields:
        some = [(metric, grouped[field, metric]) for metric in _GROUPED if (field, metric) in grouped]
        if not some:
            continue
        found.append(f"<section><details><summary><h2>By {escape(field)}</h2></summary>")
        for metric, items in some:
            worst = sorted(items, key=lambda item: item.rate.value)[:_MEMBERS]
            title = BY_NAME[metric].title
            cut = f" (lowest {_MEMBERS} of {len(items)})" if len(items) > _MEMBERS else ""
            found.append(f"<h3>{escape(title)}{cut}</h3>")
            found.append(rate_chart([_bar(item, short(item.value)) for item in worst], f"{title} by {field}"))
        found.append("</details></section>")
    return found


def _bar(item: GroupRate, label: str) -> Bar:
    rate = item.rate
    interval = rate.interval
    return Bar(label, rate.value, interval.low, interval.high, rate.size, item.metric, item.group, item.value)


def _corrected(report: Report) -> str:
    rows = [corrected_row(found) for found in report.review.corrected]
    return "".join(
        f'<p class="corrected">Faithfulness corrected for the judge’s error: <b>{100 * row["rate"]:.1f} %</b> '
        f"({100 * row['low']:.1f}–{100 * row['high']:.1f}), from {row['labels']} labels; "
        f"{escape(row['method'])}</p>"
        for row in rows
        if row["rate"] is not None
    )


def _shown(overall: Sequence[GroupRate]) -> str:
    rows = "".join(
        f"<tr><th>{escape(BY_NAME[item.metric].title)}</th><td>{escape(item.shows)}</td>"
        f"<td>{escape(item.rate.interval.method)}</td><td>{escape(BY_NAME[item.metric].meaning)}</td></tr>"
        for item in overall
    )
    return (
        "<details><summary>What this sample shows, and what is measured</summary>"
        "<table><thead><tr><th>measure</th>"
        "<th>what this sample shows and cannot show</th><th>interval</th><th>definition</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></details>"
    )


def _judges(report: Report) -> str:
    found = {**report.review.judges, "two reviewers": report.review.people, "two judges": report.second}
    rows = []
    for name, item in found.items():
        row = agreement_row(item)
        if not item.size:
            continue
        kappa = "–" if row["kappa"] is None else f"{row['kappa']:.2f}"
        rows.append(
            f"<tr><th>{escape(name if name.startswith('two') else name + ' and people')}</th><td>{kappa} "
            f"({row['low']:.2f} to {row['high']:.2f})</td><td>{escape(item.words)}</td><td>{item.both}</td>"
            f"<td>{item.first_only}</td><td>{item.second_only}</td><td>{item.neither}</td></tr>"
        )
    if not rows:
        return (
            "<section><h2>The judge</h2><p>Not measured on this run: <code>faq audit sample</code> draws claims "
            "for people to label.</p></section>"
        )
    head = "".join(
        f"<th>{name}</th>"
        for name in ("", "kappa, 95 %", "in words", "both yes", "only the first", "only the second", "both no")
    )
    disputed = len(report.review.disputed)
    return (
        f"<section><h2>The judge</h2><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f"<p>{disputed} claims are disputed between reviewers.</p></section>"
    )


def _drilldown(report: Report) -> str:
    fields = sorted({name for answer in report.answers for name in answer.groups})
    selects = "".join(_select(field) for field in [*fields, "document"])
    options = "".join(f'<option value="{m.name}">{escape(m.title)}</option>' for m in METRICS)
    return (
        '<section id="answers"><h2>Answers</h2><form id="filters">'
        f'<label>measure <select name="metric"><option value="">any</option>{options}</select></label>{selects}'
        '<label>find <input type="search" name="find" placeholder="words"></label>'
        '<label><input type="checkbox" name="failing"> only what fails</label>'
        '<button type="reset">clear</button></form>'
        '<p id="summary" role="status"></p><div id="list"></div><button id="more" hidden>more</button></section>'
    )


def _select(field: str) -> str:
    name = escape(field, quote=True)
    return f'<label>{name} <select name="group:{name}"><option value="">all</option></select></label>'


def comparison_page(first: str, second: str, comparison: Comparison) -> str:
    """Return the page of two runs side by side."""
    rows = "".join(
        f"<tr><th>{escape(BY_NAME[name].title)}</th><td>{100 * d.first:.1f} %</td><td>{100 * d.second:.1f} %</td>"
        f"<td>{100 * d.interval.low:+.1f} to {100 * d.interval.high:+.1f}</td><td>{d.better}</td>"
        f"<td>{d.worse}</td>"
        f"<td>{d.size}</td><td>{d.chance:.3g}</td><td>{escape(d.method)}</td></tr>"
        for name, d in comparison.metrics.items()
    )
    head = "".join(
        f"<th>{name}</th>"
        for name in ("", "before", "after", "difference, points, 95 %", "better", "worse", "n", "p", "test")
    )
    body = [
        f"<section><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>",
        _changes(comparison.counts()),
    ]
    kept = [change for change in comparison.changes if change.kind != "unchanged"]
    kept.sort(key=lambda change: CHANGES.index(change.kind))
    data = {"changes": [{**_sides(change), "documents": []} for change in kept]}
    return _page(f"Audit {second}, compared with {first}", body, data)


def difference_page(found: LoadDifference) -> str:
    """Return the page of what a load changed."""
    facts = (
        f"{found.documents} documents changed. {found.questions} questions; {len(found.replayed)} of them had to "
        f"be "
        f"asked at both versions ({100 * found.saved:.0f} % saved)."
    )
    changes = [{**_sides(item.change), "documents": plain(item.documents)} for item in found.changes]
    body = [f"<section><p>{escape(facts)}</p></section>", _changes(found.counts())]
    return _page(f"Answers at version {found.new}, compared with version {found.old}", body, {"changes": changes})


def _changes(counts: dict[str, int]) -> str:
    options = "".join(
        f'<option value="{kind}">{kind} ({number})</option>'
        for kind, number in counts.items()
        if kind != "unchanged"
    )
    total = ", ".join(f"{number} {kind}" for kind, number in counts.items())
    return (
        f'<section id="changes"><h2>Answers</h2><p>{escape(total)}.</p><form id="filters"><label>change '
        f'<select name="kind"><option value="">any</option>{options}</select></label>'
        '<label>find <input type="search" name="find" placeholder="words"></label>'
        '<button type="reset">clear</button></form><p id="summary" role="status"></p>'
        '<div id="list"></div><button id="more" hidden>more</button></section>'
    )
