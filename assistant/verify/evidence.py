"""A text that claims are checked against, taken apart once: sentences, terms, facts, names and negations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kb.facts import Fact, facts
from kb.text import detect_language, sentence_spans, terms
from kb.wording import name_words, names, negations


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
    def negations(self) -> list[int]:
        """How many words negate in each sentence."""
        return [len(negations(sentence)) for sentence in self.sentences]

    @cached_property
    def names(self) -> list[list[str]]:
        """The words of each name."""
        return [words for span in names(self.text) if (words := name_words(self.text, span))]

    @cached_property
    def language(self) -> str:
        """``zh``, ``ja``, ``en`` or nothing."""
        return detect_language(self.text)
