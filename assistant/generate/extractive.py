"""Answers without a chat model: the few sentences, the stored answer or the table fields that answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from assistant.types import Quote, Understanding
from kb.embedders import Embedder, Vectors
from kb.text import HAN, sentence_spans, terms
from kb.types import Hit, SectionKind

Span = tuple[int, int]

_WHOLE = 420  # a chunk of so many characters is quoted whole: there is nothing to leave out
_WHOLE_ANSWER = 900  # a stored answer was written to be read as one
_NEAR = 0.12  # a hit counts beside the best one if its score is this close to it
_SIMILAR_ENOUGH = 0.55  # share of the best sentence's score that another one needs to be quoted too
_WORDS_SHARE = 0.5  # of shared words in a sentence's score; the rest is similarity

# A sentence that opens so limits or goes on from the one before it: it comes along.
_GOES_ON = re.compile(
    r"""\s*(?:(?:however|but|unless|except|otherwise|only|if\ not|this\ does\ not|these\ do\ not|it\ does\ not|
        please\ note|note|exceptions?|in\ that\ case|after\ that|then)\b
        |但|不过|然而|除非|除外|例外|否则|仅限|注意|请注意|另外|如果不|若不|此外|其中)""",
    re.IGNORECASE | re.VERBOSE,
)
# A sentence that opens so cannot be read without the one before it.
_LEANS_BACK = re.compile(
    r"""\s*(?:(?:this|these|those|that|it|they|he|she|such|however|but|otherwise|then|unless|except)\b
        |这|该|此|其|它|他们|上述|前述|以上|但|不过|然而|否则|除非|同时|因此)""",
    re.IGNORECASE | re.VERBOSE,
)
_LIST_ITEM = re.compile(
    r"\s*(?:[-*•·–◦▪]|\(?\d{1,2}[.)、）]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[①-⑳]|[a-z][.)])\s*"
)
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_LEAD_IN = re.compile(r"[:：]\s*$")
_FIELD = re.compile(r";\s+(?=[^;:]{1,80}:\s)")


class Extractive:
    """Chooses quotes from the best hits."""

    def __init__(self, embedder: Embedder, max_quotes: int = 3) -> None:
        self._embedder, self._max_quotes = embedder, max_quotes

    def generate(self, understanding: Understanding, hits: Sequence[Hit]) -> list[Quote]:
        """Return the quotes that answer: the best hit's, and those of hits about as good that add something."""
        if not hits:
            return []
        query = understanding.queries[-1]
        vector = self._embedder.embed_query(query)
        quotes: list[Quote] = []
        for hit in self._worth_quoting(hits):
            quote = self._quote(query, vector, hit)
            if all(not _repeats(quote, other) for other in quotes):
                quotes.append(quote)
        return quotes[: self._max_quotes]

    def _worth_quoting(self, hits: Sequence[Hit]) -> list[Hit]:
        best = hits[0]
        if best.chunk.kind is SectionKind.QUESTION_ANSWER:
            return [best]
        beside = [h for h in hits[1:4] if best.score - h.score <= _NEAR and h.chunk.kind is best.chunk.kind]
        return [best, *(h for h in beside if h.chunk.document_id == best.chunk.document_id)]

    def _quote(self, query: str, vector: Vectors, hit: Hit) -> Quote:
        text, begin = hit.chunk.text, 0
        if hit.chunk.kind is SectionKind.TABLE_ROW:
            return Quote(hit, 0, len(text), fields_asked_for(query, text))
        if hit.chunk.question and text.startswith(hit.chunk.question + "\n"):
            begin = len(hit.chunk.question) + 1
        whole = _WHOLE_ANSWER if hit.chunk.kind is SectionKind.QUESTION_ANSWER else _WHOLE
        start, end = begin, len(text)
        if _width(text[start:end]) > whole:
            start, end = (begin + offset for offset in self._stretch(query, vector, text[begin:]))
        return Quote(hit, start, end, text[start:end])

    def _stretch(self, query: str, vector: Vectors, text: str) -> Span:
        """Return the stretch of sentences that answers, with what limits or introduces it."""
        spans = sentence_spans(text)
        sentences = [text[start:end] for start, end in spans]
        scores = self._score(query, vector, sentences)
        best = int(scores.argmax())
        first = last = best
        limit = _SIMILAR_ENOUGH * float(scores[best])
        while last + 1 < len(spans) and (
            _GOES_ON.match(sentences[last + 1]) or (last - best < 1 and scores[last + 1] >= limit)
        ):
            last += 1
        while first > 0 and (
            _LEANS_BACK.match(sentences[first]) or (best - first < 1 and scores[first - 1] >= limit)
        ):
            first -= 1
        first, last = _whole_list(sentences, first, last)
        return spans[first][0], spans[last][1]

    def _score(self, query: str, vector: Vectors, sentences: Sequence[str]) -> Vectors:
        """Return ``(n,)`` scores 0-1: similarity, scaled over these sentences, and share of the query's words."""
        similarity = self._embedder.embed_documents(sentences) @ vector
        spread = float(similarity.max() - similarity.min()) or 1.0
        wanted = set(terms(query))
        shared = np.array([len(wanted & set(terms(s))) / (len(wanted) or 1) for s in sentences], np.float32)
        scores: Vectors = (1 - _WORDS_SHARE) * (similarity - similarity.min()) / spread + _WORDS_SHARE * shared
        return scores


def _width(text: str) -> int:
    """Return how long a text is in English characters: a Chinese one says as much as two."""
    return len(text) + len(_HAN_CHARACTER.findall(text))


def _whole_list(sentences: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """Grow a stretch so that a list keeps its lead-in line, and a lead-in line its list."""
    if _LIST_ITEM.match(sentences[first]):
        back = first
        while back > 0 and _LIST_ITEM.match(sentences[back]):
            back -= 1
        if _LEAD_IN.search(sentences[back]):
            first = back
    if _LEAD_IN.search(sentences[last]) or (first != last and _LEAD_IN.search(sentences[first])):
        while last + 1 < len(sentences) and (
            _LIST_ITEM.match(sentences[last + 1]) or _LEAD_IN.search(sentences[last])
        ):
            last += 1
    return first, last


def fields_asked_for(query: str, row: str) -> str:
    """Return the fields of a row (``Header: value; …``) that the query names, after the one that says what it is.

    The whole row where it names none, or nearly all.
    """
    fields = _FIELD.split(row)
    if len(fields) <= 3:
        return row
    wanted = set(terms(query))
    named = [i for i, f in enumerate(fields) if i and wanted & set(terms(f.partition(":")[0]))]
    if not named or len(named) > len(fields) // 2:
        return row
    subject = [i for i, f in enumerate(fields) if wanted & set(terms(f.partition(":")[2]))]
    chosen = sorted({0, *subject, *named})
    return "; ".join(fields[i] for i in chosen)


def _repeats(quote: Quote, other: Quote) -> bool:
    words, others = set(terms(quote.words)), set(terms(other.words))
    return len(words & others) >= 0.8 * min(len(words), len(others))
