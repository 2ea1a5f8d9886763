"""What is asked on the command line: one question, one on standard input, or a file of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from assistant.conversation.rows import read_brand, read_history
from assistant.types import LONGEST_MESSAGE, Message
from kb.errors import FaqError
from kb.language.characters import is_well_formed, well_formed
from kb.terminal import read_jsonl, say
from kb.types import Filters


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a batch.

    Attributes:
        id: as the row has it, else its place, 1-based.
        text: the question.
        history: the messages before it, oldest first.
        brand: whose documents are asked; empty: as the command says.
    """

    id: Any
    text: str
    history: tuple[Message, ...]
    brand: str = ""

    def narrowed(self, filters: Filters) -> Filters:
        """Return the filters of the command for this row."""
        return replace(filters, brand=self.brand) if self.brand else filters


def one_question(words: Sequence[str] | None, batch: Path | None) -> str | None:
    """Return the question that was typed, or what stands on standard input for ``-``; None for a batch.

    Raises:
        typer.BadParameter: there is neither or both, or the question is empty or too long.
    """
    if (words is None) == (batch is None):
        raise typer.BadParameter("name a question, - for standard input, or a file with --batch")
    if words is None:
        return None
    typed = _standard_input() if list(words) == ["-"] else " ".join(words)
    if not is_well_formed(typed):
        say("some bytes of the question are no UTF-8: each is read as \ufffd")
    question = well_formed(typed).strip()
    if not question:
        raise typer.BadParameter("the question is empty: type what you want to know")
    if len(question) > LONGEST_MESSAGE:
        raise typer.BadParameter(
            f"the question has {len(question):,} characters, at most {LONGEST_MESSAGE:,} are read: shorten it, or "
            "load the text with `faq ingest` and ask about it"
        )
    return question


def _standard_input() -> str:
    if sys.stdin.isatty():
        say("type the question, then end it with Ctrl-D")
    return sys.stdin.buffer.read().decode("utf-8-sig", "surrogateescape")


def batch_rows(batch: Path | None) -> list[Row]:
    """Return the rows of a file, none without one.

    Raises:
        FaqError: the file or a row of it cannot be read.
    """
    return [_row(row, number, batch) for number, row in enumerate(read_jsonl(batch), 1)] if batch else []


def _row(row: dict[str, Any], number: int, batch: Path) -> Row:
    text = row.get("text")
    if not isinstance(text, str):
        raise FaqError(f"row {number} of {batch} has no text: each row needs an id and a text")
    try:
        return Row(row.get("id", number), text, tuple(read_history(row)), read_brand(row))
    except ValueError as error:
        raise FaqError(f"row {number} of {batch}: {error}") from error
