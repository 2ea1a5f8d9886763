"""What a draft leaves out of the lists and exceptions that it tells a part of: said behind it, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer.limits import takes_away, with_context
from assistant.answer.lists import MOST_ITEMS, MOST_WIDTH, ItemList, Stretch, find_lists
from assistant.answer.passage import Around, Passage, read_passage, with_neighbours
from assistant.types import Quote, Statement
from kb.guard.marks import Guard
from kb.language.text import width
from kb.language.wanted import asks_for_list
from kb.types import Hit


def left_out(
    question: str, quoted: Sequence[Quote], around: Around, guard: Guard = Guard(), *, lists: bool = True
) -> Iterator[Statement]:
    """Yield what has to be said behind the sentences of a draft, as quotes.

    Args:
        question: that the draft answers.
        quoted: the quotes that its sentences rest on.
        around: gives the chunks beside one, for lists that run over several.
        guard: tells what must not be quoted.
        lists: whether a list of which the draft tells a part is wanted whole, where the question asks for one.
    """
    known: set[tuple[str, int, int]] = set()
    for hit in {quote.hit.chunk.id: quote.hit for quote in quoted}.values():
        passage = _passage(hit, around, guard)
        covered = _covered(passage, quoted)
        wanted, goes_on = set[int](), False
        if lists and asks_for_list(question):
            wanted, goes_on = _items_left_out(passage, covered)
        wanted |= _limits_left_out(passage, covered)
        runs = [run for run in _runs(wanted) if _places(passage, run).isdisjoint(known)]
        for run in runs:
            known |= _places(passage, run)
            last = goes_on and run is runs[-1]
            for quote in passage.quotes(Stretch(run[0], run[-1], goes_on=last)):
                yield Statement(text=quote.text, quotes=(quote,))


def _passage(hit: Hit, around: Around, guard: Guard) -> Passage:
    return with_neighbours(read_passage(hit, guard=guard), around)[0]


def _places(passage: Passage, run: Sequence[int]) -> set[tuple[str, int, int]]:
    """Return where sentences stand: chunk, start and end."""
    spans = [passage.spans[place] for place in run]
    return {(passage.hits[number].chunk.id, start, end) for number, start, end in spans}


def _covered(passage: Passage, quoted: Sequence[Quote]) -> frozenset[int]:
    """Return the sentences of a passage that quotes rest on."""
    return frozenset(
        place
        for place, (number, start, end) in enumerate(passage.spans)
        for quote in quoted
        if quote.hit.chunk.id == passage.hits[number].chunk.id and quote.start < end and quote.end > start
    )


def _items_left_out(passage: Passage, covered: frozenset[int]) -> tuple[set[int], bool]:
    """Return the sentences of items that are not told of a list that others are told of, and what limits it.

    Also whether more of them follow than may be shown.
    """
    found: set[int] = set()
    goes_on = False
    for one in find_lists(passage.lines, passage.planted):
        items = _items(one)
        missing = [item for item in items if covered.isdisjoint(item)]
        if not missing or len(missing) == len(items):
            continue
        room = MOST_WIDTH
        for number, item in enumerate(missing):
            room -= sum(width(passage.lines[place].text) for place in item)
            if room < 0 or number == MOST_ITEMS:
                goes_on = True
                break
            found.update(item)
        else:
            found.update(set(range(one.last + 1, one.behind + 1)) - covered)
    return found, goes_on


def _items(one: ItemList) -> list[range]:
    return [range(first, end) for first, end in zip(one.items, (*one.items[1:], one.last + 1), strict=True)]


def _limits_left_out(passage: Passage, covered: frozenset[int]) -> set[int]:
    """Return the sentences behind a told one that limit it and are not told."""
    texts = [line.text for line in passage.lines]
    found: set[int] = set()
    for place in covered:
        last = with_context(texts, place, place, passage.planted)[1]
        found.update(p for p in range(place + 1, last + 1) if takes_away(texts[p]) and p not in covered)
    return found


def _runs(places: set[int]) -> list[list[int]]:
    """Return places that follow each other, a stretch each."""
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs
