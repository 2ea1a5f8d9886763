"""Every alternative of the patterns that read language is taken by a plain form of it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.patterns import alternatives, not_taken, patterns

FORMS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("plain_forms.toml").read_text(encoding="utf-8")
)
READERS = (
    "assistant.answer.", "assistant.table.", "assistant.verify.", "assistant.understand.", "ingest.lint.",
    "ingest.text.", "kb.guard.", "kb.language.",
)  # fmt: skip
"""Packages whose patterns read language. Tables of words are tried with all their words elsewhere."""
WHOLE = (
    "assistant.answer.limits._EDITION_WORD", "assistant.understand.wish.",
    "assistant.verify.claims._SAYS_NOTHING", "assistant.verify.sums.", "kb.language.clauses._ASKING",
    "kb.language.fact_patterns.NO_CODE",
)  # fmt: skip
"""Patterns that a whole text has to match: there a longer alternative may stand behind a shorter one."""


def read() -> dict[str, re.Pattern[str]]:
    """Return the patterns that read language and have alternatives."""
    return {
        name: pattern
        for name, pattern in patterns().items()
        if name.startswith(READERS) and isinstance(pattern.pattern, str) and alternatives(pattern)[1]
    }


def test_every_pattern_has_its_plain_forms() -> None:
    """A pattern without plain forms, or plain forms without a pattern: correct tests/plain_forms.toml."""
    assert sorted(set(read()) ^ set(FORMS)) == []


def test_every_alternative_is_taken_by_a_plain_form() -> None:
    """Each alternative, at any depth, finds one of the plain forms: none is broken, hidden or there twice."""
    untaken = {
        name: not_taken(pattern, FORMS.get(name, []), whole=name.startswith(WHOLE))
        for name, pattern in read().items()
    }
    assert {name: texts for name, texts in untaken.items() if texts} == {}


@pytest.mark.parametrize(
    ("pattern", "broken"),
    [
        (r"unless|exceptions?|but", []),
        ('unless|exceptions?"\n   r"|but', ['exception…"\n   r"']),
        (r"un|unless|exceptions?|but", ["unless"]),
        (r"(?:unless|(?:exception|exemption)s?|but)\b", ["emption"]),
    ],
)
def test_a_broken_alternative_is_named(pattern: str, broken: list[str]) -> None:
    """An alternative that is scarred, hidden behind a shorter one, or without a plain form is named."""
    assert not_taken(re.compile(pattern), ["unless", "exceptions", "but"]) == broken
