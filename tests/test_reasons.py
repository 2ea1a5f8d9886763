"""A decimal that decides has its reason beside it: what measured it, what defines it, or that it was chosen."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patterns import ROOT, sources

_PLAIN = (0.0, 1.0)
_REASON = re.compile(
    r"\b(?:bench|fit|test)_\w+|\b(?:ADR|RFC) \d+|\b(?:chosen|measured|fitted|definition|convention)\b"
    r"|(?-i:\b[A-Z][a-z]+ (?:19|20)\d\d\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?P<file>(?:bench|fit)_\w+)|\bADR (?P<decision>\d{4})")


def _comments(source: str) -> dict[int, str]:
    """Return the comments of a file by line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def _decides(node: ast.stmt) -> bool:
    """Tell whether a statement gives a name to a decimal other than 0 and 1."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    numbers = [part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant)]
    return any(isinstance(number, float) and number not in _PLAIN for number in numbers)


def _words(lines: list[str], comments: dict[int, str], tree: ast.Module, node: ast.stmt) -> str:
    """Return what is said beside an assignment: on its lines, in the string below it, above its block."""
    said = [comments.get(line, "") for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)]
    below = tree.body[tree.body.index(node) + 1 :][:1]
    if below and isinstance(below[0], ast.Expr) and isinstance(below[0].value, ast.Constant):
        said.append(str(below[0].value.value))
    line = node.lineno - 1
    while line > 0 and lines[line - 1].strip():  # up to the blank line that the block begins after
        if lines[line - 1].startswith("#"):
            said.append(comments[line])
        line -= 1
    return " ".join(said)


def decimals(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and words of every decimal that decides at the level of a module."""
    tree, comments, lines = ast.parse(source), _comments(source), source.splitlines()
    for node in tree.body:
        if _decides(node):
            yield node.lineno, _words(lines, comments, tree, node)


def _of(path: Path) -> list[tuple[int, str]]:
    return list(decimals(path.read_text(encoding="utf-8")))


def test_every_decimal_has_its_reason() -> None:
    """No threshold, share or weight of the product stands without saying where it comes from."""
    bare = [
        f"{path.relative_to(ROOT)}:{line}: {words or 'nothing beside it'}"
        for path in sources()
        for line, words in _of(path)
        if not _REASON.search(words)
    ]
    assert bare == []


def test_reasons_exist() -> None:
    """Every benchmark, fit and decision that a reason names is there."""
    known = {
        path.stem for folder in ("tests/benchmarks", "data/training") for path in (ROOT / folder).glob("*.py")
    }
    decisions = {path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")}
    named = [named for path in sources() for _, words in _of(path) for named in _NAMED.finditer(words)]
    assert len(named) >= 20
    assert {n["file"] for n in named if n["file"]} - known == set()
    assert {n["decision"] for n in named if n["decision"]} - decisions == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("_NEAR = 0.12\n", False),
        ("_NEAR = 0.12  # of the best score\n", False),
        ("_NEAR = 0.12  # of the best score; chosen\n", True),
        ('_NEAR = 0.12\n"""Measured: a table of ADR 0009."""\n', True),
        ("# bench_answers.py, in blocks of ten\n_FEW = 3\n_NEAR: float = 0.12\n", True),
        ("# bench_answers.py\n_FEW = 3\n\n_NEAR = (1, 0.12)\n", False),
        ('_NEAR = 0.12\n_FAR = 3\n"""Chosen."""\n', False),
        ("_NEAR = 0.12  # so many of 1900\n", False),
        ("_NEAR = 0.12  # as Rocchio 1971\n", True),
    ],
)
def test_what_counts_as_a_reason(source: str, found: bool) -> None:
    """It stands on the line, in the string below, or above the block; that of another block counts for nothing."""
    ((_, words),) = decimals(source)
    assert bool(_REASON.search(words)) is found
