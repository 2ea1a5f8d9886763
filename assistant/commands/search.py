"""``faq search``: the passages that fit a question best, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from assistant.commands.options import Batch, Json, Seen, Words, narrowed
from assistant.commands.questions import batch_rows, one_question
from assistant.settings import Settings
from assistant.types import Message
from kb.terminal import exit_codes, print_json
from kb.types import Filters

After = Annotated[
    list[str] | None, typer.Option("--after", help="What the customer asked before; may be given several times.")
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Show each ranker's score, the words that matched, what was carried over."),
]


@narrowed
def search(
    seen: Seen,
    question: Words = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=1000, help="How many hits.")] = 10,
    after: After = None,
    explain: Explain = False,
    batch: Batch = None,
    json: Json = False,
) -> None:
    """Show the passages that fit a question best, and how likely they are to answer it."""
    from assistant.channels.terminal import render_hits, search_row
    from assistant.commands.explained import explanation_row, render_explanation
    from assistant.understand.understanding import understand
    from kb.knowledge_base import open_knowledge_base

    text = one_question(question, batch)
    with exit_codes(), open_knowledge_base(Settings.load()) as knowledge_base:

        def shown(message: str, history: Sequence[Message], filters: Filters) -> tuple[dict[str, Any], str]:
            """Return a search as a row and as people read it."""
            understanding = understand(message, history)
            if not explain:
                retrieval = knowledge_base.search(understanding.wordings, top_k, filters)
                return search_row(retrieval), render_hits(retrieval)
            explanation = knowledge_base.explain(understanding.wordings, top_k, filters)
            row = {**search_row(explanation.retrieval), "explanation": explanation_row(explanation, understanding)}
            return row, render_explanation(explanation, understanding)

        rows = batch_rows(batch)
        for row in rows:
            knowledge_base.for_brand(row.narrowed(seen.filters))
        for row in rows:
            print_json({"id": row.id, **shown(row.text, row.history, row.narrowed(seen.filters))[0]})
        if text is not None:
            history = [Message("customer", before) for before in after or ()]
            as_row, as_text = shown(text, history, seen.filters)
            if json:
                print_json(as_row)
            else:
                print(as_text)
