"""Text of images, read by RapidOCR (the extra ``ocr``), whose package ships PP-OCR models for Chinese and English.

Everything runs offline. A page costs about two seconds of one processor, the first one three more.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.formats.pages.lines import Line, Piece
from kb.extras import import_extra

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.uint8]
"""(height, width, 3), red, green, blue."""

INSTALL = "run `pip install 'faq-assistant[ocr]'`, and it is read"
"""What to do about an image without text when the extra is missing."""

# Chosen by looking at scans, turned and upright (ADR 0006); held by the tests of the extra, not measured one by
# one.
LONGEST_SIDE = 1344
"""Pixels of an image as it is read: print of 8 points on A4 is 12 high, enough; more takes over 512 MB."""
_MIN_SCORE = 0.6  # of a line, 0 to 1; below it are guesses at textures and stamps
_SURE_SCORE = 0.9  # of a line that is read the right way up
_PROBED = 4  # of the widest lines that tell which way up a page is
_TALL = 1.5  # times its width: a box of a line that runs upright
_SAME_ROW = 0.5  # of a line's height by which the middles of two boxes of one row may differ
_SAME_SIZE = 0.25  # difference of heights that is the detector's, not the writer's
_FONT_SHARE = 0.75  # of the height of a detected box that is the size of its letters
_MIN_GUTTER = 0.015  # of a page's width between two columns
_MIN_COLUMN_BOXES = 6  # lines on either side of a gutter; fewer are a table or a letter head


def can_read_images() -> bool:
    """Tell whether the extra ``ocr`` is installed; imports nothing."""
    return importlib.util.find_spec("rapidocr") is not None


def read_image(image: Image, page: int, height: float) -> list[Line]:
    """Return the lines of an image in the order of reading.

    Args:
        image: of a page, in any orientation by quarter turns.
        page: its 1-based number.
        height: of the page in points; places and sizes are given in points.

    Raises:
        MissingExtra: the extra ``ocr`` is not installed.
    """
    engine = _open_engine()
    pixels = np.asarray(image.convert("RGB"), dtype=np.uint8)
    found = _read(engine, pixels)
    turned = _upright(engine, pixels, found)
    if turned is not pixels:
        pixels, found = turned, _read(engine, turned)
    if found.boxes is None or not found.txts:
        return []
    scale = height / pixels.shape[0]
    boxes = [
        _Box(text, *_edges(corners, scale))
        for text, corners, score in zip(found.txts, found.boxes, found.scores, strict=True)
        if score >= _MIN_SCORE and text.strip()
    ]
    usual = float(np.median([box.height for box in boxes])) if boxes else 0.0
    return [_line(row, page, height, usual) for row in _in_order(boxes, pixels.shape[1] * scale)]


@cache
def _open_engine() -> Any:
    rapidocr = import_extra("rapidocr", "rapidocr", "ocr", "reading text in images")
    params = {"Global.log_level": "critical", "Global.max_side_len": LONGEST_SIDE}
    return rapidocr.RapidOCR(params={**params, "EngineConfig.onnxruntime.intra_op_num_threads": 1})


class _Box:
    """A line of text as detected: its edges in points from the left and the top."""

    def __init__(self, text: str, left: float, top: float, right: float, bottom: float) -> None:
        self.text, self.left, self.top, self.right, self.bottom = text, left, top, right, bottom

    @property
    def height(self) -> float:
        """In points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down the box, in points from the top."""
        return (self.top + self.bottom) / 2


def _edges(corners: NDArray[Any], scale: float) -> tuple[float, float, float, float]:
    across, down = corners[:, 0] * scale, corners[:, 1] * scale
    return float(across.min()), float(down.min()), float(across.max()), float(down.max())


def _read(engine: Any, pixels: Pixels) -> Any:
    """Return what the engine finds; it does not turn single lines, so that a page upside down reads badly."""
    try:
        return engine(pixels[:, :, ::-1], use_det=True, use_cls=False, use_rec=True)
    except Exception as error:
        if "alloc" in str(error):  # how the models' runtime says that memory is short
            raise MemoryError from error
        raise


def _upright(engine: Any, pixels: Pixels, detected: Any) -> Pixels:
    """Return the image turned so that its lines run across and are read the right way up; itself where they do."""
    if detected.boxes is None or not len(detected.boxes):
        return pixels
    spans = [(float(np.ptp(corners[:, 0])), float(np.ptp(corners[:, 1]))) for corners in detected.boxes]
    on_side = sum(down > _TALL * across for across, down in spans) * 2 > len(spans)
    if not on_side and float(np.mean(detected.scores or (1.0,))) >= _SURE_SCORE:
        return pixels
    corners = sorted(detected.boxes, key=lambda box: -max(float(np.ptp(box[:, 0])), float(np.ptp(box[:, 1]))))
    crops = [_crop(pixels, box) for box in corners[:_PROBED]]
    turns = (1, 3) if on_side else (0, 2)  # quarters, counter-clockwise
    scores = [_score(engine, [np.rot90(crop, turn) for crop in crops]) for turn in turns]
    turn = turns[scores.index(max(scores))]
    return np.ascontiguousarray(np.rot90(pixels, turn)) if turn else pixels


def _crop(pixels: Pixels, corners: NDArray[Any]) -> Pixels:
    left, top = (max(0, int(corners[:, axis].min())) for axis in (0, 1))
    return pixels[top : int(corners[:, 1].max()) + 1, left : int(corners[:, 0].max()) + 1]


def _score(engine: Any, crops: Sequence[Pixels]) -> float:
    """Return how surely lines are read, 0 to 1 on average."""
    scores: list[float] = []
    for crop in crops:
        found = engine(np.ascontiguousarray(crop[:, :, ::-1]), use_det=False, use_cls=False, use_rec=True)
        scores += [float(score) for score in found.scores or (0.0,)]
    return sum(scores) / len(scores) if scores else 0.0


def _in_order(boxes: list[_Box], width: float) -> list[list[_Box]]:
    """Return the rows of a page, the left column before the right one where a gutter parts them."""
    gutter = _gutter(boxes, width)
    if gutter is None:
        return _rows(boxes)
    across = [box for box in boxes if box.left < gutter < box.right]
    rows: list[list[_Box]] = []
    edges = [*sorted(box.middle for box in across), float("inf")]
    above = float("-inf")
    for edge in edges:  # what runs over both columns parts the page into bands
        band = [box for box in boxes if above < box.middle < edge and box not in across]
        rows += _rows([box for box in band if box.right <= gutter]) + _rows([b for b in band if b.left >= gutter])
        rows += _rows([box for box in across if box.middle == edge])
        above = edge
    return rows


def _gutter(boxes: list[_Box], width: float) -> float | None:
    """Return where a blank strip parts a page into two columns of full lines, None for a page of one."""
    best: tuple[float, float] | None = None
    for candidate in np.arange(0.3, 0.7, 0.01) * width:
        left = [box for box in boxes if box.right <= candidate]
        right = [box for box in boxes if box.left >= candidate]
        crossing = len(boxes) - len(left) - len(right)
        if min(len(left), len(right)) < _MIN_COLUMN_BOXES or crossing > 0.2 * len(boxes):
            continue
        strip = min(box.left for box in right) - max(box.right for box in left)
        full = all(
            float(np.median([box.right - box.left for box in side])) > 0.25 * width for side in (left, right)
        )
        if full and strip >= _MIN_GUTTER * width and (best is None or strip > best[0]):
            best = strip, float(candidate)
    return best[1] if best else None


def _rows(boxes: list[_Box]) -> list[list[_Box]]:
    """Return boxes that stand side by side as rows, from top to bottom, each from left to right."""
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        last = rows[-1][-1] if rows else None
        if last is not None and box.middle - last.middle <= _SAME_ROW * min(box.height, last.height):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda box: box.left) for row in rows]


def _line(row: list[_Box], page: int, height: float, usual: float) -> Line:
    pieces: list[Piece] = []
    for box in row:
        tall = usual if abs(box.height - usual) <= _SAME_SIZE * usual else box.height
        text = f" {box.text}" if pieces else box.text
        pieces.append(
            Piece(text=text, x=box.left, right=box.right, y=height - box.bottom, size=tall * _FONT_SHARE)
        )
    return Line(pieces, page)
