"""The retriever keeps LangChain's contract, and says where each passage stands."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from kb.types import Filters, Labels
from tests.conftest import WordsEmbedder, one_chunk

pytest.importorskip("langchain_core")

from kb.langchain import KnowledgeBaseRetriever

QUESTION = "how long does a parcel take"


def filled(home: Path) -> KnowledgeBase:
    """Return an open knowledge base of five parcels, one of them for staff and one that was."""
    labels = {3: Labels(audience="staff"), 4: Labels(valid_until=date(2020, 1, 1))}
    knowledge_base = KnowledgeBase(KnowledgeSettings(home=home, vector_index="exact"), WordsEmbedder())
    with knowledge_base.load() as load:
        for number in range(5):
            text = f"a parcel of size {number} does take {number} days"
            load.put(*one_chunk(f"/{number}.md", text, f"Size {number}", labels=labels.get(number, Labels())))
        load.publish("test")
    return knowledge_base


def test_a_passage_says_where_it_stands(tmp_path: Path) -> None:
    """Text, address, title, page, headings and score come along; what is not for everyone today does not."""
    with filled(tmp_path / "base") as knowledge_base:
        retriever = KnowledgeBaseRetriever(knowledge_base=knowledge_base)
        found = retriever.invoke(QUESTION)
        staff = retriever.invoke(QUESTION, filters=Filters(audience="staff"))
        searched = knowledge_base.search([QUESTION], 10, Filters(on=date.today()))
    assert {document.metadata["uri"] for document in found} == {"/0.md", "/1.md", "/2.md"}
    assert {document.metadata["uri"] for document in staff} == {f"/{number}.md" for number in range(5)}
    first, best = found[0], searched.hits[0]
    assert first.page_content == best.chunk.text
    assert first.id == best.chunk.id
    assert first.metadata["score"] == best.score
    assert first.metadata["title"] == best.chunk.title
    assert (first.metadata["page"], first.metadata["headings"]) == (None, [])
    assert first.metadata["answerable"] == searched.answerable


def test_the_knowledge_base_does_not_import_langchain() -> None:
    """Whoever does not ask for the retriever does not load LangChain."""
    code = "import sys, kb.knowledge_base, kb.cli; print(any(m.startswith('langchain') for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
