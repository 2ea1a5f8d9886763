"""PDF: page by page with PDFium; ruled tables with pdfplumber; headings from size, weight and numbering."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from pypdfium2 import PdfDocument, PdfiumError, raw

from ingest.formats.containers.members import Members, skipped_warning, with_warnings
from ingest.formats.pages.columns import may_have_columns
from ingest.formats.pages.compose import Composer
from ingest.formats.pages.lines import Line, Page
from ingest.formats.pages.tables import MAX_RULES, MIN_RULES, PageTable, find_tables
from ingest.formats.pdf.inside import Inside, Overlay
from ingest.formats.pdf.read import read_page
from ingest.formats.pdf.scans import read_scans
from ingest.limits import MAX_PAGES, ocr_seconds
from ingest.structure.outline import Outline
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile, LimitExceeded
from kb.types import Document, Omitted

# Chosen; bench_hostile.py measures what hostile files take, bench_fidelity.py what is kept of good ones.
_START = b"%PDF-"
_START_BYTES = 1024  # the mark may stand this far into the file
_TABLE_SECONDS = 20.0  # of processor time on the tables of one file
_TABLE_RULES = 40_000  # straight rules of these pages: unlike seconds the same on every machine
_READ_SECONDS = 600.0  # of processor time on the text of one file; a page takes about 0.1
_MARGIN = 0.13  # of a page's height, at top and bottom, where running lines stand
_RUNNING_LINES = 3  # at each end of a page that may be running headers or footers
_PAGE_NUMBER = re.compile(
    r"^[-–—|\s]*(?:page|p\.|seite|第)?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*(?:页|頁)?\s*(?:(?:of|/|／|共|,|，)\s*(?:共)?\s*\d{1,4}\s*(?:页|頁)?)?[-–—|\s]*$",
    re.IGNORECASE,
)
_WHENCE = re.compile(r"(?:https?|file)://\S* \d+/\d+")
_WHEN = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? (?:[上下]午)?\d{1,2}:\d\d.*")
"""What a browser writes below and above each page that it prints: address and page, time and title."""
_PROGRAM_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|untitled|无标题|未命名)|\.(?:docx?|pdf|indd|pptx?|tex|dvi)$", re.I
)


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the document of a PDF, and those of the files inside it.

    Raises:
        DamagedRecords: at the end, when files inside it failed.
        EncryptedFile: a password is needed.
        DamagedFile: it is no PDF, or broken beyond reading.
        LimitExceeded: too many pages, or pages that take too long.
    """
    with source.path.open("rb") as file:
        if _START not in file.read(_START_BYTES):
            raise DamagedFile(
                f"{source.path.name} does not begin as a PDF does: give it the ending of its true format"
            )
    try:
        document = PdfDocument(source.path)
    except PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise EncryptedFile(f"{source.path.name} needs a password: save it without one") from error
        raise DamagedFile(f"{source.path.name} is no whole PDF ({error}): save or send it again") from error
    members = Members(source)
    with closing(document), closing(Inside(source.path)) as inside:
        whole = _read(source, document, inside)
        inner: list[Document] = []
        skipped: list[str] = []
        for name, content in inside.files():
            if isinstance(content, Exception):
                members.fail(name, content)
            elif members.can_load(name):
                inner += members.load(name, content)
            else:
                skipped.append(name)
    warnings = (*whole.warnings, *skipped_warning(skipped))
    if whole.sections or not inner:  # what holds nothing but files is they
        yield replace(whole, warnings=warnings)
        warnings = ()
    yield from with_warnings(iter(inner), warnings)
    members.finish()


def _read(source: SourceFile, document: PdfDocument, inside: Inside) -> Document:
    count = len(document)
    if count > MAX_PAGES:
        raise LimitExceeded(f"{source.path.name} has {count:,} pages, more than {MAX_PAGES:,}: split it")
    deadline = time.process_time() + _READ_SECONDS
    omissions = Omissions()
    warnings: list[str] = []
    pages: list[Page] = []
    tables: dict[int, list[PageTable]] = {}
    search = _TableSearch()
    layers_off = inside.layers_off()
    if inside.has_foreign_form():
        warnings.append("its form is kept as XFA, which is not read: print it to a PDF, and load that")
    for number in range(1, count + 1):
        if time.process_time() > deadline:
            raise LimitExceeded(
                f"{source.path.name} took over {_READ_SECONDS:.0f} s for {number - 1} pages: save it anew"
            )
        inside.check(number)
        page = _read_page(document, number, omissions, inside.overlay(number, omissions), layers_off)
        tables[number] = search.find(page)
        page.glyphs, page.edges = [], []
        pages.append(page)
    warnings += search.warnings
    warnings += [
        f"page {page.number} has {page.unreadable} characters that its fonts do not tell: they were left out"
        for page in pages
        if page.unreadable and page.lines
    ]
    warnings += read_scans(document, pages, ocr_seconds(source.path.stat().st_size))
    _drop_running_lines(pages, omissions)
    outline = Outline()
    Composer(outline, pages, tables).compose()
    stated = document.get_metadata_value("Title").strip()
    stated = "" if _PROGRAM_TITLE.search(stated) else stated
    title, sections = outline.finish("", stated or file_title(source.path))
    return Document(
        uri=source.uri, title=title, sections=sections, warnings=tuple(warnings), omitted=tuple(omissions)
    )


def _read_page(
    document: PdfDocument, number: int, omissions: Omissions, overlay: Overlay, layers_off: frozenset[str]
) -> Page:
    try:
        with closing(document[number - 1]) as page:
            return read_page(page, number, omissions, overlay, layers_off)
    except PdfiumError:  # a page that is broken by itself
        return Page(number=number, width=0.0, height=0.0)


class _TableSearch:
    """Finds the tables of the pages that draw rules or set words in columns, as far as time allows."""

    def __init__(self) -> None:
        self._deadline = time.process_time() + _TABLE_SECONDS
        self._rules = 0
        self.warnings: list[str] = []

    def find(self, page: Page) -> list[PageTable]:
        """Return the tables of a page."""
        if self.warnings or not _may_have_tables(page):
            return []
        self._rules += len(page.edges)
        if self._rules > _TABLE_RULES or time.process_time() > self._deadline:
            self.warnings.append(f"from page {page.number} on tables were read as lines of text: split the file")
            return []
        return find_tables(page)


def _may_have_tables(page: Page) -> bool:
    if not page.lines:
        return False
    return MIN_RULES <= page.rules <= MAX_RULES or may_have_columns(page)


def _drop_running_lines(pages: list[Page], omissions: Omissions) -> None:
    """Remove headers, footers and page numbers that come again on other pages."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_running_key(line) for line in _margin_lines(page)})
    wanted = max(2, round(0.4 * len(pages)))
    for page in pages:
        margin = _margin_lines(page)
        printed = _of_browser(margin)
        dropped = [
            line
            for line in margin
            if seen[_running_key(line)] >= wanted or _PAGE_NUMBER.match(line.text) or line in printed
        ]
        kept = [line for line in page.lines if not any(line is gone for gone in dropped)]
        page.lines = kept
        for line in dropped:
            omissions.leave(Omitted.SURROUNDINGS, line.text)


def _of_browser(margin: list[Line]) -> list[Line]:
    """Return the lines that a browser wrote around a page, which need not come again on another."""
    if not any(_WHENCE.fullmatch(line.text) for line in margin):
        return []
    return [line for line in margin if _WHENCE.fullmatch(line.text) or _WHEN.fullmatch(line.text)]


def _running_key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.y / 4)


def _margin_lines(page: Page) -> list[Line]:
    """Return the outermost lines at the top and the bottom of a page."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    top = [line for line in ordered[:_RUNNING_LINES] if line.y >= (1 - _MARGIN) * page.height]
    bottom = [line for line in ordered[-_RUNNING_LINES:] if line.y <= _MARGIN * page.height]
    return top + bottom
