"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import re

import pytest

from tests.patterns import ROOT, sources

WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sources()
    if re.search("^ *>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_are_true(name: str) -> None:
    """Each example of a module gives what its docstring says."""
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_the_core_has_examples() -> None:
    """Twenty functions and more, at the core, show what they return."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    shown = [
        test.name for name in WITH_EXAMPLES for test in finder.find(importlib.import_module(name)) if test.examples
    ]
    assert len(shown) >= 20
