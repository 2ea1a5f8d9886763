"""Lists of a text: where each begins and ends, what stands above it, and what behind it belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answer.limits import goes_on, is_heading, is_lead_in, leans_back, opens_list, takes_away
from assistant.table.fields import telling_terms
from kb.language.list_marks import Mark, read_mark
from kb.language.text import asks, width
from kb.language.words import Words

MOST_ITEMS = 30
"""Items of a list that are shown; of a longer one the first, and that it goes on."""
MOST_WIDTH = 2500
"""English characters of a list with what belongs to it that are shown."""
_ABOVE = 300  # English characters; of a longer paragraph above a list the last sentence introduces it
_BEHIND = 400  # the same of a paragraph behind it: a longer one is about something else
_BETWEEN = 150  # English characters between a stretch and a list below it that is the same answer
_FEW_ITEMS = 13  # of a list that is given whole for the line above it, though only one of them was asked for
_INLINE = re.compile(r"[:：.。;；]\s*|\s+")
_SAYS_SO = Words("following", "below", "as follows", "以下", "如下", "下列", "下述", "下面")


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence and how it is set.

    Attributes:
        text: of it.
        breaks: line ends before it: 0 in the line of the sentence before it, 2 and more in a new paragraph.
        indent: blanks before it in its line.
    """

    text: str
    breaks: int
    indent: int


def placed(text: str, spans: Sequence[tuple[int, int]]) -> list[Placed]:
    """Return the sentences of a text as they are set; ``spans`` are theirs, in order."""
    found, before = [], None
    for start, end in spans:
        gap = text[:start] if before is None else text[before:start]
        breaks = 2 if before is None else gap.count("\n")
        found.append(Placed(text[start:end], breaks, len(gap) - gap.rfind("\n") - 1 if breaks else 0))
        before = end
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemList:
    """A list within the sentences of a text; places are 0-based and inclusive.

    Attributes:
        above: the first sentence of what leads to it; ``first`` where nothing does.
        first: the sentence that its first item begins with.
        last: the last sentence of its last item.
        behind: the last sentence of what limits it behind it; ``last`` where nothing does.
        items: the sentences that its items begin with, those of nested lists too.
        named: whether what stands above says that a list follows.
    """

    above: int
    first: int
    last: int
    behind: int
    items: tuple[int, ...]
    named: bool


def find_lists(lines: Sequence[Placed], barriers: frozenset[int] = frozenset()) -> list[ItemList]:
    """Return the lists of a text, in order.

    A list is two items or more, or one below a line that says that a list follows. Items of several sentences,
    nested ones and lines that go on with an item are part of it, and so is a paragraph between two numbers that
    follow each other.

    Args:
        lines: the sentences of the text.
        barriers: sentences that must not be quoted, nor anything beyond them.
    """
    lists: list[ItemList] = []
    for begin, end in _parts(len(lines), barriers):
        found: list[ItemList] = []
        for items, last in _runs(lines, begin, end):
            floor = found[-1].last + 1 if found else begin
            above, named = _above(lines, items[0], floor, below_list=bool(found))
            if named or len(items) > 1:
                found.append(
                    ItemList(above=above, first=items[0], last=last, behind=last, items=items, named=named)
                )
        lists += reversed(list(_with_what_is_behind(lines, found, end)))
    return lists


def _parts(count: int, barriers: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield first and end of the stretches between barriers."""
    edges = [-1, *sorted(barriers), count]
    yield from ((left + 1, right) for left, right in pairwise(edges) if left + 1 < right)


def _runs(lines: Sequence[Placed], begin: int, end: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield the items of each run of list items between two places, and the last sentence of the run."""
    items: list[int] = []
    last, counts = begin, dict[str, int | None]()
    for place in range(begin, end):
        line = lines[place]
        mark = read_mark(line.text)
        if not items and mark and not line.breaks and place > begin and _holds_first(lines[place - 1].text, mark):
            items, last, counts = [place - 1], place - 1, {mark.style: mark.number - 1 if mark.number else None}
        follows = bool(mark and mark.follows(counts.get(mark.style)))
        if mark and (line.breaks or place == begin or follows):
            alike = mark.number is None and mark.style in counts
            if items and not (follows or _unbroken(lines, last + 1, place, alike=alike)):
                yield tuple(items), last
                items, counts = [], {}
            items.append(place)
            counts[mark.style] = mark.number
            last = place
        elif items and last == place - 1 and (not line.breaks or line.indent > lines[items[0]].indent):
            last = place
    if items:
        yield tuple(items), last


def _holds_first(sentence: str, second: Mark) -> bool:
    """Tell whether a sentence holds the first item of a list that is written in one line: "Do this: 1. Call us."""
    if not second.follows(1) and second.style not in ("circled", "letter"):
        return False
    for found in _INLINE.finditer(sentence):
        mark = read_mark(sentence[found.end() :])
        if mark and mark.style == second.style and second.follows(mark.number):
            return True
    return False


def _unbroken(lines: Sequence[Placed], first: int, item: int, *, alike: bool) -> bool:
    """Tell whether the sentences between two items belong to the first one, not above a list of their own.

    They do where no paragraph begins, and, between items of the same sign, where one short paragraph stands alone:
    what a loader could not see to be indented.
    """
    between = lines[first:item]
    if not between:
        return True
    if opens_list(between[-1].text, lines[item].text) or asks(between[-1].text):
        return False
    paragraphs = sum(line.breaks > 1 for line in between)
    return not paragraphs or (alike and paragraphs == 1 and sum(width(line.text) for line in between) <= _BETWEEN)


def _above(lines: Sequence[Placed], first: int, floor: int, *, below_list: bool) -> tuple[int, bool]:
    """Return the first sentence of what stands above a list, and whether it says that a list follows.

    Args:
        lines: the sentences of the text.
        first: of the list.
        floor: the first sentence that may stand above it.
        below_list: whether another list ends there; what limits that one stands behind it, not above this one.
    """
    place = first - 1
    if place < floor or asks(lines[place].text):
        return first, False
    text = lines[place].text
    if is_heading(text, "."):  # a bare line: what is above it is about something else, or leads to it
        leads = place > floor and is_lead_in(lines[place - 1].text)
        return place - leads, True
    start = place
    while start > floor and lines[start].breaks < 2 and not asks(lines[start - 1].text):
        start -= 1
    if sum(width(line.text) for line in lines[start:first]) > _ABOVE or (below_list and start == floor):
        start = place
        while start > floor and leans_back(lines[start].text):
            start -= 1
    return start, is_lead_in(text) or any(_SAYS_SO.search(line.text) for line in lines[start:first])


def _with_what_is_behind(lines: Sequence[Placed], lists: Sequence[ItemList], end: int) -> Iterator[ItemList]:
    """Yield the lists, the last one first, with the sentences or the list of exceptions that limit them."""
    following: ItemList | None = None
    for here in reversed(lists):
        behind = _behind(lines, here.last, following.above if following else end)
        if following and _limits(lines, following) and _width(lines, behind + 1, following.above - 1) <= _BETWEEN:
            behind = following.behind
        following = replace(here, behind=behind)
        yield following


def _limits(lines: Sequence[Placed], following: ItemList) -> bool:
    """Tell whether a list is one of exceptions to what stands before it."""
    return following.above < following.first and goes_on(lines[following.above].text)


def _behind(lines: Sequence[Placed], last: int, end: int) -> int:
    """Return the last sentence behind a list that limits it.

    It stands in the next paragraph, or behind a short one, which may go on with the last item; and in those that
    open by limiting what stands before them.
    """
    behind = last
    for start, stop in _paragraphs(lines, last + 1, end):
        texts = [line.text for line in lines[start:stop]]
        told = [start + offset for offset, text in enumerate(texts) if takes_away(text) and not asks(text)]
        if is_heading(texts[0], ".") or asks(texts[-1]) or sum(map(width, texts)) > _BEHIND:
            break
        if told and (behind == last or goes_on(texts[0])):
            behind = told[-1]
        elif start > last + 1 or sum(map(width, texts)) > _BETWEEN:
            break
    return behind


def _paragraphs(lines: Sequence[Placed], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield first and end of the paragraphs between two places."""
    start = begin
    for place in range(begin + 1, end + 1):
        if place == end or lines[place].breaks > 1:
            yield start, place
            start = place


def is_mostly_list(lines: Sequence[Placed]) -> bool:
    """Tell whether half of a text or more is lists."""
    listed = sum(_width(lines, found.above, found.behind) for found in find_lists(lines))
    return listed > 0 and 2 * listed >= _width(lines, 0, len(lines) - 1)


def near_begin(lines: Sequence[Placed], first: int) -> bool:
    """Tell whether so little precedes a sentence that a list in the chunk before may be the same answer."""
    return _width(lines, 0, first - 1) <= _BETWEEN


def near_end(lines: Sequence[Placed], last: int) -> bool:
    """Tell whether so little follows a sentence that a list in the next chunk may be the same answer."""
    return _width(lines, last + 1, len(lines) - 1) <= _BETWEEN


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is quoted of a text; places are 0-based and inclusive.

    Attributes:
        first: its first sentence.
        last: its last sentence.
        left_out: places within it that are not shown, first and end: items between a lead-in and the one that
            answers; empty where all is shown.
        goes_on: whether items of its list follow that are not shown.
    """

    first: int
    last: int
    left_out: tuple[int, int] = (0, 0)
    goes_on: bool = False


def with_lists(
    lines: Sequence[Placed], first: int, last: int, barriers: frozenset[int], question: str, *, whole: bool
) -> Stretch:
    """Grow a stretch of sentences so that no list of it is cut without a sign.

    Args:
        lines: the sentences of the text.
        first: of the stretch.
        last: of the stretch, inclusive.
        barriers: sentences that must not be quoted, nor anything beyond them.
        question: that the stretch answers.
        whole: whether a list is asked for. One that the stretch touches or stands beside is then given with all
            that belongs to it; else only one that is opened by a line that its items cannot be read without.
    """
    lists = find_lists(lines, barriers)
    near = _asked_for(lines, lists, first, last) if whole else _opened(lists, first, last)
    if not near:
        return Stretch(first, last)
    chain = [found for one in near for found in _chain(lines, lists, one, question)] if whole else near
    for wanted in (chain, near):
        top, bottom = min(found.above for found in wanted), max(found.behind for found in wanted)
        start, end = min(first, top), max(last, bottom)
        items = sum(start <= item <= end for found in lists for item in found.items)
        if items <= (MOST_ITEMS if whole else _FEW_ITEMS) and _width(lines, start, end) <= MOST_WIDTH:
            others = any(last < found.first and found.last < top for found in lists)
            between = (last + 1, top) if others else (0, 0)  # groups that were not asked for
            return Stretch(start, end, between, goes_on=_broken_off(lines, start, end, barriers))
    one = near[0]
    if not whole and one.first <= first:
        return _under_its_lead_in(one, first, last)
    return _begun(lines, one, first)


def _broken_off(lines: Sequence[Placed], start: int, end: int, barriers: frozenset[int]) -> bool:
    """Tell whether a sentence that must not be quoted parts a list from further items."""
    behind, before = range(end + 1, min(end + 4, len(lines))), range(max(start - 3, 0), start)
    return any(
        any(place in barriers for place in near) and any(read_mark(lines[place].text) for place in near)
        for near in (behind, before)
    )


def _asked_for(lines: Sequence[Placed], lists: Sequence[ItemList], first: int, last: int) -> list[ItemList]:
    """Return the lists that a stretch touches or stands beside, else one that a few words part from it."""
    near = [found for found in lists if found.above <= last + 1 and found.behind >= first - 1]
    later = [f for f in lists if f.above > last + 1 and _width(lines, last + 1, f.above - 1) <= _BETWEEN]
    earlier = [f for f in lists if f.behind < first - 1 and _width(lines, f.behind + 1, first - 1) <= _BETWEEN]
    return near or later[:1] or earlier[-1:]


def _opened(lists: Sequence[ItemList], first: int, last: int) -> list[ItemList]:
    """Return the lists with a line that opens them which a stretch begins in, or whose first item follows it."""
    return [f for f in lists if f.named and (f.first <= first <= f.last or f.above <= last < f.last)]


def _chain(lines: Sequence[Placed], lists: Sequence[ItemList], one: ItemList, question: str) -> Sequence[ItemList]:
    """Return a list with those right before and behind it, the groups of one longer list.

    Only the one whose line above it says what the question asks, if no other such line does; what leads to the
    whole of them is no such line.
    """
    begin = end = lists.index(one)
    while begin > 0 and _goes_with(lines, lists[begin - 1], lists[begin]):
        begin -= 1
    while end + 1 < len(lists) and _goes_with(lines, lists[end], lists[end + 1]):
        end += 1
    group = lists[begin : end + 1]
    asked = telling_terms(question)
    headed = [found for found in group if found.named and (found is not group[0] or found.above < found.first - 1)]
    told = [found for found in headed if asked & telling_terms(lines[found.first - 1].text)]
    return told if len(told) == 1 else group


def _goes_with(lines: Sequence[Placed], one: ItemList, following: ItemList) -> bool:
    """Tell whether a list stands right behind another, with a line or a few words above it between them."""
    few = following.named or _width(lines, following.above, following.first - 1) <= _BETWEEN
    return few and one.behind + 1 == following.above


def _under_its_lead_in(one: ItemList, first: int, last: int) -> Stretch:
    """Return the items of a stretch below what stands above their list, without the items between."""
    start = max(item for item in one.items if item <= first)
    end = next((item - 1 for item in one.items if item > last), max(last, one.last))
    between = (one.first, start) if one.above < one.first < start else (0, 0)
    return Stretch(one.above if between[1] or start == one.first else start, end, between)


def _begun(lines: Sequence[Placed], one: ItemList, first: int) -> Stretch:
    """Return a list from what stands above it as far as it may be shown."""
    start = min(first, one.above) if _width(lines, first, one.above) <= _ABOVE else one.above
    end = one.first
    for number, following in enumerate((*one.items[1:], one.last + 1)):
        if number and (number >= MOST_ITEMS or _width(lines, start, following - 1) > MOST_WIDTH):
            break
        end = following - 1
    return Stretch(start, end, goes_on=True)


def _width(lines: Sequence[Placed], first: int, last: int) -> int:
    return sum(width(line.text) for line in lines[first : last + 1])
