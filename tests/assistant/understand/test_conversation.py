"""What is said before and beside a question: greetings, follow-ups in a row, other languages, false premises."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant.answer.ask_back import options
from assistant.answer.premise import read_premise
from assistant.app import build_assistant
from assistant.conversation.records import Records, Selection
from assistant.settings import Settings
from assistant.types import Message, Outcome, Quote
from assistant.understand.rewrite import complete
from assistant.understand.small_talk import small_talk
from assistant.understand.understanding import understand
from kb.embedders.hashing import HashingEmbedder
from kb.knowledge_base import KnowledgeBase
from kb.types import Chunk, Hit, SectionKind
from tests.conftest import put_all

POINTS = "Points expire after 90 days. You may return it within 30 days. 积分九十天后作废。签收后30天内可以退货。"


def told(*texts: str) -> list[Message]:
    """Return a conversation, the customer's message first."""
    return [Message("assistant" if place % 2 else "customer", text) for place, text in enumerate(texts)]


def hit_of(text: str, kind: SectionKind = SectionKind.PROSE) -> Hit:
    """Return a hit on a chunk of ``text``."""
    return Hit(
        Chunk(
            id=text,
            document_id="d",
            document_uri="/d",
            title="T",
            text=text,
            position=0,
            start=0,
            end=len(text),
            kind=kind,
        ),
        1.0,
    )


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hello", "greeting"), ("Hi there!", "greeting"), ("您好", "greeting"), ("在吗？", "greeting"),
        ("thanks", "thanks"), ("Great, thank you very much!", "thanks"), ("好的，谢谢您", "thanks"),
        ("bye", "goodbye"), ("再见！", "goodbye"),
        ("hi, how do I return a kettle?", ""), ("thanks, and what does it cost?", ""), ("你好，怎么退货", ""),
        ("yes", ""), ("shorter", ""), ("ok", "noted"), ("Hella", ""),
    ],
)  # fmt: skip
def test_small_talk_is_told_from_questions(message: str, kind: str) -> None:
    """Only a message that is nothing else is a greeting, thanks or a goodbye."""
    assert small_talk(message) == kind


@pytest.mark.parametrize(("message", "begin"), [("hello", "Hello!"), ("谢谢", "不客气")])
def test_small_talk_is_answered_without_a_search(tmp_path: Path, message: str, begin: str) -> None:
    """A greeting gets one back instead of whatever document comes nearest, and is recorded like any answer."""
    chosen = Settings(home=tmp_path, vector_index="exact", min_answerable=0.0)
    with KnowledgeBase(chosen, HashingEmbedder()) as knowledge_base, closing(Records(tmp_path)) as records:
        put_all(knowledge_base, {"/hella": "Night in Hella, breakfast and dinner. 谢谢惠顾。"})
        answer = build_assistant(chosen, knowledge_base, records).reply(message)
        assert records.count(Selection(outcome="clarify")) == 1
    assert answer.outcome is Outcome.CLARIFY
    assert answer.text.startswith(begin)
    assert answer.citations == ()


def test_follow_ups_in_a_row_lean_on_the_same_question() -> None:
    """The third question of a row is completed by the second, and by the one that stood alone before it."""
    history = told("How much is delivery?", "9 yuan.", "And to islands?", "12 yuan more.", "thanks!", "Welcome.")
    assert complete("What about sofas?", history) == "How much is delivery? And to islands? What about sofas?"


def test_the_other_language_looks_for_what_was_said() -> None:
    """An answer wanted in another language is looked for with the question and the answer's words."""
    history = told("How long may I return it?", "Within 30 days. [1]")
    understood = understand("in Chinese please", history)
    assert understood.wordings == ("How long may I return it?\nWithin 30 days.", "How long may I return it?")


@pytest.mark.parametrize(
    ("message", "value", "without"),
    [
        ("How do your 90-day returns work?", "90-day", "How do your returns work?"),
        ("听说你们60天内可以退货？", "60天", "听说你们 可以退货？"),
        ("You charge 60 days for returns?", "60 days", "You charge for returns?"),
    ],
)
def test_a_false_premise_is_taken_out_of_the_search(message: str, value: str, without: str) -> None:
    """A value that the documents give to something else makes no premise true, and is not searched for."""
    hit = hit_of(POINTS)
    quote = POINTS[POINTS.index("You may") : POINTS.index(" 积分")] if message.isascii() else POINTS[-15:]
    doubted = read_premise(message).unstated([hit])
    assert doubted.without_values() == without
    start = POINTS.index(quote)
    assert doubted.contradicted_by([Quote(hit=hit, start=start, end=start + len(quote), text=quote)]) == value
    assert read_premise("How do your 30-day returns work?").unstated([hit]).values == ()


def test_rows_that_only_share_small_words_are_not_offered() -> None:
    """To cancel is not to ask for the column "What you can do"; "the fee" may be any of many."""
    rows = [f"Alert: {c}; What you can do: Wait; Other: {c}; More: x" for c in ("Black", "Red")]
    assert (
        options(understand("How do I cancel?", (), complete), [hit_of(r, SectionKind.TABLE_ROW) for r in rows])
        == []
    )
    fees = [
        f"Service: {s}; Fee: {n}; Other: {n}; More: x" for n, s in enumerate(["In the A1", "B2", "C3", "D4", "E5"])
    ]
    offered = options(
        understand("What is the fee?", (), complete), [hit_of(f, SectionKind.TABLE_ROW) for f in fees]
    )
    assert offered == ["In the A1", "B2", "C3", "D4"]
