"""Days, times and durations of spreadsheets as their formats show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from ingest.text.number_styles import write_number as write_counted

_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LEAP = 60  # the 29 February 1900 that there never was: days before it count from one day later
_LAST = 2_958_466  # the first day of the year 10000
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_CHINESE = ("804", "404", "c04", "1004", "1404", "zh")
_TAIWAN = ("404", "zh-tw")
_CHINESE_DAYS = "一二三四五六日"
_FIRST_TAIWANESE_YEAR = 1911
_BUDDHIST_YEARS = 543

NUMERALS = {
    1: str.maketrans("0123456789", "〇一二三四五六七八九"),
    2: str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖"),
}
"""Chinese digits: plain ones, and those of amounts."""

Token = tuple[str, str]


def write_day(
    value: float, tokens: Sequence[Token], locale: str, script: int, *, since_1904: bool = False
) -> str | None:
    """Return a number as the day or time that a format shows, None for one that is outside the calendar.

    Args:
        value: days since the epoch of the workbook.
        tokens: of the format (``ingest.formats.sheets.number_formats``).
        locale: number or name of the language of names.
        script: 1 or 2 for Chinese numerals, 0 for digits.
        since_1904: whether days are counted from 1 January 1904.
    """
    if any(kind == "elapsed" for kind, _ in tokens):
        return _elapsed(value, tokens)
    if not 0 <= value < _LAST:
        return None
    places = _parts_of_second(tokens)
    seconds = any(kind == "day" and text[0] in "sS" for kind, text in tokens)
    exact = round(value * 86_400, 3) if places or not seconds else float(int(value * 86_400 + 0.5))
    epoch = _EPOCH_1904 if since_1904 else _EPOCH + timedelta(days=1 if 1 <= value < _LEAP else 0)
    moment = epoch + timedelta(seconds=exact)
    return _Writer(moment, tokens, locale, script, places).write()


def _parts_of_second(tokens: Sequence[Token]) -> int:
    """Return how many digits of parts of a second are shown: ``ss.00``."""
    return min(sum(kind == "digit" for kind, _ in tokens), 3)


def _elapsed(value: float, tokens: Sequence[Token]) -> str:
    """Return a number as a duration: ``[h]:mm``."""
    places = _parts_of_second(tokens)
    scale = 10**places
    fine = any(text[0] in "sS" for kind, text in tokens if kind in ("day", "elapsed"))
    total = int(abs(value) * 86_400 * scale + 0.5) if fine else round(abs(value) * 86_400) * scale
    left = {"h": total // (3600 * scale), "m": total // (60 * scale), "s": total // scale}
    largest = next(text[0].lower() for kind, text in tokens if kind == "elapsed")
    values = {"h": left["h"] % 24, "m": left["m"] % 60, "s": left["s"] % 60}
    if largest == "h":
        values["h"] = left["h"]
    shown: list[str] = ["-"] if value < 0 and total else []
    part = str(total % scale).zfill(places) if places else ""
    for kind, text in tokens:
        if kind == "elapsed":
            shown.append(str(left[text[0].lower()]).zfill(len(text)))
        elif kind == "day" and text[0].lower() in values:
            shown.append(str(values[text[0].lower()]).zfill(min(len(text), 2)))
        elif kind == "digit":
            shown.append(part[:1])
            part = part[1:]
        else:
            shown.append(_literal((kind, text)))
    return "".join(shown)


def _without_time(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens of a day that stand before hours; all where no whole day does."""
    hours = next((place for place, (kind, text) in enumerate(tokens) if kind == "day" and text[0] in "hH"), 0)
    before, behind = tokens[:hours], tokens[hours:]
    units = {text[0].lower() for kind, text in before if kind == "day"}
    late = any(kind == "day" and (text[0] in "yYdD" or len(text) > 2) for kind, text in behind)
    return before if {"y", "m", "d"} <= units and not late else tokens


def _literal(token: Token) -> str:
    kind, text = token
    if kind == "blank":
        return " "
    return text if kind in ("quoted", "plain", "escaped", "mark") and text != "@" else ""


class _Writer:
    """Writes one moment."""

    def __init__(self, moment: datetime, tokens: Sequence[Token], locale: str, script: int, places: int) -> None:
        self._moment = moment
        self._tokens = tokens
        self._locale = locale
        self._script = script
        self._half = any(kind == "halves" for kind, _ in tokens)
        self._fraction = f"{moment.microsecond:06d}"[:places]

    def write(self) -> str:
        """Return the moment; of a whole day only the day, since programs write both without meaning midnight."""
        shown: list[str] = []
        if self._moment.time() == time(0):
            self._tokens = _without_time(self._tokens)
        for place, (kind, text) in enumerate(self._tokens):
            if kind == "day":
                shown.append(self._part(text.lower(), place))
            elif kind == "halves":
                first, second = text.split("/")
                shown.append(first if self._moment.hour < 12 else second)
            elif kind == "digit":
                shown.append(self._fraction[:1])
                self._fraction = self._fraction[1:]
            else:
                shown.append(_literal((kind, text)))
        return "".join(shown)

    def _part(self, text: str, place: int) -> str:
        moment, size = self._moment, len(text)
        if text[0] == "m":
            return self._number(moment.minute, size) if self._is_minute(place) else self._month(size)
        if text[0] == "y":
            return self._year(moment.year, size)
        if text[0] == "b":
            return self._year(moment.year + _BUDDHIST_YEARS, size)
        if text[0] == "e":
            taiwan = self._locale.startswith(_TAIWAN)
            return self._year(moment.year - _FIRST_TAIWANESE_YEAR if taiwan else moment.year, 4)
        if text[0] == "d":
            return self._number(moment.day, size) if size < 3 else self._weekday(size)
        if text[0] == "a":
            return ("星期" if size > 3 else "周") + _CHINESE_DAYS[moment.weekday()]
        if text[0] == "h":
            return self._number((moment.hour + 11) % 12 + 1 if self._half else moment.hour, size)
        return self._number(moment.second, size) if text[0] == "s" else ""

    def _is_minute(self, place: int) -> bool:
        """Tell whether an ``m`` stands for minutes: behind hours, or before seconds."""
        before = [text for kind, text in self._tokens[:place] if kind in ("day", "elapsed")]
        behind = [text for kind, text in self._tokens[place + 1 :] if kind in ("day", "elapsed")]
        hours = bool(before) and before[-1][0] in "hH"
        seconds = bool(behind) and behind[0][0] in "sS"
        return len(self._tokens[place][1]) < 3 and (hours or seconds)

    def _number(self, number: int, size: int) -> str:
        if self._script == 1:
            return write_counted(number, "chineseCountingThousand")
        if self._script == 2:
            return write_counted(number, "chineseLegalSimplified")
        return str(number).zfill(min(size, 2))

    def _year(self, year: int, size: int) -> str:
        written = str(year % 100).zfill(2) if size < 3 else str(year)
        return written.translate(NUMERALS[self._script]) if self._script in NUMERALS else written

    def _month(self, size: int) -> str:
        month = self._moment.month
        if size < 3:
            return self._number(month, size)
        if self._locale.startswith(_CHINESE):
            return f"{month}月" if size == 3 else write_counted(month, "chineseCountingThousand") + "月"
        name = _MONTHS[month - 1]
        return name[:3] if size == 3 else name[:1] if size == 5 else name

    def _weekday(self, size: int) -> str:
        day = self._moment.weekday()
        if self._locale.startswith(_CHINESE):
            return ("星期" if size > 3 else "周") + _CHINESE_DAYS[day]
        return _DAYS[day] if size > 3 else _DAYS[day][:3]
