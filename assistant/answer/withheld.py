"""What must not be said because the passage that would answer was withheld: another passage's figure.

What is found in the place of a withheld passage may be about something like it. Where it states another figure
than the withheld one does, neither is told: which of them answers is for a person to say. Who plants words gains
no more than silence so, which he would gain with a plain lie as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.types import Statement
from kb.language.facts import Fact, Kind, agree, comparable, facts
from kb.types import Hit


def gainsaid(words: str, withheld: str) -> bool:
    """Tell whether words state a figure that is of a kind with one of the withheld words, and agrees with none."""
    hidden = facts(withheld) if withheld else []
    return bool(hidden) and any(
        any(_of_a_kind(fact, other) for other in hidden) and not any(agree(fact, other) for other in hidden)
        for fact in facts(words)
    )


def _of_a_kind(one: Fact, other: Fact) -> bool:
    """Tell whether one may stand where the other was asked for; bare numbers only where they count the same."""
    return comparable(one, other) or (one.kind is other.kind and one.kind is not Kind.NUMBER)


def hidden_words(hits: Iterable[Hit]) -> str:
    """Return the words of withheld hits."""
    return "\n".join(hit.chunk.text for hit in hits)


def unopposed(statements: Iterable[Statement], withheld: str) -> Iterator[Statement]:
    """Yield statements, those that rest on a figure which the withheld words gainsay with ``kept=False``."""
    for statement in statements:
        opposed = any(gainsaid(quote.words, withheld) for quote in statement.quotes)
        yield replace(statement, kept=False) if opposed else statement
