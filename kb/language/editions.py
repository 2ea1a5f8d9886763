"""What names give to tell the editions and copies of one text apart: "(old)", "v2", "copy", "en", 旧版."""

from __future__ import annotations

import re

from kb.language.text import HAN

_ALONE = r"(?<![^\W_])"  # no letter or digit right before
_MARKS = (
    "old|new|copy|final|draft|archived?|latest|current|previous|updated|revised|backup|bak|original|"
    "translated|english|chinese|en|zh|zh[-_](?:cn|tw|hk|hans|hant)|en[-_](?:us|gb)"
)
_HAN_MARKS = (
    "旧版本?|新版本?|老版本?|最新版?|修订[版稿]|副本|草稿|定稿|终稿|备份|存档|归档|英文版?|中文版?|译文"
    f"|(?<![{HAN}])[旧新老](?![{HAN}])|第[一二三四五六七八九\\d]{{1,2}}版"
)
_LAST = re.compile(
    rf"(?:{_ALONE}(?:(?:v|ver|version|rev|revision|edition)[ ._-]?\d+(?:\.\d+)*"
    rf"|(?:{_MARKS})(?: (?:version|edition|copy|translation))?)|{_HAN_MARKS})$"
)
_FIRST = re.compile(r"^(?:(?:copy of|old|draft|archived?)(?![^\W_])|旧版|新版|副本|草稿)[\W_]*(?=\w)")
_COUNTED = re.compile(r"\(\d{1,2}\)$")  # a second download of a file
_BETWEEN = " \t\n-_.,:;、·–—()[]【】"
TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
"""A word of a name, or a Chinese character."""


def without_edition(name: str) -> str:
    """Return a folded name without the marks at its ends that say which edition or copy it is.

    >>> [without_edition(name) for name in ("returns (old)", "copy of returns-v2.final", "退货政策旧版")]
    ['returns', 'returns', '退货政策']
    """
    kept = _FIRST.sub("", name.strip())
    while True:
        bare = _COUNTED.sub("", kept).rstrip(_BETWEEN)
        shorter = _LAST.sub("", bare).rstrip(_BETWEEN)
        if not shorter or shorter == bare:
            return bare
        kept = shorter
