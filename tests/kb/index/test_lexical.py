"""BM25 over the terms of English and Chinese passages."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import IndexDamaged
from kb.index.lexical import LexicalIndex


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    """Six passages."""
    made = LexicalIndex(tmp_path / "lexical", create=True)
    made.add(
        [
            ("shipping", "Orders are shipped within two days."),
            ("returns", "Returning an item is free for 30 days; the refund follows."),
            ("code", "The air fryer HL-AF55 has a basket of 5.5 litres."),
            ("invoice", "如何开具电子发票？请在订单页面申请。"),
            ("refund-zh", "退款将在七个工作日内到账。"),
            ("traditional", "運費由買家承擔。"),
        ]
    )
    return made


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("order ship", "shipping"),
        ("RETURNED items", "returns"),
        ("refunds", "returns"),
        ("hl-af55", "code"),
        ("AF55", "code"),
        ("ＨＬ－ＡＦ５５", "code"),
        ("发票", "invoice"),
        ("電子發票", "invoice"),
        ("退款", "refund-zh"),
        ("运费", "traditional"),
    ],
)
def test_words_find_their_passage(index: LexicalIndex, query: str, first: str) -> None:
    """Stems, codes, full width letters, Chinese words in either script find what holds them."""
    assert index.search(query, 3)[0][0] == first


@pytest.mark.parametrize("query", ["", "   ", "？！", "zebra", "龘"])
def test_no_shared_word_no_hit(index: LexicalIndex, query: str) -> None:
    """Queries without a word of the passages find nothing."""
    assert index.search(query, 5) == []


def test_query_syntax_is_text(index: LexicalIndex) -> None:
    """Operators of a query language are only characters."""
    assert index.search('id:shipping AND ( "orders', 5)[0][0] == "shipping"
    assert index.search("ship " * 5_000, 5)[0][0] == "shipping"


def test_scores_fall(index: LexicalIndex) -> None:
    """Hits come best first, with positive scores, at most k."""
    scores = [score for _, score in index.search("days refund orders", 2)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 2
    assert min(scores) > 0


def test_it_is_there_after_reopening(index: LexicalIndex, tmp_path: Path) -> None:
    """A reader finds what was added; ids and document frequencies are told."""
    again = LexicalIndex(tmp_path / "lexical")
    assert len(again) == 6
    assert again.ids() == {"shipping", "returns", "code", "invoice", "refund-zh", "traditional"}
    assert again.document_frequencies(["day", "zebra"]) == [2, 0]


def test_a_reader_makes_no_index(tmp_path: Path) -> None:
    """Opening what is not there is IndexDamaged."""
    with pytest.raises(IndexDamaged, match="faq kb rebuild"):
        LexicalIndex(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_damaged_index_is_named(index: LexicalIndex, tmp_path: Path) -> None:
    """A list of segments that cannot be read is IndexDamaged."""
    (tmp_path / "lexical" / "meta.json").write_text("{")
    with pytest.raises(IndexDamaged, match="lexical index"):
        LexicalIndex(tmp_path / "lexical")
