"""What somebody meant who wrote a name that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LIKENESS = 0.6  # of difflib's ratio, which is its own default; chosen by it


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like ``name``, an empty string where none is like it."""
    return next(iter(get_close_matches(name.casefold(), list(known), 1, _LIKENESS)), "")


def unknown_name(name: str, known: Iterable[str]) -> str:
    """Return the sentence about a name that nobody knows: the one that was meant, and all that there are."""
    names = list(known)
    meant = nearest(name, names)
    return f"{name!r} is unknown" + (f", {meant!r} was meant?" if meant else "") + f" Known are {', '.join(names)}"


def slips(name: str, known: str, most: int) -> bool:
    """Tell whether at most so many slips of the keys lie between two names.

    A slip is a letter too many, too few, another one, or two that changed places (Damerau 1964, in the restricted
    form that changes no letter twice).
    """
    if abs(len(name) - len(known)) > most:
        return False
    before: list[int] = []
    row = list(range(len(known) + 1))
    for i, letter in enumerate(name, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(known, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == known[j - 2] and name[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1] <= most
