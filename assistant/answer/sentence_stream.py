"""What a chat model writes, piece by piece, becomes sentences with the numbers they cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.language.text import detect_language, sentence_spans

_MARK = re.compile(
    r"\s*[\[［【]\s*(?:\^|source\s*|来源\s*)?(\d{1,3}(?:\s*[,，、;-]\s*\d{1,3})*)\s*[\]］】]", re.IGNORECASE
)
_NO_MARK = re.compile(r"\s*[\[［【]\s*(?:[A-Za-z]{1,3}|source|citation needed|来源)\s*[\]］】]", re.IGNORECASE)
_OPEN_MARK = re.compile(r"[\[［【][^\]］】]{0,24}$")
_ENDED = re.compile(r"[.!?。！？…:：][”’\"'」』）)]*\s*$|[\]］】]\s*[.。]?\s*$")
_ADORNMENT = re.compile(r"\*\*|__|^#{1,6}\s+|^>\s+|`", re.MULTILINE)
_NEXT_ITEM = re.compile(rf"[;；](?:{_MARK.pattern})?\s*(?=[（(][一二三四五六七八九十\d]{{1,3}}[)）])")
_LONGEST = 1200  # characters without an end of sentence: it is cut there, and will hardly be supported


@dataclass(frozen=True, slots=True)
class Written:
    """One sentence of a draft.

    Attributes:
        text: without marks ``[n]`` and without Markdown's emphasis.
        numbers: of the sources it cites, in order, as written: they may not exist.
        complete: False for a last sentence that breaks off.
        joint: what parts it from the sentence before it: a line break, a space, nothing in Chinese.
    """

    text: str
    numbers: tuple[int, ...]
    joint: str
    complete: bool = True


def written_sentences(pieces: Iterable[str]) -> Iterator[Written]:
    """Yield each sentence as soon as the next one has begun, the last one at the end.

    Args:
        pieces: of the draft, in order, cut anywhere.
    """
    held = ""
    broken = False  # whether the last sentence that was yielded ended its line
    for piece in pieces:
        held += piece
        spans = _joined(held)
        ready = spans[:-1] if len(held) < _LONGEST else spans
        for start, end in ready:
            yield from _written(held[start:end], held[:start], broken)
            broken = held[end:].lstrip(" \t").startswith("\n")
        if ready:
            held = held[ready[-1][1] :]
    for start, end in _joined(held):
        ended = end < len(held.rstrip()) or _ENDED.search(held[start:end]) is not None
        yield from _written(held[start:end], held[:start], broken, ended)
        broken = held[end:].lstrip(" \t").startswith("\n")


def _joined(text: str) -> list[tuple[int, int]]:
    """Return spans of sentences, with the marks that follow a sentence in its span."""
    spans: list[tuple[int, int]] = []
    for start, end in _items_apart(text):
        while (mark := _MARK.match(text, start)) and mark.end() <= end and spans:
            spans[-1] = (spans[-1][0], mark.end())
            start = mark.end()
        if start >= end or not text[start:end].strip(" .。,，;；"):
            continue
        unfinished = _OPEN_MARK.search(text[start:end])
        if unfinished and spans and unfinished.start() == 0 and end == len(text):
            spans[-1] = (spans[-1][0], end)
            continue
        spans.append((start, end))
    return spans


def _items_apart(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of sentences; items of a list that stand in one line are a sentence each."""
    for start, end in sentence_spans(text):
        for item in _NEXT_ITEM.finditer(text, start, end):
            yield start, item.end()
            start = item.end()
        yield start, end


def _written(sentence: str, before: str, broken: bool, complete: bool = True) -> Iterator[Written]:
    numbers = tuple(
        dict.fromkeys(int(n) for mark in _MARK.finditer(sentence) for n in re.findall(r"\d+", mark.group(1)))
    )
    text = _ADORNMENT.sub("", _NO_MARK.sub("", _MARK.sub("", sentence))).strip()
    if not text:
        return
    line = broken or "\n" in before[-2:]
    yield Written(text, numbers, "\n" if line else "" if detect_language(text) == "zh" else " ", complete)
