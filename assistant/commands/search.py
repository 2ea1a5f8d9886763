"""``faq search``: the passages that fit a question best, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from assistant.commands.options import (
    TODAY,
    AtVersion,
    Audience,
    Batch,
    Json,
    Language,
    On,
    Product,
    Words,
    build_filters,
)
from assistant.commands.questions import batch_rows, one_question
from assistant.settings import Settings
from assistant.types import Message
from kb.terminal import exit_codes, print_json

After = Annotated[
    list[str] | None, typer.Option("--after", help="What the customer asked before; may be given several times.")
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Show each ranker's score, the words that matched, what was carried over."),
]


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

    text = one_question(question, batch)
    filters = build_filters(on, audience, product, language, at_version)
    with exit_codes(), open_knowledge_base(Settings.load()) as knowledge_base:

        def found(message: str, history: Sequence[Message]) -> tuple[dict[str, Any], str]:
            """Return a search as a row and as people read it."""
            understanding = understand(message, history)
            if not explain:
                retrieval = knowledge_base.search(understanding.wordings, top_k, filters)
                return search_row(retrieval), render_hits(retrieval)
            told = knowledge_base.explain(understanding.wordings, top_k, filters)
            row = {**search_row(told.retrieval), "explanation": explanation_row(told, understanding)}
            return row, render_explanation(told, understanding)

        for row in batch_rows(batch):
            print_json({"id": row.id, **found(row.text, row.history)[0]})
        if text is not None:
            as_row, as_text = found(text, [Message("customer", said) for said in after or ()])
            if json:
                print_json(as_row)
            else:
                print(as_text)
