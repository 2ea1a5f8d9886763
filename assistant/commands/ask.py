"""``faq ask``: one question, or a file of them, answered with citations."""

from __future__ import annotations

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
    looks_at_days,
)
from assistant.commands.questions import batch_rows, one_question
from assistant.settings import Settings
from kb.terminal import exit_codes, print_json, say


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
    from assistant.channels.terminal import answer_row, render, tell_model

    text = one_question(question, batch)
    filters = build_filters(on, audience, product, language, at_version)
    any_day = not looks_at_days(on)
    with exit_codes(), open_assistant(Settings.load()) as assistant:
        degraded = 0
        for row in batch_rows(batch):
            answer = assistant.reply(row.text, row.history, filters, any_day=any_day, channel="batch")
            print_json({"id": row.id, **answer_row(answer)})
            degraded += bool(answer.trace.fallback)
        if degraded:
            say(
                f"chat model: it failed for {degraded} questions; their rows say why: see `degraded`, `faq status`"
            )
        if text is not None:
            answer = assistant.reply(text, filters=filters, any_day=any_day, channel="terminal")
            tell_model(answer)
            if json:
                print_json(answer_row(answer))
            else:
                print(render(answer))
