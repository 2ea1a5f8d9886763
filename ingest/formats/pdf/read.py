"""Glyphs of PDF pages as PDFium reads them: in the order of reading, in their place on the page as it is shown.

What no reader sees is left out and noted: white, tiny or invisible text, text off the page and on layers that are
switched off.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Set
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from ingest.formats.pages.columns import part_columns
from ingest.formats.pages.drawn import lay_marks
from ingest.formats.pages.lines import Glyph, Page, build_lines, line_text, part_lines
from ingest.formats.pages.marks import mark_raised, take_struck
from ingest.formats.pages.overlay import lay_value, mark_links
from ingest.formats.pages.places import in_their_places
from ingest.formats.pages.readings import take_readings
from ingest.formats.pdf.drawing import Drawing, Look, Matrix, address, moved, moved_box, read_drawing, times
from ingest.formats.pdf.inside import Overlay
from ingest.text.omissions import Omissions
from ingest.text.symbols import read_symbols
from kb.types import Omitted

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_TINY_POINTS = 2.0  # smaller text is not meant to be read
_MOSTLY = 0.5  # of a page's glyphs that are turned the same way: the page is read so
_UPRIGHT_DEGREES = 20.0  # that text may be aslant
_NEXT_LINE = 0.8  # of the size
_HYPHENS = (0x02, 0xFFFE)  # what PDFium gives for one at the end of a line
_FIRST_PRIVATE, _LAST_PRIVATE, _LATIN = 0xE000, 0xF8FF, 0x100
_MOST_UNREADABLE = 0.2  # of the characters of a page; with more the others say little
_NOTHING = Overlay()
_ZERO, _NINE = ord("0"), ord("9")
_DIGIT_HEIGHT = 0.7  # of the size
_DRAWN_RAISED = 0.25  # of the size above the base line, where no digit begins that is not raised
_DRAWN_LOWERED = 0.4  # of the size, where no digit ends that is not lowered: old ones reach to 0.45
_NO_LOOK = Look(order=0, font="", size=1.0)


def read_page(
    page: Any, number: int, omissions: Omissions, overlay: Overlay = _NOTHING, layers_off: Set[str] = frozenset()
) -> Page:
    """Return the lines of a page; none where its fonts do not tell its characters.

    Args:
        page: PDFium's.
        number: 1-based.
        omissions: what is left out is noted there.
        overlay: what lies over its content.
        layers_off: names of the layers that are not shown.
    """
    reading = _read(page, 0)
    if angle := reading.usual_angle:
        reading = _read(page, angle)
    drawing = reading.drawing
    found = Page(
        number=number,
        width=reading.width,
        height=reading.height,
        edges=drawing.edges,
        rules=drawing.rules,
        has_image=drawing.has_image,
        draws=drawing.draws,
    )
    found.unreadable = reading.unreadable
    if found.unreadable > _MOST_UNREADABLE * (found.unreadable + len(reading.glyphs)):
        found.draws = True
        return found
    shown: list[Glyph] = []
    for hidden, group in itertools.groupby(
        reading.glyphs, key=lambda one: _is_hidden(one[0], one[1], found, drawing, layers_off)
    ):
        glyphs = [glyph for glyph, _ in group]
        if hidden:
            omissions.leave(Omitted.HIDDEN, " ".join(line_text(line) for line in part_lines(glyphs)))
        else:
            shown += glyphs
    shown = take_readings(shown, omissions)
    for place, glyph in enumerate(shown):
        glyph.place = place
    struck = [moved_box(box, reading.turn) for box in overlay.struck]
    placed = in_their_places(part_lines(shown))
    lines = part_columns(take_struck(placed, drawing.edges, struck, omissions), found.width)
    lay_marks(lines, drawing.shapes)
    for box, value in overlay.values:
        lay_value(lines, moved_box(box, reading.turn), value)
    for place, glyph in enumerate(glyph for line in lines for glyph in line):
        glyph.place = place
    for line in lines:
        mark_raised(line)
    mark_links(lines, [(moved_box(box, reading.turn), address) for box, address in overlay.links])
    found.glyphs = lines
    found.lines = build_lines(lines, number)
    return found


@dataclass(slots=True, kw_only=True)
class _Reading:
    """A page read in one direction.

    Attributes:
        width, height: in points, as shown.
        turn: from its own places to those shown.
        drawing: what it draws.
        glyphs: its characters and how they look.
        turned: how many of them are turned to the left by how many degrees.
        unreadable: how many further ones its fonts do not tell.
    """

    width: float
    height: float
    turn: Matrix
    drawing: Drawing
    glyphs: list[tuple[Glyph, Look]]
    turned: Counter[int]
    unreadable: int

    @property
    def usual_angle(self) -> int:
        """By how many degrees most text is turned to the left: 0, 90, 180 or 270."""
        angle, count = max(self.turned.items(), key=lambda item: item[1], default=(0, 0))
        return angle if count > _MOSTLY * self.turned.total() else 0


def _read(page: Any, further: int) -> _Reading:
    """Read a page turned to the right by some degrees, and by those it is shown turned by."""
    turn, width, height = _turn(page.get_cropbox(), (page.get_rotation() + further) % 360)
    drawing = read_drawing(page, turn, width * height)
    turned: Counter[int] = Counter()
    with closing(page.get_textpage()) as text:
        found = list(_glyphs(text, turn, drawing, turned))
    glyphs = [one for one in found if one[0].text]
    return _Reading(
        width=width,
        height=height,
        turn=turn,
        drawing=drawing,
        glyphs=_in_order(glyphs),
        turned=turned,
        unreadable=len(found) - len(glyphs),
    )


def _turn(box: tuple[float, float, float, float], degrees: int) -> tuple[Matrix, float, float]:
    """Return how a page's own places become those on the page turned to the right, its width and its height."""
    left, bottom, right, top = box
    width, height = right - left, top - bottom
    base: Matrix = (1.0, 0.0, 0.0, 1.0, -left, -bottom)
    if degrees == 90:
        return times(base, (0.0, -1.0, 1.0, 0.0, 0.0, width)), height, width
    if degrees == 180:
        return times(base, (-1.0, 0.0, 0.0, -1.0, width, height)), width, height
    if degrees == 270:
        return times(base, (0.0, 1.0, -1.0, 0.0, height, 0.0)), height, width
    return base, width, height


def _glyphs(text: Any, turn: Matrix, drawing: Drawing, turned: Counter[int]) -> Iterator[tuple[Glyph, Look]]:
    """Yield the characters of a page and how they look; those that PDFium adds for gaps are passed over.

    A character that its font does not tell has no text.
    """
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    last_object, look, size, angle, quarter = None, _NO_LOOK, 1.0, 0.0, 0
    level = _Level()
    to_x, to_y = turn[4:]
    plain = turn[1] == turn[2] == 0.0 and turn[0] == turn[3] == 1.0
    for place in range(max(0, raw.FPDFText_CountChars(text))):
        code = raw.FPDFText_GetUnicode(text, place)
        if not code or raw.FPDFText_IsGenerated(text, place) == 1:
            continue
        this_object = address(raw.FPDFText_GetTextObject(text, place))
        if this_object != last_object:
            last_object, look = this_object, drawing.looks.get(this_object, _NO_LOOK)
            scale, angle = _scale(text, place, turn)
            size, quarter = look.size * scale, round(angle / 90) * 90 % 360
        raw.FPDFText_GetCharOrigin(text, place, x, y)
        raw.FPDFText_GetLooseCharBox(text, place, box)
        if plain:
            left, right, low, high = box.left + to_x, box.right + to_x, box.bottom + to_y, box.top + to_y
            at_x, at_y = x.value + to_x, y.value + to_y
        else:
            left, low, right, high = moved_box((box.left, box.bottom, box.right, box.top), turn)
            at_x, at_y = moved(x.value, y.value, turn)
        turned[quarter] += 1
        told = raw.FPDFText_HasUnicodeMapError(text, place) != 1
        glyph = Glyph(
            text=_text(code, look) if told else "", x=left, right=right, y=at_y, size=size, bold=look.bold,
            middle=((left + right) / 2, (low + high) / 2),
        )  # fmt: skip
        if plain and told and _ZERO <= code <= _NINE:
            _place_digit(glyph, text, place, turn)
        if abs(angle) > _UPRIGHT_DEGREES:
            level.lay(glyph, at_x, at_y, angle, high - low)
        yield glyph, look


def _place_digit(glyph: Glyph, text: Any, place: int, turn: Matrix) -> None:
    """Give a digit that its font draws raised or lowered, on the base line and in full size, its true place."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, place, left, right, bottom, top)
    low, high = bottom.value + turn[5] - glyph.y, top.value + turn[5] - glyph.y
    if low > _DRAWN_RAISED * glyph.size or (low < high < _DRAWN_LOWERED * glyph.size and low < 0):
        glyph.y += low
        glyph.size = (high - low) / _DIGIT_HEIGHT


def _text(code: int, look: Look) -> str:
    if code in _HYPHENS:
        return "-"
    if _FIRST_PRIVATE <= code <= _LAST_PRIVATE or (look.symbols and code < _LATIN):
        return read_symbols(chr(code), look.font)
    return chr(code)


def _scale(text: Any, place: int, turn: Matrix) -> tuple[float, float]:
    """Return how many times its font's size a character is shown, and by how many degrees it is turned left."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, place, matrix)
    across, rise, aside, up, *_ = times((matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f), turn)
    return math.hypot(aside, up), math.degrees(math.atan2(rise, across))


def _in_order(glyphs: list[tuple[Glyph, Look]]) -> list[tuple[Glyph, Look]]:
    """Return glyphs with the letters of one sign of a script that runs to the left in the order of reading.

    PDFium gives them reversed, as if they were signs of their own.
    """
    ordered: list[tuple[Glyph, Look]] = []
    for (_, _, leftward), group in itertools.groupby(glyphs, key=lambda one: _sign(one[0])):
        signs = list(group)
        ordered += signs[::-1] if leftward else signs
    return ordered


def _sign(glyph: Glyph) -> tuple[float, tuple[float, float], bool]:
    return glyph.y, glyph.middle, unicodedata.bidirectional(glyph.text[:1]) in ("R", "AL")


class _Level:
    """Lays turned text out level, from where it begins."""

    def __init__(self) -> None:
        self._angle = math.nan
        self._start = self._base = (0.0, 0.0)

    def lay(self, glyph: Glyph, x: float, y: float, angle: float, height: float) -> None:
        """Give a glyph the place that it has when its line is turned level.

        Args:
            glyph: to be placed anew.
            x: where it begins.
            y: where it begins.
            angle: of its line, in degrees.
            height: of its box.
        """
        if angle != self._angle:
            self._angle, self._start = angle, (x, y)
        across, up = x - self._start[0], y - self._start[1]
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        width = height if abs(sine) > abs(cosine) else glyph.right - glyph.x
        glyph.x = self._start[0] + across * cosine + up * sine
        glyph.right = glyph.x + width
        glyph.y = self._start[1] - across * sine + up * cosine
        glyph.upright = False


def _is_hidden(glyph: Glyph, look: Look, page: Page, drawing: Drawing, layers_off: Set[str]) -> bool:
    x, y = glyph.middle
    size = glyph.size
    if 0 < size < _TINY_POINTS or (look.layer and look.layer in layers_off):
        return True
    if not (-size <= x <= page.width + size and -size <= y <= page.height + size):
        return True
    if look.invisible and not page.has_image:
        return True
    return look.white and not any(
        order < look.order and left - 1 <= x <= right + 1 and low - 3 <= y <= high + 1
        for order, (left, low, right, high) in drawing.grounds
    )
