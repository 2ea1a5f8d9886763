"""Which item of a list a sentence is: the style and the number of its mark; English and Chinese.

``kb.language.marks`` tells items from other lines for loaders: there "2.1 Refunds" and "Step 2" are headings, and
a tick may be all that a cell holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.language.marks import BULLETS

_HAN = "一二三四五六七八九十"
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_STYLES = {
    "step": rf"(?:step|stage|part)\s+(?P<step>\d{{1,2}}|{'|'.join(_ENGLISH)})\b(?:\s*[:：.)、–—-])?"
    r"(?!\s*(?:and|of|to)\b)"
    rf"|(?:第\s*(?P<step_han>[{_HAN}]{{1,3}}|\d{{1,2}})\s*步|步骤\s*(?P<step_zh>[{_HAN}]{{1,3}}|\d{{1,2}}))(?![骤的])"
    r"\s*[:：,，、.．)）]?",
    "outline": r"\d{1,2}(?:\.\d{1,2}){1,3}(?:[.)、]\s*|\s+)(?=(?-i:[A-Z])|[^\W\d_a-zA-Z])",
    "number": r"[（(]?(?P<number>\d{1,2})(?:[.．](?!\d)|[)）、]|\ufe0f?\u20e3)",
    "han": rf"(?P<han>[{_HAN}]{{1,3}})[、.．)）]|[（(](?P<han_in>[{_HAN}]{{1,3}})[)）]",
    "circled": r"(?P<circled>[①-⑳⑴-⒇❶-❿➀-➉➊-➓㈠-㈩])",
    "roman": r"[（(]?(?:i{2,3}|i[vx]|vi{1,3}|xi{1,3})[.)）](?=\s|[^\x00-\x7f])",
    "letter": r"[（(]?(?P<letter>[A-Za-z])(?:[)）、](?=\s|[^\x00-\x7f])|(?<=(?-i:[a-z]))\.(?=\s|$))",
    "bullet": rf"[-–—*+](?=\s|[^\x00-\x7f])|[{BULLETS}·▶▸→✓✔☐☑☒✅✗✘]",
}
_MARK = re.compile(
    r"\s*(?:" + "|".join(f"(?P<is_{name}>{pattern})" for name, pattern in _STYLES.items()) + r")\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What an item begins with.

    Attributes:
        style: of the mark: bullet, number, letter, step …
        number: which one of its style; None where the style does not count, or not so that it could be told.
    """

    style: str
    number: int | None = None

    def follows(self, number: int | None) -> bool:
        """Tell whether this is the next one after the mark ``number`` of the same style."""
        return self.number is not None and number is not None and self.number == number + 1


def read_mark(sentence: str) -> Mark | None:
    """Return what a sentence begins with if it is an item of a list, else None."""
    found = _MARK.match(sentence)
    if not found:
        return None
    style = next(name for name in _STYLES if found[f"is_{name}"] is not None)
    written = next(
        (value for name, value in found.groupdict().items() if value and not name.startswith("is_")), ""
    )
    return Mark(style, _number(written))


def without_mark(sentence: str) -> str:
    """Return a sentence without the mark that it has as an item of a list.

    >>> without_mark("5. Returned goods are inspected."), without_mark("5 days later")
    ('Returned goods are inspected.', '5 days later')
    """
    found = _MARK.match(sentence)
    return sentence[found.end() :] if found else sentence


def _number(written: str) -> int | None:
    if not written:
        return None
    if written.isascii() and written.isdigit():
        return int(written)
    if written.casefold() in _ENGLISH:
        return _ENGLISH.index(written.casefold()) + 1
    if written[0] in _HAN:
        tens, ten, ones = written.rpartition("十")
        return (10 * (_HAN.index(tens) + 1 if tens else 1) if ten else 0) + (_HAN.index(ones) + 1 if ones else 0)
    return ord(written.casefold())


_NUMBERED = re.compile(
    r"\s*(?:\d{1,3}(?:\.\d{1,3})*[.)、．]?\s+(?=[A-Z\u4e00-\u9fff])|\d{1,3}(?:\.\d{1,3})*[)、．]\s*"
    r"|[（(]\d{1,3}[)）]\s*|[一二三四五六七八九十]{1,3}、\s*|第[\d一二三四五六七八九十百]{1,5}[章节節条條款]\s*)(?=\S)"
)


def without_number(heading: str) -> str:
    """Return a heading without the number it has in its document.

    >>> without_number("3.1 Regular departures"), without_number("二、退货运费"), without_number("30 days or more")
    ('Regular departures', '退货运费', '30 days or more')
    """
    number = _NUMBERED.match(heading)
    return heading[number.end() :] if number else heading
