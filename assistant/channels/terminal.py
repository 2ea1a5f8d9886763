"""The terminal: answers and hits as text or as JSON rows, and a conversation at a prompt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any
from uuid import uuid4

from assistant.phrases import phrase
from assistant.turn import Assistant
from assistant.types import Answer, Citation, Message, Turn
from kb.search.search import Retrieval
from kb.terminal import say, short
from kb.types import Filters

_QUOTE = 160  # characters of a quote or hit shown on a line
_HELP = "Type a question. /sources shows where the last answer stands, /new starts over, /quit ends."


def answer_row(answer: Answer) -> dict[str, Any]:
    """Return an answer as the command's contract has it."""
    return {
        "outcome": answer.outcome.value,
        "text": answer.text,
        "citations": [
            {
                "number": c.number, "document_uri": c.document_uri, "record_id": c.record_id, "page": c.page,
                "quote": c.quote, "title": c.title, "headings": list(c.headings), "start": c.start, "end": c.end,
                "version": c.version,
            }
            for c in answer.citations
        ],
        "confidence": round(answer.confidence, 4),
        **({"degraded": answer.degraded} if answer.degraded else {}),
        **({"remarks": list(answer.trace.remarks)} if answer.trace.remarks else {}),
    }  # fmt: skip


def tell_model(answer: Answer) -> None:
    """Say on stderr what those who look after the chat model should know."""
    for remark in answer.trace.remarks:
        say(f"chat model: {remark}")
    if answer.trace.fallback:
        say(f"chat model: {answer.trace.fallback}" + ("; quotes stand in" if answer.degraded else ""))


def search_row(retrieval: Retrieval) -> dict[str, Any]:
    """Return hits as the command's contract has them."""
    return {
        "hits": [
            {
                "chunk_id": h.chunk.id, "document_uri": h.chunk.document_uri, "record_id": h.chunk.record_id,
                "page": h.chunk.page, "score": round(h.score, 6), "text": h.chunk.text, "title": h.chunk.title,
                "headings": list(h.chunk.headings), "question": h.chunk.question,
            }
            for h in retrieval.hits
        ],
        "answerable": round(retrieval.answerable, 4),
    }  # fmt: skip


def _place(citation: Citation, language: str) -> str:
    parts = [citation.title]
    if citation.page is not None:
        parts.append(phrase("page", language, page=citation.page))
    if citation.headings:
        parts.append(" › ".join(citation.headings))
    return ", ".join(parts) + f" ({short(citation.document_uri)})"


def render_sources(answer: Answer) -> str:
    """Return the citations, a line for the place and one for the quote."""
    lines = []
    for citation in answer.citations:
        quote = " ".join(citation.quote.split())
        cut = quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…"
        lines.append(f"[{citation.number}] {_place(citation, answer.language)}\n    “{cut}”")
    return "\n".join(lines)


def render(answer: Answer) -> str:
    """Return an answer with its sources, for people."""
    if not answer.citations:
        return answer.text
    return f"{answer.text}\n\n{phrase('sources', answer.language)}\n{render_sources(answer)}"


def render_hits(retrieval: Retrieval) -> str:
    """Return hits for people: rank, score, place, beginning of the text."""
    lines = [f"answerable {retrieval.answerable:.2f}"]
    for rank, hit in enumerate(retrieval.hits, 1):
        chunk = hit.chunk
        page = f" p.{chunk.page}" if chunk.page is not None else ""
        text = " ".join(((chunk.question or "") + " " + chunk.text).split())
        lines.append(f"{rank:2}  {hit.score:6.3f}  {short(chunk.document_uri)}{page}\n    {text[:_QUOTE]}")
    return "\n".join(lines)


def _typed() -> Iterator[str]:
    """Yield what a customer types until the end of input or /quit; bytes that are no UTF-8 are marked as such."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "").strip()
        except EOFError:
            return
        if line == "/quit":
            return
        if line:
            yield line


def converse(assistant: Assistant, filters: Filters = Filters(), *, any_day: bool = False) -> None:
    """Answer line by line, piece by piece as the answer may be shown; what was said before counts.

    Args:
        assistant: is asked.
        filters: what this customer may see.
        any_day: see ``Turn``.
    """
    print(_HELP, file=sys.stderr)
    conversation = uuid4().hex
    history: list[Message] = []
    last: Answer | None = None
    for line in _typed():
        if line == "/new":
            history, last, conversation = [], None, uuid4().hex
            continue
        if line == "/sources":
            print(render_sources(last) if last and last.citations else "—")
            continue
        if line.startswith("/"):
            print(_HELP, file=sys.stderr)
            continue
        turn = Turn(
            message=line, history=tuple(history), filters=filters, any_day=any_day, channel="terminal",
            conversation=conversation,
        )  # fmt: skip
        for event in assistant.stream(turn):
            if isinstance(event, Answer):
                last = event
                history += [Message("customer", line), Message("assistant", event.text)]
            else:
                print(event.text, end="", flush=True)
        print(flush=True)
        if last:
            tell_model(last)
