"""Rates with their intervals, drawn as SVG: a dot, a line from bound to bound, and what it is counted over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_ROW = 26  # pixels
_LABEL = 230
_PLOT = 360
_TEXT = 210
_AXIS = 22


@dataclass(frozen=True, slots=True)
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
    group: str = "all"
    member: str = ""


def rate_chart(bars: Sequence[Bar], title: str) -> str:
    """Return a chart of rates; every line can be clicked and reached by keyboard."""
    height = _AXIS + _ROW * len(bars) + 4
    lines = [
        f'<svg class="chart" viewBox="0 0 {_LABEL + _PLOT + _TEXT} {height}" role="group" '
        f'aria-label="{escape(title, quote=True)}">'
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _x(share)
        lines.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{_AXIS - 4}" y2="{height}"/>')
        lines.append(f'<text class="axis" x="{x}" y="12" text-anchor="middle">{100 * share:.0f} %</text>')
    for place, bar in enumerate(bars):
        lines += _line(bar, _AXIS + _ROW * place + _ROW / 2)
    lines.append("</svg>")
    return "\n".join(lines)


def _x(share: float) -> float:
    return round(_LABEL + share * _PLOT, 1)


def _line(bar: Bar, y: float) -> list[str]:
    label = bar.label if len(bar.label) <= 34 else "…" + bar.label[-33:]
    numbers = f"{100 * bar.value:.1f} %  ({100 * bar.low:.1f}–{100 * bar.high:.1f}), n {bar.size:.0f}"
    spoken = f"{bar.label}: {numbers}; show the answers"
    data = " ".join(
        f'data-{name}="{escape(value, quote=True)}"'
        for name, value in (("metric", bar.metric), ("group", bar.group), ("member", bar.member))
    )
    return [
        f'<g class="rate" tabindex="0" role="button" aria-label="{escape(spoken, quote=True)}" {data}>',
        f"<title>{escape(spoken)}</title>",
        f'<rect class="row" x="0" y="{y - _ROW / 2}" width="{_LABEL + _PLOT + _TEXT}" height="{_ROW}"/>',
        f'<text class="label" x="{_LABEL - 12}" y="{y + 4}" text-anchor="end">{escape(label)}</text>',
        f'<line class="interval" x1="{_x(bar.low)}" x2="{_x(bar.high)}" y1="{y}" y2="{y}"/>',
        f'<circle class="dot" cx="{_x(bar.value)}" cy="{y}" r="4.5"/>',
        f'<text class="number" x="{_LABEL + _PLOT + 10}" y="{y + 4}">{escape(numbers)}</text>',
        "</g>",
    ]
