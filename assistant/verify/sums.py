"""Sums that are written out: a share of an amount, an amount beside a limit, checked by reckoning them again.

No source states their result. What they rest on must be stated: the share or the limit in the evidence, the amount
there or by the customer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from assistant.types import Verdict
from kb.language.facts import Fact, Kind, agree, comparable, facts

_CENT = Decimal("0.01")
_SHARE = re.compile(
    r"\s*(?P<share>\S+\s?%)\s+of\s+(?P<amount>[^=]{2,20}?)\s*(?:\bis\b|=|\bmakes\b|\bcomes to\b)"
    r"\s*(?P<result>\S.{0,18}?)(?:\s*\(at (?:most|least) (?P<limit>[^)]+)\))?\s*[.]?\s*"
    r"|\s*(?P<amount2>[^=是为]{2,20}?)的(?P<share2>\S+%)\s*(?:是|为|=|即)"
    r"\s*(?P<result2>\S.{0,18}?)(?:（(?:最多|最少)(?P<limit2>[^）]+)）)?\s*[。.]?\s*",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\s*(?P<amount>\S.{0,18}?)\s+is\s+(?P<how>less|more)\s+than\s+(?P<limit>\S.{0,18}?)\s*[.]?\s*"
    r"|\s*(?P<amount2>\S.{0,18}?)(?P<how2>低于|高于)(?P<limit2>\S.{0,18}?)\s*[。.]?\s*",
    re.IGNORECASE,
)


def sum_verdict(claim: str, evidence: Sequence[str], asked: str | None = None) -> Verdict | None:
    """Return the verdict on a claim that writes a sum out and nothing else; None where it is no such claim.

    Args:
        claim: "60% of HK$8,000 is HK$4,800.", "€400 is less than €500.", in either language.
        evidence: passages.
        asked: the customer's words, in which the amount may stand; None: it may come from anywhere.
    """
    if match := _SHARE.fullmatch(claim):
        limited = match["limit"] or match["limit2"]
        named = _parts(match, "share", "amount", "result", *(["limit"] if limited else []))
        return _share_verdict(claim, named, evidence, asked) if named else None
    if match := _COMPARED.fullmatch(claim):
        named = _parts(match, "amount", "limit")
        less = (match["how"] or match["how2"]).casefold() in {"less", "低于"}
        return _compared_verdict(claim, named, less, evidence, asked) if named else None
    return None


def _parts(match: re.Match[str], *names: str) -> dict[str, Fact] | None:
    """Return the figures of a sum by their names; None where one of them is no single figure."""
    found = {}
    for name in names:
        text = match[name] or match[f"{name}2"]
        stated = facts(text)
        wanted = Kind.PERCENT if name == "share" else Kind.MONEY
        if len(stated) != 1 or stated[0].kind is not wanted or text[: stated[0].start].strip():
            return None
        if text[stated[0].end :].strip():
            return None
        found[name] = stated[0]
    return found


def _share_verdict(
    claim: str, named: dict[str, Fact], evidence: Sequence[str], asked: str | None
) -> Verdict | None:
    share, amount, result = named["share"], named["amount"], named["result"]
    exact = share_of(amount, share)
    if not comparable(amount, result):
        return _refused(claim, "the result is in another currency")
    if exact != exactly(result).quantize(_CENT):
        return _refused(claim, f"the sum is {exact.normalize():f}")
    limit = named.get("limit")
    if limit and not any(_states(text, limit) for text in evidence):
        return _refused(claim, "the source does not state the limit")
    return _rests(claim, share, amount, evidence, asked)


def _compared_verdict(
    claim: str, named: dict[str, Fact], less: bool, evidence: Sequence[str], asked: str | None
) -> Verdict | None:
    amount, limit = named["amount"], named["limit"]
    if not comparable(amount, limit):
        return _refused(claim, "amounts of different currencies are not compared")
    if (exactly(amount) < exactly(limit)) is not less or amount.value == limit.value:
        return _refused(claim, "it is the other way round")
    return _rests(claim, limit, amount, evidence, asked)


def _rests(claim: str, figure: Fact, amount: Fact, evidence: Sequence[str], asked: str | None) -> Verdict:
    """Return the verdict on a sum that is right: whether what it rests on is stated."""
    places = [number for number, text in enumerate(evidence) if _states(text, figure)]
    if not places:
        return _refused(claim, "the source does not state what the sum rests on")
    if asked is not None and not any(_states(text, amount) for text in (asked, *evidence)):
        return _refused(claim, "nobody named the amount")
    text = evidence[places[0]]
    quote = next((line for line in text.splitlines() if _states(line, figure)), text)
    return Verdict(claim=claim, supported=True, support=1.0, evidence=places[0], quote=quote)


def _states(text: str, figure: Fact) -> bool:
    """Tell whether a text states a figure, be it as a limit or not."""
    return any(
        comparable(fact, figure) and (fact.value == figure.value or agree(fact, figure)) for fact in facts(text)
    )


def _refused(claim: str, reason: str) -> Verdict:
    return Verdict(claim=claim, supported=False, support=0.0, reason=reason)


def share_of(amount: Fact, share: Fact) -> Decimal:
    """Return a percentage of an amount, to the cent."""
    return (exactly(amount) * exactly(share) / 100).quantize(_CENT, ROUND_HALF_UP)


def exactly(fact: Fact) -> Decimal:
    """Return the number of a fact as it is written, not as floating point has it."""
    return Decimal(str(fact.value))


def is_sum(claim: str) -> bool:
    """Tell whether a claim writes a sum out and nothing else."""
    return sum_verdict(claim, ()) is not None
