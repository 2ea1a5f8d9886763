"""Sentences with one fact changed: another number, date or name, a negation more or less, a condition left out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from kb.language.facts import Fact, Kind, facts
from kb.language.wording import names

Edit = tuple[str, str]
"""Kind of change, and the changed sentence."""

_NEGATE = [
    (r"\bcannot\b", "can"), (r"\bcan(?:no|')?t\b", "can"), (r"\b(is|are|was|were|will|must|may|should|do|does|did) not\b", r"\1"),
    (r"\b(is|are|was|were|do|does|did|should|would|could)n['’]t\b", r"\1"), (r"\bwon['’]t\b", "will"),
    (r"\bnever\b", "always"), (r"\bwithout\b", "with"), (r"\b(is|are|was|were|will|can|may|must|should)\b(?! not\b)", r"\1 not"),
    (r"不得", "可以"), (r"不能", "能"), (r"不会", "会"), (r"不可以", "可以"), (r"无需|不需要", "需要"), (r"(?<!不)(可以|应当|应该|能够)", r"不\1"),
    (r"必须", "不必"), (r"禁止", "允许"), (r"没有", "有"), (r"(?<![不可以仅])(需要|会|属于|适用|支持|提供|承担)", r"不\1"),
]  # fmt: skip
_CONDITION = re.compile(
    r",?\s*\b(?:unless|except|if|provided that|as long as|only if|but only)\b[^,.;]{8,}(?=[.;]|,\s)"
    r"|^(?:If|Unless|Provided that)\s[^,.]{8,},\s*|(?:，|；)?但[^，。；]{3,}除外|除[^，。；]{2,30}外，|除非[^，。；]{3,}，?"
    r"|^(?:如果|如|若)[^，。；]{4,}，",
)
_DIGITS = re.compile(r"\d+")
_HAN_DIGITS = "一二三四五六七八九"
_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty"]


def edits(sentence: str, others: Sequence[str], chance: random.Random) -> Iterator[Edit]:
    """Yield the sentence with one thing changed, at most once a kind.

    Args:
        sentence: what is true.
        others: names that may stand in for one of the sentence's.
        chance: what to change, and to what.
    """
    found = facts(sentence)
    chance.shuffle(found)
    for kind, wanted in (
        ("number", lambda f: f.kind not in {Kind.DATE, Kind.CODE}),
        ("date", lambda f: f.kind is Kind.DATE),
    ):
        changed = (_other_value(sentence, fact, chance) for fact in found if wanted(fact))
        if edited := next((text for text in changed if text), None):
            yield kind, edited
    if edited := _negated(sentence):
        yield "negation", edited
    if edited := _renamed(sentence, others, chance):
        yield "name", edited
    if edited := _unconditional(sentence):
        yield "condition", edited


def _other_value(sentence: str, fact: Fact, chance: random.Random) -> str | None:
    written = sentence[fact.start : fact.end]
    if digits := list(_DIGITS.finditer(written)):
        which = chance.choice(digits)
        old = int(which.group())
        room = [old + 1, old + 2, old * 2, old + 10] if old < 1000 else [old + 1, old + 10, old + 1000]
        if fact.kind in {Kind.DATE, Kind.TIME} and old <= 12:
            room = [old % 12 + 1, (old + 4) % 12 + 1]
        new = str(chance.choice([value for value in room if value != old] or [old + 3]))
        changed = written[: which.start()] + new + written[which.end() :]
    elif any(c in _HAN_DIGITS for c in written):
        place = chance.choice([i for i, c in enumerate(written) if c in _HAN_DIGITS])
        new = chance.choice([c for c in _HAN_DIGITS[1:] if c != written[place]])
        changed = written[:place] + new + written[place + 1 :]
    else:
        word = next((w for w in _WORDS if re.search(rf"\b{w}\b", written, re.I)), None)
        if word is None:
            return None
        changed = re.sub(rf"\b{word}\b", chance.choice([w for w in _WORDS if w != word]), written, flags=re.I)
    return sentence[: fact.start] + changed + sentence[fact.end :]


def _negated(sentence: str) -> str | None:
    for pattern, instead in _NEGATE:
        changed, count = re.subn(pattern, instead, sentence, count=1)
        if count and changed != sentence:
            return changed
    return None


def _renamed(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    for start, end in names(sentence):
        choice = [name for name in others if name not in sentence and sentence[start:end] not in name]
        if choice:
            return sentence[:start] + chance.choice(choice) + sentence[end:]
    return None


def _unconditional(sentence: str) -> str | None:
    changed = _CONDITION.sub("", sentence, count=1).strip()
    if changed == sentence or len(changed) < len(sentence) // 4 or len(changed) < 8:
        return None
    return changed[0].upper() + changed[1:]
