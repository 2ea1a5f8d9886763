"""What each check says of a claim and the sentences that it is held against."""

from __future__ import annotations

import pytest

from assistant.verify.checks import fact_objections, missing_names, objections, turned_round
from assistant.verify.evidence import Passage, Place
from assistant.verify.speaker import of_the_speaker
from assistant.verify.verifier import in_like_words


def places(*texts: str, score: float = 1.0) -> list[Place]:
    """Return all sentences of texts as places that say so much of a claim."""
    return [
        Place(passage=passage, sentence=number, score=score, near=score, covered=score)
        for passage in map(Passage, texts)
        for number in range(len(passage.sentences))
    ]


@pytest.mark.parametrize(
    ("claim", "question", "answer", "reason"),
    [
        ("Gift cards expire.", "Do gift cards expire?", "No.", "the source says no"),
        ("Gift cards do not expire.", "Do gift cards expire?", "Yes, in May.", "the source says yes"),
        ("Gift cards do not expire.", "Do gift cards expire?", "No.", ""),
        ("Gift cards expire.", "Do gift cards expire?", "Yes, in May.", ""),
        ("Gift cards do not expire.", "Do gift cards expire?", "They are of steel.", ""),
        ("礼品卡会过期。", "礼品卡会过期吗？", "不会。", "the source says no"),
        ("礼品卡不会过期。", "礼品卡会过期吗？", "是的。", "the source says yes"),
        ("礼品卡会过期。", "礼品卡会过期吗？", "是的。", ""),
    ],
)
def test_an_answer_decides_what_its_question_asks(claim: str, question: str, answer: str, reason: str) -> None:
    """Yes and no turn a claim in the question's words round; an answer that is neither decides nothing."""
    passage = Passage(f"{question}\n{answer}")
    asked = Place(passage=passage, sentence=0, score=1.0, near=1.0, covered=1.0)
    assert turned_round(Passage(claim), [asked]) == reason


def test_a_question_decides_nothing_without_its_words_or_its_answer() -> None:
    """A question in other words, and one that its text leaves open, speak against no claim."""
    claim = Passage("Gift cards expire.")
    assert turned_round(claim, places("Do gift cards expire?")) == ""
    (asked, _) = places("Do gift cards expire?\nNo.", score=0.5)
    assert turned_round(claim, [asked]) == ""


def test_another_language_objects_to_no_word() -> None:
    """A source in another language makes no condition and changes no name that words could tell."""
    source = "Members of Tarnwave pay no delivery if they order online."
    assert objections(Passage("会员在网上订购可以免运费。"), places(source)) == []


def test_every_condition_of_a_sentence_is_looked_at() -> None:
    """A claim that keeps the first condition and drops the second is objected to for the second."""
    source = "If you are a member, parcels are free unless they are heavy."
    found = objections(Passage("If you are a member, parcels are free."), places(source))
    assert set(found) == {"the source makes a condition: unless they are heavy"}
    assert objections(Passage(source), places(source)) == []


def test_a_code_is_the_same_with_other_gaps() -> None:
    """Blanks and hyphens in a code do not matter, its letters and figures do."""
    there = places("Use form AB 1234.")
    assert fact_objections(Passage("Use form AB-1234."), there) == []
    assert fact_objections(Passage("Use form AB-1235."), there) != []
    assert fact_objections(Passage("Use form CD-1."), there) == ["the source does not say CD-1"]


def test_what_the_source_says_instead_is_named() -> None:
    """An objection to a number shows the source's own with its limit, and the claim's."""
    there = places("You can return it within 30 days.")
    (reason,) = fact_objections(Passage("You can return it within 90 days."), there)
    assert reason == "the source says at most 30 days, not at most 90 days"
    assert fact_objections(Passage("You can return it within 30 days."), there) == []


def test_each_missing_name_is_objected_to() -> None:
    """A name of the claim that no passage has is named, and one that another passage has is not."""
    there = places("Parcels go to Berlin.", "Parcels go with Fedora Express.")
    assert missing_names(Passage("Parcels go to Berlin with Fedora Express."), there) == []
    found = missing_names(Passage("Parcels go to Oslo with Fedora Express or Tarnwave Cargo."), there)
    assert found == ["the source does not name oslo", "the source does not name tarnwave cargo"]


def test_what_one_passage_says_of_its_speaker_bears_a_claim_out() -> None:
    """Whichever passage speaks of the speaker; a question that does is no statement."""
    claim = Passage("I live there.")
    reason = "the source does not speak of the speaker"
    assert of_the_speaker(claim, places("I live in the flat.", "The flat is warm.")) == ""
    assert of_the_speaker(claim, places("The flat is warm.", "I live in the flat.")) == ""
    assert of_the_speaker(claim, places("Where do I live?", "The flat is warm.")) == reason


def test_like_words_stand_in_one_case_in_the_claims_order() -> None:
    """All words in another order, from two cases, of a question or as the opposite are not like words."""
    (source,) = places("Members pay the parcel; guests pay the letter.")
    assert in_like_words(Passage("Members pay the parcel."), source)
    assert in_like_words(Passage("Members pay the parcel; guests pay the letter."), source)
    assert not in_like_words(Passage("Members pay the letter."), source)
    assert not in_like_words(Passage("The parcel members pay."), source)
    assert not in_like_words(Passage("Members."), source)
    (asked,) = places("Do members pay the parcel?")
    assert not in_like_words(Passage("Members pay the parcel."), asked)


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        (
            "Guests pay in cash.",
            "In May, guests pay in cash only, members as they like.",
            "the source limits it: only",
        ),
        ("Guests pay in cash.", "Only guests pay in cash.", "the source limits it: Only"),
        ("Guests pay in cash only.", "In May, guests pay in cash only.", ""),
        ("Members come in May.", "Guests pay in cash only, and members come in May.", ""),
    ],
)
def test_what_is_limited_stands_before_the_limit_in_its_clause(claim: str, source: str, reason: str) -> None:
    """A claim without "only" is objected to if it says what the limit is said of."""
    assert objections(Passage(claim), places(source)) == ([reason] * 2 if reason else [])


@pytest.mark.parametrize(
    ("claim", "speaks"),
    [
        ("I have one, too.", True),
        ("My own lid is blue.", True),
        ("我也有一个。", True),
        ("I think that it is blue.", False),
        ("See Part I of the rules.", False),
        ("Tick Remember me to stay.", False),
        ("Tick it for me to stay.", True),
        ("我们公司有一个。", False),
    ],
)
def test_who_speaks_of_himself_is_told(claim: str, speaks: bool) -> None:
    """Roman numbers, buttons and how the speaker knows are nothing that a speaker says of himself."""
    assert bool(of_the_speaker(Passage(claim), places("The lid is blue.", "盖子是蓝色的。"))) is speaks


@pytest.mark.parametrize(
    ("claim", "conditional"),
    [
        ("Members pay a fee.", True),
        ("Guests pay for the letter.", False),
        ("Owners pay for the flat.", False),
    ],
)
def test_a_condition_is_one_of_its_part_between_semicolons(claim: str, conditional: bool) -> None:
    """What stands before or behind the semicolons around a condition is said without it."""
    source = "Owners pay for the flat; members pay a fee if they are late; guests pay for the letter."
    reasons = objections(Passage(claim), places(source, score=0.5))
    assert bool(reasons) is conditional
    assert set(reasons) <= {"the source makes a condition: if they are late"}
