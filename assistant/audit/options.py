"""Arguments and options that several commands of audits take: which questions, at what price, written where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from kb.options import takes
from kb.terminal import JSON_HELP

Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]
Run = Annotated[str, typer.Argument(help="Name of a run.", show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", help="File; stdout by default.")]
PageForm = Annotated[Literal["html", "markdown", "json", "csv"], typer.Option("--format", help="What to write.")]
TextForm = Annotated[Literal["text", "html", "markdown", "json"], typer.Option("--format", help="What to write.")]

_File = Annotated[Path | None, typer.Argument(help="JSON Lines, as data/questions.jsonl.")]
_Recorded = Annotated[bool, typer.Option("--recorded", help="Recorded conversations as well.")]
_Sample = Annotated[int | None, typer.Option(min=1, help="So many of them, drawn by chance.")]
_Seed = Annotated[int, typer.Option(help="Of the sample.")]
_PriceIn = Annotated[float, typer.Option(help="Price of a million tokens read.")]
_PriceOut = Annotated[float, typer.Option(help="Price of a million tokens written.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before a chat model is paid for.")]


@dataclass(frozen=True, slots=True)
class Stored:
    """Which stored questions are asked.

    Attributes:
        file: of questions, None for none.
        recorded: whether recorded ones are, too.
        size: of a sample of each; None is all.
        seed: of the sample.
    """

    file: Path | None
    recorded: bool
    size: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class Payment:
    """What calls of a chat model cost.

    Attributes:
        read: price of a million tokens that it reads, 0 for unknown.
        written: price of a million that it writes, likewise.
        agreed: whether nobody is asked before they are paid for.
    """

    read: float
    written: float
    agreed: bool


def read_stored(
    questions: _File = None, recorded: _Recorded = False, sample: _Sample = None, seed: _Seed = 1
) -> Stored:
    """Return what these options of a command ask for.

    Raises:
        typer.BadParameter: they name no question.
    """
    if questions is None and not recorded:
        raise typer.BadParameter("name a file of questions, or --recorded, or both")
    return Stored(questions, recorded, sample, seed)


def read_payment(price_in: _PriceIn = 0.0, price_out: _PriceOut = 0.0, yes: _Yes = False) -> Payment:
    """Return what these options of a command say about costs."""
    return Payment(price_in, price_out, yes)


asking_stored = takes("stored", read_stored)
paying = takes("payment", read_payment)
