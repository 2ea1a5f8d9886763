"""What a chat model leaves out of a list, or of what limits it, is said behind its sentences."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant.app import build_assistant
from assistant.conversation.records import Records
from assistant.settings import Settings
from assistant.types import Answer
from kb.embedders.hashing import HashingEmbedder
from kb.knowledge_base import KnowledgeBase
from tests.conftest import put_all
from tests.servers.openai_chat import Reply, serve_chat

pytest.importorskip("langchain_openai")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PAPERS = """For a berth in the marina you need these papers:

1. The boat's registration.
2. Proof of insurance.
3. A recent photo of the hull.
4. The key deposit receipt.

Boats under four metres are excluded: they need no insurance."""
PARKING = "Guests park for 12 dollars a day. However, trailers are not included in this price."


def written(home: Path, draft: str, question: str, text: str) -> Answer:
    """Return the reply where a chat model writes a draft."""
    with serve_chat(lambda body: Reply(draft)) as url:
        chosen = Settings(
            home=home, vector_index="exact", chat_base_url=url, chat_model="scripted", min_answerable=0.0,
            chat_seconds=60.0,
        )  # fmt: skip
        with KnowledgeBase(chosen, HashingEmbedder()) as knowledge_base, closing(Records(home)) as records:
            put_all(knowledge_base, {"/a": text})
            return build_assistant(chosen, knowledge_base, records).reply(question)


def test_items_that_a_draft_drops_are_added(tmp_path: Path) -> None:
    """A list of which some items are told is completed word for word, with what limits it behind it."""
    draft = "You need the boat's registration. [1] You need proof of insurance. [1]"
    answer = written(tmp_path, draft, "Which papers do I need for a berth?", PAPERS)
    assert answer.text.startswith(
        "1. The boat's registration. [1]"
    )  # the source's words, which say all that the draft did
    for words in ("3. A recent photo of the hull.", "4. The key deposit receipt.", "Boats under four metres"):
        assert words in answer.text
    assert answer.text.count("egistration") == 1
    assert answer.degraded == ""


def test_an_exception_that_a_draft_drops_is_added(tmp_path: Path) -> None:
    """A sentence whose limit stands beside it in the document does not go out without it."""
    answer = written(tmp_path, "Guests park for 12 dollars a day. [1]", "What does parking cost?", PARKING)
    assert "However, trailers are not included in this price." in answer.text
    told = written(
        tmp_path, "Guests park for 12 dollars a day. [1] Trailers are not included in this price. [1]",
        "What does parking cost?", PARKING,
    )  # fmt: skip
    assert told.text.casefold().count("trailers") == 1


def test_a_fact_of_a_list_is_told_alone(tmp_path: Path) -> None:
    """Who asks for one thing gets no list behind it."""
    draft = "You need the key deposit receipt. [1]"
    answer = written(tmp_path, draft, "Is the key deposit receipt needed for a berth?", PAPERS)
    assert "photo of the hull" not in answer.text


def test_a_list_too_long_says_where_it_goes_on(tmp_path: Path) -> None:
    """Of many items some are added, and where the rest stands."""
    long = "For a berth you need these papers:\n\n" + "\n".join(
        f"{number}. Form {number} of the harbour office, signed by the owner and stamped by the office."
        for number in range(1, 41)
    )
    draft = "You need form 1 of the harbour office, signed by the owner and stamped by the office. [1]"
    answer = written(tmp_path, draft, "Which papers do I need for a berth?", long)
    assert "2. Form 2 of the harbour office" in answer.text
    assert "40. Form 40" not in answer.text
    assert "There is more of this list in" in answer.text
