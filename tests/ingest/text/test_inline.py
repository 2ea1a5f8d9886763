"""Raised and lowered text, links, notes and omissions, one way for all formats."""

from __future__ import annotations

import doctest

import pytest

from ingest.text import inline, omissions
from ingest.text.inline import linked, lowered, noted, raised
from kb.language.facts import Kind, facts
from kb.language.text import terms
from kb.types import Omission, Omitted


@pytest.mark.parametrize("module", [inline, omissions])
def test_examples_run(module: object) -> None:
    """The examples in the docstrings give what they say."""
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "before", "becomes"),
    [
        ("1", "$49", "¹"),
        ("4", "每月3", "⁴"),
        ("3", "10", "³"),
        ("2", "12 m", "²"),
        ("1)", "$15", "¹⁾"),
        ("1, 2", "fee", "¹,²"),
        ("-1", "s", "⁻¹"),
        ("st", "1", "st"),
        ("TM", "Lume", "™"),
        ("*", "$8", "*"),
        ("[3]", "policy", "[3]"),
        ("a", "$49", " (a)"),
        ("new", "Plus plan", " (new)"),
        ("1", "", "¹"),
        (" ", "x", " "),
    ],
)
def test_raised_text_is_never_glued_to_a_number(text: str, before: str, becomes: str) -> None:
    """Raised digits stay raised, letters stand apart, ordinals and signs stay."""
    assert raised(text, before) == becomes


def test_lowered_digits_stay_low() -> None:
    """A formula keeps its lowered digits, lowered words are words."""
    assert ("CO" + lowered("2", "CO"), lowered("max", "V")) == ("CO₂", "max")


def test_a_note_behind_a_number_is_no_digit_of_it() -> None:
    """Words and facts of a text do not take the mark of a note for a digit of the price before it."""
    assert "491" not in terms("Connecting costs $49¹ and takes 2² hours.")
    assert [(fact.kind, fact.value) for fact in facts("每月3⁴元，$49¹")] == [(Kind.MONEY, 3.0), (Kind.MONEY, 49.0)]
    assert "m2" in terms("12 m²")


@pytest.mark.parametrize(
    ("shown", "target", "becomes"),
    [
        ("form ", "https://shop.example/claim", "form (https://shop.example/claim) "),
        ("write to us", "mailto:help@shop.example?subject=Hi", "write to us (help@shop.example)"),
        ("+65 6555 0162", "tel:+6565550162", "+65 6555 0162"),
        ("www.shop.example", "http://www.shop.example/", "www.shop.example"),
        ("above", "#fees", "above"),
        ("script", "javascript:void(0)", "script"),
        ("", "https://shop.example", ""),
    ],
)
def test_a_link_says_where_it_leads(shown: str, target: str, becomes: str) -> None:
    """An address that the text does not say stands behind it in brackets."""
    assert linked(shown, target) == becomes


def test_notes_stand_where_they_are_referred_to() -> None:
    """A note is one line in brackets; an empty one is nothing."""
    assert (noted("Except\n  sales."), noted(" ")) == (" (Except sales.)", "")


def test_omissions_are_summed_and_told() -> None:
    """What is left out is counted by reason with its words, and told in a sentence where it matters."""
    left = omissions.Omissions()
    left.leave(Omitted.STRUCK, "was $12")
    left.leave(Omitted.STRUCK, "old")
    left.leave(Omitted.SURROUNDINGS, "Home Shop")
    left.count(Omitted.PICTURES, 2)
    left.add([Omission(Omitted.PICTURES, 1)])
    assert list(left) == [
        Omission(Omitted.STRUCK, 9, "was $12\nold"),
        Omission(Omitted.SURROUNDINGS, 8, "Home Shop"),
        Omission(Omitted.PICTURES, 3),
    ]
    assert omissions.sentences(left) == (
        "9 characters of struck-through text were left out",
        "3 pictures without text or description were left out",
    )
