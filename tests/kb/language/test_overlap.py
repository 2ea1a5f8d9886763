"""Shares of common terms."""

import pytest

from kb.language.overlap import containment, jaccard, likeness, overlap


@pytest.mark.parametrize(
    ("one", "other", "contained", "overlapping", "alike", "of_all"),
    [
        ("ab", "bcd", 1 / 2, 1 / 2, 1 / 3, 1 / 4),
        ("bcd", "ab", 1 / 3, 1 / 2, 1 / 3, 1 / 4),
        ("abc", "abc", 1.0, 1.0, 1.0, 1.0),
        ("a", "b", 0.0, 0.0, 0.0, 0.0),
        ("", "b", 0.0, 0.0, 0.0, 0.0),
        ("", "", 0.0, 0.0, 0.0, 0.0),
    ],
)
def test_shares(one: str, other: str, contained: float, overlapping: float, alike: float, of_all: float) -> None:
    """Of the first, of the smaller, of the larger, of all: each share is what its name says, 0 for nothing."""
    mine, theirs = frozenset(one), frozenset(other)
    assert containment(mine, theirs) == contained
    assert (overlap(mine, theirs), likeness(mine, theirs), jaccard(mine, theirs)) == (overlapping, alike, of_all)
