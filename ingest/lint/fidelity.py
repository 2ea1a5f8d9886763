"""What loading could not make of the files: pages without text, tables without headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from ingest.lint.types import Finding, FindingKind, LintDocument, Quote, Severity
from kb.types import Chunk, SectionKind

_NO_TEXT = re.compile(
    r"\b(?:page|slide|sheet|image)s?\b.*\b(?:no|without) (?:any )?text\b|\bno text\b", re.IGNORECASE
)
_NAMED_CELL = re.compile(r"(?:^|; )[^:;]{1,80}: ")
_LEAST_ROWS = 2  # one row without names may be a caption
_SHOWN = 200  # characters of a quote


def find_lost(documents: Sequence[LintDocument]) -> list[Finding]:
    """Return findings on pages without text and on tables whose rows do not name their cells."""
    found = []
    for document in documents:
        for warning in document.warnings:
            if _NO_TEXT.search(warning):
                sentence = f"{warning}: customers get nothing from it; add a version with text"
                quote = Quote(document.uri, document.file_uri, None, document.title)
                found.append(Finding(FindingKind.NO_TEXT, Severity.WARNING, sentence, (quote,)))
        found += _tables(document)
    return found


def _tables(document: LintDocument) -> list[Finding]:
    found = []
    for (kind, headings, page), rows in groupby(document.chunks, lambda c: (c.kind, c.headings, c.page)):
        nameless = [row for row in rows if kind is SectionKind.TABLE_ROW and _is_nameless(row)]
        if len(nameless) >= _LEAST_ROWS:
            under = f" under {headings[-1]!r}" if headings else ""
            sentence = (
                f"{len(nameless)} rows of a table{under} do not say what their cells mean: give it a header row"
            )
            quote = Quote(document.uri, document.file_uri, page, nameless[0].text[:_SHOWN])
            found.append(Finding(FindingKind.LOST_HEADERS, Severity.WARNING, sentence, (quote,)))
    return found


def _is_nameless(row: Chunk) -> bool:
    """Tell whether a row of two cells or more names none of them."""
    return "; " in row.text and not _NAMED_CELL.search(row.text)
