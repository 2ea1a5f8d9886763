"""Lines of a page or a plain text: what is a heading, what is a list, how broken lines join."""

from __future__ import annotations

import re
from collections.abc import Container

from kb.language.text import WIDE

MAX_HEADING_CHARACTERS = 100
_SENTENCE_END = (".", "。", ";", "；", ",", "，", "!", "！")

_ENDS_WIDE = re.compile(f"[{WIDE}]$")
_STARTS_WIDE = re.compile(f"^[{WIDE}]")
_ENDS_HYPHEN = re.compile(r"([^\W\d_]+)[-\u2010]$")
_KEEPS_HYPHEN = frozenset(
    ["self", "well", "non", "long", "short", "high", "low", "full", "part", "third", "cross", "all", "ex"]
)
_TAIL = 60  # characters at the end of a line that tell how it goes on
_STARTS_LOWER = re.compile(r"^([^\W\d_]+)")

_CHINESE_NUMBER = "[一二三四五六七八九十百零〇\\d]{1,5}"
_CHAPTERS = (
    (1, re.compile(f"^第{_CHINESE_NUMBER}[编部篇分]+(?:\\s|$|\\S{{1,30}}$)")),
    (2, re.compile(f"^第{_CHINESE_NUMBER}章")),
    (3, re.compile(f"^第{_CHINESE_NUMBER}节")),
    (4, re.compile(f"^第{_CHINESE_NUMBER}条$")),
    (3, re.compile("^[一二三四五六七八九十]{1,3}、")),
    (4, re.compile("^[（(][一二三四五六七八九十]{1,3}[)）]")),
)
_SECTION_NUMBER = re.compile(
    r"^(?:(?:chapter|section|part|article|appendix)\s+)?(\d{1,2}(?:\.\d{1,2}){0,3})[.)、]?\s+(?=\S)", re.I
)
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,3})[.、．]\s*(?=[^\d\s])")


def heading_level(line: str) -> int:
    """Return the level that the numbering of a heading tells (1 = outermost), 0 for a line that is none.

    ``2.1 Refunds`` is level 3 (level 1 is left to the title), ``第二章`` 2, ``一、`` 3.
    """
    bare = line.strip()
    if not bare or len(bare) > MAX_HEADING_CHARACTERS or bare.endswith(_SENTENCE_END):
        return 0
    for level, pattern in _CHAPTERS:
        if pattern.match(bare):
            return level if len(bare) <= MAX_HEADING_CHARACTERS // 2 else 0
    numbered = _SECTION_NUMBER.match(bare) or _NUMBERED.match(bare)
    if numbered and re.search(r"[^\W\d_]", bare[numbered.end() :]):
        return 2 + numbered.group(1).count(".")
    return 0


def join_lines(first: str, second: str, words: Container[str] = ()) -> str:
    """Return two lines of a paragraph as one: Chinese without a space, words with one.

    A word that a hyphen breaks at the line end is joined, unless ``words`` (lower case) holds it with its
    hyphen.
    """
    if not first or not second:
        return first or second
    end = first[-_TAIL:]  # a paragraph of thousands of characters is not looked through for each of its lines
    broken = _ENDS_HYPHEN.search(end)
    following = _STARTS_LOWER.match(second)
    if broken and following and following.group(1)[0].islower():
        hyphened = f"{broken.group(1)}-{following.group(1)}".lower()
        kept = hyphened in words or broken.group(1).lower() in _KEEPS_HYPHEN
        return first + second if kept else first[:-1] + second
    if first.endswith(("-", "/")) and not first.endswith((" -", " /")):
        return first + second
    if _ENDS_WIDE.search(end) and _STARTS_WIDE.match(second):
        return first + second
    if (_ENDS_WIDE.search(end) or _STARTS_WIDE.match(second)) and not (
        first[-1].isascii() and second[0].isascii()
    ):
        return first + second
    return f"{first} {second}"
