"""Every pattern of the product finds what it was written for."""

from __future__ import annotations

import ast
import re

from tests.patterns import ROOT, patterns, sources, tables

SCAR = re.compile(r"\"\s*\n\s*[rbfuRBFU]{0,2}\"|(?:^|[|(])\s*[rbfuRBFU]{1,2}\"")
"""The end of one string and the begin of the next inside a pattern, or an alternative that begins so."""


def test_there_are_tables_and_patterns() -> None:
    """The walk over the modules finds the tables and the patterns."""
    assert len(patterns()) > 100
    assert len(tables()) > 3


def test_each_form_of_each_table_is_found_by_its_pattern() -> None:
    """Every word of every table, in each form that it is spelled in, is found by the pattern made of the table."""
    lost = [
        f"{name}: {form!r}"
        for name, table in tables().items()
        for form in table.spelled()
        if (found := table.pattern.search(form)) is None or found.group() != form
    ]
    assert lost == []


def test_no_pattern_holds_the_marks_of_a_string() -> None:
    """No pattern was wrapped like adjacent strings inside one string, which hides an alternative."""
    texts = {
        name: p.pattern if isinstance(p.pattern, str) else p.pattern.decode("latin-1")
        for name, p in patterns().items()
    }
    assert [name for name, text in texts.items() if SCAR.search(text)] == []


def test_no_source_holds_such_a_string() -> None:
    """No string of the product's sources holds the end of a string, a line break and the begin of another."""
    scarred = []
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SCAR.search(node.value):
                scarred.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert scarred == []


def test_the_mark_of_a_wrapped_string_is_known() -> None:
    """A verbose pattern that was wrapped as if it were two strings is refused, a quotation mark is not."""
    broken = 'however|exceptions?"\n    r"|but'
    assert SCAR.search(broken)
    assert SCAR.search('note|r"but')
    assert not SCAR.search('"([^"]*)"|[”"]+')
