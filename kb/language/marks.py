"""What a list item begins with: bullets, dashes, numbers and letters; English and Chinese.

Lists are told in many places, by loaders from lines and by answers from sentences; the signs are these everywhere.
"""

from __future__ import annotations

import re

from kb.language.text import HAN

BULLETS = "•●○◦■□◆◇▪▫►➢➤‣⃁❑❒❖"
"""Signs that only list items begin with."""
_DASHES = "–—·-"
"""Signs that list items begin with, and other things; before a letter only where a blank follows."""
_NUMBER = r"[(（]?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)）、]"
_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
_ITEM = re.compile(
    rf"\s*(?:[*+{_DASHES}]\s+|[{_DASHES}](?=[{HAN}])|[{BULLETS}]\s*|{_NUMBER}(?:\s+|(?=[{HAN}]))"
    rf"|[（(]{_HAN_NUMBER}[)）]\s*|[①-⑳]\s*)"
)
_ALONE = re.compile(rf"[{BULLETS}*{_DASHES}]|{_NUMBER}|\[\d+\]")
_NUMBERED = re.compile(
    r"\s*(?:[#*_>\-•]+\s*)?(?:(?:q|question|问题?|問題?)\s*\d*\s*[:：.、．)）]\s*"
    rf"|[(（]?\d{{1,3}}(?:\.\d{{1,3}})*[.、．)）]?\s+|[(（]?\d{{1,3}}[.、．)）]\s*|[(（]?{_HAN_NUMBER}[、.)）]\s*)",
    re.IGNORECASE,
)
"""What stands before a question: its number, of several levels perhaps, or that it is one."""
_BULLET = re.compile(rf"\s*[{BULLETS}]")


def is_list_item(line: str) -> bool:
    """Tell whether a line begins as an item of a list does.

    >>> [is_list_item(line) for line in ("• a kettle", "2) a kettle", "（二）水壶", "2.5 kg", "-5 degrees")]
    [True, True, True, False, False]
    """
    return _ITEM.match(line) is not None


def has_bullet(line: str) -> bool:
    """Tell whether a line begins with a sign that only list items have.

    >>> has_bullet("▪ a kettle"), has_bullet("- a kettle")
    (True, False)
    """
    return _BULLET.match(line) is not None


def is_mark(text: str) -> bool:
    """Tell whether a text is what an item begins with and nothing else: a bullet, a number, "[3]".

    >>> is_mark("•"), is_mark("iv."), is_mark("[3]"), is_mark("3")
    (True, True, True, False)
    """
    return _ALONE.fullmatch(text) is not None


def without_bullet(line: str) -> str:
    """Return a line without the bullet, the dash or the number that it begins with, if a blank follows there.

    A number in brackets that touches the words behind it belongs to them: "（二）未经许可的" names a case.

    >>> without_bullet("3. Send it back."), without_bullet("（二）未经许可的")
    ('Send it back.', '（二）未经许可的')
    """
    found = _ITEM.match(line)
    return line[found.end() :] if found and found.group()[-1:].isspace() else line


def unnumbered(line: str) -> str:
    """Return a question without its number and the word that calls it one.

    >>> [unnumbered(line) for line in ("Q3: How long?", "2.1 How long?", "一、多久？", "30 days")]
    ['How long?', 'How long?', '多久？', 'days']
    """
    return line[found.end() :] if (found := _NUMBERED.match(line)) else line
