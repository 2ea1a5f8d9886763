"""Read the Markdown-like sources that the binary documents are built from.

A source starts with `key: value` lines, then a line `---`, then the text.
The text knows headings (`#`, `##`, `###`), paragraphs, `- ` and `1. ` lists,
`> ` notes, pipe tables and `**bold**` runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

NUMBERED = re.compile(r"\d+\.\s+")
BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the largest."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text, or a note that is set off."""

    text: str
    note: bool = False


@dataclass(frozen=True)
class ItemList:
    """A bulleted or numbered list."""

    items: list[str]
    numbered: bool


@dataclass(frozen=True)
class Table:
    """A table whose first row is its header."""

    rows: list[list[str]]


Block = Heading | Paragraph | ItemList | Table


@dataclass(frozen=True)
class Source:
    """One document: where it goes, what it is called, and its blocks."""

    target: Path
    meta: dict[str, str]
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The document title."""
        return self.meta["title"]

    @property
    def chinese(self) -> bool:
        """Whether the text needs a Chinese font."""
        return self.meta["lang"].startswith("zh")

    @property
    def date(self) -> datetime:
        """The effective date, used wherever a file format stores a date."""
        return datetime.fromisoformat(self.meta["effective"])

    @property
    def edition(self) -> str:
        """The line that states version and effective date."""
        day = self.date
        if self.meta["lang"] == "zh-Hant":
            return f"版本 {self.meta['version']}　生效日期 {day.year} 年 {day.month} 月 {day.day} 日"
        if self.chinese:
            return f"版本 {self.meta['version']}　生效日期 {day.year}年{day.month}月{day.day}日"
        return f"Version {self.meta['version']}, effective {day.day} {day:%B %Y}"


def read_source(path: Path, data_dir: Path) -> Source:
    """Parse one source file."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    meta = {}
    for line in head.splitlines():
        key, _, value = line.partition(":")
        meta[key.strip()] = value.strip()
    target = data_dir / path.parent.name / meta["output"]
    return Source(target, meta, parse_blocks(body))


def parse_blocks(body: str) -> list[Block]:
    """Split the text at blank lines and recognise each piece."""
    return [parse_block(piece) for piece in re.split(r"\n\s*\n", body.strip()) if piece]


def parse_block(piece: str) -> Block:
    """Recognise one piece of text by how it starts."""
    lines = [line.strip() for line in piece.strip().splitlines()]
    first = lines[0]
    if first.startswith("#"):
        marks, _, text = first.partition(" ")
        if len(lines) > 1:
            raise ValueError(f"put a blank line after the heading {first!r}")
        return Heading(len(marks), text)
    if first.startswith("|"):
        rows = [split_row(line) for line in lines if not re.fullmatch(r"[|\s:-]+", line)]
        if len({len(row) for row in rows}) != 1:
            raise ValueError(f"rows of different lengths in the table {first!r}")
        return Table(rows)
    if first.startswith("- "):
        return ItemList([line[2:] for line in lines], numbered=False)
    if NUMBERED.match(first):
        return ItemList([NUMBERED.sub("", line, count=1) for line in lines], numbered=True)
    if first.startswith("> "):
        return Paragraph(" ".join(line.removeprefix("> ") for line in lines), note=True)
    return Paragraph(" ".join(lines))


def split_row(line: str) -> list[str]:
    """Split a table line into its cells."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def bold_runs(text: str) -> list[tuple[str, bool]]:
    """Split text into (piece, is bold) runs."""
    pieces = BOLD.split(text)
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]
