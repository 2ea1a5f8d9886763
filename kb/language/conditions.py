"""What makes a statement hold only sometimes: one table of words, and the lists that are made of it.

Whoever reads a sentence for its conditions (what was cut off it, what a draft leaves out, what lifts a negation)
asks for words by what they do. Where two readers differ, the difference is a column here, not another list.
"""

from __future__ import annotations

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
    """Its condition stands before the word, not behind it: 的话, 方可."""
    ALONE = auto()
    """Says that what is named stands alone: nothing else is meant."""


_TABLE: tuple[tuple[Does, tuple[str | Word, ...]], ...] = (
    (Does.SETS, ("if", "provided that", "providing that", "as long as", "in case", "如果", "若", "只要")),
    (Does.SETS | Does.LOOSE, ("when(ever)", "once", "provided", "where", "当…时")),
    (Does.SETS | Does.LOOSE, (
        Word("如", not_before=tuple("何下今此同期既果"), not_after=tuple("例比诸譬正犹假")),
    )),
    (Does.SETS | Does.BEHIND, ("前提", "的话", "的情况下")),
    (Does.LIFTS, ("unless", "except(ing)", "excluding", "other than", "until", "without", "除非", "除了")),
    (Does.LIFTS, ("exception(s)",)),
    (Does.LIFTS | Does.LOOSE, (Word("除", not_after=tuple("删扣解免清排去消开拆移卸废")),)),
    (Does.LIFTS | Does.BEHIND, ("除外", "例外")),
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


def words_that(does: Does, *, but: Does | None = None, also: tuple[str | Word, ...] = ()) -> Words:
    """Return the words of the table that do one of the things in ``does`` and none of those in ``but``.

    Args:
        does: what a word may do.
        but: what it must not do.
        also: further words that only the caller counts.
    """
    chosen = [words for done, words in _TABLE if done & does and not (but and done & but)]
    return Words(*(word for words in chosen for word in words), *also)
