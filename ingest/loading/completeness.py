"""Whether what stands in a file is in its documents: compared with an independent plain reading of the same file.

A word is accounted for where it stands beside the same neighbour as in the other reading, in a document or in what
the loader says it left out, or where there are as many of it; so a lost paragraph of common words is noticed, and
another order is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ingest.text.clean import clean
from kb.language.text import HAN, KANA
from kb.types import Document

MOST_SHARE = 0.005  # of a file's words that may be in no document without being named (bench_lost); ADR 0013
_LEAST_WORDS = 3  # a page number, a mark that two readers write differently
_MOST_CHARACTERS = 8_000_000  # that are compared
_MOST_LOOKED_AT = 500  # words that are looked for once more, letter by letter
_SHOWN = 12  # lost words in a message
_ADDRESS = re.compile(r" ?\((?:https?://|www\.|[\w.+-]+@)[^)\s]*\)")
"""Where a link leads, which loaders put between words that stand side by side."""
_WIDE = f"{HAN}{KANA}"
_WORD = re.compile(rf"[{_WIDE}]|[^\W\d_{_WIDE}]+|\d+")


@dataclass(frozen=True, slots=True)
class Loss:
    """What another reader finds in a file and no document of it holds.

    Attributes:
        words: how many there are, Chinese characters counted as words.
        of: words that the other reader finds.
        shown: the first of them, in their order.
    """

    words: int
    of: int
    shown: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What a person is told."""
        shown = " ".join(self.shown) + (" …" if self.words > len(self.shown) else "")
        return (
            f"{self.words} of {self.of} words that another reader finds in this file are in none of its passages: "
            f"{shown}; look whether something is missing"
        )


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: Chinese characters, runs of letters, runs of digits.

    >>> words("Fee¹: $49, 退货!")
    ['fee', '1', '49', '退', '货']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", clean(text)).casefold())


class Completeness:
    """Gathers what a file's documents hold, then compares."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._size = 0

    def add(self, document: Document) -> None:
        """Note everything that a document says, and what its loader left out."""
        labels = document.labels
        self._note(document.title, document.record_id or "", labels.audience, labels.brand, labels.product)
        self._note(*labels.supersedes)
        self._note(labels.language, str(labels.valid_from or ""), str(labels.valid_until or ""))
        self._note(*labels.extra, *labels.extra.values(), *document.warnings)
        self._note(*(omission.text for omission in document.omitted))
        for section in document.sections:
            self._note(*section.headings, section.question or "", section.text)

    def _note(self, *texts: str) -> None:
        if self._size <= _MOST_CHARACTERS:
            self._texts += texts
            self._texts += [_ADDRESS.sub("", text) for text in texts if "(" in text and _ADDRESS.search(text)]
            self._size += sum(map(len, texts))

    def compare(self, other: Iterable[str]) -> Loss | None:
        """Return what another reading has and the documents have not; None where that is too little to tell.

        Args:
            other: stretches of the same file.
        """
        if self._size > _MOST_CHARACTERS:
            return None
        held: Counter[str] = Counter()
        pairs: set[tuple[str, str]] = set()
        for text in self._texts:
            own = words(text)
            held.update(own)
            pairs.update(pairwise(own))
        there: Counter[str] = Counter()
        apart: list[tuple[str, str, str]] = []
        for stretch in other:
            found = words(stretch)
            there.update(found)
            for before, word, after in zip(["", *found], found, [*found[1:], ""], strict=False):
                if (before, word) not in pairs and (word, after) not in pairs:
                    apart.append((before, word, after))
        total = there.total()
        missing = self._still_missing(_too_few(apart, there - held))
        if len(missing) < _LEAST_WORDS or len(missing) <= MOST_SHARE * total:
            return None
        return Loss(len(missing), total, tuple(word for _, word, _ in missing[:_SHOWN]))

    def _still_missing(self, missing: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """Return those that are not there with other borders of words either: "infor-", "mation"."""
        if not missing:
            return []
        solid = "".join(word for text in self._texts for word in words(text))
        looked_at, rest = missing[:_MOST_LOOKED_AT], missing[_MOST_LOOKED_AT:]
        return [one for one in looked_at if "".join(one) not in solid] + rest


def _too_few(apart: list[tuple[str, str, str]], short: Counter[str]) -> list[tuple[str, str, str]]:
    """Return of the words without their neighbours as many as there are too few of: cells have new neighbours."""
    kept: list[tuple[str, str, str]] = []
    for one in apart:
        if short[one[1]] > 0:
            short[one[1]] -= 1
            kept.append(one)
    return kept
