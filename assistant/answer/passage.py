"""A hit as sentences in their layout, with the chunks beside it that its lists run into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answer.limits import goes_on, is_item, is_lead_in, leans_back
from assistant.answer.lists import ItemList, Placed, Stretch, find_lists, near_end, placed
from assistant.types import Quote
from kb.guard.marks import Guard
from kb.guard.planted import answer_start
from kb.language.list_marks import read_mark
from kb.types import Chunk, Hit

Around = Callable[[Chunk], Sequence[Chunk]]
"""Gives the chunks of its document that stand around a chunk, itself included, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a document, of one chunk or of several that follow each other.

    Attributes:
        hits: the chunks, in order.
        spans: of each sentence: which of the chunks, and start and end in its text.
        lines: the sentences.
        planted: those that speak to a machine.
        guard: that told them.
    """

    hits: tuple[Hit, ...]
    spans: tuple[tuple[int, int, int], ...]
    lines: tuple[Placed, ...]
    planted: frozenset[int]
    guard: Guard

    def quotes(self, stretch: Stretch) -> list[Quote]:
        """Return a stretch as quotes, one of each chunk that it stands in."""
        found: list[Quote] = []
        for number, hit in enumerate(self.hits):
            inside = [p for p in range(stretch.first, stretch.last + 1) if self.spans[p][0] == number]
            if inside:
                start, end = self.spans[inside[0]][1], self.spans[inside[-1]][2]
                found.append(Quote(hit=hit, start=start, end=end, text=self._shown(hit, inside, stretch.left_out)))
        if stretch.goes_on:
            found[-1] = replace(found[-1], goes_on=True)
        return [quote for quote in found if quote.text]

    def _shown(self, hit: Hit, inside: Sequence[int], left_out: tuple[int, int]) -> str:
        """Return the words of the sentences of one chunk, with a sign for those that are left out."""
        first, end = left_out
        parts = [[p for p in inside if p < first], [p for p in inside if p >= end]] if end else [inside]
        text = hit.chunk.text
        return "\n…\n".join(text[self.spans[p[0]][1] : self.spans[p[-1]][2]] for p in parts if p)


def read_passage(*hits: Hit, guard: Guard = Guard()) -> Passage:
    """Return chunks that follow each other in their document as one passage."""
    spans: list[tuple[int, int, int]] = []
    lines: list[Placed] = []
    planted: set[int] = set()
    for number, hit in enumerate(hits):
        chunk, start = hit.chunk, answer_start(hit.chunk)
        own, places = guard.places(chunk)
        planted |= {len(lines) + place for place in places}
        lines += _set(placed(chunk.text[start:], [(a - start, b - start) for a, b in own]), hits, number)
        spans += [(number, left, right) for left, right in own]
    return Passage(hits=hits, spans=tuple(spans), lines=tuple(lines), planted=frozenset(planted), guard=guard)


def _set(lines: list[Placed], hits: Sequence[Hit], number: int) -> list[Placed]:
    """Return the sentences of a chunk with the first one set as it stands below the chunk before."""
    if number and lines:
        gap = hits[number].chunk.start - hits[number - 1].chunk.end
        breaks = 2 if gap > 1 else 1 if is_item(lines[0].text) else 0
        lines[0] = replace(lines[0], breaks=breaks)
    return lines


def with_neighbours(
    passage: Passage, around: Around, *, back: bool = False, further: bool = False
) -> tuple[Passage, int]:
    """Return a chunk's passage grown by the chunks that its lists run into, and how many sentences came before.

    Only chunks under the same headings and stored question are taken: another heading is another list.

    Args:
        passage: of one chunk.
        around: gives the chunks beside it.
        back: whether to read the chunk before it even if no list comes from there.
        further: whether to read the next chunk even if no list runs into it.
    """
    hit, lists = passage.hits[0], find_lists(passage.lines)
    if not (back or further or _comes_from_before(passage, lists) or _runs_on(passage, lists)):
        return passage, 0
    chunks = around(hit.chunk)
    here = next((place for place, chunk in enumerate(chunks) if _is_same(chunk, hit.chunk)), None)
    if here is None:  # another version was published meanwhile
        return passage, 0
    first = last = here
    grown = passage
    while first > 0 and _goes_with(chunks[first - 1], hit):
        if not (back or _comes_from_before(grown, find_lists(grown.lines))):
            break
        first, back = first - 1, False
        grown = _read(hit, chunks[first : last + 1], passage.guard)
    before = len(grown.lines) - len(passage.lines)
    while last + 1 < len(chunks) and _goes_with(chunks[last + 1], hit):
        if not (further or _runs_on(grown, find_lists(grown.lines))):
            break
        last, further = last + 1, False
        grown = _read(hit, chunks[first : last + 1], passage.guard)
    return grown, before


def _read(hit: Hit, chunks: Sequence[Chunk], guard: Guard) -> Passage:
    return read_passage(*(replace(hit, chunk=chunk) for chunk in chunks), guard=guard)


def _comes_from_before(passage: Passage, lists: Sequence[ItemList]) -> bool:
    """Tell whether the passage begins within a list, or with what goes on with something before it."""
    if passage.lines and (goes_on(passage.lines[0].text) or leans_back(passage.lines[0].text)):
        return True
    if not lists:
        return bool(passage.lines) and is_item(passage.lines[0].text)
    mark = read_mark(passage.lines[lists[0].first].text)
    return lists[0].first == 0 or (lists[0].above == 0 and mark is not None and (mark.number or 1) > 1)


def _runs_on(passage: Passage, lists: Sequence[ItemList]) -> bool:
    """Tell whether the passage ends within a list or shortly behind it, or with the line that leads to one."""
    end = len(passage.lines) - 1
    in_list = bool(lists) and near_end(passage.lines, lists[-1].last)
    return end >= 0 and (in_list or is_lead_in(passage.lines[end].text))


def _is_same(one: Chunk, other: Chunk) -> bool:
    return (one.id, one.start, one.end) == (other.id, other.start, other.end)


def _goes_with(chunk: Chunk, hit: Hit) -> bool:
    """Tell whether a chunk stands in the same section, or goes on with it on the next page."""
    own = hit.chunk
    return (chunk.kind, chunk.headings, chunk.question) == (own.kind, own.headings, own.question)
