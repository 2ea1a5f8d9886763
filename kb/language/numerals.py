"""Numbers as they are written, digits or words, English or Chinese: "1,500", "two hundred", "1.2万", 二十四."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The comma stays: in Chinese it mostly parts numbers ("59，500").
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) != "，"} | {0x3000: " "}

# By definition.
_THOUSANDS = re.compile("(?<![0-9０-９])(?:[1-9１-９]|[０-９]{2,3})，(?=[0-9０-９]{3}(?![0-9０-９]))")
"""Where a full-width comma parts thousands: behind one digit, or among full-width ones."""
_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT_SCALES = {"k": 1e3, "bn": 1e9, "mn": 1e6, "mio": 1e6}
_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_STEPS = {"十": 10, "百": 100, "千": 1000}
_BLOCKS = {"亿": 10**8, "万": 10**4}

_NEIGHBOURS = "一二|二三|两三|三四|三五|四五|五六|六七|七八|八九"
_GUESS = re.compile(f"^(?:{_NEIGHBOURS})$|十(?:{_NEIGHBOURS})|(?:{_NEIGHBOURS})[十百千万亿]")
_MOST_WORDS, _MOST_CHARACTERS = 16, 32  # of a number; what is longer is none

_WORD = "|".join([*sorted(_UNITS, key=len, reverse=True), *_TENS, *_SCALES])
CHINESE = "零〇一二两三四五六七八九十百千万亿"
_NUMERAL = re.compile(
    rf"""(?P<digits>(?<![\d.])(?:\d{{1,3}}(?:,\d{{3}})+(?![\d])|\d+)(?:\.\d+)?)
         (?P<scale>\s?(?:hundred|thousand|million|billion|trillion|bn|mn|mio)\b|k\b|[十百千万亿]+(?!分之))?
      | (?P<words>\b(?:{_WORD})(?:(?:(?:(?<=hundred)|(?<=thousand)|(?<=million))\s+and\s+|[\s-]+)(?:{_WORD}))*\b)
      | (?P<chinese>[{CHINESE}]+(?:点[零〇一二三四五六七八九]+)?)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text.

    Attributes:
        start: offset of its first character.
        end: offset after its last.
        value: what it says.
        form: ``digits``, ``words`` (English) or ``chinese``.
    """

    start: int
    end: int
    value: float
    form: str


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits and marks as ASCII; offsets stay."""
    return _THOUSANDS.sub(lambda found: found.group()[:-1] + ",", text).translate(_FULL_WIDTH)


def numerals(text: str) -> Iterator[Numeral]:
    """Yield the numbers of ``half_width`` text, in order."""
    for match in _NUMERAL.finditer(text):
        value = _value(match)
        if value is not None:
            form = "digits" if match["digits"] else "words" if match["words"] else "chinese"
            yield Numeral(match.start(), match.end(), value, form)


def _value(match: re.Match[str]) -> float | None:
    if match["digits"]:
        value = float(match["digits"].replace(",", ""))
        scale = (match["scale"] or "").strip().casefold()
        return round(value * _scale(scale), 6) if scale else value
    if match["words"]:
        return english_number(match["words"])
    whole, _, decimals = match["chinese"].partition("点")
    number = chinese_number(whole)
    if number is None or not decimals:
        return number
    return number + float("0." + "".join(str(_DIGITS[c]) for c in decimals))


def _scale(name: str) -> float:
    if name in _SCALES or name in _SHORT_SCALES:
        return _SCALES.get(name) or _SHORT_SCALES[name]
    product = 1.0
    for character in name:
        product *= _STEPS.get(character) or _BLOCKS[character]
    return product


def english_number(words: str) -> float | None:
    """Return the value of number words ("two hundred and fifty"), None where they make no number.

    >>> english_number("two hundred and five")
    205.0
    """
    total = current = 0.0
    parts = re.split(r"[\s-]+", words.casefold().strip())
    if len(parts) > _MOST_WORDS:
        return None
    for word in parts:
        if word in _UNITS or word in _TENS:
            current += _UNITS.get(word, _TENS.get(word, 0))
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total += (current or 1) * _SCALES[word]
            current = 0
        elif word != "and":
            return None
    return total + current


def chinese_number(text: str) -> float | None:
    """Return the value of Chinese numerals (二十四, 一万二, 二〇二四), None where they make no number.

    Two neighbours side by side are a guess (两三, 十七八) and no number.

    >>> chinese_number("一万二"), chinese_number("两三")
    (12000.0, None)
    """
    if not text or len(text) > _MOST_CHARACTERS or _GUESS.search(text):
        return None
    if all(character in _DIGITS for character in text):
        return float("".join(str(_DIGITS[character]) for character in text))
    for name, size in _BLOCKS.items():
        left, found, right = text.rpartition(name)
        if found:
            many = chinese_number(left) if left else 1.0
            rest = _below(right, size // 10)
            return None if many is None or rest is None else many * size + rest
    block = digit = 0
    for character in text:
        if character in _STEPS:
            block += (digit or 1) * _STEPS[character]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[character]
    last_step = _STEPS.get(text[-2:-1], 10) // 10
    return float(block + digit * (last_step if text[-1] in _DIGITS else 1))


def _below(text: str, step: int) -> float | None:
    """Return what follows 万 or 亿: a digit on its own counts in the step below (一万二 is 12,000)."""
    if not text:
        return 0.0
    value = chinese_number(text.lstrip("零〇") or "零")
    return None if value is None else value * (step if len(text) == 1 else 1)
