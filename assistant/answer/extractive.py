"""Answers without a chat model: the few sentences, the stored answer or the table fields that answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answer.limits import is_edition, is_heading, is_item, is_lead_in, with_context
from assistant.answer.lists import MOST_WIDTH, Stretch, is_mostly_list, near_begin, near_end, with_lists
from assistant.answer.passage import Around, Passage, read_passage, with_neighbours
from assistant.answer.withheld import gainsaid
from assistant.table.bands import fields_meant, rows_in_band, states_same_quantity
from assistant.table.wording import row_in_words
from assistant.types import Quote
from assistant.verify.yes_no import unlent
from kb.embedders import Embedder, Vectors
from kb.guard.marks import Guard
from kb.guard.planted import answer_start
from kb.identity import passage as searched
from kb.language.clauses import is_clause, named_clause
from kb.language.list_marks import read_mark, without_mark, without_number
from kb.language.overlap import overlap
from kb.language.text import asks, terms, width
from kb.language.wanted import asks_for_list, states_what_is_wanted, wanted_kinds
from kb.remembered import Remembered
from kb.search.fusion import scaled
from kb.types import Hit, SectionKind

# Chosen with bench_answers.py, where other lengths and other ways to choose were no better (ADR 0008).
_WHOLE_ANSWER = 400  # a stored answer was written to be read as one
_SHORT_TEXT = 280  # English characters; what is no longer is quoted whole: it has no part to leave out
_BRIEF = 130  # the same where a short answer is asked for
_LOOKED_AT = 4  # hits whose sentences are compared
_ROWS_LOOKED_AT = 3  # hits among which a row of a table of bands is looked for
_NEAR = 0.12  # a hit counts beside the best one if its score is this close to it
_AS_GOOD = 0.8  # share of the best sentence's score that one of another hit needs
_BESIDE = 0.72  # share of the best sentence's score that its neighbour needs
_BUDGET = 520  # English characters of an answer, further quotes included
_WORDS_SHARE = 0.45  # of the question's words in a sentence's score; the rest is similarity
_WANTED = 0.12  # added where a sentence states the kind of thing that is asked for: a time, an amount …
_PLACE = 0.1  # added to sentences of the best hit, in shares of the hits' scores
_REPEATED = 0.8  # share of common words from which on a quote says nothing new
_DRAWN_AWAY = 0.25  # a hit with planted words may fit better without them by so much (bench_planted.py)
_KEPT = 4000  # sentence vectors that are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """A sentence of a hit.

    Attributes:
        start: offset in the chunk's text.
        end: offset after its last character.
        text: the sentence.
        read: the sentence as it is compared, after the line it stands under.
        quotable: whether it may answer; a question, a heading and planted words may not.
        planted: whether it speaks to a machine.
    """

    start: int
    end: int
    text: str
    read: str
    quotable: bool
    planted: bool


class Extractive:
    """Chooses quotes from the best hits."""

    def __init__(
        self,
        embedder: Embedder,
        max_quotes: int = 3,
        around: Around = lambda chunk: (),
        guard: Guard = Guard(),
        table: Around = lambda chunk: (),
    ) -> None:
        """Take the parts.

        Args:
            embedder: of sentences.
            max_quotes: of an answer.
            around: gives the chunks beside one, for lists that run over several.
            guard: tells planted words.
            table: gives the chunks of a row's document that its table, and tables like it, stand in.
        """
        self._embedder, self._max_quotes, self._around, self._guard = embedder, max_quotes, around, guard
        self._table = table
        self._vectors = Remembered[str, Vectors](_KEPT)

    def quotes(
        self, question: str, hits: Sequence[Hit], most: int | None = None, *, brief: bool = False
    ) -> list[Quote]:
        """Return the quotes that answer, the best hit's first; none where there is nothing to quote.

        Nor is there one where planted words of a hit that fits about as well state another figure.

        Args:
            question: standing alone.
            hits: best first.
            most: quotes, None as the settings say.
            brief: the one sentence that answers, with what belongs to it; no stored answer as a whole.
        """
        read = [read_passage(hit, guard=self._guard) for hit in hits]
        readable = [passage for passage in read if not _is_closed(passage)]
        if not readable:
            return []
        found = self._chosen(question, readable, self._max_quotes if most is None else most, brief)
        best = readable[0].hits[0]
        near = [p for p in read if p.planted and best.score - p.hits[0].score <= _NEAR]
        for place, quote in enumerate(found):
            others = "\n".join(_planted_words(p) for p in near if p.hits[0].chunk.id != quote.hit.chunk.id)
            if gainsaid(quote.words, others):
                return found[:place]
        return [replace(quote, text=_as_said(quote, question)) for quote in found]

    def without_planted(self, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return hits in the order in which they fit a question without their planted words.

        Planted words draw a passage away from what the rest of it answers, so that another one comes before it.
        """
        near = [read_passage(hit, guard=self._guard) for hit in hits if hits[0].score - hit.score <= _DRAWN_AWAY]
        marked = [p for p in near if p.planted and not _is_closed(p) and p.hits[0].similarity is not None]
        if not marked or len(near) < 2:
            return tuple(hits)
        asked = self._embedder.embed_query(question)
        alone = self._embed([_unplanted(passage) for passage in marked]) @ asked
        gains = {
            p.hits[0].chunk.id: float(fit) - (p.hits[0].similarity or 0.0)
            for p, fit in zip(marked, alone, strict=True)
        }
        raised = [replace(hit, score=hit.score + max(0.0, gains.get(hit.chunk.id, 0.0))) for hit in hits]
        return tuple(sorted(raised, key=lambda hit: -hit.score))

    def with_clause(self, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return the hits in which the clause stands whose number is all that a question asks for."""
        number = named_clause(question)
        if not number:
            return ()
        return tuple(h for h in hits if _clauses(number, [read_passage(h, guard=self._guard)]))

    def readable(self, hit: Hit) -> bool:
        """Tell whether anything of a hit may be quoted, or it is not for planted words that nothing may."""
        return not _is_closed(read_passage(hit, guard=self._guard))

    def _chosen(self, question: str, readable: Sequence[Passage], limit: int, brief: bool) -> list[Quote]:
        listing = not brief and asks_for_list(question)
        if (number := named_clause(question)) and (clauses := _clauses(number, readable)):
            return clauses[:limit]
        if banded := self._in_band(question, readable):
            return banded
        if whole := _whole(question, readable[0], brief):
            return self._with_neighbours(question, whole, listing)
        # What planted words leave of a passage is not filled up from another: that may be about something else.
        passages = readable[:1] if readable[0].planted else _worth_quoting(readable)
        hits = [passage.hits[0] for passage in passages]
        cut = [_cut(passage) for passage in passages]
        scores = self._scores(question, hits, cut)
        kinds = wanted_kinds(question)
        found: list[list[Quote]] = []
        for place in sorted(range(len(hits)), key=lambda p: (p > 0, -float(scores[p].max(initial=0.0)))):
            reached = float(scores[place].max(initial=0.0))
            if place and reached < _AS_GOOD * float(max(s.max(initial=0.0) for s in scores)):
                continue
            wanted = [] if brief else [states_what_is_wanted(s.text, kinds) for s in cut[place]]
            around = _around_best(passages[place], scores[place], 2.0 if brief else _BESIDE, wanted)
            quotes = self._in_full(question, passages[place], around, listing) if around else []
            if quotes and not any(_repeats(one, other) for one in quotes for group in found for other in group):
                found.append(quotes)
        return _within_budget(found, limit)

    def _in_band(self, question: str, readable: Sequence[Passage]) -> list[Quote]:
        """Return the rows that a quantity of the question falls into, where a row near the top divides by it."""
        best = readable[0].hits[0]
        for passage in readable[:_ROWS_LOOKED_AT]:
            hit = passage.hits[0]
            if best.score - hit.score > _NEAR:
                break
            if hit.chunk.kind is not SectionKind.TABLE_ROW:
                if states_same_quantity(question, hit.chunk.text):
                    break
                continue
            chosen = rows_in_band(question, hit.chunk, self._table(hit.chunk))
            chosen = [row for row in chosen if not self._guard.places(row)[1]]
            if chosen:
                return [_row_quote(question, replace(hit, chunk=row), len(chosen) > 1) for row in chosen]
        return []

    def _in_full(self, question: str, passage: Passage, around: tuple[int, int], listing: bool) -> list[Quote]:
        """Return sentences of a chunk as quotes, with the lists that they belong to."""
        first, last = around
        back, further = near_begin(passage.lines, first), near_end(passage.lines, last)
        grown, before = with_neighbours(passage, self._around, back=listing and back, further=listing and further)
        first, last = before + first, before + last
        return grown.quotes(with_lists(grown.lines, first, last, grown.planted, question, whole=listing))

    def _with_neighbours(self, question: str, whole: Quote, listing: bool) -> list[Quote]:
        """Return a chunk that is quoted as a whole with the rest of a list that runs into it, or out of it."""
        passage = read_passage(whole.hit, guard=self._guard)
        if whole.hit.chunk.kind is SectionKind.TABLE_ROW:
            return [whole]
        first = next((place for place, span in enumerate(passage.spans) if span[1] >= whole.start), 0)
        grown, before = with_neighbours(passage, self._around, back=listing, further=listing)
        if len(grown.hits) == 1:
            return [whole]
        first, last = before + first, before + len(passage.lines) - 1
        return grown.quotes(with_lists(grown.lines, first, last, grown.planted, question, whole=listing))

    def _scores(self, question: str, hits: Sequence[Hit], cut: Sequence[Sequence[_Sentence]]) -> list[Vectors]:
        """Return for each hit ``(sentences,)`` scores of about 0-1; 0 for what may not be quoted."""
        pool = [sentence for sentences in cut for sentence in sentences]
        near = self._embed([sentence.read for sentence in pool]) @ self._embedder.embed_query(question)
        shared = _shared_words(question, [sentence.read for sentence in pool])
        kinds = wanted_kinds(question)
        scores = (1 - _WORDS_SHARE) * scaled(near) + _WORDS_SHARE * shared
        result, begin = [], 0
        for hit, sentences in zip(hits, cut, strict=True):
            behind = hits[0].score - hit.score
            own = scores[begin : begin + len(sentences)] + _PLACE * (1 - min(behind / _NEAR, 1.0))
            own = own + _WANTED * np.array([states_what_is_wanted(s.text, kinds) for s in sentences], np.float32)
            result.append(np.where([s.quotable for s in sentences], own, 0).astype(np.float32))
            begin += len(sentences)
        return result

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = self._vectors.all_of(texts, self._embedder.embed_documents)
        found: Vectors = np.stack([vectors[text] for text in texts])
        return found


def _worth_quoting(readable: Sequence[Passage]) -> list[Passage]:
    """Return the passages of the first hits whose scores are near the best one's, all prose."""
    best, *others = readable[:_LOOKED_AT]
    near = [best]
    for passage in others:
        hit = passage.hits[0]
        if best.hits[0].score - hit.score > _NEAR or hit.chunk.kind is not SectionKind.PROSE:
            break
        near.append(passage)
    return near


def _is_closed(passage: Passage) -> bool:
    """Tell whether planted words leave nothing of a passage that may be quoted."""
    return bool(passage.planted) and not any(sentence.quotable for sentence in _cut(passage))


def _planted_words(passage: Passage) -> str:
    return "\n".join(passage.lines[place].text for place in sorted(passage.planted))


def _unplanted(passage: Passage) -> str:
    """Return what would be searched for of a hit if nothing had been planted there."""
    chunk = passage.hits[0].chunk
    kept = [line.text for place, line in enumerate(passage.lines) if place not in passage.planted]
    return searched(chunk.title, chunk.headings, chunk.question, "\n".join(kept))


def _clauses(number: str, readable: Sequence[Passage]) -> list[Quote]:
    """Return the clauses of that number: a chunk under such a heading, or the lines from the number on."""
    found: list[Quote] = []
    for passage in readable:
        hit, lines = passage.hits[0], passage.lines
        if hit.chunk.headings and is_clause(hit.chunk.headings[-1], number):
            places = [place for place in range(len(lines)) if place not in passage.planted]
            first = places[0]
        else:
            first = next((p for p, line in enumerate(lines) if line.breaks and is_clause(line.text, number)), -1)
            places = list(_until_next(passage, first)) if first >= 0 else []
        if places and first not in passage.planted:
            last = next((p for p in range(first, places[-1] + 1) if p + 1 in passage.planted), places[-1])
            found += passage.quotes(Stretch(first, last))
    return found


def _until_next(passage: Passage, first: int) -> Iterator[int]:
    """Yield the sentences of a clause: until a line that begins with a number of its own, or a new paragraph."""
    yield first
    for place in range(first + 1, len(passage.lines)):
        line = passage.lines[place]
        if line.breaks > 1 or (line.breaks and read_mark(line.text) and not line.indent):
            return
        yield place


def _whole(question: str, passage: Passage, brief: bool) -> Quote | None:
    """Return a row's fields, a stored answer or a brief text; None where sentences have to be chosen."""
    hit = passage.hits[0]
    text, start = hit.chunk.text, answer_start(hit.chunk)
    if passage.planted:
        return None
    if hit.chunk.kind is SectionKind.TABLE_ROW:
        return _row_quote(question, hit, False)
    stored = hit.chunk.kind is SectionKind.QUESTION_ANSWER
    lines = passage.lines
    if not stored and len(lines) > 1 and is_edition(lines[0].text):
        start = start if set(terms(question)) & set(terms(lines[0].text)) else passage.spans[1][1]
    limit = _BRIEF if brief else _WHOLE_ANSWER if stored else _SHORT_TEXT
    if stored and not brief and asks_for_list(question) and is_mostly_list(lines):
        limit = MOST_WIDTH
    return Quote(hit=hit, start=start, end=len(text), text=text[start:]) if width(text[start:]) <= limit else None


def _row_quote(question: str, hit: Hit, under_heading: bool) -> Quote:
    """Return the fields of a row that are asked for, after the heading that tells its table from others."""
    chunk = hit.chunk
    said = row_in_words(fields_meant(question, chunk.text), chunk.title)
    if under_heading and chunk.headings:
        said = f"{without_number(chunk.headings[-1])}{'：' if chunk.language == 'zh' else ': '}{said}"
    return Quote(hit=hit, start=0, end=len(chunk.text), text=said)


def _cut(passage: Passage) -> list[_Sentence]:
    """Return the sentences of a hit, each with the line that it stands under."""
    texts = [line.text for line in passage.lines]
    found, above = [], ""
    for place, ((_, start, end), sentence) in enumerate(zip(passage.spans, texts, strict=True)):
        heading = is_heading(sentence, texts[place + 1] if place + 1 < len(texts) else "")
        planted = place in passage.planted
        question = asks(sentence)
        read = f"{above} {sentence}" if above and not heading else sentence
        found.append(
            _Sentence(
                start=start,
                end=end,
                text=sentence,
                read=read,
                quotable=not (heading or planted or question),
                planted=planted,
            )
        )
        if heading or is_lead_in(sentence) or question:
            above = sentence
        elif not is_item(sentence):
            above = above if above and not is_lead_in(above) else ""
    return found


def _shared_words(question: str, sentences: Sequence[str]) -> Vectors:
    """Return ``(n,)`` shares of the question's words, weighted by their rarity among these sentences."""
    wanted = set(terms(question))
    there = [wanted & set(terms(sentence)) for sentence in sentences]
    count = Counter(term for words in there for term in words)
    rarity = {term: math.log(1 + len(sentences) / (0.5 + count[term])) for term in wanted}
    total = sum(rarity[term] for term in count) or 1.0
    return np.array([sum(rarity[term] for term in words) / total for words in there], np.float32)


def _around_best(
    passage: Passage, scores: Vectors, beside: float, wanted: Sequence[bool]
) -> tuple[int, int] | None:
    """Return first and last of the sentences around the best one that answer, with what belongs to them.

    Args:
        passage: a hit.
        scores: of each of its sentences.
        beside: share of the best score that a neighbour needs.
        wanted: whether each states the kind of thing that is asked for; empty: does not matter.
    """
    if not len(scores) or float(scores.max()) <= 0:
        return None
    lines, barriers = [line.text for line in passage.lines], passage.planted
    best = int(scores.argmax())
    first = last = best
    for place in (best + 1, best - 1):
        if 0 <= place < len(scores) and scores[place] >= beside * scores[best]:
            first, last = min(first, place), max(last, place)
    first, last = with_context(lines, first, last, barriers)
    if any(wanted) and not any(wanted[first : last + 1]):  # "the fee depends on the plan." "It is $5 …"
        for place in (last + 1, first - 1):
            if 0 <= place < len(scores) and wanted[place] and scores[place] > 0:
                return with_context(lines, min(first, place), max(last, place), barriers)
    return first, last


def _as_said(quote: Quote, question: str) -> str:
    """Return what a quote says to a question: without a yes or no that was said to another one.

    Nor does a sentence have the number of its place in the document, if nothing else of that list is quoted.
    """
    chunk, lines = quote.hit.chunk, quote.text.split("\n")
    if chunk.question is not None and quote.start == answer_start(chunk):
        return unlent(quote.text, question, chunk.question)
    marked = [place for place, line in enumerate(lines) if read_mark(line)]
    if len(marked) != 1 or quote.goes_on or "…" in lines or named_clause(question):
        return quote.text
    place = marked[0]
    if any(is_lead_in(line) for line in lines[:place]):
        return quote.text
    lines[place] = without_mark(lines[place])
    return "\n".join(lines)


def _within_budget(quotes: Sequence[Sequence[Quote]], most: int) -> list[Quote]:
    """Return the first stretch, and further ones as long as they fit."""
    kept: list[Quote] = []
    for stretch in quotes[:most]:
        if not kept or sum(width(quote.text) for quote in (*kept, *stretch)) <= _BUDGET:
            kept += stretch
    return kept


def _repeats(quote: Quote, other: Quote) -> bool:
    """Tell whether one of two quotes says again what the other says; one without words says nothing new."""
    words, others = set(terms(quote.words)), set(terms(other.words))
    return not (words and others) or overlap(words, others) >= _REPEATED
