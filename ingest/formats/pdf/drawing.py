"""What a PDF page draws, as PDFium gives it: how its texts look, grounds, pictures, straight rules."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdfium2 import raw

from ingest.formats.pages.drawn import MAX_MARK, MIN_MARK, Shape
from ingest.formats.pages.lines import Edge
from ingest.text.symbols import symbol_font

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_BOLD = re.compile(r"bold|black|heavy|semibold|[-,]bd|demi|SFBX|CMBX|simhei|heiti", re.IGNORECASE)
_NEARLY_WHITE = 247  # of 255, of each colour channel
_SCAN_SHARE = 0.5  # of the page that an image covers when the page is a scan with a text layer
_PICTURE_SHARE = 0.02  # of the page: a smaller picture is a mark or an icon
_MIN_SHAPES = 100  # filled shapes of a page whose letters may be drawn, as some programs do
_RULE_POINTS = 4.0  # a shorter stroke is a corner or the thickness of a line
_STRAIGHT = 0.5  # points that the ends of a straight rule may be off
_MAX_FORMS = 12  # forms within forms
MAX_STEPS = 60_000  # segments of lines on a page; more are a drawing
_LEAST_WIDE = 0.5  # of a mark's longer side that its shorter one has
_SQUARE = 5  # segments of a square
_MARK_STEPS = 64  # segments of a path that are looked at: marks have fewer
_NAME_BYTES = 256
_UNSEEN = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_NO_WIDTH = 0.01  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a text object looks.

    Attributes:
        order: its number among all that the page draws.
        font: name of its font.
        size: of its letters before they are scaled.
        bold: whether the font's name says so.
        symbols: whether the codes of its letters mean signs.
        white: whether it is white, or wholly transparent.
        invisible: whether it is neither filled nor stroked, as text behind a scan is.
        layer: name of the layer it is on, empty for none.
    """

    order: int
    font: str
    size: float
    bold: bool = False
    symbols: bool = False
    white: bool = False
    invisible: bool = False
    layer: str = ""


@dataclass(slots=True, kw_only=True)
class Drawing:
    """What a page draws.

    Attributes:
        looks: of its text objects, by their address.
        grounds: what is filled in a colour, and pictures: number and box.
        edges: straight rules and the sides of boxes.
        shapes: small ones that may be marks.
        across, upright: how many lines and boxes run so.
        fills: filled shapes.
        has_pictures: whether a picture is large enough to hold text.
        has_image: whether one covers much of the page.
        steps: segments of lines.
    """

    looks: dict[int, Look] = field(default_factory=dict)
    grounds: list[tuple[int, Box]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    across: int = 0
    upright: int = 0
    fills: int = 0
    has_pictures: bool = False
    has_image: bool = False
    steps: int = 0

    @property
    def rules(self) -> int:
        """How many rules run across or upright, whichever are fewer."""
        return min(self.across, self.upright)

    @property
    def draws(self) -> bool:
        """Whether text may be seen in what the page draws: pictures, or letters as shapes."""
        return self.has_pictures or self.fills >= _MIN_SHAPES


def read_drawing(page: Any, turn: Matrix, area: float) -> Drawing:
    """Return what a page draws.

    Args:
        page: PDFium's.
        turn: from its own places to those shown.
        area: of the page, in square points.
    """
    drawing = Drawing()
    reader = _Reader(drawing, area)
    for place in range(raw.FPDFPage_CountObjects(page)):
        reader.read(raw.FPDFPage_GetObject(page, place), turn, "", 0)
    return drawing


def address(pointer: Any) -> int:
    """Return where an object of PDFium lies, by which it is known again."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return what is done by ``inner`` and then by ``outer``."""
    a, b, c, d, e, f = inner
    k, m, n, o, p, q = outer
    return a * k + b * n, a * m + b * o, c * k + d * n, c * m + d * o, e * k + f * n + p, e * m + f * o + q


def moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    """Return where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def moved_box(box: Box, matrix: Matrix) -> Box:
    """Return the box around a box that is moved."""
    corners = [moved(x, y, matrix) for x in (box[0], box[2]) for y in (box[1], box[3])]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(up), max(across), max(up)


class _Reader:
    """Goes through the objects of a page and of the forms on it."""

    def __init__(self, drawing: Drawing, area: float) -> None:
        self._drawing, self._area = drawing, area
        self._order = 0
        self._fonts: dict[int, tuple[str, bool, bool]] = {}
        self._floats = [ctypes.c_float() for _ in range(4)]
        self._channels = [ctypes.c_uint() for _ in range(4)]
        self._matrix = raw.FS_MATRIX()

    def read(self, one: Any, outer: Matrix, layer: str, depth: int) -> None:
        """Note an object; ``outer`` is how the form that it is in lies on the shown page."""
        self._order += 1
        kind = raw.FPDFPageObj_GetType(one)
        layer = _layer(one) or layer
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            self._drawing.looks[address(one)] = self._look(one, layer)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._path(one, outer)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            box = moved_box((0.0, 0.0, 1.0, 1.0), times(self._matrix_of(one), outer))
            self._drawing.grounds.append((self._order, box))
            area = (box[2] - box[0]) * (box[3] - box[1])
            self._drawing.has_pictures |= area >= _PICTURE_SHARE * self._area
            self._drawing.has_image |= area >= _SCAN_SHARE * self._area
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_FORMS:
            inner = times(self._matrix_of(one), outer)
            for place in range(raw.FPDFFormObj_CountObjects(one)):
                self.read(raw.FPDFFormObj_GetObject(one, place), inner, layer, depth + 1)

    def _matrix_of(self, one: Any) -> Matrix:
        matrix = self._matrix
        if not raw.FPDFPageObj_GetMatrix(one, matrix):
            return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def _look(self, one: Any, layer: str) -> Look:
        font = raw.FPDFTextObj_GetFont(one)
        known = self._fonts.get(address(font))
        if known is None:
            name = _text_of(lambda buffer, size: raw.FPDFFont_GetBaseFontName(font, buffer, size))
            known = self._fonts[address(font)] = name, bool(_BOLD.search(name)), bool(symbol_font(name))
        size = self._floats[0]
        raw.FPDFTextObj_GetFontSize(one, size)
        points = abs(size.value)
        mode = raw.FPDFTextObj_GetTextRenderMode(one)
        self._widen(one)
        name, bold, symbols = known
        return Look(
            order=self._order, font=name, size=points, bold=bold, symbols=symbols,
            white=self._is_white(one), invisible=mode in _UNSEEN, layer=layer,
        )  # fmt: skip

    def _widen(self, one: Any) -> None:
        """Give a text object a width whose letters have no outline in their font.

        PDFium leaves it out of the text of the page else: a sign that a font lacks, a Chinese character where no
        font for it is installed. An outline drawn around the letters makes their box wider than nothing.
        """
        left, bottom, right, top = self._floats
        raw.FPDFPageObj_GetBounds(one, left, bottom, right, top)
        if right.value - left.value < _NO_WIDTH:
            raw.FPDFTextObj_SetTextRenderMode(one, raw.FPDF_TEXTRENDERMODE_FILL_STROKE)
            raw.FPDFPageObj_SetStrokeWidth(one, 1.0)
            raw.FPDFPageObj_Transform(one, 1, 0, 0, 1, 0, 0)

    def _is_white(self, one: Any) -> bool:
        red, green, blue, opacity = self._channels
        if not raw.FPDFPageObj_GetFillColor(one, red, green, blue, opacity):
            return False
        return opacity.value == 0 or min(red.value, green.value, blue.value) >= _NEARLY_WHITE

    def _path(self, one: Any, outer: Matrix) -> None:
        drawing = self._drawing
        if drawing.steps > MAX_STEPS:
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(one, fill, stroke)
        left, bottom, right, top = self._floats
        raw.FPDFPageObj_GetBounds(one, left, bottom, right, top)
        box = moved_box((left.value, bottom.value, right.value, top.value), outer)
        seen = bool(fill.value) and not self._is_white(one)
        drawing.fills += bool(fill.value)
        if seen:
            drawing.grounds.append((self._order, box))
        if seen or stroke.value:
            self._shape(one, box, seen)
        matrix = times(self._matrix_of(one), outer)
        across = upright = 0
        for x0, y0, x1, y1 in self._straight(one, matrix):
            if abs(y1 - y0) <= _STRAIGHT and abs(x1 - x0) > abs(y1 - y0):
                across += abs(x1 - x0) > _RULE_POINTS
            elif abs(x1 - x0) <= _STRAIGHT:
                upright += abs(y1 - y0) > _RULE_POINTS
            else:
                continue
            drawing.edges.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
        drawing.across += (across + 1) // 2
        drawing.upright += (upright + 1) // 2

    def _shape(self, one: Any, box: Box, filled: bool) -> None:
        """Note a path that may be a mark.

        Args:
            one: the path.
            box: around it.
            filled: whether its filling is seen.
        """
        width, height = box[2] - box[0], box[3] - box[1]
        side = max(width, height)
        if not (MIN_MARK <= side <= MAX_MARK and min(width, height) >= _LEAST_WIDE * side):
            return
        count = raw.FPDFPath_CountSegments(one)
        kinds = [
            raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(one, place))
            for place in range(min(count, _MARK_STEPS))
        ]
        has_hole = filled and kinds.count(raw.FPDF_SEGMENT_MOVETO) > 1
        square = count == _SQUARE and raw.FPDF_SEGMENT_BEZIERTO not in kinds
        self._drawing.shapes.append(Shape(box, has_hole or (not filled and count >= _SQUARE), square))

    def _straight(self, one: Any, matrix: Matrix) -> Iterator[Box]:
        """Yield the straight segments of a path as they lie on the shown page: from where to where."""
        x, y = self._floats[0], self._floats[1]
        first = last = (0.0, 0.0)
        count = raw.FPDFPath_CountSegments(one)
        self._drawing.steps += count
        for place in range(count):
            segment = raw.FPDFPath_GetPathSegment(one, place)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = moved(x.value, y.value, matrix)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                first = point
            elif kind == raw.FPDF_SEGMENT_LINETO:
                yield *last, *point
            last = point
            if raw.FPDFPathSegment_GetClose(segment):
                if kind == raw.FPDF_SEGMENT_LINETO and last != first:
                    yield *last, *first
                last = first


def _text_of(fill: Any) -> str:
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    length = fill(buffer, _NAME_BYTES)
    return buffer.raw[: max(0, min(length, _NAME_BYTES) - 1)].decode("utf-8", "replace")


def _layer(one: Any) -> str:
    """Return the name of the layer that an object is marked to be on."""
    for place in range(max(0, raw.FPDFPageObj_CountMarks(one))):
        mark = raw.FPDFPageObj_GetMark(one, place)
        buffer, length = (ctypes.c_ushort * _NAME_BYTES)(), ctypes.c_ulong()
        if (
            raw.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), length)
            and _wide(buffer, length) == "OC"
        ):
            raw.FPDFPageObjMark_GetParamStringValue(mark, b"Name", buffer, ctypes.sizeof(buffer), length)
            return _wide(buffer, length)
    return ""


def _wide(buffer: Any, length: Any) -> str:
    return bytes(buffer)[: max(0, length.value - 2)].decode("utf-16-le", "replace")
