"""What the commands of audits say and write: reports to a file or stdout, costs and questions to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from assistant.audit.options import Payment
from assistant.audit.runs.auditor import Plan
from assistant.audit.runs.cost import estimate
from assistant.audit.types import Question
from kb.own_files import files_in
from kb.terminal import say, short


def put(text: str, out: Path | None) -> None:
    """Write to a file, whole or not at all, or to stdout."""
    if out is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    with files_in(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary = out.with_name(f".{out.name}.part")
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, out)
    say(f"written to {short(str(out.resolve()))}")


def agreed(plan: Plan, questions: Sequence[Question], payment: Payment) -> bool:
    """Say what chat models will cost and tell whether to go on; nothing is asked where none is called."""
    expected = estimate(plan, questions)
    if not expected.calls:
        return True
    price = expected.price(payment.read, payment.written)
    cost = f", about {price:.2f} at the prices given" if price else "; add --price-in and --price-out for the cost"
    say(
        f"about {expected.calls} calls of a chat model: {expected.read:,} tokens read, "
        f"{expected.written:,} written{cost} (within a factor of two)"
    )
    if payment.agreed:
        return True
    if sys.stdin.isatty() and sys.stderr.isatty():
        return typer.confirm("Go on?", err=True)
    say("nothing was called: add --yes to go on")
    return False
