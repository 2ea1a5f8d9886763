"""The rows of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh")

EDITIONS = ("abcdefg", "hi")
"""Files that were written together."""

Row = dict[str, Any]


def read_units(files: str = "".join(EDITIONS)) -> list[Row]:
    """Return the rows of files, of all by default."""
    return [
        json.loads(line)
        for name in files
        for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def passage_of(row: Row, language: str) -> str:
    """Return a passage as a knowledge base embeds it."""
    return f"{row[f'title_{language}']}\n{row[f'passage_{language}']}"


def held_out() -> set[str]:
    """Return the fifth of the companies that nothing is fitted to; new editions leave older ones alone."""
    apart: set[str] = set()
    for files in EDITIONS:
        apart |= set(sorted({row["company"] for row in read_units(files)})[::5])
    return apart
