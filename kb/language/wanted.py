"""What kind of thing a question asks for, and whether a sentence states one."""

from __future__ import annotations

import re

from kb.language.facts import Kind, facts
from kb.language.text import asks, simplify
from kb.language.words import Words

_ASKS = {
    Kind.MONEY: r"\bhow much\b|\b(?:price|cost|costs|fee|fees|charge|charges|expensive)\b"
    r"|\b(?:surcharge|supplement|extra for)\b"
    r"|多少(?:钱|錢|元|费用|費用)|(?:费用|費用|价格|價格|手续费|手續費|收费|收費|年费|年費)",
    Kind.PERCENT: r"\b(?:rate|interest|percent|percentage|discount|share)\b|利率|比例|百分|折扣|打几折",
    Kind.PERIOD: r"\bhow (?:long|soon|many (?:days|weeks|months|years|hours))\b|\b(?:until when|by when"
    r"|deadline|too late)\b"
    r"|多久|多长时间|多長時間|几天|幾天|多少天|几个月|期限|时效|几小时|多少(?:年|个月|小时)",
    Kind.DATE: r"\bwhen\b|\bwhat (?:date|day|year)\b|什么时候|什麼時候|何时|何時|哪一?天|哪一?年"
    r"|几月|幾月|日期|几号",
    Kind.TIME: r"\b(?:what time|opening hours|open until|business hours)\b|几点|幾點|营业时间|營業時間",
    Kind.NUMBER: r"\bhow (?:many|far|heavy|big|large|tall|wide|fast|old)\b|多少|几(?:个|名|人|位|次|件"
    r"|种)|幾(?:個|名|人|位|次|件)|最多|最少",
    Kind.CODE: r"\b(?:phone|telephone|number to call|email|e-mail|address|website|hotline|contact)\b"
    r"|电话|電話|邮箱|郵箱|地址|网址|網址|热线|熱線|联系方式",
}  # fmt: skip
_ASKED = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _ASKS.items()}
_ALSO = {Kind.DATE: {Kind.PERIOD, Kind.TIME}, Kind.PERIOD: {Kind.DATE, Kind.TIME}, Kind.TIME: {Kind.PERIOD}}


def wanted_groups(question: str) -> list[frozenset[Kind]]:
    """Return for each kind of thing that a question asks for the kinds of facts that answer it."""
    asked = [kind for kind, pattern in _ASKED.items() if pattern.search(question)]
    return [frozenset({kind, *_ALSO.get(kind, ())}) for kind in asked]


def wanted_kinds(question: str) -> frozenset[Kind]:
    """Return the kinds of facts that answer a question; none where it asks for no number, time or address."""
    return frozenset().union(*wanted_groups(question))


def states_what_is_wanted(sentence: str, kinds: frozenset[Kind]) -> bool:
    """Tell whether a sentence states a fact of one of these kinds."""
    return bool(kinds) and any(fact.kind in kinds for fact in facts(sentence))


_MANY = Words(
    *(f"how {verb}" for verb in ("do(es)", "did", "can", "could", "should", "shall", "would", "will", "must",
    "may")),
    *(f"how {verb}" for verb in ("to", "is", "are", "else", "exactly")),
    *(f"what {verb}" for verb in ("to do", "to bring", "to prepare", "to send", "to expect", "are", "all",
    "else", "if")),
    *(f"what {verb}" for verb in ("counts", "happens", "is needed", "is required", "is necessary",
    "is included")),
    *(f"what {verb}" for verb in ("is excluded", "is covered", "is not covered", "is not included",
    "is allowed")),
    *(f"what {verb} {who}" for verb in ("do", "can", "should", "must", "may", "will") for who in ("i", "we",
    "you", "one")),
    "step(s)", "list", "document(s)", "documentation", "papers", "paperwork", "requirements", "instructions",
    "procedure", "guide", "checklist", "options", "ways", "怎么", "怎样", "如何", "咋", "哪些",
    "哪几", *(f"什么{noun}" for noun in ("材料", "资料", "文件", "证件", "手续", "步骤", "条件", "流程", "东西",
    "证明", "单据")),
    *(f"什么{noun}" for noun in ("情况", "方式")), "步骤", "流程", "手续", "材料", "清单",
    "有何", "列出",
    "分别是", "都有",
    *(f"{verb}什么" for verb in ("要", "带", "备", "交", "提供", "提交", "包括", "包含", "有", "填", "做", "办",
    "注意", "需")),
    further=r"\b(?:which|what)\s+(?:(?!is\b|was\b|does\b|has\b|this\b|us\b)[\w-]+\s+){0,2}?"
    r"(?!is\b|was\b|does\b|has\b|this\b|us\b)[\w-]*[a-rt-z]s\b"
    r"|\bwhat\s+do(?:es)?\b.{1,60}\b(?:include|cover|need|require|contain|consist)\b",
)  # fmt: skip
"""Of a question that may have several answers: how something is done, which things, what one needs."""
_ONE = Words(
    "who", "whom", "whose", "when", "where", "why", "how", "what", "which", "吗", "是否", "能否", "可否",
    "是不是",
    "能不能", "可不可以", "要不要", "会不会", "有没有", "多少", "多久", "几", "谁", "哪", "何",
    "为什么",
    "什么",
    further=r"^\W*(?:is|are|am|was|were|do|does|did|can|could|may|must|will|would|should|shall|has|have|had)\b",
)  # fmt: skip
"""Of a question that asks for one thing, or for yes or no."""


def asks_for_list(question: str) -> bool:
    """Tell whether a question may want several things: how something is done, which, what one needs, any help.

    A message that asks nothing in particular ("I lost my card") may; one that asks for a fact does not.
    """
    question = simplify(question)
    if _MANY.search(question):
        return True
    return not _ONE.search(question) and not asks(question) and not wanted_kinds(question)
