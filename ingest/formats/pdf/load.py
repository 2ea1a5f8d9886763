"""PDF: page by page with pypdf; ruled tables with pdfplumber; headings from size, weight and numbering."""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError

from ingest.formats.pages.columns import may_have_columns
from ingest.formats.pages.compose import Composer
from ingest.formats.pages.tables import MAX_RULES, MIN_RULES, PageTable, find_tables
from ingest.formats.pdf.operations import install
from ingest.formats.pdf.read import Line, Page, read_page
from ingest.formats.pdf.scans import read_scans
from ingest.limits import MAX_PAGES, ocr_seconds
from ingest.structure.outline import Outline
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile, LimitExceeded
from kb.types import Document

_START = b"%PDF-"
_START_BYTES = 1024  # the mark may stand this far into the file
_TABLE_SECONDS = 20.0  # of processor time on the tables of one file
_TABLE_OPERATIONS = 40_000  # of these pages, about 0.15 ms each: unlike seconds the same on every machine
_PAGE_OPERATIONS = 30_000  # of a page that is looked at for tables; more are a drawing, and would take seconds
_READ_SECONDS = 600.0  # of processor time on the text of one file; a page takes about 0.1
_MARGIN = 0.13  # of a page's height, at top and bottom, where running lines stand
_RUNNING_LINES = 3  # at each end of a page that may be running headers or footers
_PAGE_NUMBER = re.compile(
    r"^[-–—|\s]*(?:page|p\.|seite|第)?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*(?:页|頁)?\s*(?:(?:of|/|／|共|,|，)\s*(?:共)?\s*\d{1,4}\s*(?:页|頁)?)?[-–—|\s]*$",
    re.IGNORECASE,
)
_PROGRAM_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|untitled|无标题|未命名)|\.(?:docx?|pdf|indd|pptx?|tex|dvi)$", re.I
)


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a PDF.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no PDF, or broken beyond reading.
        LimitExceeded: too many pages, or a stream that unpacks to more than memory should hold.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every repair of a broken file
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    install()
    with source.path.open("rb") as file:
        if _START not in file.read(_START_BYTES):
            raise DamagedFile(
                f"{source.path.name} does not begin as a PDF does: give it the ending of its true format"
            )
        try:
            reader = PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise EncryptedFile(f"{source.path.name} needs a password: save it without one")
            yield _read(source, reader)
        except FileNotDecryptedError as error:
            raise EncryptedFile(f"{source.path.name} needs a password: save it without one") from error
        except LimitReachedError as error:
            raise LimitExceeded(
                f"{source.path.name} unpacks to more than is read ({error}): save it anew"
            ) from error
        except PyPdfError as error:
            raise DamagedFile(f"{source.path.name} is no whole PDF ({error}): save or send it again") from error


def _read(source: SourceFile, reader: PdfReader) -> Document:
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise LimitExceeded(f"{source.path.name} has {count:,} pages, more than {MAX_PAGES:,}: split it")
    deadline = time.process_time() + _READ_SECONDS
    pages: list[Page] = []
    for number, page in enumerate(reader.pages, start=1):
        if time.process_time() > deadline:
            raise LimitExceeded(
                f"{source.path.name} took over {_READ_SECONDS:.0f} s for {number - 1} pages: save it anew"
            )
        pages.append(read_page(page, number))
    warnings = read_scans(source.path, pages, ocr_seconds(source.path.stat().st_size))
    hidden = sum(page.hidden for page in pages)
    if hidden:
        where = ", ".join(str(page.number) for page in pages if page.hidden)
        warnings.append(f"{hidden} characters of hidden text on page {where} were left out")
    tables = _page_tables(source, pages, warnings)
    _drop_running_lines(pages)
    outline = Outline()
    Composer(outline, pages, tables).compose()
    stated = str((reader.metadata.title if reader.metadata else None) or "").strip()
    stated = "" if _PROGRAM_TITLE.search(stated) else stated
    title, sections = outline.finish("", stated or file_title(source.path))
    return Document(source.uri, title, sections, warnings=tuple(warnings))


def _page_tables(source: SourceFile, pages: list[Page], warnings: list[str]) -> dict[int, list[PageTable]]:
    """Return the tables of the pages that draw rules or set words in columns, by page number.

    Many such pages are looked at up to a limit, which is added to ``warnings``; the pages after it are read as
    lines of text.
    """
    wanted = [page for page in pages if _may_have_tables(page)]
    if not wanted:
        return {}
    import pdfplumber

    from ingest.formats.pdf.objects import PlainPage

    tables: dict[int, list[PageTable]] = {}
    operations, deadline = 0, time.process_time() + _TABLE_SECONDS
    with pdfplumber.open(source.path, password="") as plumber:
        for page in wanted:
            operations += page.operations
            if operations > _TABLE_OPERATIONS or time.process_time() > deadline:
                warnings.append(f"from page {page.number} on tables were read as lines of text: split the file")
                break
            try:
                with closing(PlainPage.of(plumber.pages[page.number - 1])) as plain:
                    tables[page.number] = find_tables(plain, page)
            except Exception:  # noqa: S112 - the second reader may fail where the first did not
                continue
    return tables


def _may_have_tables(page: Page) -> bool:
    if not page.lines or page.is_scan or page.operations > _PAGE_OPERATIONS:
        return False
    return MIN_RULES <= page.rules <= MAX_RULES or may_have_columns(page)


def _drop_running_lines(pages: list[Page]) -> None:
    """Remove headers, footers and page numbers that come again on other pages."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_running_key(line) for line in _margin_lines(page)})
    wanted = max(2, round(0.4 * len(pages)))
    for page in pages:
        margin = _margin_lines(page)
        dropped = [line for line in margin if seen[_running_key(line)] >= wanted or _PAGE_NUMBER.match(line.text)]
        kept = [line for line in page.lines if not any(line is gone for gone in dropped)]
        page.lines = kept


def _running_key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.y / 4)


def _margin_lines(page: Page) -> list[Line]:
    """Return the outermost lines at the top and the bottom of a page."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    top = [line for line in ordered[:_RUNNING_LINES] if line.y >= (1 - _MARGIN) * page.height]
    bottom = [line for line in ordered[-_RUNNING_LINES:] if line.y <= _MARGIN * page.height]
    return top + bottom
