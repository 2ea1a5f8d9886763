"""What the assistant says in its own words, in the customer's language."""

from __future__ import annotations

_PHRASES: dict[str, dict[str, str]] = {
    "not_found": {
        "en": "I could not find an answer to that in our documents.",
        "zh": "我们的资料里没有找到这个问题的答案。",
    },
    "nearest": {
        "en": "The nearest topics they cover: {topics}.",
        "zh": "资料中最接近的内容有：{topics}。",
    },
    "empty": {
        "en": "Please type your question, for example: {example}",
        "zh": "请输入您的问题，例如：{example}",
    },
    "page": {"en": "page {page}", "zh": "第 {page} 页"},
    "sources": {"en": "Sources", "zh": "出处"},
}


def phrase(name: str, language: str, **values: object) -> str:
    """Return a phrase in ``zh``, or in English for any other language."""
    wording = _PHRASES[name]
    return wording["zh" if language == "zh" else "en"].format(**values)
