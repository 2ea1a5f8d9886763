"""Marks that a page draws as shapes, as browsers do: the bullets of items, and boxes that are ticked or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.formats.pages.lines import Glyph, line_text
from ingest.formats.pages.overlay import Box, lay_value
from ingest.text.symbols import CHECKED, UNCHECKED
from kb.language.marks import is_list_item

# Chosen by looking at what browsers and office programs print; tests/ingest/formats and bench_fidelity.py hold
# what they do together.
MIN_MARK, MAX_MARK = 1.5, 16.0  # points on a side
_LEAST_BULLET, _LARGEST_BULLET, _LARGEST_BOX = 0.15, 0.6, 1.5  # of the size of the text beside it, on a side
_BULLET_GAP, _BOX_GAP = 2.0, 1.2  # times the size: how far its text may begin behind a mark
_LOWEST, _HIGHEST = -0.1, 0.75  # of the size, above the base line, where the middle of a mark is
_SLACK = 1.0  # points that what ticks a box may stick out of it
_LEAST_TICK = 0.3  # of a box's side
_MOST_SHAPES = 1_000  # on a page; with more it is a drawing


@dataclass(frozen=True, slots=True)
class Shape:
    """A small shape that is about as wide as high.

    Attributes:
        box: around it, in points from the left and bottom of the page as shown.
        hollow: whether it is closed and nothing but its rim is drawn.
        square: whether it has four straight sides.
    """

    box: Box
    hollow: bool
    square: bool

    @property
    def side(self) -> float:
        """Its longer side, in points."""
        left, bottom, right, top = self.box
        return max(right - left, top - bottom)

    def holds(self, other: Shape) -> bool:
        """Tell whether another lies in it."""
        left, bottom, right, top = other.box
        return (
            self.box[0] - _SLACK <= left
            and right <= self.box[2] + _SLACK
            and self.box[1] - _SLACK <= bottom
            and top <= self.box[3] + _SLACK
        )


def lay_marks(lines: list[list[Glyph]], shapes: Sequence[Shape]) -> None:
    """Put the marks that are drawn into the lines that they are beside."""
    if len(shapes) > _MOST_SHAPES:
        return
    boxes = []
    for shape, inner in _whole(shapes):
        beside = [line for line in lines if line[0].upright and _is_level(shape, line[0])]
        ticked = any(not one.hollow and one.side >= _LEAST_TICK * shape.side for one in inner)
        if (ticked or shape.hollow) and any(_is_box(shape, line) for line in beside):
            boxes.append((shape.box, CHECKED if ticked else UNCHECKED))
        elif line := next((line for line in beside if _is_bullet(shape, line)), None):
            first = line[0]
            text = "◦" if shape.hollow else "▪" if shape.square else "•"
            line.insert(0, Glyph(text=text, x=shape.box[0], right=shape.box[2], y=first.y, size=first.size))
    for box, text in boxes:
        lay_value(lines, box, text)


def _whole(shapes: Sequence[Shape]) -> Iterator[tuple[Shape, list[Shape]]]:
    """Yield the shapes that lie in no other, and what lies in each."""
    rest = sorted(shapes, key=lambda shape: -shape.side)
    while rest:
        outer, *others = rest
        inner = [shape for shape in others if outer.holds(shape)]
        rest = [shape for shape in others if not outer.holds(shape)]
        yield outer, inner


def _is_level(shape: Shape, glyph: Glyph) -> bool:
    middle = (shape.box[1] + shape.box[3]) / 2 - glyph.y
    return _LOWEST * glyph.size <= middle <= _HIGHEST * glyph.size


def _is_bullet(shape: Shape, line: list[Glyph]) -> bool:
    """Tell whether a line begins behind a shape of the size of a bullet, and with no other mark."""
    first = line[0]
    return (
        _LEAST_BULLET * first.size <= shape.side <= _LARGEST_BULLET * first.size
        and 0 < first.x - shape.box[2] <= _BULLET_GAP * first.size
        and not is_list_item(line_text(line))
    )


def _is_box(shape: Shape, line: list[Glyph]) -> bool:
    """Tell whether a shape has the size of a box to be ticked, and a word of the line right beside it."""
    left, _, right, _ = shape.box
    size = line[0].size
    shown = [glyph for glyph in line if not glyph.text.isspace()]
    if not _LARGEST_BULLET * size < shape.side <= _LARGEST_BOX * size:
        return False
    if any(left < (glyph.x + glyph.right) / 2 < right for glyph in shown):
        return False
    return any(min(abs(glyph.x - right), abs(left - glyph.right)) <= _BOX_GAP * size for glyph in shown)
