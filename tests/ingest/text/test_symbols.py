"""Letters of symbol fonts become the signs that a reader sees."""

from __future__ import annotations

import doctest
import unicodedata

import pytest

from ingest.text import symbols
from ingest.text.symbols import bullet, read_symbol, read_symbols, symbol_font


def test_examples_run() -> None:
    """The examples in the docstrings give what they say."""
    assert doctest.testmod(symbols).failed == 0


@pytest.mark.parametrize(
    ("font", "code", "sign"),
    [
        ("Wingdings", 0xFC, "✓"),
        ("Wingdings", 0xF0FB, "✗"),
        ("Wingdings", 0xA8, "☐"),
        ("Wingdings", 0xFE, "☑"),
        ("Wingdings", 0xFD, "☒"),
        ("Wingdings", 0xE0, "→"),
        ("Wingdings", 0x81, "①"),
        ("Wingdings 2", 0x50, "✓"),
        ("Wingdings 2", 0x4F, "✗"),
        ("Wingdings 2", 0x52, "☑"),
        ("Wingdings 2", 0xA3, "☐"),
        ("Wingdings 3", 0x22, "→"),
        ("Wingdings 3", 0x70, "▲"),
        ("Webdings", 0x61, "✓"),
        ("Webdings", 0x72, "✗"),
        ("Webdings", 0x63, "☐"),
        ("Symbol", 0xB3, "≥"),
        ("Symbol", 0xA3, "≤"),
        ("Symbol", 0xB0, "°"),
        ("Symbol", 0xB1, "±"),
        ("Symbol", 0x6D, "μ"),
        ("Symbol", 0x57, "Ω"),
        ("ZapfDingbats", 0x33, "✓"),
        ("ZapfDingbats", 0x38, "✗"),
        ("ZapfDingbats", 0xAC, "①"),
        ("ZapfDingbats", 0xFE, "➾"),
        ("ITC Zapf Dingbats", 0x25, "☎"),
        ("Font Awesome 5 Free", 0xF00C, "✓"),
        ("Symbol", 0x20AC, "€"),
        ("", 0xF0B7, "•"),
        ("Calibri", 0xF0FC, "✓"),
        ("OpenSymbol", 0xE007, "✓"),
        ("OpenSymbol", 0xE00B, "❒"),
        ("", 0xE4C4, "☑"),
        ("", 0xE0B6, "Ω"),
        ("Wingdings", 0xFF, ""),
        ("Wingdings", 0xE123, ""),
        ("Symbol", 0x7F, ""),
    ],
)
def test_signs(font: str, code: int, sign: str) -> None:
    """A code in a symbol font is the sign at its place, in the private area or out of it."""
    assert read_symbol(code, font) == sign


@pytest.mark.parametrize("font", ["Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings", "ZapfDingbats"])
def test_no_sign_is_private(font: str) -> None:
    """No code of a symbol font becomes a private or control letter."""
    kinds = {unicodedata.category(read_symbol(code, font) or " ") for code in range(0x20, 0x100)}
    assert not kinds & {"Co", "Cc", "Cn", "Cs"}


def test_text_of_other_fonts_stays() -> None:
    """Letters are signs only in symbol fonts; private letters that nobody knows stay, blanks stay blanks."""
    assert read_symbols("für § 5", "Segoe UI Symbol") == "für § 5"
    assert read_symbols("银行 \ue863") == "银行 \ue863"
    assert read_symbols("ü û", "Wingdings") == "✓ ✗"
    assert read_symbols("退货 ü", "Wingdings") == "退货 ✓"


def test_names_of_fonts() -> None:
    """Symbol fonts are told by their names as programs and PDF files write them, and no others."""
    named = ["Wingdings-Regular", "BCDEEE+Wingdings2", "SymbolMT", "Webdings", "StandardSymbolsPS", "D050000L"]
    assert [symbol_font(name) for name in named] == ["wingdings", "wingdings2", "symbol", "webdings", "symbol", ""]
    assert not any(map(symbol_font, ["Symbola", "Noto Sans Symbols", "Segoe UI Emoji", "Arial", ""]))


def test_bullets() -> None:
    """A bullet that is only a bullet is a dash; one that says yes or no is kept."""
    assert [bullet(*given) for given in [("•", ""), ("\uf0a7", "Wingdings"), ("o", "Courier New"), ("", "")]] == [
        "-"
    ] * 4
    assert [bullet(sign, "Wingdings") for sign in "üûþ¨"] == ["- ✓", "- ✗", "- ☑", "- ☐"]
