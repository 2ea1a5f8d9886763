"""Halves of characters, which no encoder takes."""

from __future__ import annotations

import pytest

from kb.language.characters import escape_halves, is_well_formed, well_formed


@pytest.mark.parametrize(
    ("text", "joined", "escaped"),
    [
        ("plain", "plain", "plain"),
        ("退货 é", "退货 é", "退货 é"),
        ("\ud83d\ude00", "😀", "\\ud83d\\ude00"),
        ("退\ud83d货", "退\ufffd货", "退\\ud83d货"),
        ("caf\udce9", "caf\ufffd", "caf\\udce9"),
    ],
)
def test_halves_are_joined_replaced_or_written_out(text: str, joined: str, escaped: str) -> None:
    """Two halves that belong together become their character, a lone one a mark, and all can be written out."""
    assert well_formed(text) == joined
    assert escape_halves(text) == escaped
    assert is_well_formed(text) is (text == escaped)
    assert is_well_formed(joined)
