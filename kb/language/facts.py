"""Facts that a sentence states in so many words, English or Chinese: what a claim must share with its source.

Numbers with their units, money, shares, dates, times and periods come out normalised, so that "two weeks", 14
days and 十四天 are the same fact; limits ("at most", 不超过) are part of it. All are pure functions of a text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from kb.language import fact_patterns as p
from kb.language.numerals import Numeral, chinese_number, half_width, numerals
from kb.language.text import RAISED, fold, simplify


class Kind(StrEnum):
    """What a fact is about."""

    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    PERIOD = "period"
    CODE = "code"


class Bound(StrEnum):
    """Whether a value is a limit."""

    NONE = ""
    LEAST = "at least"
    MOST = "at most"
    ABOVE = "more than"
    BELOW = "less than"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact in a text.

    Attributes:
        kind: what it is about.
        start: offset of its first character in the text.
        end: offset after its last.
        value: the number (shares 0-100, times in minutes after midnight, periods in ``unit``s); a
            date's ``(year, month, day)`` with 0 for what is not said; a code folded.
        unit: normalised: a currency (``USD``; ``$`` where any dollar may be meant), ``day``, ``month`` or
            ``working day``, ``kg``, ``ordinal``; empty where none is said.
        bound: whether it is a limit.
        as_written: the number as written, before units are normalised; NaN where the fact is no number.
    """

    kind: Kind
    start: int
    end: int
    value: float | str | tuple[int, int, int]
    unit: str = ""
    bound: Bound = Bound.NONE
    as_written: float = math.nan


_OPPOSITE = {
    frozenset({low, high}) for low in (Bound.LEAST, Bound.ABOVE, Bound.AFTER) for high in (Bound.MOST, Bound.BELOW)
} | {frozenset({Bound.BEFORE, Bound.AFTER}), frozenset({Bound.BEFORE, Bound.LEAST})}
_CALENDAR = {"day", "month"}
"""Units of periods that exclude each other, though how many days a month has differs."""
_NEAR = 1e-6  # chosen: what is left of sums of decimals when they are equal
_REACH = 28
"""Characters before a number that are looked at for a limit."""
_RANGE = re.compile(r"\s?(?:-|–|—|~|～|to|and|至|到)\s?")
_A_PERIOD = re.compile(
    r"(?P<half>\bhalf\s(?:an?\s)?|半个?)(?P<unit2>hour|day|year|month|小时|天|年|月|日)"
    r"|\b(?:within|for|after|in|than|least|most)\s+(?P<article>an?)\s"
    r"(?P<unit>hour|day|week|fortnight|month|quarter|year|decade)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(f"[{RAISED}]*")
"""The mark of a note between a number and its unit: 3⁴元."""
_SURE_AS_WORDS = 2
"""Chinese numerals without a unit count as a number from this many characters on."""


def facts(text: str) -> list[Fact]:
    """Return the facts of ``text``, in order; they do not overlap.

    >>> [(fact.kind.value, fact.value, fact.unit, fact.bound.value) for fact in facts("At most 14 days, or 5 %.")]
    [('period', 14.0, 'day', 'at most'), ('percent', 5.0, '', '')]
    """
    plain = simplify(half_width(text))  # one for one: offsets stay
    taken = [False] * len(plain)
    found: list[Fact] = []
    for finder in (_codes, _dates, _times, _ordinals, _periods_without_number):
        for fact in finder(plain):
            _take(fact, taken, found)
    for word in p.NO_NUMERAL.finditer(plain):
        taken[word.start() : word.end()] = [True] * (word.end() - word.start())
    quantities = [n for n in numerals(plain) if not any(taken[n.start : n.end])]
    for fact in _quantities(plain, quantities):
        _take(fact, taken, found)
    return [_with_bound(plain, fact) for fact in sorted(found, key=lambda fact: fact.start)]


def _take(fact: Fact, taken: list[bool], collected: list[Fact]) -> None:
    if not any(taken[fact.start : fact.end]):
        collected.append(fact)
        taken[fact.start : fact.end] = [True] * (fact.end - fact.start)


def _codes(text: str) -> Iterator[Fact]:
    for match in p.CODE.finditer(text):
        if not p.NO_CODE.fullmatch(match.group()):
            written = fold(match.group()).rstrip(".,/")
            value = re.sub(r"\D", "", written) if match["phone"] else written
            yield Fact(kind=Kind.CODE, start=match.start(), end=match.end(), value=value)


def _dates(text: str) -> Iterator[Fact]:
    for match in p.DATE.finditer(text):
        parts = {name[0]: value for name, value in match.groupdict().items() if value and name != "s"}
        year, month, day = (_date_part(parts.get(name, "")) for name in "ymd")
        if month <= 12 and day <= 31:
            yield Fact(kind=Kind.DATE, start=match.start(), end=match.end(), value=(year, month, day))


def _date_part(text: str) -> int:
    if not text or text.isdecimal():
        return int(text or 0)
    return p.MONTH_NUMBER.get(text[:3].casefold()) or int(chinese_number(text) or 0)


def _times(text: str) -> Iterator[Fact]:
    for match in p.TIME.finditer(text):
        named = match.groupdict()
        hour_text = named["h1"] or named["h2"] or named["h3"]
        hour = int(hour_text) if hour_text.isdecimal() else int(chinese_number(hour_text) or 0)
        minute = 30 if named["half"] else int(named["m1"] or named["m2"] or named["m3"] or 0)
        half = (named["ap1"] or named["ap2"] or named["part"] or "").casefold()
        if half[:1] in {"p", "下"} or half.startswith("晚"):
            hour = hour + 12 if hour < 12 else hour
        elif half[:1] == "a" and hour == 12:
            hour = 0
        if hour <= 24:
            yield Fact(kind=Kind.TIME, start=match.start(), end=match.end(), value=float(hour * 60 + minute))


def _ordinals(text: str) -> Iterator[Fact]:
    for match in p.ORDINAL.finditer(text):
        number = p.ORDINAL_WORDS.get((match["word"] or "").casefold()) or int(match["n"])
        yield Fact(kind=Kind.NUMBER, start=match.start(), end=match.end(), value=float(number), unit="ordinal")


def _periods_without_number(text: str) -> Iterator[Fact]:
    """Yield "within a week", "half a year", 半年."""
    for match in _A_PERIOD.finditer(text):
        name = "unit" if match["unit"] else "unit2"
        unit, size = p.PERIODS["个月" if match[name] == "月" else match[name].casefold()]
        many = 0.5 if match["half"] else 1.0
        start = match.start("article") if match["article"] else match.start()
        yield Fact(kind=Kind.PERIOD, start=start, end=match.end(), value=many * size, unit=unit)


def _quantities(text: str, numbers: list[Numeral]) -> list[Fact]:
    """Return what the numerals count; the first number of a range has the unit of the second."""
    made: list[Fact] = []
    following: tuple[Numeral, Fact] | None = None
    for numeral in reversed(numbers):
        fact = _quantity(text, numeral)
        if following and (fact is None or (fact.kind is Kind.NUMBER and not fact.unit)):
            gap = _RANGE.fullmatch(text, numeral.end, following[0].start)
            if gap and following[1].unit != "ordinal":
                whole = following[1]
                size = _size(whole, following[0].value)
                fact = replace(whole, start=numeral.start, end=numeral.end, value=numeral.value * size)
        if fact is not None:
            fact = replace(fact, as_written=numeral.value)
            made.append(fact)
            following = (numeral, fact)
    return made


def _size(fact: Fact, counted: float) -> float:
    return float(fact.value) / counted if counted and isinstance(fact.value, float | int) else 1.0


def _quantity(text: str, numeral: Numeral) -> Fact | None:
    start, end, value = numeral.start, numeral.end, numeral.value
    note = _NOTE.match(text, end)
    unit_at = note.end() if note else end
    before = text[max(0, start - 4) : start]
    if (left := p.PERCENT_LEFT.search(before)) and numeral.form != "words":
        return Fact(kind=Kind.PERCENT, start=start - len(left.group()), end=end, value=value)
    if right := p.PERCENT_RIGHT.match(text, unit_at):
        return Fact(kind=Kind.PERCENT, start=start, end=right.end(), value=value)
    if p.ORDINAL_LEFT.search(before):
        return Fact(kind=Kind.NUMBER, start=start, end=end, value=value, unit="ordinal")
    if left := p.CURRENCY_LEFT.search(before):
        return Fact(kind=Kind.MONEY, start=start - len(left.group()), end=end, value=value, unit=_currency(left))
    if right := p.PERIOD_RIGHT.match(text, unit_at):
        return _period(numeral, right)
    if (right := p.CURRENCY_RIGHT.match(text, unit_at)) and not (
        right["han"] == "块" and numeral.form == "chinese"
    ):
        unit = _currency(right)
        return Fact(
            kind=Kind.MONEY,
            start=start,
            end=right.end(),
            value=value / 100 if unit == "cent" else value,
            unit=unit,
        )
    if right := p.MEASURE_RIGHT.match(text, unit_at):
        unit, size = p.MEASURES[(right["latin"] or right["han"]).casefold()]
        return Fact(kind=Kind.NUMBER, start=start, end=right.end(), value=round(value * size, 9), unit=unit)
    return _bare(text, numeral)


def _bare(text: str, numeral: Numeral) -> Fact | None:
    """Return a number without a known unit; "one" and 一 are mostly no numbers."""
    if numeral.form == "words" and numeral.value <= 1:
        return None
    if numeral.form == "chinese":
        counted = p.COUNTED_HAN.match(text, numeral.end)
        long = numeral.end - numeral.start >= _SURE_AS_WORDS
        if not (long or (counted and numeral.value > 1)):
            return None
    return Fact(kind=Kind.NUMBER, start=numeral.start, end=numeral.end, value=numeral.value)


def _currency(match: re.Match[str]) -> str:
    named = {name: value for name, value in match.groupdict().items() if value}
    name, written = next(iter(named.items()))
    if name == "mark":
        return p.CURRENCY_MARKS[written]
    if written.isascii() and len(written) == 3 and written.upper() in p.CURRENCY_CODES:
        return "CNY" if written.upper() == "RMB" else written.upper()
    return p.CURRENCY_NAMES[written.casefold()]


def _period(numeral: Numeral, right: re.Match[str]) -> Fact:
    if right["working"]:
        return Fact(
            kind=Kind.PERIOD, start=numeral.start, end=right.end(), value=numeral.value, unit=p.WORKING_DAY
        )
    name = (right["latin"] or right["han"] or right["months"]).casefold()
    unit, size = p.PERIODS[name] if name in p.PERIODS else p.PERIODS[name.removesuffix("s")]
    value = numeral.value + (0.5 if right["half"] else 0)
    return Fact(kind=Kind.PERIOD, start=numeral.start, end=right.end(), value=round(value * size, 9), unit=unit)


def _with_bound(text: str, fact: Fact) -> Fact:
    if fact.kind is Kind.CODE or fact.unit == "ordinal":
        return fact
    left = text[max(0, fact.start - _REACH) : fact.start]
    for bound, pattern in p.LEFT_BOUNDS:
        if pattern.search(left):
            return replace(fact, bound=Bound(bound))
    for bound, pattern in p.RIGHT_BOUNDS:
        if pattern.match(text, fact.end):
            return replace(fact, bound=Bound(bound))
    return fact


def comparable(one: Fact, other: Fact) -> bool:
    """Tell whether two facts measure the same thing, so that different values exclude each other.

    >>> comparable(facts("14 days")[0], facts("三周")[0]), comparable(facts("14 days")[0], facts("5 %")[0])
    (True, False)
    """
    if one.kind is not other.kind:
        return False
    if one.kind is Kind.MONEY:
        return _same_currency(one.unit, other.unit)
    return one.unit == other.unit or {one.unit, other.unit} == _CALENDAR


def agree(one: Fact, other: Fact) -> bool:
    """Tell whether two facts say the same; a limit that only one of them states does not matter.

    >>> agree(facts("two weeks")[0], facts("14 天")[0])
    True
    """
    if frozenset({one.bound, other.bound}) in _OPPOSITE:
        return False
    if isinstance(one.value, tuple) or isinstance(other.value, tuple):
        return _same_date(one, other)
    bare = [fact for fact in (one, other) if fact.kind is Kind.NUMBER and not fact.unit]
    if bare and (one.kind is not other.kind or one.unit != other.unit):
        return math.isclose(one.as_written, other.as_written)
    if one.kind is not other.kind:
        return False
    if one.kind is Kind.CODE:
        return one.value == other.value
    if one.kind is Kind.MONEY:
        return _same_currency(one.unit, other.unit) and _same_value(one, other)
    return one.unit == other.unit and _same_value(one, other)


def _same_value(one: Fact, other: Fact) -> bool:
    if isinstance(one.value, float | int) and isinstance(other.value, float | int):
        return abs(one.value - other.value) <= _NEAR * max(1.0, abs(one.value), abs(other.value))
    return one.value == other.value


def _same_currency(one: str, other: str) -> bool:
    wide = p.SAME_CURRENCY
    return one == other or other in wide.get(one, ()) or one in wide.get(other, ())


def _same_date(one: Fact, other: Fact) -> bool:
    """A date says another if every part that both name is equal, and at least one is."""
    if not (isinstance(one.value, tuple) and isinstance(other.value, tuple)):
        return False
    both = [(a, b) for a, b in zip(one.value, other.value, strict=True) if a and b]
    return bool(both) and all(a == b for a, b in both)
