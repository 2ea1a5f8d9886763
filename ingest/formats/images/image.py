"""Images of pages, read by the extra ``ocr``: photographs, scans, screenshots, faxes of several pages."""

from __future__ import annotations

import time
import warnings as python_warnings
from collections.abc import Iterator

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ingest.formats.pages.compose import Composer
from ingest.formats.pages.lines import Page
from ingest.formats.pages.ocr import INSTALL, LONGEST_SIDE, can_read_images, read_image
from ingest.limits import MAX_PAGES, MAX_PIXELS, ocr_seconds
from ingest.structure.outline import Outline
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, EmptyDocument, LimitExceeded
from kb.types import Document

_DOTS_PER_INCH = 150.0  # of an image that does not say; only ratios of sizes matter; chosen
_POINTS_PER_INCH = 72.0  # by definition
_PLAIN_MODES = ("L", "RGB", "RGBA", "LA", "CMYK")  # that can be made smaller as they are
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "MPO")


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of an image.

    Raises:
        EmptyDocument: no text was found, or the extra ``ocr`` is not installed.
        DamagedFile: it is no image.
        LimitExceeded: it has more pixels or pages than are read.
    """
    if not can_read_images():
        raise EmptyDocument(f"{source.path.name} is an image, and has no text without the extra ocr: {INSTALL}")
    warnings: list[str] = []
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")  # Pillow's own about odd heads, and about sizes checked here
            with Image.open(source.path, formats=_FORMATS) as image:
                count: int = getattr(image, "n_frames", 1)
            if count > MAX_PAGES:
                raise LimitExceeded(f"{source.path.name} has more than {MAX_PAGES:,} pages: split it")
            deadline = time.process_time() + ocr_seconds(source.path.stat().st_size)
            pages: list[Page] = []
            for number in range(1, count + 1):
                if pages and time.process_time() > deadline:
                    warnings.append(f"from page {number} on nothing was read, the file took too long: split it")
                    break
                pages.append(_read_page(source, number))
    except (UnidentifiedImageError, SyntaxError, EOFError) as error:
        raise DamagedFile(f"{source.path.name} is no whole image ({error}): save or send it again") from error
    outline = Outline()
    Composer(outline, pages, {}).compose()
    title, sections = outline.finish("", file_title(source.path))
    warnings += [f"page {page.number} has no text that can be read" for page in pages if not page.lines]
    yield Document(uri=source.uri, title=title, sections=sections, warnings=tuple(warnings))


def _read_page(source: SourceFile, number: int) -> Page:
    upright = _shrunk(source, number)
    points = _POINTS_PER_INCH / _DOTS_PER_INCH
    page = Page(number=number, width=upright.width * points, height=upright.height * points, has_image=True)
    page.lines = read_image(upright, number, page.height)
    return page


def _shrunk(source: SourceFile, number: int) -> Image.Image:
    """Return a page upright and about as large as it is read; the full one is let go before the models work."""
    with Image.open(source.path, formats=_FORMATS) as image:
        image.seek(number - 1)
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            raise LimitExceeded(
                f"{source.path.name} has {pixels:,} pixels, more than {MAX_PIXELS:,}: make it smaller"
            )
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded smaller at once
        times = max(1, max(image.size) // LONGEST_SIDE)
        turn = image.getexif().get(ExifTags.Base.Orientation)
        plain = image if image.mode in _PLAIN_MODES else image.convert("L" if image.mode == "1" else "RGB")
        small = plain.reduce(times)
    if turn:  # TIFF keeps it where a copy loses it
        small.getexif()[ExifTags.Base.Orientation] = turn
    return ImageOps.exif_transpose(small)
