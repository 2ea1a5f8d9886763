"""A small company in two versions, its questions, and auditors of it; no model."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.settings import Settings
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.knowledge_base import open_knowledge_base

RETURNS = """# Returns

## Time limits

Unused articles can be returned within 30 days of delivery. Opened headphones cannot be returned.

## Refunds

We refund to the card within 5 working days. Gift cards are never refunded in cash.
"""
DELIVERY = """# Delivery

## Charges

Parcels under 20 kg cost 9 euros. From 60 euros on, delivery is free of charge.

## Times

Parcels arrive within 3 working days. Islands take 8 working days.
"""
WARRANTY = """# Warranty

## Kettles

Kettles carry a warranty of 2 years. Descaling is not covered by the warranty.

## Questions

Call our service line on 0800-555-1234, or write to service@hearth.example.
"""
QUESTIONS = [
    {"id": "q1", "text": "within how many days can unused articles be returned?", "answerable": True,
     "documents": ["returns.md"], "words": [["30 days"]], "topic": "returns"},
    {"id": "q2", "text": "how long is the warranty on kettles?", "answerable": True,
     "documents": ["warranty.md"], "words": [["2 years"]], "topic": "warranty"},
    {"id": "q3", "text": "what do parcels under 20 kg cost for delivery?", "answerable": True,
     "documents": ["delivery.md"], "words": [["9 euros", "9 EUR"]], "topic": "delivery"},
    {"id": "q4", "text": "do you rent out lawn mowers on Mars?", "answerable": False, "topic": "other"},
    {"id": "q5", "text": "are gift cards refunded in cash?", "answerable": True,
     "documents": ["returns.md"], "words": [["never"]], "topic": "returns"},
    {"id": "q6", "text": "how long do parcels to islands take, my card is 4111 1111 1111 1111", "answerable": True,
     "documents": ["delivery.md"], "words": [["8 working days"]], "topic": "delivery"},
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """A loaded company.

    Attributes:
        settings: of its assistant.
        documents: folder of its documents.
        questions: file of its questions.
    """

    settings: Settings
    documents: Path
    questions: Path

    def load(self) -> None:
        """Load the documents as they are now."""
        with open_knowledge_base(self.settings) as knowledge_base, ProgressBar() as bar:
            sync(knowledge_base, find_sources([self.documents]), [self.documents.as_posix()], bar, "test")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a document; load it to let that take effect."""
        path = self.documents / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A company with three documents, loaded; questions are answered however unlikely that is."""
    home = tmp_path / "home"
    for name, value in (("FAQ_HOME", str(home)), ("FAQ_EMBEDDER", "hashing"), ("FAQ_MIN_ANSWERABLE", "0.0")):
        monkeypatch.setenv(name, value)
    documents, questions = tmp_path / "documents", tmp_path / "questions.jsonl"
    documents.mkdir()
    for name, text in (("returns.md", RETURNS), ("delivery.md", DELIVERY), ("warranty.md", WARRANTY)):
        (documents / name).write_text(text)
    questions.write_text("".join(json.dumps(row) + "\n" for row in QUESTIONS))
    made = Company(Settings.load(vector_index="exact"), documents, questions)
    made.load()
    return made


@pytest.fixture
def audit(company: Company) -> Callable[[str], None]:
    """Run an audit of all questions under a name."""
    from assistant.audit.runs.begin import Choice, prepare, work

    def run(name: str) -> None:
        work(prepare(company.settings, Choice(name=name, file=company.questions)), 1)

    return run
