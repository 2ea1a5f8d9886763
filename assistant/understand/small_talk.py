"""Messages to the assistant itself, which no document answers: thanks, complaints, "are you a robot?"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.phrases import joined, person, phrase
from assistant.understand.parts import asks_something
from assistant.understand.talk_words import BESIDE, MORE_ABOUT, SAID
from kb.language.text import simplify

_LONGEST = 120  # characters
_OFFERED_A_PERSON = {"wants_person", "complaint", "robot"}


def small_talk(message: str) -> str:
    """Return what a message that is nothing else says to the assistant, a key of ``SAID``; empty for any other.

    >>> small_talk("Hi, I want to talk to a person please"), small_talk("Can a person without a passport pay?")
    ('wants_person', '')
    """
    if len(message) > _LONGEST:
        return ""
    said = set(_read(simplify(message)))
    return "" if "" in said else next((kind for kind in SAID if kind in said), "")


def asks_nothing(message: str, language: str, contact: str = "") -> str:
    """Return what to say to a message that asks nothing of the documents; empty where something is asked.

    Args:
        message: as typed.
        language: of what is said.
        contact: how a customer reaches a person; empty where nothing is set.
    """
    kind = small_talk(message) if message.strip() else "empty"
    if not kind:
        return ""
    said = phrase(kind, language, example=phrase("example", language))
    return joined([said, person(language, contact)], language) if kind in _OFFERED_A_PERSON else said


def _read(message: str) -> Iterator[str]:
    """Yield what the words of a message say, one after the other; last an empty one, where it says something else.

    The longest words that stand at a place count, so that no word is read as a part of another.
    """
    place = 0
    while place < len(message):
        found = [(kind, match.end()) for kind, words in _TABLES if (match := words.pattern.match(message, place))]
        kind, end = max(found, key=lambda one: one[1], default=("", place + 1))
        if not kind and not message[place].isalnum():
            place += 1
            continue
        yield kind
        if not kind:
            return
        place = end
        if kind == "wants_person" and MORE_ABOUT.match(message[place:]) and not asks_something(message[place:]):
            return  # "… about my refund": what it is about is for the person


_TABLES = [*SAID.items(), ("beside", BESIDE)]
