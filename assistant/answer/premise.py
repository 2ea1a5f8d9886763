"""A question that takes something for granted which the documents say otherwise: "your 90-day returns"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.table.fields import telling_terms
from assistant.types import Quote
from kb.language.facts import Fact, Kind, agree, comparable, facts
from kb.language.text import sentences
from kb.language.words import Words
from kb.types import Hit

_REACH = 48  # characters before a number that may say that it is the company's
_YOUR = ("your", "你们", "您们", "贵公司", "贵司", "贵行", "贵店", "你家", "您家")
_TAKEN_FOR_GRANTED = Words(
    *_YOUR,
    *(f"you {verb}" for verb in (
        "offer", "give", "grant", "promise", "guarantee", "allow", "have", "had", "say", "said", "told", "charge",
        "advertise", "state", "charged", "take", "pay", "deduct", "ask", "want",
    )),
    "you've got", "youve got", "i heard", "i read", "i was told", "i thought", "i understand", "i saw",
    *(f"you {how} {verb}" for how in ("always", "only", "usually", "all") for verb in ("offer", "give", "charge",
    "allow", "take", "pay", "have")),
    "is it true", "is it right", "is it correct", "since you", "since it", "because you",
    "听说", "据说", "对吧", "反正", "你们都", "你们一律", "你们总是", "我看到", "不是说", "既然", "宣传", "承诺",
)  # fmt: skip
_COMPOUND = re.compile(r"\b(?:the|your|this|that)\s+$", re.IGNORECASE)
_KINDS = {Kind.PERIOD, Kind.MONEY, Kind.PERCENT}
_WHOSE = Words(*_YOUR)
_PART = re.compile(r"[;；，、]|,(?!\d)")
_COLON = re.compile("[:：]")
_CLAUSE_END = re.compile("[,;，；]")
_OWN = Words("i", "my", "we", "our", "我", "咱")


@dataclass(frozen=True, slots=True)
class Premise:
    """What a message takes for granted of the company.

    Attributes:
        message: as typed.
        values: numbers in it, with where they stand; none for most messages.
        subject: telling terms of the rest of the message.
    """

    message: str = ""
    values: tuple[Fact, ...] = ()
    subject: frozenset[str] = frozenset()

    def unstated(self, hits: Sequence[Hit]) -> Premise:
        """Return it with those values only that no hit states where it speaks of what the message speaks of.

        That a passage about returns also says when points expire makes no false premise true.
        """
        if not self.values:  # the documents need not be read
            return self
        read = [sentence for hit in hits for sentence in sentences(hit.chunk.text)]
        near = [sentence for sentence in read if self.subject & telling_terms(sentence)]
        kept = tuple(v for v in self.values if not any(_states(v, text, self.subject) for text in near))
        return replace(self, values=kept)

    def without_values(self) -> str:
        """Return the message without its values; empty where it has none.

        A wrong value keeps the right document from being found: what is asked is looked for once more without it.
        """
        message = self.message
        for fact in sorted(self.values, key=lambda fact: -fact.start):
            message = message[: fact.start].rstrip() + " " + message[fact.end :].lstrip("-内之以 ")
        return message if self.values else ""

    def contradicted_by(self, quotes: Sequence[Quote]) -> str:
        """Return the first value that the quotes contradict, as it was written; empty where there is none."""
        read = [sentence for quote in quotes for sentence in sentences(quote.words)] if self.values else []
        quoted = [fact for sentence in read for fact in facts(sentence)]
        for value in self.values:
            if any(_states(value, sentence, self.subject) for sentence in read):
                continue
            if any(comparable(value, fact) and not agree(value, fact) for fact in quoted):
                return self.message[value.start : value.end]
        return ""


def read_premise(message: str) -> Premise:
    """Return the values that a message says are the company's.

    >>> premise = read_premise("How do your 90-day returns work?")
    >>> [message[v.start : v.end] for message in [premise.message] for v in premise.values]
    ['90-day']
    >>> premise.without_values()
    'How do your returns work?'
    """
    stated = [fact for fact in facts(message) if fact.kind in _KINDS]
    values = tuple(f for f in stated if _is_granted(message, f.start, message[f.start : f.end]))
    rest = "".join(c for i, c in enumerate(message) if not any(v.start <= i < v.end for v in values))
    return Premise(message, values, telling_terms(rest) if values else frozenset())


def _states(value: Fact, sentence: str, subject: frozenset[str]) -> bool:
    """Tell whether a sentence states a value of what is spoken of, and not of what it names beside it.

    "2.8% with Classic, 1.0% with Voyager" states no 2.8% of Voyager: there another part says more of the subject.
    """
    of_it: list[frozenset[str]] = []  # what the parts that state it say of the subject
    of_others: list[frozenset[str]] = []
    heads = _COLON.split(sentence)
    listed = heads[-1] if len(heads) == 2 else sentence  # what leads to a list of values is said of each
    for part in _PART.split(listed):
        about = subject & telling_terms(part)
        for fact in facts(part):
            if agree(value, fact):
                of_it.append(about)
            elif comparable(value, fact):
                of_others.append(about)
    return any(not any(said < other for other in of_others) for said in of_it)


def _is_granted(message: str, start: int, written: str) -> bool:
    before = message[max(0, start - _REACH) : start]
    if "-" in written and _COMPOUND.search(before):
        return True
    granted = list(_TAKEN_FOR_GRANTED.finditer(before))
    if not granted:
        return False
    between = before[granted[-1].end() :]
    if _WHOSE.fullmatch(granted[-1].group()) and _CLAUSE_END.search(between):
        return False  # "I paid in your shop, about 1,500 yuan"
    return not _OWN.search(between)
