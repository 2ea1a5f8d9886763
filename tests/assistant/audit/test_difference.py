"""What a load changes in the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.app import build_assistant
from assistant.audit.compare.comparison import contradiction
from assistant.audit.compare.loads import Asked, exceeded, limits_of, load_differences, open_versions
from assistant.audit.runs.questions import read_questions
from kb.errors import FaqError
from kb.knowledge_base import open_knowledge_base
from tests.assistant.audit.conftest import Company

EDITS = [
    ("returns.md", "30 days", "14 days"),
    ("returns.md", "Opened headphones cannot", "Opened headphones and earbuds cannot"),
    ("delivery.md", "cost 9 euros", "cost 12 euros"),
    ("delivery.md", "# Delivery\n", "# Delivery\n\nWe deliver in Germany and Austria.\n"),
    ("warranty.md", "2 years", "3 years"),
    ("warranty.md", "## Questions", "## Toasters\n\nToasters carry a warranty of 1 year.\n\n## Questions"),
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit[2][:24].strip("# \n"))
def test_the_shortcut_misses_nothing(company: Company, edit: tuple[str, str, str]) -> None:
    """Asking only where the evidence differs finds exactly the changes that asking everything finds."""
    company.edit(*edit)
    company.load()
    quick = load_differences(company.settings, Asked(file=company.questions))
    whole = load_differences(company.settings, Asked(file=company.questions, everything=True))
    assert len(whole.replayed) == whole.questions
    assert [(i.change.id, i.change.kind) for i in quick.changes] == [
        (i.change.id, i.change.kind) for i in whole.changes
    ]


def test_a_changed_number_is_a_conflict_with_its_document(company: Company) -> None:
    """A changed period is found as conflicting, with both answers and the line that changed."""
    company.edit("returns.md", "30 days", "14 days")
    company.load()
    found = load_differences(company.settings, Asked(file=company.questions))
    behind = next(item for item in found.changes if item.change.id == "q1")
    assert behind.change.kind == "conflicting"
    assert "30 days" in behind.change.first.text
    assert "14 days" in behind.change.second.text
    assert [document.kind for document in behind.documents] == ["changed"]
    assert any(line.startswith("-") and "30 days" in line for line in behind.documents[0].lines)
    assert exceeded(found, limits_of(["conflicting=0"]))
    assert not exceeded(found, limits_of(["conflicting-answers=9", "lost=0"]))


def test_an_unchanged_load_asks_nothing(company: Company) -> None:
    """A version is the same as itself: no question is asked anew, all are saved."""
    with open_knowledge_base(company.settings) as knowledge_base:
        number = knowledge_base.published().version
    found = load_differences(company.settings, Asked(file=company.questions, old=number, new=number))
    assert found.replayed == ()
    assert found.saved == 1.0


def test_a_load_can_be_tried(company: Company) -> None:
    """A dry run shows the changes and leaves the published version as it was."""
    company.edit("warranty.md", "2 years", "3 years")
    with open_knowledge_base(company.settings) as knowledge_base:
        before = knowledge_base.published()
    found = load_differences(company.settings, Asked(file=company.questions, paths=(company.documents,)))
    assert "q2" in {item.change.id for item in found.changes if item.change.kind == "conflicting"}
    with open_knowledge_base(company.settings) as knowledge_base:
        assert knowledge_base.published() == before


def test_a_first_version_has_nothing_before_it(company: Company) -> None:
    """Without an older version the error says what to do."""
    with pytest.raises(FaqError, match="--dry-run PATH"):
        load_differences(company.settings, Asked(file=company.questions))


class _Ordered:
    """A knowledge base that notes whether it is searched after something was embedded for the words."""

    def __init__(self, knowledge_base: Any) -> None:
        self._knowledge_base = knowledge_base
        self.order: list[str] = []
        self.embedder = _Noting(knowledge_base.embedder, self.order)

    def search(self, *arguments: Any) -> Any:
        """Note a search."""
        self.order.append("search")
        return self._knowledge_base.search(*arguments)

    def around(self, *arguments: Any) -> Any:
        """Read the neighbours of a chunk, which embeds and searches nothing."""
        return self._knowledge_base.around(*arguments)

    def for_brand(self, *arguments: Any) -> Any:
        """Settle whose documents are asked, which embeds and searches nothing."""
        return self._knowledge_base.for_brand(*arguments)


class _Noting:
    def __init__(self, embedder: Any, order: list[str]) -> None:
        self._embedder, self._order = embedder, order

    def __getattr__(self, name: str) -> Any:
        if name.startswith("embed"):
            self._order.append("embed")
        return getattr(self._embedder, name)


def test_nothing_is_searched_once_words_are_chosen(company: Company) -> None:
    """The shortcut's premise holds: all searches of a turn come before anything is embedded for the reply."""
    with open_knowledge_base(company.settings) as knowledge_base:
        place = _Ordered(knowledge_base)
        assistant = build_assistant(company.settings, place, None)  # type: ignore[arg-type]
        for question in read_questions(company.questions):
            place.order.clear()
            assistant.reply(question.text)
            assistant.reply(f"{question.text} And {question.text}")
            turns = " ".join(place.order)
            assert "search" in turns
            place.order.clear()
            assistant.reply(question.text)
            first = place.order.index("embed") if "embed" in place.order else len(place.order)
            assert "search" not in place.order[first:]


def test_a_follow_up_is_always_asked_where_a_model_words_it(company: Company) -> None:
    """With a chat model, what is searched for a follow-up is not known beforehand: the probe never vouches."""
    with open_knowledge_base(company.settings) as knowledge_base:
        number = knowledge_base.published().version
    question = read_questions(company.questions)[0]
    from assistant.types import Message

    follow_up = replace(question, history=(Message("customer", "hello"), Message("assistant", "hello")))
    with open_versions(company.settings, number, number) as versions:
        assert versions.probe is not None
        assert versions.probe(follow_up)
    from assistant.audit.compare import loads

    with open_knowledge_base(company.settings) as knowledge_base:
        modelled = company.settings.model_copy(update={"chat_model": "openai:any"})
        probe = loads._probe(modelled, knowledge_base, number, number, loads.date.today())
        assert not probe(follow_up)
        assert probe(question)


@pytest.mark.parametrize(
    ("before", "after", "conflict"),
    [
        ("Returns are accepted within 30 days.", "Returns are accepted within 14 days.", True),
        ("Opened headphones can be returned.", "Opened headphones can not be returned.", True),
        ("退货期限为收货后七天。", "退货期限为收货后十五天。", True),
        ("Returns are accepted within 30 days.", "Returns are accepted within 30 days.", False),
        ("Kettles carry a warranty of 2 years.", "Parcels arrive within 3 working days.", False),
        ("Returns within 30 days.", "Returns within 30 days, for members 60 days.", False),
    ],
)
def test_contradictions_are_other_numbers_or_denials_of_one_matter(
    before: str, after: str, conflict: bool
) -> None:
    """Other numbers, or a negation on one side only, conflict if the sentences speak of the same."""
    assert bool(contradiction(before, after)) is conflict
