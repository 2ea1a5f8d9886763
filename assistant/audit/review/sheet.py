"""The review sheet: a row per claim, as XLSX and CSV, for people to say whether the quotes support it.

What the judge says is not in it, so that nobody copies it. Texts come from customers and documents: a cell never
begins so that a spreadsheet would calculate it (OWASP, CSV Injection).
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.audit.review.links import LINK, link_of
from assistant.audit.runs.questions import allocate
from assistant.audit.types import AuditedAnswer
from kb.errors import FaqError
from kb.own_files import files_in

COLUMNS = (
    "answer", "claim_number", "question", "reply", "claim", "quotes", "documents", "links",
    "supported", "note", "reviewer",
)  # fmt: skip
"""Reviewers fill in ``supported`` (yes, no, unsure), ``note`` and, if it is not there, ``reviewer``."""

_WIDTHS = (14, 8, 40, 60, 50, 70, 40, 40, 12, 30, 14)  # characters
_FORMULA = re.compile(r"^[\s'\u200b\ufeff]*[=+\-@＝＋－＠|%]|^[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_LONGEST = 32_000  # characters; a cell of XLSX holds 32,767
_LONGEST_LINK = 2_000  # characters that Excel follows


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before what would be one."""
    text = _CONTROL.sub("", text)[:_LONGEST]
    return "'" + text if _FORMULA.match(text) else text


def unsafe(text: str) -> str:
    """Return the text that ``safe`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def draw(answers: Sequence[AuditedAnswer], size: int, seed: int, *, by_verdict: bool) -> dict[str, float]:
    """Return the ids of answers to review, and for how many answers each stands.

    Args:
        answers: of the run; those without claims are not drawn.
        size: how many answers.
        seed: the same one draws the same answers.
        by_verdict: half of them, as far as there are, from answers with a claim that the judge rejects: they are
            few, and say most about its errors.
    """
    strata: dict[str, list[str]] = {}
    for answer in answers:
        if answer.claims:
            rejected = by_verdict and not all(claim.supported for claim in answer.claims)
            strata.setdefault("rejected" if rejected else "accepted", []).append(answer.id)
    sizes = {name: len(members) for name, members in strata.items()}
    shares = allocate(sizes, min(size, sum(sizes.values()))) if sizes else {}
    if len(sizes) == 2:
        few = min(sizes["rejected"], max(size // 2, size - sizes["accepted"]))
        shares = {"rejected": few, "accepted": min(sizes["accepted"], size - few)}
    generator = random.Random(seed)  # noqa: S311 (a sample that can be drawn again is meant)
    weights: dict[str, float] = {}
    for name in sorted(strata):
        for identifier in generator.sample(strata[name], shares[name]):
            weights[identifier] = sizes[name] / shares[name]
    return weights


def share_out(ids: Sequence[str], reviewers: Sequence[str], double: float, seed: int) -> dict[str, list[str]]:
    """Return which answers each reviewer gets: all one each, and a share of them a second reviewer as well.

    Args:
        ids: of the answers.
        reviewers: one or more names.
        double: share that two review, 0-1.
        seed: the same one deals the same.
    """
    dealt: dict[str, list[str]] = {name: [] for name in reviewers}
    order = list(ids)
    random.Random(seed).shuffle(order)  # noqa: S311 (dealing that can be repeated is meant)
    twice = round(double * len(order)) if len(reviewers) > 1 else 0
    for place, identifier in enumerate(order):
        dealt[reviewers[place % len(reviewers)]].append(identifier)
        if place < twice:
            dealt[reviewers[(place + 1) % len(reviewers)]].append(identifier)
    return dealt


def rows(answers: Sequence[AuditedAnswer], reviewer: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a sheet, a claim each, cells not yet made safe."""
    for answer in answers:
        by_number = {citation.number: citation for citation in answer.citations}
        for number, claim in enumerate(answer.claims, 1):
            cited = [by_number[n] for n in answer.sentences[claim.sentence].citations if n in by_number]
            places = [c.title + (f", page {c.page}" if c.page is not None else "") for c in cited]
            yield {
                "answer": answer.id, "claim_number": str(number), "question": answer.question,
                "reply": answer.text, "claim": claim.text,
                "quotes": "\n".join(f"[{c.number}] …{c.before[-200:]}«{c.quote}»{c.after[:200]}…" for c in cited),
                "documents": "\n".join(places), "links": "\n".join(link_of(c) or c.document_uri for c in cited),
                "supported": "", "note": "", "reviewer": reviewer,
            }  # fmt: skip


def write_csv(path: Path, table: Sequence[Mapping[str, str]]) -> None:
    """Write a sheet as CSV, with the mark by which spreadsheets know UTF-8."""
    with files_in(path), path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        writer.writerows([safe(row[name]) for name in COLUMNS] for row in table)


def write_xlsx(path: Path, table: Sequence[Mapping[str, str]]) -> None:
    """Write a sheet as XLSX: every cell is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    page: Any = book.active
    page.title = "Review"
    page.freeze_panes = "A2"
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True), 1):
        page.cell(1, column, name).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(table, 2):
        for column, name in enumerate(COLUMNS, 1):
            cell = page.cell(number, column)
            cell.value = safe(row[name])
            cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        link = row["links"].partition("\n")[0]
        if LINK.match(link) and len(link) <= _LONGEST_LINK:
            page.cell(number, COLUMNS.index("links") + 1).hyperlink = link
    choices = DataValidation("list", formula1='"yes,no,unsure"', allow_blank=True)
    page.add_data_validation(choices)
    letter = get_column_letter(COLUMNS.index("supported") + 1)
    choices.add(f"{letter}2:{letter}{max(2, len(table) + 1)}")
    with files_in(path):
        book.save(path)


def read_sheet(path: Path) -> list[dict[str, str]]:
    """Return the rows of a filled-in sheet, XLSX or CSV, as they were before they were made safe.

    Raises:
        FaqError: it cannot be read, or lacks a column.
    """
    try:
        table = _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except Exception as error:
        if isinstance(error, KeyboardInterrupt | MemoryError):
            raise
        raise FaqError(f"{path} cannot be read as a review sheet ({error}): give the XLSX or CSV file") from error
    missing = [name for name in COLUMNS if table and name not in table[0]]
    if missing or not table:
        what = f"has no column {', '.join(missing)}" if missing else "has no rows"
        raise FaqError(f"{path} {what}: `faq audit sample` writes a sheet that has all of them")
    return [{name: unsafe(row[name]) for name in COLUMNS} for row in table]


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        sample = stream.read(4_096)
        stream.seek(0)
        delimiter = ";" if sample.partition("\n")[0].count(";") > sample.partition("\n")[0].count(",") else ","
        return [
            {key: value or "" for key, value in row.items() if key}
            for row in csv.DictReader(stream, delimiter=delimiter)
        ]


def _read_xlsx(path: Path) -> list[dict[str, str]]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        header = [str(name) for name in next(lines, ())]
        cells = ([("" if value is None else str(value)) for value in line] for line in lines)
        return [dict(zip(header, line, strict=False)) for line in cells if any(line)]
    finally:
        book.close()
