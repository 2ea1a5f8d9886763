"""Lines of a page with their place, size and weight, put together from its glyphs in the order of reading."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ingest.text.layout import join_lines
from kb.language.marks import is_mark

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_NEXT_LINE = 0.8  # of the smaller size: text this much lower stands on the next line; less is a subscript
_WORD_GAP = 0.15  # of the size: a wider gap parts words (LaTeX sets blanks this narrow)
_IDEOGRAPH_GAP = 0.6  # of the size, between two ideographs: their boxes may be narrower than their places
_FIRST_IDEOGRAPH = "\u2e80"
_WIDE_GAP = 1.0  # of the size: a wider gap begins another piece
_MARK_GAP = 2.0  # times the size: a mark this near before the beginning of a line is its mark
_LONGEST_MARK = 12  # glyphs
_SPACED_LETTERS = 6  # of a line that may be spaced out
_LEAST_SPACED = 0.05  # of the size between its letters


@dataclass(slots=True, kw_only=True)
class Glyph:
    """A character as it is shown, its place in points from the left and bottom of the page.

    Attributes:
        text: mostly one character.
        x: left edge.
        right: right edge.
        y: base line.
        size: as shown.
        bold: whether the font's name says so.
        place: its number on the page, in the order of reading.
        middle: of its box, from left and bottom, on the page as shown; text that is turned is laid out level from
            where it begins, and ``x``, ``right`` and ``y`` are its places then.
        target: address that a click on it opens, empty for none.
        upright: whether it is not turned on the shown page.
        filled: whether it was filled in, in the field of a form.
    """

    text: str
    x: float
    right: float
    y: float
    size: float
    bold: bool = False
    place: int = 0
    middle: tuple[float, float] = (0.0, 0.0)
    target: str = ""
    upright: bool = True
    filled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text that stands together on a line.

    Attributes:
        text: no line ends; a blank before it where a gap parts it from the piece to its left.
        x: left edge in points from the left of the page.
        right: right edge likewise.
        y: base line in points from the bottom of the page.
        size: in points, scaled as shown.
        bold: whether the font's name says so.
        table: number of the table of the page that it is a cell's text of, None outside.
        filled: whether some of it was filled in, in the field of a form.
    """

    text: str
    x: float
    right: float
    y: float
    size: float
    bold: bool = False
    table: int | None = None
    filled: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a page, in the order of reading.

    Attributes:
        pieces: what it is made of, left to right.
        page: 1-based.
    """

    pieces: list[Piece]
    page: int

    @cached_property
    def text(self) -> str:
        """The line's text."""
        return " ".join("".join(piece.text for piece in self.pieces).split())

    @cached_property
    def x(self) -> float:
        """Left edge of the first piece with text, in points."""
        return next((piece.x for piece in self.pieces if piece.text.strip()), 0.0)

    @cached_property
    def right(self) -> float:
        """Right edge of its text, in points."""
        return max((piece.right for piece in self.pieces if piece.text.strip()), default=0.0)

    @cached_property
    def y(self) -> float:
        """Base line of the first piece with text, in points from the bottom."""
        return next((piece.y for piece in self.pieces if piece.text.strip()), 0.0)

    @cached_property
    def size(self) -> float:
        """Size of most of its characters, in points, to the half point."""
        weights: dict[float, int] = {}
        for piece in self.pieces:
            size = round(piece.size * 2) / 2
            weights[size] = weights.get(size, 0) + len(piece.text.strip())
        return max(weights, key=lambda size: (weights[size], size), default=0.0)

    @cached_property
    def bold(self) -> bool:
        """Whether nearly all of it is bold."""
        heavy = sum(len(piece.text.strip()) for piece in self.pieces if piece.bold)
        return heavy >= 0.9 * sum(len(piece.text.strip()) for piece in self.pieces) > 0


Edge = tuple[float, float, float, float]
"""Left, bottom, right and top of a straight rule across or upright, in points from the left and bottom."""


@dataclass(slots=True, kw_only=True)
class Page:
    """A page as read.

    Attributes:
        number: 1-based.
        width: in points, as shown.
        height: in points, as shown.
        lines: in the order of reading.
        glyphs: what the lines are made of, a list a line; let go once its tables are found.
        edges: straight rules across and upright; let go likewise.
        rules: how many lines and boxes it draws across or upright, whichever are fewer; a table has several.
        has_image: whether an image covers much of it.
        draws: whether it draws anything that text could be seen in: an image, or many shapes.
        unreadable: how many of its characters are not told by their fonts; where most are, it has no lines.
        is_scan: whether its lines were read from its image.
    """

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    glyphs: list[list[Glyph]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    rules: int = 0
    has_image: bool = False
    draws: bool = False
    unreadable: int = 0
    is_scan: bool = False


def part_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Return glyphs, which come in the order of reading, line by line."""
    lines: list[list[Glyph]] = []
    low = high = 0.0
    last: Glyph | None = None
    for glyph in glyphs:
        reach = _NEXT_LINE * min(last.size, glyph.size) if last else 0.0
        off = 0.0 if low <= glyph.y <= high else min(abs(glyph.y - low), abs(glyph.y - high))
        below = last is not None and last.y - glyph.y > _NEXT_LINE * max(last.size, glyph.size)
        if last is None or off > reach or below:
            lines.append([])
            low = high = glyph.y
        low, high = min(low, glyph.y), max(high, glyph.y)
        lines[-1].append(glyph)
        last = glyph
    return _before_their_items(lines)


def _before_their_items(lines: list[list[Glyph]]) -> list[list[Glyph]]:
    """Return lines with the marks of items, which some programs draw after all text, where they are seen."""
    ordered: list[list[Glyph]] = []
    for line in lines:
        alone = len(line) <= _LONGEST_MARK and is_mark(line_text(line))
        beside = [
            place
            for place, other in enumerate(ordered if alone else ())
            if abs(other[0].y - line[0].y) < _NEXT_LINE * line[0].size / 2
            and line[0].x < other[0].x < line[-1].right + _MARK_GAP * line[0].size
        ]
        ordered.insert(beside[-1] if beside else len(ordered), line)
    return ordered


def build_lines(lines: Iterable[Sequence[Glyph]], page: int, taken: Mapping[int, int] = {}) -> list[Line]:
    """Return lines of text.

    Args:
        lines: their glyphs.
        page: its 1-based number.
        taken: number of the table that a glyph is in, by the glyph's place.
    """
    built = [Line(_pieces(glyphs, taken), page) for glyphs in lines]
    mended: list[Line] = []
    for line in built:
        last = mended[-1] if mended else None
        if last is not None and is_mark(last.text) and abs(last.y - line.y) < line.size / 2:
            blank = Piece(text=" ", x=line.x, right=line.x, y=line.y, size=line.size)
            mended[-1] = Line([*last.pieces, blank, *line.pieces], page)
        elif line.text:
            mended.append(line)
    return mended


def cell_text(lines: Sequence[Sequence[Glyph]], page: int) -> str:
    """Return the lines of a cell as one, top to bottom."""
    text = ""
    for line in sorted(build_lines(lines, page), key=lambda line: -line.y):
        text = join_lines(text, line.text)
    return text


def line_text(glyphs: Sequence[Glyph]) -> str:
    """Return the text of glyphs that follow each other, with blanks where they stand apart."""
    parts = [
        f" {glyph.text}" if last is not None and is_apart(last, glyph) else glyph.text
        for last, glyph in zip((None, *glyphs), glyphs, strict=False)
    ]
    return " ".join("".join(parts).split())


def is_apart(last: Glyph, glyph: Glyph, spaced: float = 0.0) -> bool:
    """Tell whether a gap between two glyphs of a line parts words; a mark on a letter is part of its word.

    Args:
        last: the first of them.
        glyph: the one that follows it.
        spaced: how far the letters of all words of the line are apart, in points.
    """
    if unicodedata.combining(glyph.text[:1] or " ") or unicodedata.combining(last.text[-1:] or " "):
        return False
    both = last.text[-1:] >= _FIRST_IDEOGRAPH and glyph.text[:1] >= _FIRST_IDEOGRAPH
    return gap_before(last, glyph) - spaced > (_IDEOGRAPH_GAP if both else _WORD_GAP) * max(last.size, glyph.size)


def gap_before(last: Glyph, glyph: Glyph) -> float:
    """Return how far two glyphs stand apart, in points; less than 0 where they overlap."""
    return max(glyph.x - last.right, last.x - glyph.right)


def _letter_space(glyphs: Sequence[Glyph]) -> float:
    """Return how far apart the letters of a line are set that is spaced out, 0 for other lines."""
    gaps = sorted(
        gap_before(last, glyph) / max(last.size, glyph.size, 0.1)
        for last, glyph in itertools.pairwise(glyphs)
        if not (last.text.isspace() or glyph.text.isspace())
    )
    usual = gaps[len(gaps) // 4] if len(gaps) >= _SPACED_LETTERS else 0.0
    return usual * glyphs[0].size if _LEAST_SPACED < usual < _WIDE_GAP else 0.0


def _pieces(glyphs: Sequence[Glyph], taken: Mapping[int, int]) -> list[Piece]:
    pieces: list[Piece] = []
    text: list[str] = []
    first = last = None
    spaced = _letter_space(glyphs)
    for glyph in glyphs:
        blank = False
        if last is not None and first is not None:
            blank = is_apart(last, glyph, spaced) and not (last.text.isspace() or glyph.text.isspace())
            if (
                gap_before(last, glyph) > _WIDE_GAP * max(last.size, glyph.size)
                or (glyph.bold, round(glyph.size * 2)) != (first.bold, round(first.size * 2))
                or taken.get(glyph.place) != taken.get(first.place)
                or glyph.filled != first.filled
            ):
                pieces.append(_piece(text, first, last, taken))
                text, first = [], None
        if first is None:
            first = glyph
        text.append(f" {glyph.text}" if blank else glyph.text)
        last = glyph
    if first is not None and last is not None:
        pieces.append(_piece(text, first, last, taken))
    return pieces


def _piece(text: list[str], first: Glyph, last: Glyph, taken: Mapping[int, int]) -> Piece:
    return Piece(
        text="".join(text), x=first.x, right=last.right, y=first.y, size=first.size, bold=first.bold,
        table=taken.get(first.place), filled=first.filled,
    )  # fmt: skip
