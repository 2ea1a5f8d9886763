"""Why a search found what it found, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from assistant.types import Understanding
from kb.answerable.evidence import Evidence
from kb.search.explain import Explanation, Reason
from kb.terminal import short

_TEXT = 160  # characters of a passage or a wording shown on a line
_TERMS = 16  # words that are named


def explanation_row(explanation: Explanation, understanding: Understanding) -> dict[str, Any]:
    """Return an explanation as what JSON can hold; beside the row of the search."""
    return {
        "queries": list(understanding.queries),
        "context": understanding.context,
        "searched": list(explanation.retrieval.queries),
        "candidates": explanation.candidates,
        "chunks": explanation.chunks,
        "terms": dict(explanation.frequency),
        "evidence": {name: round(value, 4) for name, value in asdict(explanation.retrieval.evidence).items()},
        "hits": [
            {
                "chunk_id": reason.hit.chunk.id,
                "score": round(reason.hit.score, 6),
                "fused": round(reason.fused, 6),
                "feedback": round(reason.feedback, 6),
                "rankers": {
                    name: {
                        "score": None if said.score is None else round(said.score, 4),
                        "place": said.place,
                        "share": round(said.share, 4),
                    }
                    for name, said in reason.rankers.items()
                },
                "matched": list(reason.matched),
                "missing": list(reason.missing),
            }
            for reason in explanation.reasons
        ],
    }


def render_explanation(explanation: Explanation, understanding: Understanding) -> str:
    """Return an explanation for people: what was searched, which words count, and for each hit who found it."""
    retrieval = explanation.retrieval
    lines = [f"answerable {retrieval.answerable:.2f}", *_evidence(retrieval.evidence), ""]
    lines += _wordings(understanding)
    typed = {wording.strip() for wording in understanding.wordings}
    lines += [f"read as   {_cut(query)}" for query in retrieval.queries if query not in typed]
    if explanation.frequency:
        rare = sorted(explanation.frequency.items(), key=lambda item: item[1])
        lines.append(f"words     {_counted(rare[:_TERMS])}, of {explanation.chunks} passages")
    lines.append(f"looked at {explanation.candidates} candidates")
    for rank, reason in enumerate(explanation.reasons, 1):
        lines += ["", *_hit(rank, reason, explanation.frequency)]
    return "\n".join(lines)


def _evidence(evidence: Evidence) -> Iterator[str]:
    values = [f"{name.replace('_', ' ')} {value:.2f}" for name, value in asdict(evidence).items()]
    for start in range(0, len(values), 6):
        yield ("  because " if not start else "          ") + ", ".join(values[start : start + 6])


def _wordings(understanding: Understanding) -> Iterator[str]:
    """Yield the question as typed, and what was carried over from the conversation, each on a line."""
    yield f"typed     {_cut(understanding.message)}"
    for query in understanding.queries:
        if query != understanding.message:
            yield f"completed {_cut(query)}"
    if understanding.context:
        yield f"with talk {_cut(understanding.context)}"


def _hit(rank: int, reason: Reason, frequency: Mapping[str, int]) -> Iterator[str]:
    chunk = reason.hit.chunk
    page = f" p.{chunk.page}" if chunk.page is not None else ""
    yield f"{rank:2}  {reason.hit.score:6.3f}  {short(chunk.document_uri)}{page}"
    yield f"    {_cut(f'{chunk.question or str()} {chunk.text}')}"
    for name, said in reason.rankers.items():
        if said.score is not None:
            share = f"{said.share:+.3f} of {reason.fused:.3f}"
            yield f"    {name:17} {said.score:7.3f}   place {said.place:3}   {share}"
    yield f"    {'feedback':17} {'':7}   {'':9}   {reason.feedback:+.3f}"
    yield f"    matched  {_named(reason.matched)}"
    if reason.missing:
        yield f"    missing  {_counted([(term, frequency[term]) for term in reason.missing[:_TERMS]])}"


def _named(words: Sequence[str]) -> str:
    return ", ".join(words[:_TERMS]) + (" …" if len(words) > _TERMS else "") if words else "no word"


def _counted(words: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{word} ({count or 'in none'})" for word, count in words)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT else line[: _TEXT - 1] + "…"
