"""Images of pages, read by the extra ``ocr``: photographs, scans, screenshots, faxes of several pages."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Iterator

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ingest.limits import MAX_PAGES, MAX_PIXELS
from ingest.ocr import INSTALL, can_read_images, read_image
from ingest.outline import Outline
from ingest.pdf_compose import Composer
from ingest.pdf_lines import Page
from ingest.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, EmptyDocument, LimitExceeded
from kb.types import Document

_DOTS_PER_INCH = 150.0  # of an image that does not say; only ratios of sizes matter
_POINTS_PER_INCH = 72.0
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
    pages: list[Page] = []
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")  # Pillow's own about odd heads, and about sizes checked here
            with Image.open(source.path, formats=_FORMATS) as image:
                if getattr(image, "n_frames", 1) > MAX_PAGES:
                    raise LimitExceeded(f"{source.path.name} has more than {MAX_PAGES:,} pages: split it")
                for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                    pages.append(_read_page(source, frame, number))
    except (UnidentifiedImageError, SyntaxError, EOFError) as error:
        raise DamagedFile(f"{source.path.name} is no whole image ({error}): save or send it again") from error
    outline = Outline()
    Composer(outline, pages, {}).compose()
    title, sections = outline.finish("", file_title(source.path))
    warnings = tuple(f"page {page.number} has no text that can be read" for page in pages if not page.lines)
    yield Document(source.uri, title, sections, warnings=warnings)


def _read_page(source: SourceFile, frame: Image.Image, number: int) -> Page:
    pixels = frame.width * frame.height
    if pixels > MAX_PIXELS:
        raise LimitExceeded(f"{source.path.name} has {pixels:,} pixels, more than {MAX_PIXELS:,}: make it smaller")
    upright = ImageOps.exif_transpose(frame)
    points = _POINTS_PER_INCH / _DOTS_PER_INCH
    page = Page(number, upright.width * points, upright.height * points, has_image=True)
    page.lines = read_image(upright, number, page.height)
    return page
