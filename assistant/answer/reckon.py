"""Simple sums on quoted figures, written out: a share of an amount, an amount beside a limit.

Only what a customer could do in one step on the quote itself. Where it is not plain which figures belong together,
nothing is reckoned and the quote stands alone.
"""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.phrases import phrase
from assistant.verify.sums import exactly, share_of
from kb.language.facts import Bound, Fact, Kind, comparable, facts

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_OF_IT = re.compile(r"\s*(?:of|from|on)\b|\s*\S{0,4}\s*$|\s*[,，;；。.]", re.IGNORECASE)


def reckoned(question: str, quote: str, language: str) -> str:
    """Return the sum that a question asks of a quote, as a sentence; empty where there is none, or more than one.

    Args:
        question: standing alone; names one amount of money.
        quote: what the reply says.
        language: of the reply's own words.
    """
    amounts = [fact for fact in facts(question) if fact.kind is Kind.MONEY]
    if len(amounts) != 1 or not _written(question, amounts[0]):
        return ""
    amount, stated = amounts[0], facts(quote)
    shares = [fact for fact in stated if fact.kind is Kind.PERCENT and fact.bound is Bound.NONE]
    if len(shares) == 1:
        return _share_of(question, amount, quote, shares[0], stated, language)
    limits = [fact for fact in stated if fact.kind is Kind.MONEY and comparable(fact, amount) and _is_limit(fact)]
    others = [fact for fact in stated if fact.kind is Kind.MONEY and fact not in limits]
    if not shares and len(limits) == 1 and not others:
        return _beside_limit(question, amount, quote, limits[0], language)
    return ""


def _share_of(question: str, amount: Fact, quote: str, share: Fact, stated: list[Fact], language: str) -> str:
    """Return a share of the amount that the question names, kept within the least and the most that are stated."""
    if not _OF_IT.match(quote, share.end):
        return ""
    exact = share_of(amount, share)
    words = {
        "share": quote[share.start : share.end].strip(),
        "amount": _words(question, amount),
        "result": _rewritten(question, amount, exact),
    }
    limit_words = ""
    for limit in (fact for fact in stated if fact.kind is Kind.MONEY and comparable(fact, amount)):
        below, above = exact < exactly(limit), exact > exactly(limit)
        if (limit.bound is Bound.LEAST and below) or (limit.bound is Bound.MOST and above):
            name = "but_least" if below else "but_most"
            limit_words = phrase(name, language, limit=_words(quote, limit))
        elif not _is_limit(limit):
            return ""  # an amount of its own beside the share: which of them holds is not plain
    return phrase("share_of", language, **words, but=limit_words)


def _beside_limit(question: str, amount: Fact, quote: str, limit: Fact, language: str) -> str:
    """Return how the amount that the question names stands to the one limit that the quote states."""
    mine, theirs = exactly(amount), exactly(limit)
    name = "equal" if mine == theirs else "below" if mine < theirs else "above"
    return phrase(f"amount_{name}", language, amount=_words(question, amount), limit=_words(quote, limit))


def _is_limit(fact: Fact) -> bool:
    return fact.bound in (Bound.LEAST, Bound.MOST, Bound.ABOVE, Bound.BELOW, Bound.AFTER)  # "from €500"


def _written(text: str, fact: Fact) -> bool:
    """Tell whether an amount is written in digits, so that another one can be written like it."""
    return len(_NUMBER.findall(text[fact.start : fact.end])) == 1


def _words(text: str, fact: Fact) -> str:
    return text[fact.start : fact.end].strip()


def _rewritten(text: str, fact: Fact, value: Decimal) -> str:
    """Return another amount, which is exact to the cent, as this one is written, with its currency."""
    plain = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return _NUMBER.sub(plain, _words(text, fact), count=1)
