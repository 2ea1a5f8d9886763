"""What an answer without a chat model says, and what it must not leave out."""

import json
from pathlib import Path

import pytest

from assistant.answer.extractive import Extractive
from assistant.answer.limits import is_edition
from assistant.table.fields import fields_asked_for
from kb.embedders.hashing import HashingEmbedder
from kb.guard.marks import Guard
from kb.types import Chunk, Hit, SectionKind

FILLER = "Our shops sell kettles, toasters and irons in many colours. Ask the staff for advice about any of them. "
POLICY = (
    FILLER * 3
    + "You may return a kettle within 30 days of delivery. "
    + "However, an opened kettle can only be returned if it is faulty. "
    + FILLER * 3
)


def hit(text: str, kind: SectionKind = SectionKind.PROSE, question: str | None = None) -> Hit:
    """Return a hit for a text."""
    return Hit(
        Chunk(
            id="c",
            document_id="d",
            document_uri="/d.md",
            title="Policy",
            text=text,
            position=0,
            start=0,
            end=len(text),
            kind=kind,
            question=question,
        ),
        1.0,
    )


def quoted(query: str, found: Hit) -> str:
    """Return what is quoted for a question from one hit."""
    (quote,) = Extractive(HashingEmbedder()).quotes(query, [found])
    assert quote.words in found.chunk.text
    return quote.text


def test_long_prose_is_cut_to_the_sentences_that_answer() -> None:
    """Of a long chunk the sentence with the answer is quoted, not the whole."""
    text = quoted("within how many days may I return a kettle after delivery", hit(POLICY))
    assert "30 days of delivery" in text
    assert len(text) < len(POLICY) / 2


def test_exception_comes_along() -> None:
    """A sentence that limits the quoted one is never cut off."""
    text = quoted("within how many days may I return a kettle after delivery", hit(POLICY))
    assert "only be returned if it is faulty" in text


def test_sentence_that_leans_back_brings_what_it_leans_on() -> None:
    """A sentence that opens with "However" is not quoted without the one before it."""
    text = quoted("opened kettle can only be returned if faulty", hit(POLICY))
    assert text.startswith("You may return a kettle within 30 days")


def test_list_keeps_its_lead_in() -> None:
    """Items are quoted with the line that says what they are."""
    text = FILLER * 4 + "\nThe following cannot be returned:\n- gift cards\n- spare parts\n- hygiene items"
    quote = quoted("can gift cards be returned", hit(text))
    assert "The following cannot be returned:" in quote
    assert "- hygiene items" in quote


def test_chinese_exception_comes_along() -> None:
    """除外 and 但 are limits too."""
    filler = "本店出售水壶、电饭煲和熨斗等各类小家电，欢迎到店选购。" * 16
    text = filler + "水壶签收后三十天内可以退货。但拆封使用过的水壶除外。" + filler
    assert "拆封使用过的水壶除外" in quoted("水壶多少天内可以退货", hit(text))


def test_a_short_text_is_quoted_without_its_edition() -> None:
    """Which edition a document is of is said only where it is asked for."""
    text = "Version 5.1, effective 1 February 2026. We deliver to all towns. We do not deliver to islands."
    assert quoted("Do you deliver to islands?", hit(text)) == text.partition("2026. ")[2]
    assert "5.1" in quoted("Since when is version 5.1 effective?", hit(text))


@pytest.mark.parametrize(
    ("sentence", "edition"),
    [
        ("Version 5.1, effective 1 February 2026.", True),
        ("Last updated: March 3rd, 2025", True),
        ("版本5.1，自2026年2月1日起施行。", True),
        ("Version 3 of the app is required.", False),
        ("Versions 2 and older are not supported.", False),
        ("Edition 2 costs 40 euros.", False),
        ("Valid from 18 years of age.", False),
        ("Effective 2025, no refunds.", False),
        ("Effective 1 March 2025, this is no longer possible.", False),
        ("本政策自2025年1月1日起不再提供退款。", False),
    ],
)
def test_an_edition_is_told_from_a_rule(sentence: str, edition: bool) -> None:
    """A line is left out only if it says nothing but edition and date."""
    assert is_edition(sentence) is edition


def test_stored_answer_is_quoted_without_its_question() -> None:
    """The question that the company wrote is not repeated."""
    found = hit("Do you ship abroad?\nYes, to Canada.", SectionKind.QUESTION_ANSWER, "Do you ship abroad?")
    assert quoted("shipping abroad", found) == "Yes, to Canada."


@pytest.mark.parametrize(
    ("query", "wanted", "unwanted"),
    [
        ("price of HL-20", "Price: 49", "Weight"),
        ("how heavy, the weight of HL-20", "Weight: 2 kg", "Price"),
    ],
)
def test_row_says_the_fields_asked_for(query: str, wanted: str, unwanted: str) -> None:
    """Of a table row: what it is, and the fields that the question names."""
    row = "Model: HL-20; Price: 49; Weight: 2 kg; Colour: red; Warranty: 2 years"
    said = fields_asked_for(query, row)
    assert said.startswith("Model: HL-20")
    assert wanted in said
    assert unwanted not in said


_BRANCH = "编号: B07; 分行名称: 机场分行; 营业时间: 7:00–23:00"


@pytest.mark.parametrize(
    ("query", "row", "wanted", "unwanted"),
    [
        (
            "until when is the Beijing store open on Sundays",
            "store_code: S04; city: Beijing; weekday_hours: 10:00-21:30; weekend_hours: 10:00-22:00; manager: Wu",
            "10:00-22:00", "Wu",
        ),
        ("机场分行早上几点开门", f"{_BRANCH}; 保管箱: 无; 外币: 有", "7:00", "保管箱"),
        ("机场分行有会粤语的吗", f"{_BRANCH}; 保管箱: 无; 备注: 粤语服务", "粤语", "¥"),
        (
            "cheapest price of the safari, and how many meals",
            "Code: K8; Tour: Safari; Days: 8; Low season (HK$): 328; Meals: 21; Minimum group: 6; Flights: yes",
            "328; Meals: 21", "Minimum",
        ),
        ("what is it in the end", "Model: A; Weight: 2; In the box: base; Cord: 1 m; Lid: no", "Weight: 2", "¥"),
    ],
)  # fmt: skip
def test_row_says_what_states_the_kind_asked_for(query: str, row: str, wanted: str, unwanted: str) -> None:
    """Times are said where a time is asked for; small words, or the row's own name, name no header."""
    said = fields_asked_for(query, row)
    assert wanted in said
    assert unwanted not in said


def test_row_is_said_whole_where_no_field_is_named() -> None:
    """A question about the row in general gets all of it."""
    row = "Model: HL-20; Price: 49; Weight: 2 kg; Colour: red; Warranty: 2 years"
    assert fields_asked_for("tell me everything", row) == row


def test_nothing_found_nothing_said() -> None:
    """Without hits there are no quotes."""
    assert Extractive(HashingEmbedder()).quotes("x", []) == []


class Blind(Guard):
    """Looks for nothing."""

    def places(self, chunk: Chunk) -> tuple[list[tuple[int, int]], frozenset[int]]:
        """Return the sentences, none of them planted."""
        return super().places(chunk)[0], frozenset()


def test_answers_that_instruct_customers_are_quoted_as_without_the_check() -> None:
    """48 stored answers full of orders, codes and samples are given whole, as if nobody looked for more."""
    rows = Path(__file__).parents[2] / "data" / "instructing-faq.jsonl"
    for row in map(json.loads, rows.read_text(encoding="utf-8").splitlines()):
        found = hit(f"{row['question']}\n{row['answer']}", SectionKind.QUESTION_ANSWER, row["question"])
        checked, unchecked = (
            Extractive(HashingEmbedder(), guard=guard).quotes(row["question"], [found])
            for guard in (Guard(), Blind())
        )
        assert checked == unchecked
        assert checked[0].text == row["answer"]
