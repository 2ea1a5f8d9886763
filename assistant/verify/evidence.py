"""A text that claims are checked against, taken apart once: sentences, terms, facts and names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from kb.language.facts import Fact, facts
from kb.language.text import asks, detect_language, fold, is_wide, sentence_spans, terms
from kb.language.wording import name_words, names

_WINDOW = 900
"""Letters of evidence that the model reads at once, about 200 tokens; more blurs what each word means."""
_WIDE = 3
"""Letters that a Chinese character counts for."""


@dataclass(frozen=True)
class Passage:
    """A text taken apart; what takes time is done when it is first asked for.

    Attributes:
        text: the text.
    """

    text: str

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of each sentence."""
        return sentence_spans(self.text) or [(0, len(self.text))]

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences."""
        return [self.text[start:end] for start, end in self.spans]

    @cached_property
    def sentence_terms(self) -> list[frozenset[str]]:
        """The terms of each sentence."""
        return [frozenset(terms(sentence)) for sentence in self.sentences]

    @cached_property
    def terms(self) -> frozenset[str]:
        """All terms."""
        return frozenset().union(*self.sentence_terms)

    @cached_property
    def facts(self) -> list[list[Fact]]:
        """The facts of each sentence, with spans in it."""
        return [facts(sentence) for sentence in self.sentences]

    @cached_property
    def names(self) -> list[list[str]]:
        """The words of each name."""
        return [words for span in names(self.text) if (words := name_words(self.text, span))]

    @cached_property
    def folded(self) -> str:
        """The text as it is compared."""
        return fold(self.text)

    @cached_property
    def language(self) -> str:
        """``zh``, ``ja``, ``en`` or nothing."""
        return detect_language(self.text)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a passage that the model reads at once.

    Attributes:
        passage: the passage.
        first: number of its first sentence.
        last: number after its last.
    """

    passage: Passage
    first: int
    last: int

    @property
    def start(self) -> int:
        """Offset in the passage."""
        return self.passage.spans[self.first][0]

    @property
    def text(self) -> str:
        """The stretch."""
        return self.passage.text[self.start : self.passage.spans[self.last - 1][1]]

    @property
    def terms(self) -> frozenset[str]:
        """Its terms."""
        return frozenset().union(*self.passage.sentence_terms[self.first : self.last])


def windows_of(passage: Passage) -> list[Window]:
    """Return the sentences of a passage in stretches of about ``_WINDOW`` letters, at least a sentence each."""
    sizes = [sum(_WIDE if is_wide(c) else 1 for c in sentence) for sentence in passage.sentences]
    found: list[Window] = []
    first = filled = 0
    for number, size in enumerate(sizes):
        if number > first and filled + size > _WINDOW:
            found.append(Window(passage, first, number))
            first, filled = number, 0
        filled += size
    return [*found, Window(passage, first, len(sizes))]


@lru_cache(maxsize=512)
def taken_apart(text: str) -> Passage:
    """Return the passage of a text; the latest are kept, so that what is cited often is taken apart once."""
    return Passage(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A sentence of the evidence, with how much of the claim it says.

    Attributes:
        passage: its text.
        sentence: its number in the passage.
        score: 0-1, the mean of the two below, or the first alone where the languages differ.
        near: how near it is in meaning.
        covered: how many of the claim's terms, by rarity, it has.
    """

    passage: Passage
    sentence: int
    score: float
    near: float = 0.0
    covered: float = 0.0

    @property
    def facts(self) -> list[Fact]:
        """The facts it states."""
        return self.passage.facts[self.sentence]

    @property
    def words(self) -> str:
        """The sentence."""
        return self.passage.sentences[self.sentence]

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return asks(self.words)
