"""Lists of words and the pattern that finds them: written as words, so that no pattern of them can be broken.

A pattern that is typed by hand can lose an alternative to a stray character, and nothing tells. Here a list is a
table of plain words from which the pattern is made: Latin words with word borders, Chinese ones without, blanks
and apostrophes as people type them. Every form that a table spells out can be tried on the pattern made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

_PART = re.compile(r"\(([^()]*)\)|…")
_GAP = 20
"""Characters that ``…`` in an entry stands for, at most; no stop among them."""
_BLANKS, _APOSTROPHES = r"\s+", "['’]"


@dataclass(frozen=True, slots=True)
class Word:
    """An entry that counts only where certain words do not touch it: 此, but not in 此外.

    Attributes:
        form: the entry, written as those of ``Words`` are.
        not_before: plain words that must not follow at once; after a Latin entry, words behind a blank.
        not_after: plain words that must not stand right before it; before a Latin entry, words and a blank.
        inside: whether it may be the end of a longer word, like the "n't" of "don't".
    """

    form: str
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    inside: bool = False


class Words:
    """A list of words, English and Chinese, and what finds them in a text; letter case does not count.

    In an entry, ``(s|ed)`` is an ending or a word that may be there or not (``refund(s|ed)``, ``it(self)``,
    ``provided( that)``), ``…`` one to twenty characters of the same sentence. All else is meant as it stands.

    >>> limits = Words("unless", "exception(s)", "subject to", Word("此", not_before=("外",)))
    >>> limits.found("Exceptions are subject  to this, 但此外不限")
    ['Exceptions', 'subject  to']
    >>> limits.spelled()
    ['unless', 'exception', 'exceptions', 'subject to', '此']
    """

    __slots__ = ("_opening", "entries", "pattern")

    def __init__(self, *entries: str | Word) -> None:
        self.entries = tuple(entry if isinstance(entry, Word) else Word(entry) for entry in entries)
        self.pattern = re.compile(self.source, re.IGNORECASE)
        """What finds the words anywhere."""
        self._opening = re.compile(rf"\s*(?:{self.source})", re.IGNORECASE)

    @property
    def source(self) -> str:
        """The alternatives as a pattern's text, the longest first; to be put in a group of a larger pattern."""
        ordered = sorted(self.entries, key=lambda entry: -len(entry.form))
        return "|".join(_alternative(entry) for entry in ordered)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the word that a text begins with, white space aside."""
        return self._opening.match(text)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first of the words in a text."""
        return self.pattern.search(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the word that is the whole text."""
        return self.pattern.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the words that stand in a text, in order."""
        return self.pattern.finditer(text)

    def found(self, text: str) -> list[str]:
        """Return the words that stand in a text, as it writes them, in order."""
        return [match.group() for match in self.pattern.finditer(text)]

    def spelled(self) -> list[str]:
        """Return every form that the entries spell out, with and without what may be left out."""
        return [form for entry in self.entries for form in _forms(entry.form)]

    def __add__(self, other: Words) -> Words:
        return Words(*self.entries, *other.entries)


def _forms(entry: str) -> Iterator[str]:
    fixed, choices, at = [], [], 0
    for part in _PART.finditer(entry):
        fixed.append(entry[at : part.start()])
        choices.append(["", *part[1].split("|")] if part[1] is not None else ["…"])
        at = part.end()
    for chosen in product(*choices):
        yield "".join(text + ending for text, ending in zip([*fixed, entry[at:]], [*chosen, ""], strict=True))


def _alternative(entry: Word) -> str:
    form, written, at = entry.form, "", 0
    for part in _PART.finditer(form):
        written += _literal(form[at : part.start()])
        if part[1] is None:
            written += rf"[^.!?。！？\n]{{1,{_GAP}}}?"
        else:
            written += f"(?:{'|'.join(map(_literal, part[1].split('|')))})?"
        at = part.end()
    written += _literal(form[at:])
    left = r"\b" if _is_latin(form[0]) and not entry.inside else ""
    right = r"\b" if _is_latin(form.rstrip(")")[-1]) else ""
    blank = r"\s" if left else ""
    after = "".join(f"(?<!{re.escape(word)}{blank})" for word in entry.not_after)
    gap = _BLANKS if right else ""
    before = f"(?!{gap}(?:{'|'.join(map(_literal, entry.not_before))}))" if entry.not_before else ""
    return f"{left}{after}{written}{right}{before}"


def _literal(text: str) -> str:
    """Return plain text as a pattern."""
    written = "".join(
        _BLANKS if character == " " else _APOSTROPHES if character in "'’" else re.escape(character)
        for character in text
    )
    return written


def _is_latin(character: str) -> bool:
    """Tell whether a character has word borders: Chinese ones have none."""
    return character.isascii() and character.isalnum()
