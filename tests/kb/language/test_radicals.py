"""Radicals that stand for characters are read as these, in documents and in questions."""

from __future__ import annotations

import unicodedata

import pytest

from ingest.text.clean import clean
from kb.language.radicals import CHARACTERS, RADICALS
from kb.language.text import fold


@pytest.mark.parametrize(("radical", "character"), list(zip(RADICALS, CHARACTERS, strict=True)))
def test_every_radical_is_its_character(radical: str, character: str) -> None:
    """Cleaned text has the character, and a question with one is a question with the other."""
    assert clean(f"{radical}門") == f"{character}門"
    assert fold(f"{radical}門") == fold(f"{character}門")


def test_the_table_agrees_with_unicode() -> None:
    """All characters are ideographs, those that NFKC knows are the same, and no Kangxi radical lacks one."""
    for radical, character in zip(RADICALS, CHARACTERS, strict=True):
        assert "IDEOGRAPH" in unicodedata.name(character)
        normal = unicodedata.normalize("NFKC", radical)
        assert normal in (radical, character)
    kangxi = [chr(code) for code in range(0x2F00, 0x2FD6)]
    assert set(kangxi) <= set(RADICALS)


def test_simplified_writing_has_its_own_forms() -> None:
    """Where the rest of a text is simplified, the two radicals whose glyphs it shares are its characters."""
    assert clean("金卡⽤⼾，⾭年") == "金卡用户，青年"
