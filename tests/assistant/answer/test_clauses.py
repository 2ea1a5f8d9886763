"""Who asks what a clause says gets that clause."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app import build_assistant
from assistant.settings import Settings
from assistant.types import Answer, Outcome
from kb.embedders.hashing import HashingEmbedder
from kb.knowledge_base import KnowledgeBase
from tests.conftest import put_all

LEASE = """1.1 The tenant pays on the first day of a month.

2.2 A berth that stands empty for sixty days is given to the next in line.
This holds in winter, too.

2.21 Guests moor at the outer pier.

12. The lease ends with the season."""
LEASE_ZH = "第一条 承租人每月一日付款。\n\n第十二条 空置六十天的泊位交给下一位。\n\n甲、身份证\n\n乙、保险单"


def asked(home: Path, question: str) -> Answer:
    """Return the answer to a question at a threshold that its words alone would not reach."""
    chosen = Settings(home=home, vector_index="exact", min_answerable=0.99, record=False)
    with KnowledgeBase(chosen, HashingEmbedder()) as knowledge_base:
        put_all(knowledge_base, {"/lease": LEASE, "/lease-zh": LEASE_ZH})
        return build_assistant(chosen, knowledge_base, None).reply(question)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does clause 2.2 say?", "A berth that stands empty for sixty days is given to the next in line.\n"
         "This holds in winter, too."),
        ("clause 12", "12. The lease ends with the season."),
        ("第12条说了什么", "第十二条 空置六十天的泊位交给下一位。"),
        ("item 甲", "甲、身份证"),
    ],
)  # fmt: skip
def test_a_clause_is_found_by_its_number(tmp_path: Path, question: str, said: str) -> None:
    """In digits, Chinese numerals and signs, whole, and not the one whose number begins alike."""
    answer = asked(tmp_path, question)
    assert answer.outcome is Outcome.ANSWERED
    assert said in answer.text
    assert "2.21" not in answer.text


@pytest.mark.parametrize("question", ["clause 7", "Is clause 2.2 fair to guests who pay late?"])
def test_no_clause_is_made_up(tmp_path: Path, question: str) -> None:
    """A number that no document has, and a question about more than the words of a clause, are not answered so."""
    assert asked(tmp_path, question).outcome is Outcome.ABSTAINED
