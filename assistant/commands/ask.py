"""``faq ask``: one question, or a file of them, answered with citations."""

from __future__ import annotations

from assistant.commands.options import Batch, Json, Seen, Words, narrowed
from assistant.commands.questions import batch_rows, one_question
from assistant.settings import Settings
from kb.terminal import exit_codes, print_json, say


@narrowed
def ask(seen: Seen, question: Words = None, batch: Batch = None, json: Json = False) -> None:
    """Answer a question from the documents, with citations, or say that they do not tell."""
    from assistant.app import open_assistant
    from assistant.channels.terminal import answer_row, render, tell_model

    text = one_question(question, batch)
    with exit_codes(), open_assistant(Settings.load()) as assistant:
        degraded = 0
        rows = batch_rows(batch)
        for row in rows:  # before the first is answered: nobody waits for half a file
            assistant.for_brand(row.narrowed(seen.filters))
        for row in rows:
            filters = row.narrowed(seen.filters)
            answer = assistant.reply(row.text, row.history, filters, any_day=seen.any_day, channel="batch")
            print_json({"id": row.id, **answer_row(answer)})
            degraded += bool(answer.trace.fallback)
        if degraded:
            say(
                f"chat model: it failed for {degraded} questions; their rows say why: see `degraded`, `faq status`"
            )
        if text is not None:
            answer = assistant.reply(text, filters=seen.filters, any_day=seen.any_day, channel="terminal")
            tell_model(answer)
            if json:
                print_json(answer_row(answer))
            else:
                print(render(answer))
