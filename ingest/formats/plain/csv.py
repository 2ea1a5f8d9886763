"""Delimited text: one document a row, in whatever encoding and with whatever delimiter."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from ingest.formats.records.build import RecordIds
from ingest.formats.records.grids import Sheet, sheet_documents
from ingest.structure.tables import Row
from ingest.text.clean import clean
from ingest.text.decode import read_text
from ingest.text.inline import linked
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import LimitExceeded
from kb.types import Document

_DELIMITERS = (",", ";", "\t", "|", "，")
_STATED = re.compile(r"\ufeff?\"?sep=(.)\"?[ \t]*\r?\n", re.IGNORECASE)
"""The line in which a file tells a spreadsheet program its delimiter."""
_GUARDED = re.compile(r'="((?:[^"]|"")*)"')
_LINK = re.compile(r'=HYPERLINK\(\s*"((?:[^"]|"")*)"\s*[,;]\s*"((?:[^"]|"")*)"\s*\)', re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[=+@]|-\d|\d[\d\s.,/()-]*$)")
_SAMPLE_ROWS = 50
_FIELD_LIMIT = 10_000_000  # characters of one cell; the csv module's own limit is 131,072


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document for each row; its id field, else its line number, is the record id.

    Raises:
        LimitExceeded: a cell is too long, or its quotation mark is never closed.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    text = read_text(source.path)
    stated = _STATED.match(text)
    text = text[stated.end() :] if stated else text
    delimiter = stated.group(1) if stated else choose_delimiter(text)
    rows = _rows(text, delimiter, 2 if stated else 1, source.path.name)
    yield from sheet_documents(source, Sheet(rows, file_title(source.path)), RecordIds())


def choose_delimiter(text: str) -> str:
    """Return the delimiter that cuts most of the first rows into the same number of cells."""
    best, most = ",", 0.0
    start = "\n".join(text[:100_000].splitlines()[: 4 * _SAMPLE_ROWS])
    for delimiter in _DELIMITERS:
        widths = Counter(
            len(row) for _, row in zip(range(_SAMPLE_ROWS), _read(start, delimiter), strict=False) if row
        )
        if not widths:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        score = rows / sum(widths.values()) if width > 1 else 0.0
        if score > most + 0.01:
            best, most = delimiter, score
    return best


def _read(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    except csv.Error:
        return


def _unguarded(cell: str) -> str:
    """Return a cell without what keeps a spreadsheet program from reading a number or formula in it.

    >>> _unguarded('="00471"'), _unguarded("'+49 30 5550"), _unguarded("'90s music")
    ('00471', '+49 30 5550', "'90s music")
    """
    if cell.startswith("="):
        link = _LINK.fullmatch(cell)
        if link:
            target, shown = (part.replace('""', '"') for part in link.groups())
            return linked(shown, target)
        guarded = _GUARDED.fullmatch(cell)
        return guarded.group(1).replace('""', '"') if guarded else cell
    return cell[1:] if _QUOTED.match(cell) else cell


def _rows(text: str, delimiter: str, first: int, name: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows that are not empty with the number of the line on which they begin.

    Args:
        text: of the file, without the line that states the delimiter.
        delimiter: between cells.
        first: number of the first line.
        name: of the file, for messages.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    begin = first
    try:
        for cells in reader:
            row = tuple(_unguarded(clean(cell).strip()) for cell in cells)
            if any(row):
                yield begin, row
            begin = reader.line_num + first
    except csv.Error as error:  # the only one that a reader has which is not strict
        raise LimitExceeded(
            f"{name}: a cell of the row that begins on line {begin:,} has over {_FIELD_LIMIT:,} characters: "
            "shorten it, or close its quotation mark"
        ) from error
