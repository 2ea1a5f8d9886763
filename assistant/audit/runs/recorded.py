"""Recorded conversations as questions of an audit."""

from __future__ import annotations

from pathlib import Path

from assistant.audit.runs.questions import sample
from assistant.audit.types import Question
from assistant.conversation.records import Record, Records, Selection
from assistant.types import Answer

STRATA = ("language", "topic", "channel", "brand", "outcome", "version")
"""What a stratified sample of recorded answers may be drawn by."""


def recorded_questions(
    home: Path, selection: Selection, size: int, seed: int, by: str | None, *, ask_again: bool
) -> list[Question]:
    """Return a sample of the recorded answers; only the ids of the others are held in memory.

    Args:
        home: where the records are.
        selection: which of them.
        size: of the sample.
        seed: the same one draws the same sample.
        by: one of ``STRATA`` to draw from each in proportion; None draws from all alike.
        ask_again: ask now, instead of auditing the answer as it was given.

    Raises:
        StorageError: the records cannot be read.
    """
    records = Records(home)
    try:
        ids = [(record.id, _stratum(record, by)) for record in records.read(selection)]
        chosen = sample(ids, size, seed, stratified=by is not None)
        found = (records.get(identifier) for identifier in chosen)
        return [_question(record, ask_again=ask_again) for record in found if record is not None]
    finally:
        records.close()


def _stratum(record: Record, by: str | None) -> str:
    if by is None:
        return ""
    if by in ("channel", "brand"):
        return str(getattr(record, by))
    if by == "topic":
        return topic_of(record.answer)
    return str(getattr(record.answer, by))


def topic_of(answer: Answer) -> str:
    """Return what an answer is about: title and outermost heading above its first citation.

    Without a citation, those of the best hit, which is what the assistant itself names as nearest; empty where
    nothing was found.
    """
    found = answer.citations[0] if answer.citations else answer.hits[0].chunk if answer.hits else None
    if found is None:
        return ""
    above = next((heading for heading in found.headings if heading != found.title), "")
    return f"{found.title} › {above}" if above else found.title


def _question(record: Record, *, ask_again: bool) -> Question:
    answer = record.answer
    groups = {"language": answer.language, "topic": topic_of(answer), "channel": record.channel}
    groups |= {"brand": record.brand} if record.brand else {}
    given = None if ask_again else answer
    return Question(
        id=record.id, text=answer.understanding.message, history=record.history, groups=groups, given=given,
        brand=record.brand,
    )  # fmt: skip
