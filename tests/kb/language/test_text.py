"""Sentences, terms and languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.language.text import calm, detect_language, fold, sentence_spans, sentences, stem, terms

TEXTS = st.text(
    alphabet=st.sampled_from("ab Zé.!?。！？…\n\t\u3000\u00a0,、;:\"'”’)】-–1 2中文らテ한\u0301🙂"), max_size=120
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_sentences_hold_every_character(text: str) -> None:
    """Spans are in order, do not overlap, have no space at their ends and leave only white space out."""
    last = 0
    for start, end in sentence_spans(text):
        assert start < end
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs $3.50. Pay now!", ["It costs $3.50.", "Pay now!"]),
        ("Ask Dr. Lee, e.g. by mail. Thanks.", ["Ask Dr. Lee, e.g. by mail.", "Thanks."]),
        ("七天内退款。可以换货吗？可以！", ["七天内退款。", "可以换货吗？", "可以！"]),
        ("他说：“可以。”然后走了。", ["他说：“可以。”", "然后走了。"]),
        ("First line\nSecond line", ["First line", "Second line"]),
        ("The fee is 25. It is paid in cash.", ["The fee is 25.", "It is paid in cash."]),
        ("Bring this: 1. The receipt. 2. The parcel.", ["Bring this: 1. The receipt.", "2. The parcel."]),
        ("Is it free? 2. Yes, it is.", ["Is it free?", "2. Yes, it is."]),
        ("Pay.\n12. Send it.", ["Pay.", "12. Send it."]),
        ("We close at 5 p.m. on Monday. Then we rest.", ["We close at 5 p.m. on Monday.", "Then we rest."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str]) -> None:
    """Numbers and abbreviations end no sentence; Chinese marks, quotes and lines do."""
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I return it?", "en"),
        ("怎么退货？", "zh"),
        ("我的 iPhone 15 Pro 怎么退货？", "zh"),
        ("返品はどうすればいいですか", "ja"),
        ("12345 !?", ""),
        ("", ""),
    ],
)
def test_languages(text: str, language: str) -> None:
    """Script tells the language, also with names of the other one inside."""
    assert detect_language(text) == language


def test_terms_of_english_and_chinese() -> None:
    """English is stemmed, Chinese cut into one and two characters, codes kept whole and in parts."""
    assert terms("Returned returns") == ["return", "return"]
    assert stem("returned") == "return"
    assert terms("退款") == ["退", "款", "退款"]
    assert set(terms("AB-1234")) == {"ab-1234", "ab", "1234"}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_terms_of_any_text(text: str) -> None:
    """Any text has terms without white space."""
    assert all(term and not any(c.isspace() for c in term) for term in terms(text))


def test_shouting_is_calmed() -> None:
    """A text all in capitals is lowered; codes, names and ordinary sentences stay as they are."""
    assert calm("CAN I RETURN IT? 可以退吗") == "can i return it? 可以退吗"
    assert calm("HL-AF56") == "HL-AF56"
    assert calm("IS THE HL-AF56 QUIET, PLEASE") == "is the hl-af56 quiet, please"
    assert calm("Is the HL-AF56 or the HL-AF57X quiet") == "Is the HL-AF56 or the HL-AF57X quiet"


def test_folding_makes_spellings_equal() -> None:
    """Width, case, accents and traditional characters do not matter."""
    assert fold("ＡＢＣ Café 電子發票") == fold("abc cafe 电子发票")
