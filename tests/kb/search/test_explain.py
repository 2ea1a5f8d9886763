"""A search tells why: which ranker found a passage, which words matched, what the conversation added."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.commands.explained import explanation_row, render_explanation
from assistant.types import Message
from assistant.understand.understanding import understand
from kb.knowledge_base import KnowledgeBase
from kb.search.explain import RANKERS, Explanation
from kb.search.fusion import Candidates
from kb.settings import KnowledgeSettings
from tests.conftest import one_chunk

QUESTION = "how long may a kettle be returned"


@pytest.fixture
def told(knowledge_base: KnowledgeBase) -> Explanation:
    """An explained search of three passages, one of which has a stored question."""
    with knowledge_base.load() as load:
        load.put(*one_chunk("kettle", "within 30 days", question="how long may a kettle be returned"))
        load.put(*one_chunk("lamp", "a lamp may be returned within 14 days"))
        load.put(*one_chunk("opening", "we open at nine"))
        load.publish("test")
    return knowledge_base.explain([QUESTION], 3)


def test_an_explained_search_is_the_search(told: Explanation, knowledge_base: KnowledgeBase) -> None:
    """Asking why changes neither hits nor scores nor the probability."""
    assert told.retrieval == knowledge_base.search([QUESTION], 3)
    assert [reason.hit for reason in told.reasons] == list(told.retrieval.hits)


def test_every_ranker_that_spoke_is_named(told: Explanation) -> None:
    """A hit shows vectors, its stored question and BM25 with score and place; what is silent has no place."""
    kettle = next(reason for reason in told.reasons if reason.hit.chunk.document_uri == "kettle")
    assert kettle.rankers.keys() == {"vectors", "stored question", "BM25"}
    assert kettle.rankers["stored question"].score == pytest.approx(1, abs=1e-5)
    assert kettle.rankers["stored question"].place == 1
    opening = next(reason for reason in told.reasons if reason.hit.chunk.document_uri == "opening")
    assert opening.rankers["stored question"].score is None
    assert opening.rankers["BM25"].score is None
    assert opening.rankers["BM25"].place is None


def test_shares_add_up_to_the_fused_score(told: Explanation) -> None:
    """With one wording, a linear fusion's shares are the whole of it; feedback is what is left to the score."""
    for reason in told.reasons:
        assert reason.fused + reason.feedback == pytest.approx(reason.hit.score, abs=1e-6)
        assert reason.rankers["BM25"].share >= 0


def test_words_are_told_by_rarity(told: Explanation) -> None:
    """Matched and missing words are the question's terms; the rarest come first among the missing."""
    lamp = next(reason for reason in told.reasons if reason.hit.chunk.document_uri == "lamp")
    assert "return" in lamp.matched
    assert "kettl" in lamp.missing
    assert set(lamp.matched) | set(lamp.missing) == told.frequency.keys()
    counts = [told.frequency[term] for term in lamp.missing]
    assert counts == sorted(counts)


def test_what_the_conversation_added_is_shown(told: Explanation) -> None:
    """A follow-up shows the message, its completion and the talk that was searched with it."""
    follow_up = understand("and opened ones?", [Message("customer", QUESTION), Message("assistant", "30 days")])
    row = explanation_row(told, follow_up)
    assert row["queries"] == ["and opened ones?", f"{QUESTION} and opened ones?"]
    assert "30 days" in row["context"]
    shown = render_explanation(told, follow_up)
    assert f"completed {QUESTION} and opened ones?" in shown
    assert "vectors" in shown
    assert "kettl (1)" in shown


def test_nothing_found_is_explained_too(knowledge_base: KnowledgeBase, told: Explanation) -> None:
    """An empty question has no hits and no reasons."""
    nothing = knowledge_base.explain([" "], 3)
    assert nothing.reasons == ()
    assert "looked at 0 candidates" in render_explanation(nothing, understand(" ", []))


def test_every_ranker_has_a_name() -> None:
    """No column of the fusion stays unexplained."""
    assert RANKERS.keys() == set(Candidates.__slots__) - {"foreign"}


@pytest.mark.slow
def test_late_interaction_is_explained(tmp_path: Path) -> None:
    """With the bundled model a hit also shows how its tokens fit."""
    with KnowledgeBase(KnowledgeSettings(home=tmp_path, vector_index="exact")) as knowledge_base:
        with knowledge_base.load() as load:
            load.put(*one_chunk("kettle", "A kettle may be returned within 30 days."))
            load.put(*one_chunk("opening", "We open at nine."))
            load.publish("test")
        told = knowledge_base.explain([QUESTION], 2)
    assert told.reasons[0].rankers["late interaction"].place == 1


def _faq(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *arguments: str) -> str:
    from typer.testing import CliRunner

    from assistant.cli import app

    monkeypatch.setenv("FAQ_EMBEDDER", "hashing")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_explains(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`faq search --explain` shows reasons to people, and adds them to the JSON row, with the talk before."""
    (tmp_path / "a.md").write_text("# Kettles\n\nA kettle may be returned within 30 days.\n")
    _faq(monkeypatch, tmp_path, "ingest", "a.md")
    shown = _faq(monkeypatch, tmp_path, "search", "and opened ones?", "--after", QUESTION, "--explain")
    assert "completed" in shown
    assert "BM25" in shown
    row: dict[str, Any] = json.loads(_faq(monkeypatch, tmp_path, "search", QUESTION, "--explain", "--json"))
    assert row["explanation"]["hits"][0]["chunk_id"] == row["hits"][0]["chunk_id"]
    assert "explanation" not in json.loads(_faq(monkeypatch, tmp_path, "search", QUESTION, "--json"))
