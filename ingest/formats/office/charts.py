"""Charts of office files (DrawingML) as the tables that they draw."""

from __future__ import annotations

from typing import Any

from ingest.structure.tables import Row, Table

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MAX_POINTS = 10_000  # of one series

Element = Any  # lxml elements


def chart_table(root: Element) -> Table:
    """Return the stored values of a chart: one row a category, one column a series, under the chart's title.

    It has no rows where the chart stores none.
    """
    names: list[str] = []
    categories: dict[int, str] = {}
    columns: list[dict[int, str]] = []
    for series in root.iter(f"{_CHART}ser"):
        names.append(" ".join(_points(series, "tx").values()))
        for place, text in (_points(series, "cat") or _points(series, "xVal")).items():
            categories.setdefault(place, text)
        columns.append(_points(series, "val") or _points(series, "yVal"))
    places = sorted(set(categories).union(*columns)) if columns else []
    rows: list[Row] = [
        (categories.get(place, ""), *(_tidy(column.get(place, "")) for column in columns)) for place in places
    ]
    return Table([("", *names), *rows] if rows else [], 1 if rows else None, chart_title(root))


def chart_title(root: Element) -> str:
    """Return the title that is written above a chart, empty where it has none."""
    title = root.find(f"{_CHART}chart/{_CHART}title")
    return "".join(text.text or "" for text in title.iter(f"{_DRAWING}t")) if title is not None else ""


def _points(series: Element, name: str) -> dict[int, str]:
    """Return the stored texts or numbers of a part of a series by their place."""
    part = series.find(f"{_CHART}{name}")
    if part is None:
        return {}
    found: dict[int, str] = {}
    for point in part.iter(f"{_CHART}pt"):
        place, value = str(point.get("idx") or ""), point.find(f"{_CHART}v")
        if place.isdecimal() and value is not None and len(found) < _MAX_POINTS:
            found[int(place)] = value.text or ""
    return found


def _tidy(number: str) -> str:
    """Return ``0.1`` for the ``0.10000000000000001`` that office programs store."""
    try:
        return f"{float(number):.15g}"
    except ValueError:
        return number
