"""What makes a statement hold only sometimes: one table of words, and the lists that are made of it.

Whoever reads a sentence for its conditions (what was cut off it, what a draft leaves out, what lifts a negation)
asks for words by what they do. Where two readers differ, the difference is a column here, not another list.
"""

from __future__ import annotations

import re
from enum import Flag, auto

from kb.language.words import Word, Words


class Does(Flag):
    """What a word does to the statement it stands in."""

    SETS = auto()
    """Sets a condition: what is said holds if it does."""
    LIFTS = auto()
    """Takes something out of it, or lifts its negation: "no refund unless"."""
    LIMITS = auto()
    """Limits it to what is named."""
    DEMANDS = auto()
    """Asks for something that must be done."""
    DENIES = auto()
    """Negates it."""
    CONTRASTS = auto()
    """Announces that something speaks against it."""
    LOOSE = auto()
    """Often says something else ("when do you open", 需要): counts only where one too many does no harm."""
    BEHIND = auto()
    """Its condition does not stand behind the word: 的话, 方可."""
    ALONE = auto()
    """Says that what is named stands alone: nothing else is meant."""


AS_IF = Word("如", not_before=tuple("何下今此同期既果"), not_after=tuple("例比诸譬正犹假"))
"""如 where it may be an "if"."""
_TABLE: tuple[tuple[Does, tuple[str | Word, ...]], ...] = (
    (Does.SETS, ("if", "provided that", "providing that", "as long as", "in case", "如果", "若", "只要")),
    (Does.SETS | Does.LOOSE, ("when(ever)", "once", "provided", "where")),
    (Does.SETS | Does.LOOSE | Does.BEHIND, (Word("当…时", not_after=("应",)),)),
    (Does.SETS | Does.LOOSE, (AS_IF,)),
    (Does.SETS | Does.BEHIND, ("前提", "的话", "的情况下")),
    (Does.LIFTS, ("unless", "except(ing)", "excluding", "other than", "until", "without", "除非", "除了")),
    (Does.LIFTS | Does.LOOSE, (Word("除", not_after=tuple("删扣解免清排去消开拆移卸废")),)),
    (Does.LIFTS | Does.BEHIND, ("exception(s)", "除外", "例外")),
    (Does.LIMITS, ("subject to", "只能", "只可", "只限")),
    (Does.LIMITS | Does.ALONE, ("only", "仅", "只有")),
    (Does.LIMITS | Does.BEHIND | Does.ALONE, ("才", "方可")),
    (Does.ALONE, ("solely", "exclusively", "just", "alone", "limited", "nobody", "nothing", "no other")),
    (Does.ALONE, ("只", "唯一", "限于")),
    (Does.DEMANDS, ("须", "必须")),
    (Does.DEMANDS | Does.LOOSE, ("需", "不得")),
    (Does.DENIES, ("not", "no", "never", "cannot", "nor", Word("n't", inside=True))),
    (Does.DENIES, ("不", "未", "无", "没有", "非", "禁止")),
    (Does.CONTRASTS, ("but", "however", "但")),
)  # fmt: skip


def words_that(does: Does, *, but: Does = Does(0), also: tuple[str | Word, ...] = (), further: str = "") -> Words:
    """Return the words of the table that do one of the things in ``does`` and none of those in ``but``.

    Args:
        does: what a word may do.
        but: what it must not do.
        also: words that only the caller counts.
        further: alternatives that no words can say, as a pattern's text.
    """
    chosen = [words for done, words in _TABLE if done & does and not done & but]
    return Words(*(word for words in chosen for word in words), *also, further=further)


_CONSENT = "(?<![已曾未财])经[^，。；]{2,20}(?:同意|批准|许可|授权)"
"""Somebody's consent that a rule of Chinese law asks for, as a pattern."""
FOLLOWS_FROM = "的，(?=应当|可以|不得|不予|由|须|需|按|处|依法|人民法院)"
"""What a rule of Chinese law says for a case that it names before, as a pattern."""
SPAN = re.compile(
    r"\b(?:unless|except|excluding|provid(?:ed|ing)(?:\s+that|(?=\s+(?:you|we|it|they|the|your)\b))|as\s+long\s+as"
    r"|(?:but\s+)?only\s+(?:if|when|for|with|after|in)|subject\s+to|with\s+the\s+exception\s+of|if)\b[^,.;]*"
    r"|^[\W\d]*(?:when|whenever|once)\b[^,.;]{8,}(?=,)"
    rf"|{_CONSENT}后?(?=，|可|的|方)"
    r"|除[^，。；]{2,30}外|但[^，。；]{2,40}除外|(?:除非|如果|(?<![例比诸譬正犹一])如(?![何今此同期既下])|若|只有|仅限)[^，。；]{2,40}"
    r"|[^，。；]{4,60}的(?=，\s*(?:应当|可以|不得|不予|由|须|需|按|处))",
    re.IGNORECASE,
)
"""A whole condition, with what it consists of: where it ends is no matter of words alone."""
CUT_OFF = words_that(
    Does.SETS | Does.LIFTS | Does.LIMITS | Does.CONTRASTS | Does.DEMANDS, further=rf"{_CONSENT}|的\s*[，,]\s*$"
)
"""What a clause that was cut off a statement may set as its condition."""
