"""Pages of a PDF without a text layer: read by OCR where the extra is installed, else reported."""

from __future__ import annotations

import time
from typing import Any

from ingest.formats.pages.lines import Page
from ingest.formats.pages.ocr import INSTALL, can_read_images, read_image

_SCALE = 150 / 72  # pixels a point: 150 dots per inch, at which small print is still read
_LONGEST_SIDE = 1600  # pixels; the reader makes longer ones smaller itself


def read_scans(document: Any, pages: list[Page], seconds: float) -> list[str]:
    """Fill in the lines of the pages that have none; return a warning for each that stays without.

    Args:
        document: the PDF, open.
        pages: all of it.
        seconds: of processor time after which no further page is begun.

    Raises:
        MissingExtra: never; without the extra the warnings say what to install.
    """
    blank = [page for page in pages if not page.lines]
    if len(blank) < len(pages):  # a page on which nobody sees anything is left blank
        blank = [page for page in blank if page.draws or page.unreadable or not page.width]
    if not any(page.draws for page in blank) or not can_read_images():
        return [f"page {page.number} has {_seen(page)}{_advice(page)}" for page in blank]
    deadline = time.process_time() + seconds
    warnings: list[str] = []
    for page in blank:
        if not page.draws:
            warnings.append(f"page {page.number} has no text")
        elif time.process_time() > deadline:
            warnings.append(f"page {page.number} is a scan and was not read, the file took too long: split it")
        else:
            page.lines = _read(document, page)
            page.is_scan = True
            if not page.lines:
                warnings.append(f"page {page.number} has no text that can be read")
    return warnings


def _seen(page: Page) -> str:
    return "fonts that do not tell their characters" if page.unreadable else "no text"


def _advice(page: Page) -> str:
    if page.unreadable:
        return f": {INSTALL}"
    return f" but an image: {INSTALL}" if page.draws else ""


def _read(document: Any, page: Page) -> list[Any]:
    shown = document[page.number - 1]
    try:
        scale = min(_SCALE, _LONGEST_SIDE / max(shown.get_size()))
        return list(read_image(shown.render(scale=scale).to_pil(), page.number, page.height))
    finally:
        shown.close()
