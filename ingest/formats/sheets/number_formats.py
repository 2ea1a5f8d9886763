"""Number formats of spreadsheets: what a cell shows of what it holds (ECMA-376, part 1, 18.8.30 and 31)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from ingest.formats.sheets.date_formats import NUMERALS, write_day
from ingest.text.number_styles import write_number as write_counted

_ACCOUNT = '_(* #,##0{0}_);_(* \\(#,##0{0}\\);_(* "-"{1}_);_(@_)'
_MONEY = '_("$"* #,##0{0}_);_("$"* \\(#,##0{0}\\);_("$"* "-"{1}_);_(@_)'
BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)', 6: '"$"#,##0_);\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)', 8: '"$"#,##0.00_);\\("$"#,##0.00\\)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0_);\\(#,##0\\)", 38: "#,##0_);\\(#,##0\\)", 39: "#,##0.00_);\\(#,##0.00\\)",
    40: "#,##0.00_);\\(#,##0.00\\)", 41: _ACCOUNT.format("", ""), 42: _MONEY.format("", ""),
    43: _ACCOUNT.format(".00", "??"), 44: _MONEY.format(".00", "??"),
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that files name by number alone. Those that follow the reader's system (14, 22) have the year first."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|\[\$(?P<money>[^\]]*)\]|\[(?P<elapsed>h+|m+|s+)\]'
    r"|\[(?P<test>(?:<=|>=|<>|<|>|=)\s*-?[\d.]+)\]|\[DBNum(?P<script>\d)\]|\[[^\]]*\]|_(?P<blank>.)|\*."
    r"|(?P<general>General|G/通用格式|Standard)|(?P<halves>AM/PM|A/P|上午/下午)|(?P<power>E[+-])"
    r"|(?P<day>y+|m+|d+|h+|s+|e+|g+|b+|a{3,4})|(?P<digit>[0#?])|(?P<mark>[.,%/@])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, limit: value < limit, "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit, ">=": lambda value, limit: value >= limit,
    "=": lambda value, limit: value == limit, "<>": lambda value, limit: value != limit,
}  # fmt: skip
_SOME = re.compile("[1-9一-九壹-玖]")  # a number that rounds to nought has no sign
_SIGNIFICANT = 15  # digits that spreadsheets keep of a number
_MAX_PLACES = 30  # decimal places, as programs allow them
_MOST_COUNTED = 1e8  # up to which numbers are written in Chinese numerals; chosen
_TOO_LARGE = 1e21  # from here on no digits are laid out; chosen

Token = tuple[str, str]
"""What it is (a group's name in ``_TOKEN``), and its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """One of the up to four parts of a format.

    Attributes:
        tokens: in order, without colours and tests.
        test: sign and number that decide whether it is for a value; empty where its place decides.
        limit: of the test.
        locale: number or name of the language that names of days are in, empty = not told.
        script: 1 or 2 for Chinese numerals (plain, for amounts), 0 for digits.
        of_days: whether it shows a day or a time.
    """

    tokens: tuple[Token, ...]
    test: str = ""
    limit: float = 0.0
    locale: str = ""
    script: int = 0
    of_days: bool = False


def write_number(value: float, code: str, *, since_1904: bool = False) -> str:
    """Return what a cell with the number ``value`` and the format ``code`` shows.

    Args:
        value: the number; days are counted from 1900 or 1904.
        code: the format: ``0.00``, ``[$HK$-C04]#,##0.00``, ``"Yes";;"No"``, ``yyyy"年"m"月"d"日"``.
        since_1904: whether days are counted from 1 January 1904.

    >>> write_number(1250, "[$HK$-C04]#,##0.00"), write_number(3, '0" working days"'), write_number(4711, "000000")
    ('HK$1,250.00', '3 working days', '004711')
    """
    sections = _read(code)
    section, bare = _choose(sections, value)
    if section is None:
        return general(value)
    if section.of_days:
        shown = write_day(value, section.tokens, section.locale, section.script, since_1904=since_1904)
        return general(value) if shown is None else shown
    text = _laid_out(abs(value), section)
    of_number = any(kind in ("digit", "general", "mark") for kind, _ in section.tokens)
    return f"-{text}" if value < 0 and not bare and of_number and _SOME.search(text) else text


def write_text(value: str, code: str) -> str:
    """Return what a cell with the text ``value`` and the format ``code`` shows.

    >>> write_text("Basic", '@" plan"'), write_text("Basic", "0.00")
    ('Basic plan', 'Basic')
    """
    if "@" not in code and code.count(";") < 3:
        return value
    sections = _read(code)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) < 4 and ("mark", "@") not in section.tokens:
        return value
    return "".join(value if token == ("mark", "@") else _literal(token) for token in section.tokens)


def general(value: float) -> str:
    """Return a number without a format.

    >>> general(12.50), general(0.1 + 0.2), general(1e20)
    ('12.5', '0.3', '1E+20')
    """
    return f"{value:.{_SIGNIFICANT}G}"


@lru_cache(maxsize=1024)
def _read(code: str) -> tuple[_Section, ...]:
    """Return the parts of a format."""
    sections: list[_Section] = []
    tokens: list[Token] = []
    marks: dict[str, str] = {}
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or ""
        text = found.group(kind) if kind else ""
        if kind == "plain" and text == ";":
            sections.append(_section(tokens, marks))
            tokens, marks = [], {}
        elif kind == "money":
            symbol, _, locale = text.partition("-")
            marks.setdefault("locale", locale.casefold())
            tokens.append(("quoted", symbol))
        elif kind in ("test", "script"):
            marks[kind] = text
        elif kind:
            tokens.append((kind, text))
    sections.append(_section(tokens, marks))
    return tuple(sections)


def _section(tokens: Sequence[Token], marks: dict[str, str]) -> _Section:
    test = re.match(r"([<>=]+)\s*(-?[\d.]+)", marks.get("test", ""))
    kinds = {kind for kind, _ in tokens}
    of_days = bool(kinds & {"day", "elapsed", "halves"}) and "general" not in kinds
    kept = [
        ("quoted", text) if kind in ("escaped", "plain") or (kind == "day" and not of_days) else (kind, text)
        for kind, text in tokens
    ]
    return _Section(
        tokens=tuple(kept),
        test=test.group(1) if test else "",
        limit=float(test.group(2)) if test and test.group(2).count(".") < 2 else 0.0,
        locale=marks.get("locale", ""),
        script=int(marks.get("script", "0")),
        of_days=of_days,
    )


def _choose(sections: Sequence[_Section], value: float) -> tuple[_Section | None, bool]:
    """Return the part of a format that shows a value, and whether it shows it without its sign."""
    numeric = sections[:3]
    if any(section.test for section in numeric):
        for place, section in enumerate(numeric):
            if section.test:
                fits = _TESTS[section.test](value, section.limit)
            else:
                fits = place == len(numeric) - 1 or (value > 0 if place == 0 else value < 0)
            if fits:
                below = section.test in ("<", "<=") and section.limit <= 0
                return section, below or (not section.test and place == 1 and len(numeric) > 2)
        return None, False
    if len(numeric) == 1:
        return numeric[0], False
    if len(numeric) > 2 and value == 0:
        return numeric[2], True
    return (numeric[1], True) if value < 0 else (numeric[0], True)


def _literal(token: Token) -> str:
    """Return what a token that is no digit shows: of a blank as wide as a letter, a blank."""
    kind, text = token
    if kind == "blank":
        return " "
    return text if kind in ("quoted", "halves") or token in (("mark", "/"), ("mark", ",")) else ""


def _laid_out(value: float, section: _Section) -> str:
    """Return a number that is not negative, laid out as a part of a format wants it."""
    tokens = section.tokens
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds or ("mark", "@") in tokens:
        counted = _COUNTED.get(section.script) if value == int(value) and value < _MOST_COUNTED else None
        written = write_counted(int(value), counted) if counted else general(value)
        return "".join(
            written if kind == "general" or (kind, text) == ("mark", "@") else _literal((kind, text))
            for kind, text in tokens
        )
    if "digit" not in kinds:
        return "".join("%" if token == ("mark", "%") else _literal(token) for token in tokens)
    if value >= _TOO_LARGE:
        return general(value)
    if "power" in kinds:
        return _scientific(value, tokens)
    if _is_fraction(tokens):
        return _fraction(value, tokens)
    shown = _digits(_scaled(value, tokens), tokens)
    return shown.translate(NUMERALS[section.script]) if section.script in NUMERALS else shown


_COUNTED = {1: "chineseCountingThousand", 2: "chineseLegalSimplified"}


def _exact(value: float) -> Decimal:
    return Decimal(f"{value:.{_SIGNIFICANT}g}")


def _scaled(value: float, tokens: Sequence[Token]) -> Decimal:
    """Return a number times 100 for each per cent sign, by 1,000 for each comma behind the last digit."""
    scaled = _exact(value).scaleb(2 * sum(token == ("mark", "%") for token in tokens))
    return scaled.scaleb(-3 * _scale(tokens))


def _scale(tokens: Sequence[Token]) -> int:
    """Return how many commas stand behind the last digit, or right before the point."""
    count = 0
    for place, token in enumerate(tokens):
        if token != ("mark", ","):
            continue
        behind = [other for other in tokens[place + 1 :] if other[0] == "digit" or other == ("mark", ".")]
        before = any(kind == "digit" for kind, _ in tokens[:place])
        count += before and (not behind or behind[0] == ("mark", "."))
    return count


def _digits(value: Decimal, tokens: Sequence[Token]) -> str:
    """Return a number with its digits in the places that a format gives them."""
    point = next((place for place, token in enumerate(tokens) if token == ("mark", ".")), len(tokens))
    places = min(sum(kind == "digit" for kind, _ in tokens[point:]), _MAX_PLACES)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, part = f"{rounded:f}".partition(".")
    return _whole(whole.lstrip("0"), tokens[:point]) + _part(part, tokens[point:])


def _whole(digits: str, tokens: Sequence[Token]) -> str:
    """Return the digits before the point from the last to the first; the first place takes all that are left."""
    holders = [place for place, (kind, _) in enumerate(tokens) if kind == "digit"]
    if not holders:
        return digits + "".join(_mark(token) for token in tokens)
    commas = [place for place, token in enumerate(tokens) if token == ("mark", ",")]
    grouped = any(holders[0] < place < holders[-1] for place in commas)
    shown: list[str] = []
    count = 0

    def put(digit: str) -> None:
        nonlocal count
        if grouped and count and count % 3 == 0:
            shown.append(",")
        shown.append(digit)
        count += 1

    for place in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[place]
        if kind != "digit":
            shown.append(_mark((kind, text)))
            continue
        if digits:
            put(digits[-1])
            digits = digits[:-1]
        elif text == "0":
            put("0")
        elif text == "?":
            shown.append(" ")
        while place == holders[0] and digits:
            put(digits[-1])
            digits = digits[:-1]
    return "".join(part if len(part) == 1 else part[::-1] for part in shown)[::-1]


def _mark(token: Token) -> str:
    return "%" if token == ("mark", "%") else "" if token == ("mark", ",") else _literal(token)


def _part(digits: str, tokens: Sequence[Token]) -> str:
    """Return the point and the digits behind it, without zeros that no format wants, and no bare point."""
    kept = len(digits.rstrip("0"))
    shown: list[str] = []
    place = 0
    for kind, text in tokens:
        if kind == "digit":
            if text == "0" or place < kept:
                shown.append(digits[place : place + 1] or "0")
            elif text == "?":
                shown.append(" ")
            place += 1
        elif (kind, text) == ("mark", "."):
            wanted = any(token in (("digit", "0"), ("digit", "?")) for token in tokens)
            shown.append("." if kept or wanted else "")
        else:
            shown.append(_mark((kind, text)))
    return "".join(shown)


def _scientific(value: float, tokens: Sequence[Token]) -> str:
    """Return a number with its power of ten; of several places before the point the power is a multiple."""
    at = next(place for place, (kind, _) in enumerate(tokens) if kind == "power")
    mantissa, power = tokens[:at], tokens[at + 1 :]
    point = next((place for place, token in enumerate(mantissa) if token == ("mark", ".")), len(mantissa))
    step = max(1, sum(kind == "digit" for kind, _ in mantissa[:point]))
    places = sum(kind == "digit" for kind, _ in mantissa[point:])
    exact = _exact(value)
    exponent = exact.adjusted() // step * step if exact else 0
    rounded = exact.scaleb(-exponent).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if rounded >= 10**step:
        exponent += step
        rounded = exact.scaleb(-exponent)
    sign = "-" if exponent < 0 else "+" if tokens[at][1].endswith("+") else ""
    return f"{_digits(rounded, mantissa)}E{sign}{_whole(str(abs(exponent)).lstrip('0'), power)}"


def _is_fraction(tokens: Sequence[Token]) -> bool:
    at = next((place for place, token in enumerate(tokens) if token == ("mark", "/")), 0)
    behind = tokens[at + 1 : at + 2]
    return bool(
        at and behind and tokens[at - 1][0] == "digit" and (behind[0][0] == "digit" or _is_count(behind[0]))
    )


def _is_count(token: Token) -> bool:
    return token[0] == "quoted" and token[1].isdecimal()


def _fraction(value: float, tokens: Sequence[Token]) -> str:
    """Return a number as a fraction, with whole numbers before it where a format has places for them."""
    at = next(place for place, token in enumerate(tokens) if token == ("mark", "/"))
    start = at
    while start and tokens[start - 1][0] == "digit":
        start -= 1
    end = at + 1
    while end < len(tokens) and (tokens[end][0] == "digit" or _is_count(tokens[end])):
        end += 1
    below = "".join(text for _, text in tokens[at + 1 : end])
    has_whole = any(kind == "digit" for kind, _ in tokens[:start])
    exact = Fraction(_exact(value))
    whole, rest = divmod(exact, 1) if has_whole else (0, exact)
    if below.isdecimal() and below.strip("0"):
        base = int(below)
        upper = int(rest * base + Fraction(1, 2))
    else:
        near = rest.limit_denominator(10 ** min(len(below), 6) - 1)
        upper, base = near.numerator, near.denominator
    if has_whole and upper == base:
        whole, upper = whole + 1, 0
    before = "".join(_literal(token) for token in tokens[:start] if token[0] != "digit").strip()
    after = "".join(_literal(token) for token in tokens[end:])
    if has_whole and not upper:
        return f"{before}{whole}{after}"
    joined = f"{whole} " if has_whole and (whole or ("digit", "0") in tokens[:start]) else ""
    return f"{before}{joined}{upper}/{base}{after}"
