"""How many rows a file of records has, counted before any of them is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ingest.limits import MAX_RECORDS
from kb.errors import LimitExceeded

_BLOCK_BYTES = 1 << 20
_LONGEST_TAG = 20  # bytes of a tag's beginning that a block may cut in two
_ROW = re.compile(rb"<(?:\w{1,8}:)?row[\s>/]")
_SHOWN = re.compile(rb"<(?:\w{1,8}:)?(row|v|t)[\s>]")  # a row without a value is none: only its height is stored
_SHEETS = "xl/worksheets/"


def check_rows(path: Path, ending: str) -> None:
    """Look how many rows a delimited file, a file of JSON lines or a workbook has.

    Raises:
        LimitExceeded: more than one file may have; reading it would take minutes before it was known.
    """
    if ending in (".csv", ".tsv", ".jsonl", ".ndjson"):
        rows = _lines(path, quoted=ending in (".csv", ".tsv"))
    elif ending in (".xlsx", ".xlsm"):
        rows = _sheet_rows(path)
    else:
        return
    if rows > MAX_RECORDS:
        raise LimitExceeded(
            f"{path.name} has {rows:,} rows, at most {MAX_RECORDS:,} are read of one file: split it into several, "
            "or leave out what customers never ask for"
        )


def _lines(path: Path, *, quoted: bool) -> int:
    """Return how many lines there are; those within quotation marks are counted only where they matter."""
    lines = sum(block.count(b"\n") for block in _blocks(path))
    if not quoted or lines <= MAX_RECORDS:
        return lines
    lines = inside = 0
    for block in _blocks(path):
        for place, part in enumerate(block.split(b'"')):
            inside ^= place > 0
            lines += 0 if inside else part.count(b"\n")
    return lines


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _sheet_rows(path: Path) -> int:
    """Return how many rows of all sheets hold something; 0 for what is no whole workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = [n for n in archive.namelist() if n.startswith(_SHEETS) and n.endswith(".xml")]
            rows = sum(len(_ROW.findall(window)) for name in sheets for window in _windows(archive, name))
            if rows <= MAX_RECORDS:
                return rows
            return sum(_filled(archive, name) for name in sheets)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return 0  # its loader says what is wrong


def _filled(archive: zipfile.ZipFile, name: str) -> int:
    filled, waiting = 0, False
    for window in _windows(archive, name):
        for tag in _SHOWN.findall(window):
            filled += waiting and tag != b"row"
            waiting = tag == b"row"
    return filled


def _windows(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part in pieces that cut no tag's beginning in two."""
    rest = b""
    with archive.open(name) as part:
        while block := part.read(_BLOCK_BYTES):
            window = rest + block
            cut = window.rfind(b"<", len(window) - _LONGEST_TAG)
            rest = window[cut:] if cut >= 0 else b""
            yield window[:cut] if cut >= 0 else window
    yield rest
