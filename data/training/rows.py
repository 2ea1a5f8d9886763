"""The rows of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh")

Row = dict[str, Any]


def read_units() -> list[Row]:
    """Return the rows of all files."""
    return [
        json.loads(line)
        for path in sorted(FOLDER.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def passage_of(row: Row, language: str) -> str:
    """Return a passage as a knowledge base embeds it."""
    return f"{row[f'title_{language}']}\n{row[f'passage_{language}']}"


def held_out(companies: set[str]) -> set[str]:
    """Return the fifth of the companies that nothing is fitted to."""
    return set(sorted(companies)[::5])
