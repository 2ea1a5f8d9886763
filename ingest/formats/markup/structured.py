"""Questions that a page carries for search engines (FAQPage, QAPage in JSON-LD) and does not show itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup

_MAX_DEPTH = 12
_MAX_QUESTIONS = 2_000


@dataclass(frozen=True, slots=True)
class StatedQuestion:
    """A question with its answer, which may be HTML."""

    question: str
    answer: str


def stated_questions(soup: BeautifulSoup) -> list[StatedQuestion]:
    """Return the questions in a page's JSON-LD; what is no JSON is passed over, as search engines do."""
    found: dict[str, StatedQuestion] = {}
    for script in soup.find_all("script"):
        if str(script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        text = re.sub(
            r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", "", script.string or ""
        )
        try:
            stated = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _questions(stated, 0):
            if len(found) < _MAX_QUESTIONS:
                found.setdefault(one.question, one)
    return list(found.values())


def _questions(stated: Any, depth: int) -> Iterator[StatedQuestion]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(stated, list):
        for one in stated:
            yield from _questions(one, depth + 1)
    elif isinstance(stated, dict):
        kinds = stated.get("@type")
        if "Question" in (kinds if isinstance(kinds, list) else [kinds]):
            question = str(stated.get("name") or stated.get("text") or "").strip()
            answers = [_answer(stated.get(name)) for name in ("acceptedAnswer", "suggestedAnswer")]
            answer = next((answer for answer in answers if answer), "")
            if question and answer:
                yield StatedQuestion(question, answer)
            return
        for value in stated.values():
            if isinstance(value, (dict, list)):
                yield from _questions(value, depth + 1)


def _answer(stated: Any) -> str:
    """Return the text of an answer, or of several."""
    if isinstance(stated, list):
        return "\n".join(filter(None, map(_answer, stated)))
    if isinstance(stated, dict):
        return str(stated.get("text") or stated.get("name") or "").strip()
    return str(stated or "").strip()
