"""The words by which sentences deny, forbid, demand, exempt, allow, and lift that; English and Chinese.

Patterns only; ``assistant.verify.polarity`` says what they reach.
"""

from __future__ import annotations

import re
from enum import StrEnum

from kb.language.conditions import AS_IF, Does, words_that

ANSWER_NO = re.compile(
    r"^\W*(?:(?:no|nope)\b\s*(?:[,.;:!—–-]|$)|(?:不|否|不是|不行|不可以|不可|不能|不会|不需要|没有|无|不用|不必)\s*(?:[的了]?[，。；：！,.!]|$))",
    re.IGNORECASE,
)
ANSWER_YES = re.compile(
    r"^\W*(?:(?:yes|yep|sure|certainly|of\s+course)\b\s*(?:[,.;:!—–-]|$)|(?:是|是的|可以|能|会|有|需要|当然(?:可以)?)\s*(?:的?[，。；：！,.!]|$))",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"[,;:()\n|，；：。！？（）!?]|\.(?=\s|$)|\s[—–-]+\s"
    r"|\b(?:but|unless|if|when|because|while|until|except|although|though|so\s+that|provided|after|before|once)\b"
    r"|\b(?:and|or|nor)\b(?=\s+(?:(?:you|we|it|they|he|she|there)\b|(?:can|could|will|would|may|must|shall|should|is|are|was|were"
    r"|do|does|did|has|have|need|cannot|can['’]t|won['’]t|never|not|no)\b))"
    r"|除非|如果|因为|并且|而且|否则|但是?(?!$)",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
"""What stands in brackets does not part what stands around them."""
NON = re.compile(r"\bnon[-\u2010\u2011](?=[a-z]{4})", re.IGNORECASE)
LIFTS = words_that(
    Does.LIFTS,
    but=Does.BEHIND,
    also=("before", "未经", *(f"except {word}" for word in ("if", "when", "for", "with", "where", "in", "on"))),
    further="未(?=.{1,12}(?:不|勿|禁))|没有(?=.{1,12}不)",
)
"""Lifts a negation: "no refund unless the flight is cancelled", 未经同意不得转让."""
UNDER = words_that(
    Does.SETS | Does.LIMITS,
    but=Does.BEHIND,
    also=("with", "after", "凭"),
    further="(?<!未)经(?=.{1,12}(?:可|后))",
)
"""What a statement holds under stands behind it."""
SUPPOSED = words_that(
    Does.SETS,
    but=Does.BEHIND | Does.LOOSE,
    also=("unless", "when(ever)", "where", "whoever", "anyone who", "those who", AS_IF, "凡", "违反", "因违反"),
)
"""A clause that opens so only supposes what it says."""


class Force(StrEnum):
    """What a cue says of its head."""

    DENIED = "denies"
    FORBIDDEN = "forbids"
    EXEMPT = "does not demand"
    REQUIRED = "demands"
    PERMITTED = "allows"
    NONE = "states"


NEGATIVE = {Force.DENIED, Force.FORBIDDEN, Force.EXEMPT}
_CUES = [
    (Force.EXEMPT, r"\b(?:need\s+not|needn['’]t|(?:do|does|did|will|would)(?:\s+not|n['’]t)\s+(?:need|have)\s+to"
                   r"|no\s+need\s+(?:to|for)"
                   r"|without\s+having\s+to|(?:not|\w+n['’]t)\s+(?:required|necessary|obliged|obligatory|mandatory|compulsory|needed)(?:\s+to)?)\b"
                   r"|无需|无须|毋须|毋需|不必|不需要?|不须|不用(?!于)|不强制|免于|免予"),
    (Force.FORBIDDEN, r"\b(?:cannot|can\s+not|can['’]t|may\s+not|must\s+not|mustn['’]t|shall\s+not"
                      r"|(?:not|never|\w+n['’]t)\s+(?:be\s+)?(?:allowed|permitted)(?:\s+to)?"
                      r"|(?:forbidden|prohibited)(?:\s+(?:to|from))?)\b"
                      r"|不得(?!不)|不能|不可(?!抗|思)以?|不许|不准|不允许|禁止|严禁|切勿|请勿"),
    (Force.REQUIRED, r"\b(?:must|have\s+to|has\s+to|need\s+to|needs\s+to|(?:are|is|be)\s+required(?:\s+to)?"
                     r"|shall)\b(?!\s*not)"
                     r"|必须|(?<![无毋不必])须|务必|不得不"),
    (Force.PERMITTED, r"\b(?:can|may|allowed\s+to|permitted\s+to|(?:are|is)\s+(?:allowed|permitted)"
                      r"|able\s+to)\b(?!\s*not)"
                      r"|(?<!不)可以|即可|方可|(?<!不)允许|(?<!不)准许"),
]  # fmt: skip
CUE = [(force, re.compile(pattern, re.IGNORECASE)) for force, pattern in _CUES]
CLASH = {
    frozenset({Force.EXEMPT, Force.FORBIDDEN}), frozenset({Force.PERMITTED, Force.REQUIRED}),
}  # fmt: skip
