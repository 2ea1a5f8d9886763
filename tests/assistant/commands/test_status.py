"""``faq status``, and what ``faq ask`` says of a chat model that fails."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.servers.openai_chat import Fault, Reply, serve_chat


def test_before_the_first_load(faq: Any) -> None:
    """It says what to do, and makes no file of records."""
    told = faq("status").stdout
    assert "nothing is loaded: run `faq ingest PATH`" in told
    assert "none: answers are quotes" in told
    seen = json.loads(faq("status", "--json").stdout)
    assert seen["version"] is None
    assert seen["health"] is None


def test_after_a_load(faq: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home, version, documents, chunks, the last load, calibration; another embedder is told of."""
    faq("ingest", "documents")
    seen = json.loads(faq("status", "--json").stdout)
    assert seen["version"]["number"] == 1
    assert seen["version"]["documents"] == seen["version"]["chunks"] == 2
    assert seen["version"]["note"] == "ingest documents"
    assert (seen["calibration"], seen["wrong"]) == ("none", [])
    assert "2 in 2 chunks" in faq("status").stdout
    monkeypatch.setenv("FAQ_EMBEDDER", "nonsense")
    assert "nonsense" in faq("status").stdout


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_failing_chat_model_is_told_everywhere(faq: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On stderr, in the row, in a batch, and afterwards in the status."""
    pytest.importorskip("langchain_openai")
    faq("ingest", "documents")
    question = "How long can I return a kettle?"
    with serve_chat(lambda body: Reply("", Fault.STATUS, 503)) as url:
        monkeypatch.setenv("FAQ_CHAT_MODEL", "scripted")
        monkeypatch.setenv("FAQ_CHAT_BASE_URL", url)
        monkeypatch.setenv("FAQ_CHAT_RETRIES", "0")
        result = faq("ask", question, "--json")
        batch = faq("ask", "--batch", "-", typed=json.dumps({"id": 1, "text": question}))
        talked = faq("chat", typed=question)
    assert "scripted failed" in json.loads(result.stdout)["degraded"]
    assert "30 days" in json.loads(result.stdout)["text"]
    assert "quotes stand in" in result.stderr
    assert "quotes stand in" in talked.stderr
    assert "scripted failed" in json.loads(batch.stdout)["degraded"]
    assert "failed for 1 questions" in batch.stderr
    assert "asked for 3 of the last 3 answers, failed for 3" in faq("status").stdout
    seen = json.loads(faq("status", "--json").stdout)
    assert seen["chat_model"] == "scripted"
    assert "scripted failed" in seen["health"]["last"][0]["text"]


def test_without_a_chat_model_nothing_is_degraded(faq: Any) -> None:
    """Quotes are no makeshift where nothing else is wanted."""
    faq("ingest", "documents")
    assert "degraded" not in json.loads(faq("ask", "return a kettle", "--json").stdout)
    assert "asked for" not in faq("status").stdout
