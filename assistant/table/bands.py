"""Rows of a table that divide one quantity into bands: which of them a customer's number falls into.

"I cancel 10 days before departure" names no row of a table of charges; the row "8 to 14 days" is about it all the
same, and the row that a search finds for its words is mostly another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.table.fields import fields_asked_for, naming_fields, split_fields, telling_terms
from kb.language.facts import Bound, Fact, Kind, agree, comparable, facts
from kb.types import Chunk, SectionKind

_QUANTITIES = frozenset({Kind.PERIOD, Kind.MONEY, Kind.NUMBER})
_BETWEEN = re.compile(r".{0,2}\s?(?:-|–|—|~|～|\bto\b|\band\b|至|到)\s?.{0,3}")
_MONTH_DAYS = 365.25 / 12  # by definition, of the Julian year
_LEAST_ROWS = 2  # with bands of one quantity, before a table is taken to be divided by it
_MOST_TABLES = 3  # whose rows are all given where the question does not tell which table


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of a quantity.

    Attributes:
        measure: a fact with the unit of the quantity.
        low: least value, minus infinity where there is none; in the unit of ``measure``.
        high: greatest value, infinity where there is none.
        low_in: whether the least value itself is in.
        high_in: whether the greatest value itself is in.
    """

    measure: Fact
    low: float
    high: float
    low_in: bool = True
    high_in: bool = True

    def holds(self, quantity: Fact) -> bool:
        """Tell whether a quantity lies in the band; one of another kind or unit does not."""
        if not comparable(self.measure, quantity) or not isinstance(quantity.value, float | int):
            return False
        value = float(quantity.value) * _in_units_of(self.measure, quantity)
        if quantity.bound is Bound.BELOW:
            value = math.nextafter(value, -math.inf)
        elif quantity.bound is Bound.ABOVE:
            value = math.nextafter(value, math.inf)
        above = value >= self.low if self.low_in else value > self.low
        below = value <= self.high if self.high_in else value < self.high
        return above and below


def _in_units_of(measure: Fact, quantity: Fact) -> float:
    if measure.unit == quantity.unit:
        return 1.0
    factor = {("day", "month"): _MONTH_DAYS, ("month", "day"): 1 / _MONTH_DAYS}
    return factor.get((measure.unit, quantity.unit), 1.0)


def quantities(text: str) -> list[Fact]:
    """Return the amounts, periods and numbers of a text that can fall into a band."""
    return [fact for fact in facts(text) if fact.kind in _QUANTITIES and fact.unit != "ordinal"]


def read_band(text: str) -> Band | None:
    """Return the band that a text states: "15 to 29 days", "30 days or more", 不足7天; None where it states none.

    >>> band = read_band("8 to 14 days")
    >>> [band.holds(fact) for fact in facts("7 days, 10 days, 2 weeks")] if band else None
    [False, True, True]
    """
    found = quantities(text)
    if len(found) >= 2:
        low, high = found[:2]
        between = text[low.end : high.start]
        if comparable(low, high) and _value(low) < _value(high) and _BETWEEN.fullmatch(between):
            return Band(
                measure=low,
                low=_value(low),
                high=_value(high),
                low_in=low.bound is not Bound.ABOVE,
                high_in=high.bound is not Bound.BELOW,
            )
        return None
    if not found:
        return None
    fact = found[0]
    if fact.bound in (Bound.LEAST, Bound.ABOVE):
        return Band(measure=fact, low=_value(fact), high=math.inf, low_in=fact.bound is Bound.LEAST)
    if fact.bound in (Bound.MOST, Bound.BELOW):
        return Band(measure=fact, low=-math.inf, high=_value(fact), high_in=fact.bound is Bound.MOST)
    return None


def _value(fact: Fact) -> float:
    return float(fact.value) if isinstance(fact.value, float | int) else math.nan


def fields_meant(question: str, row: str) -> str:
    """Return the fields of a row that a question asks for; of headers that are bands, the one it falls into."""
    fields = split_fields(row)
    bands = {place: band for place, field in enumerate(fields) if place and (band := _header_band(field))}
    asked = quantities(question) if len(bands) >= _LEAST_ROWS else []
    inside = [place for place, band in bands.items() if any(band.holds(quantity) for quantity in asked)]
    if not inside:
        return fields_asked_for(question, row)
    names = range(naming_fields([field.partition(":")[2].strip() for field in fields]))
    return "; ".join(fields[place] for place in sorted({*names, *inside}))


def _header_band(field: str) -> Band | None:
    header, mark, _ = field.partition(": ")
    return read_band(header) if mark else None


def rows_in_band(question: str, row: Chunk, rows: Sequence[Chunk]) -> list[Chunk]:
    """Return the rows of a row's table, and of tables like it, that the question's quantity falls into.

    One where the question tells which table is meant, else one of each table, at most three.

    Args:
        question: standing alone.
        row: that a search found.
        rows: chunks of its document, in order, itself included.
    """
    asked = quantities(question)
    own = _first_band(row)
    if not asked or own is None or not any(comparable(own.measure, quantity) for quantity in asked):
        return []
    tables: dict[tuple[str, ...], list[Chunk]] = {}
    for chunk in rows:
        if chunk.kind is SectionKind.TABLE_ROW and _headers(chunk) == _headers(row):
            tables.setdefault(chunk.headings, []).append(chunk)
    tables = {headings: its for headings, its in tables.items() if _is_divided(its, own)}
    if row.headings not in tables:
        return []
    chosen = [
        next((chunk for chunk in tables[headings] if _holds_any(chunk, asked)), None)
        for headings in _meant(question, row, list(tables))
    ]
    return [chunk for chunk in chosen if chunk is not None][:_MOST_TABLES]


def states_band_of(question: str, row: Chunk) -> bool:
    """Tell whether a row is about a band of a quantity that the question names."""
    band = _first_band(row)
    return band is not None and any(comparable(band.measure, quantity) for quantity in quantities(question))


def states_same_quantity(question: str, text: str) -> bool:
    """Tell whether a text is about the very quantity that the question names."""
    asked = quantities(question)
    return any(agree(quantity, fact) for quantity in asked for fact in quantities(text))


def asks_another_quantity(question: str, chunk: Chunk) -> bool:
    """Tell whether a stored question is about another quantity of the kind that the question names.

    "I cancel 20 days before. What do I lose?" answers nobody who cancels 10 days before.
    """
    asked, stored = quantities(question), quantities(chunk.question or "")
    alike = [(one, other) for one in asked for other in stored if comparable(one, other)]
    return bool(alike) and not any(agree(replace(a, bound=b.bound), b) for a, b in alike)


def _meant(question: str, row: Chunk, tables: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the headings of the tables that the question may mean, that of the row first."""
    ordered = sorted(tables, key=lambda headings: headings != row.headings)
    words = [telling_terms(headings[-1]) if headings else frozenset[str]() for headings in ordered]
    common = frozenset[str].intersection(*words) if words else frozenset[str]()
    wanted = telling_terms(question)
    named = [headings for headings, its in zip(ordered, words, strict=True) if (its - common) & wanted]
    return named or ordered


def _is_divided(rows: Sequence[Chunk], own: Band) -> bool:
    bands = [band for chunk in rows if (band := _first_band(chunk)) and comparable(band.measure, own.measure)]
    return len(bands) >= _LEAST_ROWS and 2 * len(bands) >= len(rows)


def _holds_any(row: Chunk, asked: Sequence[Fact]) -> bool:
    band = _first_band(row)
    return band is not None and any(band.holds(quantity) for quantity in asked)


def _first_band(row: Chunk) -> Band | None:
    """Return the band in the first field of a row, which says what the row is about."""
    fields = split_fields(row.text)
    if len(fields) < 2:
        return None
    header, _, value = fields[0].rpartition(": ")
    band = read_band(value)
    if band and not band.measure.unit and header:  # "Days: 9 to 12"
        return read_band(f"{value} {header}") or band
    return band


def _headers(row: Chunk) -> tuple[str, ...]:
    return tuple(field.partition(": ")[0] for field in split_fields(row.text))
