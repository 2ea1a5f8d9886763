"""A yes or no that a stored answer begins with: it answers its own question, and no other one."""

from __future__ import annotations

from assistant.table.fields import spoken_of
from kb.language.overlap import likeness
from kb.language.words import Words

# Chosen: "Do you deliver to islands?" is no "Do you deliver sofas?".
_SAME = (
    0.75  # share of the telling words of each of two questions that stand in the other, to be the same question
)
_OPENING = Words(
    *(f"{word}{mark}" for word in ("yes", "no", "certainly", "of course", "sure", "absolutely",
    "unfortunately not",
      "sorry, no", "not at all") for mark in (", but", ",", ".", "!", ":", ";", " –", " —", "，", "。")),
    *(f"{word}{mark}" for word in ("可以", "可以的", "不可以", "不可以的", "能", "不能", "行", "不行", "是",
    "是的", "不是", "会", "不会",
      "有", "有的", "没有", "需要", "不需要", "要", "不用", "不要", "对", "好的", "当然", "当然可以", "当然能",
      "不必", "算", "不算")
      for mark in ("，但是", "，但", "，不过", *"，。,；！：:")),
)  # fmt: skip


def says_yes_or_no(text: str) -> bool:
    """Tell whether a text begins with a yes or no.

    >>> says_yes_or_no("Yes, by post."), says_yes_or_no("No. 8 is closed."), says_yes_or_no("可以，免费。")
    (True, False, True)
    """
    opening = _OPENING.match(text)
    return opening is not None and not text[opening.end() :].lstrip()[:1].isdigit()


def unlent(text: str, question: str, stored: str) -> str:
    """Return a stored answer as it is said to a question: without its yes or no, where that was another question.

    >>> unlent("Yes, by post, within 30 days.", "May I return a lamp?", "Can lamps be returned?")
    'Yes, by post, within 30 days.'
    >>> unlent("Yes, in any browser.", "Do you sell tickets?", "Does the shop work in a browser?")
    'In any browser.'
    """
    if not says_yes_or_no(text) or _is_same(question, stored):
        return text
    opening = _OPENING.match(text)
    rest = text[opening.end() :].lstrip() if opening else ""
    return rest[:1].upper() + rest[1:] if rest else text


def _is_same(question: str, stored: str) -> bool:
    asked, answered = spoken_of(question), spoken_of(stored)
    return likeness(asked, answered) >= _SAME
