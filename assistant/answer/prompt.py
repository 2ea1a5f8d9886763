"""What a chat model is told: rules, then documents and conversation as data within a fence it cannot forge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.guard.fence import Fence
from assistant.types import Message, Understanding, Wish
from kb.guard.marks import Guard
from kb.guard.planted import answer_start, is_planted
from kb.types import Hit

NO_ANSWER = "NO ANSWER"
"""What the model is to write where the documents do not tell."""
_MOST_SOURCES = 6
_TURNS = 6  # messages of the conversation that are shown
_MESSAGE = 600  # characters of a message in it

_RULES = """You answer customers of a company from its documents.
{fence}
Rules:
1. State only what the documents say. Copy every number, amount, date, name, condition and exception exactly.
2. Write short sentences, and put the number of the document behind each one, like this: Refunds take 5 days. [2]
3. If the documents do not answer the question, write exactly {no_answer} and nothing else.
4. No greeting, no advice of your own, no promise, no link that is not in the documents.
5. Write in {language}.{wish}"""
# Said after the data, so that the last words are ours; a small model would else go on with the fence.
_ASKED = {
    "en": "Answer the question from the documents, by the rules.",
    "zh": "请按规则，用文件内容回答问题。",
}
_WISHES = {Wish.SHORTER: "\n6. Write one sentence, the most important one with its conditions."}


@dataclass(frozen=True, slots=True)
class Source:
    """A chunk as a chat model sees it.

    Attributes:
        number: 1, 2, 3 …, what the model cites.
        hit: the chunk.
        text: its text without words that speak to a machine.
    """

    number: int
    hit: Hit
    text: str


def sources_of(hits: Sequence[Hit], room: int, guard: Guard = Guard()) -> list[Source]:
    """Return the hits that a chat model is shown, cleaned, as far as ``room`` characters go; the best always."""
    found: list[Source] = []
    for hit in hits[:_MOST_SOURCES]:
        text = _clean(hit, guard)
        if text and (len(text) <= room or not found):
            found.append(Source(len(found) + 1, hit, text))
            room -= len(text)
    return found


def _clean(hit: Hit, guard: Guard) -> str:
    """Return a chunk's text without planted sentences; as it is where there are none."""
    text = hit.chunk.text
    spans, places = guard.places(hit.chunk)
    for start, end in [spans[place] for place in sorted(places, reverse=True)]:
        text = text[:start].rstrip(" ") + text[end:]
    if is_planted(hit.chunk.question or "", hit.chunk.labels.trust):
        text = text[answer_start(hit.chunk) :]
    return text.strip()


def _shown(source: Source) -> str:
    chunk = source.hit.chunk
    return f"[{source.number}] {' › '.join((chunk.title, *chunk.headings))}\n{source.text}"


def build_prompt(
    understanding: Understanding, sources: Sequence[Source], history: Sequence[Message]
) -> list[tuple[str, str]]:
    """Return the turns of a request; the fence is drawn anew for each."""
    fence = Fence()
    rules = _RULES.format(
        fence=fence.rule, no_answer=NO_ANSWER, language="Chinese" if understanding.language == "zh" else "English",
        wish=_WISHES.get(understanding.wish, "") if understanding.wish else "",
    )  # fmt: skip
    documents = "\n\n".join(map(_shown, sources))
    talk = "\n".join(f"{m.role}: {m.text[:_MESSAGE]}" for m in history[-_TURNS:])
    question = understanding.queries[-1] if understanding.wish else understanding.message
    parts = [f"DOCUMENTS\n{documents}"]
    if talk:
        parts.append(f"CONVERSATION\n{talk}")
    parts.append(f"QUESTION\n{question}")
    data = "\n\n".join(parts)
    asked = _ASKED["zh" if understanding.language == "zh" else "en"]
    return [("system", rules), ("human", f"{fence.around(data)}\n{asked}")]
