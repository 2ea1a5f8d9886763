"""Nothing private is written: what audits keep goes through here first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.audit.types import AuditedAnswer
from assistant.guard.redact import redact

# A published document may name the company's telephone and address; it never needs a card's or a person's number.
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){11,}[Xx]?")


def redacted(answer: AuditedAnswer, documents: str, regions: Sequence[str]) -> AuditedAnswer:
    """Return an audited answer without private data.

    Telephone numbers and mail addresses that the company's own documents name stay, so that quotes can be read.

    Args:
        answer: as measured.
        documents: the texts of the passages that it rests on.
        regions: whose national telephone numbers are taken out.
    """

    def clean(text: str) -> str:
        return redacted_text(text, regions, documents)

    return replace(
        answer,
        question=clean(answer.question),
        groups={name: clean(value) for name, value in answer.groups.items()},
        text=clean(answer.text),
        error=clean(answer.error),
        sentences=tuple(replace(s, text=clean(s.text)) for s in answer.sentences),
        claims=tuple(
            replace(c, text=clean(c.text), quote=clean(c.quote), reason=clean(c.reason)) for c in answer.claims
        ),
        citations=tuple(
            replace(
                c, title=clean(c.title), headings=tuple(map(clean, c.headings)), quote=clean(c.quote),
                before=clean(c.before), after=clean(c.after),
            )
            for c in answer.citations
        ),
    )  # fmt: skip


def redacted_text(text: str, regions: Sequence[str], documents: str = "") -> str:
    """Return one text without private data; ``documents`` are the company's words, whose numbers stay."""
    return redact(text, _LONG_NUMBER.sub(" ", documents), regions=regions)
