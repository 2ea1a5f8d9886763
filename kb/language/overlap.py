"""How much two sets of terms have in common, in the four ways that are asked for."""

from __future__ import annotations

from collections.abc import Set as AbstractSet


def containment(wanted: AbstractSet[str], present: AbstractSet[str]) -> float:
    """Return the share of ``wanted`` that is ``present``, 0-1; 0 where nothing is wanted.

    >>> containment({"return", "kettle"}, {"kettle", "lid", "box"})
    0.5
    """
    return len(wanted & present) / len(wanted) if wanted else 0.0


def overlap(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the share of the smaller set that is in the other (Szymkiewicz-Simpson), 0-1; 0 where one is empty.

    >>> overlap({"return", "kettle"}, {"kettle", "return", "lid", "box"})
    1.0
    """
    return len(one & other) / (min(len(one), len(other)) or 1)


def likeness(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the share of the larger set that is in the other, 0-1: 1 where they are the same.

    >>> likeness({"return", "kettle"}, {"kettle", "return", "lid", "box"})
    0.5
    """
    return len(one & other) / (max(len(one), len(other)) or 1)


def jaccard(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the share of all terms that both have (Jaccard 1901), 0-1; 0 where both are empty.

    >>> jaccard({"return", "kettle"}, {"kettle", "return", "lid", "box"})
    0.5
    """
    return len(one & other) / (len(one | other) or 1)
