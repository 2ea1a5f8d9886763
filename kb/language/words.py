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

_ENDING = re.compile(r"\(([^()]*)\)")
_BLANKS = r"\s+"
_AS_TYPED = {" ": _BLANKS, "'": "['’]", "…": r"[^.!?。！？\n]{1,20}?"}
"""What stands in an entry for what people type; the last for up to twenty characters of a sentence."""


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
    >>> limits.findall("Exceptions are subject  to this, 但此外不限")
    ['Exceptions', 'subject  to']
    >>> limits.spelled()
    ['unless', 'exception', 'exceptions', 'subject to', '此']
    """

    __slots__ = ("_opening", "entries", "further", "pattern")

    def __init__(self, *entries: str | Word, further: str = "") -> None:
        """Make the pattern; ``further`` are alternatives that no words can say, as a pattern's text."""
        self.further = further
        self.entries = tuple(entry if isinstance(entry, Word) else Word(entry) for entry in entries)
        self.pattern = re.compile(self.source, re.IGNORECASE)
        """What finds the words anywhere."""
        self._opening = re.compile(rf"\s*(?:{self.source})", re.IGNORECASE)

    @property
    def source(self) -> str:
        """The alternatives as a pattern's text, the longest first; to be put in a group of a larger pattern."""
        forms = [(form, entry) for entry in self.entries for form in _forms(entry.form)]
        forms.sort(key=lambda pair: -len(pair[0]))
        return "|".join([*(_alternative(*pair) for pair in forms), *filter(None, [self.further])])

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

    def findall(self, text: str) -> list[str]:
        """Return the words that stand in a text, as it writes them, in order."""
        return [match.group() for match in self.pattern.finditer(text)]

    def spelled(self) -> list[str]:
        """Return every form that the entries spell out, with and without what may be left out."""
        return [form for entry in self.entries for form in _forms(entry.form)]

    def __add__(self, other: Words) -> Words:
        return Words(*self.entries, *other.entries, further="|".join(filter(None, [self.further, other.further])))


def _forms(entry: str) -> Iterator[str]:
    """Yield the forms that an entry spells out."""
    parts = _ENDING.split(entry)  # plain text and, in every second place, what may stand behind it
    choices = [["", *part.split("|")] if place % 2 else [part] for place, part in enumerate(parts)]
    for chosen in product(*choices):
        yield "".join(chosen)


def _alternative(form: str, entry: Word) -> str:
    """Return a form as a pattern, with borders and what must not touch it."""
    left = r"\b" if _is_latin(form[0]) and not entry.inside else ""
    right = r"\b" if _is_latin(form[-1]) else ""
    blank = r"\s" if left else ""
    after = "".join(f"(?<!{re.escape(word)}{blank})" for word in entry.not_after)
    following = "|".join(map(_written, entry.not_before))
    before = f"(?!{_BLANKS if right else ''}(?:{following}))" if following else ""
    return f"{left}{after}{_written(form)}{right}{before}"


def _written(form: str) -> str:
    """Return plain words as a pattern."""
    return "".join(_AS_TYPED.get(character) or re.escape(character) for character in form)


def _is_latin(character: str) -> bool:
    """Tell whether a character has word borders: Chinese ones have none."""
    return character.isascii() and character.isalnum()
