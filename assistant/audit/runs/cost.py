"""What a chat model will cost, told before it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.audit.runs.auditor import Plan
from assistant.audit.types import Question
from kb.language.text import is_wide

_RULES = 350  # tokens of instructions in a call
_PASSAGE = 220  # tokens of a passage that goes in
_HITS = 10  # passages that the assistant gives its chat model
_CITED = 2  # passages that a judge gets with a sentence, on average
_SENTENCES = 3  # of an answer, each judged in a call of its own
_ANSWER = 200  # tokens that the assistant's chat model writes
_VERDICT = 60  # tokens that a judge writes for a sentence
_LETTERS = 4  # of English in a token
_HAN_TOKENS = 1.0  # in a Chinese character


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is likely to be used; from the questions' lengths and typical sizes, so good to a factor of two.

    Attributes:
        calls: of chat models.
        read: tokens that go in.
        written: tokens that come out.
    """

    calls: int
    read: int
    written: int

    def price(self, price_in: float, price_out: float) -> float:
        """Return what it costs at these prices of a million tokens."""
        return (self.read * price_in + self.written * price_out) / 1_000_000


def estimate(plan: Plan, questions: Sequence[Question]) -> Estimate:
    """Return what auditing these questions will use; nothing where no chat model is configured."""
    calls = read = written = 0
    answering = bool(getattr(plan.settings, "chat_model", ""))
    for question in questions:
        if answering and question.given is None:
            history = sum(tokens(message.text) for message in question.history)
            calls, written = calls + 1, written + _ANSWER
            read += _RULES + history + tokens(question.text) + _HITS * _PASSAGE
        if plan.second:
            count = len(question.given.sentences) if question.given else _SENTENCES
            calls, written = calls + count, written + count * _VERDICT
            read += count * (_RULES + _CITED * _PASSAGE)
    return Estimate(calls, read, written)


def tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    han = sum(map(is_wide, text))
    return int(han * _HAN_TOKENS + (len(text) - han) / _LETTERS) + 1
