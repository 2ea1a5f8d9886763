"""``faq``: the one command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.audit import cli as audit_cli
from assistant.commands import calibrate
from assistant.commands.options import TODAY, AtVersion, Audience, Language, On, Product, build_filters
from assistant.settings import Settings
from assistant.types import Message
from ingest import cli as ingest_cli
from ingest.lint import cli as lint_cli
from kb import cli as kb_cli
from kb.errors import FaqError
from kb.terminal import JSON_HELP, exit_codes, print_json, read_jsonl

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Load a company's documents, then ask them in English or Chinese. "
    "State lives in $FAQ_HOME (by default ~/.local/share/faq).",
)
app.add_typer(kb_cli.app, name="kb")
app.add_typer(audit_cli.app, name="audit")
app.command(name="ingest")(ingest_cli.ingest)
app.command(name="calibrate")(calibrate.calibrate)
kb_cli.app.command(name="lint")(lint_cli.lint)

Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]
Batch = Annotated[
    Path | None,
    typer.Option(
        "--batch", help='Answer a file of rows {"id", "text", "history"?: [{"role", "text"}]}, a JSON row each.'
    ),
]
After = Annotated[
    list[str] | None, typer.Option("--after", help="What the customer asked before; may be given several times.")
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Show each ranker's score, the words that matched, what was carried over."),
]
Words = Annotated[list[str] | None, typer.Argument(help="The question.", show_default=False)]


@app.command()
def ask(
    question: Words = None,
    batch: Batch = None,
    json: Json = False,
    on: On = TODAY,
    audience: Audience = None,
    product: Product = None,
    language: Language = None,
    at_version: AtVersion = None,
) -> None:
    """Answer a question from the documents, with citations, or say that they do not tell."""
    from assistant.app import open_assistant
    from assistant.channels.terminal import answer_row, render

    text = _one_of(question, batch)
    filters = build_filters(on, audience, product, language, at_version)
    with exit_codes(), open_assistant(Settings.load()) as assistant:
        for row in _rows(batch):
            print_json({"id": row["id"], **answer_row(assistant.reply(row["text"], _history(row), filters))})
        if text is not None:
            answer = assistant.reply(text, filters=filters)
            if json:
                print_json(answer_row(answer))
            else:
                print(render(answer))


@app.command()
def search(
    question: Words = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=1000, help="How many hits.")] = 10,
    after: After = None,
    explain: Explain = False,
    batch: Batch = None,
    json: Json = False,
    on: On = TODAY,
    audience: Audience = None,
    product: Product = None,
    language: Language = None,
    at_version: AtVersion = None,
) -> None:
    """Show the passages that fit a question best, and how likely they are to answer it."""
    from assistant.channels.terminal import render_hits, search_row
    from assistant.commands.explained import explanation_row, render_explanation
    from assistant.understand.understanding import understand
    from kb.knowledge_base import open_knowledge_base

    text = _one_of(question, batch)
    filters = build_filters(on, audience, product, language, at_version)
    with exit_codes(), open_knowledge_base(Settings.load()) as knowledge_base:

        def found(message: str, history: list[Message]) -> tuple[dict[str, Any], str]:
            """Return a search as a row and as people read it."""
            understanding = understand(message, history)
            if not explain:
                retrieval = knowledge_base.search(understanding.wordings, top_k, filters)
                return search_row(retrieval), render_hits(retrieval)
            told = knowledge_base.explain(understanding.wordings, top_k, filters)
            row = {**search_row(told.retrieval), "explanation": explanation_row(told, understanding)}
            return row, render_explanation(told, understanding)

        for row in _rows(batch):
            print_json({"id": row["id"], **found(row["text"], _history(row))[0]})
        if text is not None:
            as_row, as_text = found(text, [Message("customer", said) for said in after or ()])
            if json:
                print_json(as_row)
            else:
                print(as_text)


@app.command()
def chat() -> None:
    """Talk with the assistant in this terminal, several turns."""
    from assistant.app import open_assistant
    from assistant.channels.terminal import converse

    with exit_codes(), open_assistant(Settings.load()) as assistant:
        converse(assistant)


def _one_of(question: list[str] | None, batch: Path | None) -> str | None:
    """Return the question, None for a batch; neither or both is a usage error."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("name a question, or a file with --batch")
    return " ".join(question) if question is not None else None


def _rows(batch: Path | None) -> list[dict[str, Any]]:
    rows = list(read_jsonl(batch)) if batch is not None else []
    for number, row in enumerate(rows, 1):
        if not isinstance(row.get("text"), str):
            raise FaqError(f"row {number} of {batch} has no text: each row needs an id and a text")
        row.setdefault("id", number)
    return rows


def _history(row: dict[str, Any]) -> list[Message]:
    """Return the messages before a row's own; ``user`` is read as customer, ``agent`` as assistant."""
    roles = {"user": "customer", "agent": "assistant"}
    messages = row.get("history") or []
    return [Message(roles.get(str(m["role"]), str(m["role"])), str(m["text"])) for m in messages]


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


if __name__ == "__main__":
    main()
