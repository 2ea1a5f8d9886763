"""What the assistant says in its own words, in the customer's language."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PHRASES: dict[str, dict[str, str]] = {
    "not_found": {
        "en": "I could not find an answer to that in our documents.",
        "zh": "我们的资料里没有找到这个问题的答案。",
    },
    "still_not_found": {
        "en": "Our documents do not say this either. I can tell only what stands in them, and I cannot look into"
        " orders or accounts.",
        "zh": "这个问题，我们的资料里也没有写。我只能回答资料里有的内容，查不到订单和账户。",
    },
    "said_already": {
        "en": "What I quoted just now is all that I find about this in our documents. If that is not what you"
        " mean, please ask in other words.",
        "zh": "关于这一点，我在资料里只找到刚才引用的内容。如果不是您要问的，请换个说法再问。",
    },
    "yes_or_no": {
        "en": "Our documents do not put it as yes or no. They say only:",
        "zh": "资料里没有直接写“是”或“否”，只写了：",
    },
    "nearest": {
        "en": "The nearest topics they cover: {topics}.",
        "zh": "资料中最接近的内容有：{topics}。",
    },
    "person": {
        "en": "A colleague of ours can help you further.",
        "zh": "我们的同事可以进一步帮助您。",
    },
    "contact": {
        "en": "You can reach a person here: {contact}",
        "zh": "您可以联系人工客服：{contact}",
    },
    "which": {
        "en": "Which of these do you mean: {topics}?",
        "zh": "请问您指的是哪一个：{topics}？",
    },
    "part_not_found": {
        "en": "I could not find anything in our documents about: “{part}”",
        "zh": "关于“{part}”，我们的资料里没有找到答案。",
    },
    "wrong_premise": {
        "en": "Our documents do not say {said}. They say:",
        "zh": "我们的资料里没有“{said}”的说法，资料中写的是：",
    },
    "only_other_language": {
        "en": "Our documents say this in Chinese only:",
        "zh": "这部分资料只有英文：",
    },
    "other_language": {
        "en": "Our documents say this in Chinese:",
        "zh": "相关资料是英文的：",
    },
    "share_of": {"en": "{share} of {amount} is {result}{but}.", "zh": "{amount}的{share}是{result}{but}。"},
    "but_least": {"en": " (at least {limit})", "zh": "（最少{limit}）"},
    "but_most": {"en": " (at most {limit})", "zh": "（最多{limit}）"},
    "amount_below": {"en": "{amount} is less than {limit}.", "zh": "{amount}低于{limit}。"},
    "amount_above": {"en": "{amount} is more than {limit}.", "zh": "{amount}高于{limit}。"},
    "amount_equal": {"en": "{amount} is exactly that.", "zh": "{amount}正好等于{limit}。"},
    "stands": {"en": "It stands here:", "zh": "出自这里："},
    "place": {"en": "“{quote}” ({place})", "zh": "“{quote}”（{place}）"},
    "goes_on": {"en": "There is more of this list in: {place}", "zh": "清单不止这些，全文见：{place}"},
    "empty": {
        "en": "Please type your question, for example: {example}",
        "zh": "请输入您的问题，例如：{example}",
    },
    "too_long": {
        "en": "Your message has {length:,} characters, and I read at most {most:,}: please ask in fewer words.",
        "zh": "您的消息有{length}个字，一次最多可以读{most}个字，请简短地提问。",
    },
    "wants_person": {
        "en": "I am a program and cannot put you through to a person myself.",
        "zh": "我是自动应答程序，不能直接为您转接。",
    },
    "robot": {
        "en": "I am a program, not a person: I look up answers in our documents.",
        "zh": "我是自动应答程序，不是真人，会在我们的资料里为您查找答案。",
    },
    "complaint": {
        "en": "I am sorry that this has not gone well for you.",
        "zh": "很抱歉没能让您满意。",
    },
    "abilities": {
        "en": "I answer questions from our documents and show where each answer stands; I cannot look into"
        " orders or accounts. You could ask, for example: {example}",
        "zh": "我可以根据我们的资料回答问题，并注明出处；我查不到订单和账户。例如您可以问：{example}",
    },
    "noted": {"en": "All right. Is there anything else?", "zh": "好的。请问还有其他问题吗？"},
    "greeting": {
        "en": "Hello! What would you like to know? For example: {example}",
        "zh": "您好！请问您想了解什么？例如：{example}",
    },
    "thanks": {"en": "You're welcome. Is there anything else?", "zh": "不客气。请问还有其他问题吗？"},
    "goodbye": {"en": "Goodbye! I am here whenever you have a question.", "zh": "再见！有问题随时可以问我。"},
    "example": {"en": "How do I return an item?", "zh": "怎么退货？"},
    "page": {"en": "page {page}", "zh": "第 {page} 页"},
    "sources": {"en": "Sources", "zh": "出处"},
}

_ASKS = re.compile(r"[?？]\s*$")


def phrase(name: str, language: str, **values: object) -> str:
    """Return a phrase in ``zh``, or in English for any other language."""
    wording = _PHRASES[name]["zh" if language == "zh" else "en"]
    for place, value in values.items():
        if _ASKS.search(str(value)):  # a stored question has its own mark
            wording = re.sub(rf"(?<={{{place}}})[?？.。]", "", wording)
    return wording.format(**values)


def person(language: str, contact: str) -> str:
    """Return how a customer reaches a person; in general terms where no contact is set."""
    return phrase("contact", language, contact=contact) if contact else phrase("person", language)


def listed(topics: Sequence[str], language: str) -> str:
    """Return topics in one line."""
    return ("、" if language == "zh" else "; ").join(topics)


def joined(lines: Sequence[str], language: str) -> str:
    """Return sentences as one paragraph."""
    return ("" if language == "zh" else " ").join(lines)
