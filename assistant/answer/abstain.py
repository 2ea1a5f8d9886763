"""When nothing is answered: what comes nearest, and who can help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from assistant.answer.limits import is_edition
from assistant.phrases import joined, listed, person, phrase
from assistant.types import Understanding
from kb.guard.planted import is_planted
from kb.language.list_marks import without_number
from kb.types import Chunk, Hit

_LANGUAGE = re.compile(r"[\s_.-](?:zh|en|cn)$")  # of a file, at the end of its name
_TOPICS = 3  # named when nothing answers
_TOPIC = 90  # characters of a topic


def not_found(understanding: Understanding, hits: Sequence[Hit], contact: str, said: str = "") -> str:
    """Return what is said when the documents do not answer.

    Args:
        understanding: of the message.
        hits: that were found, best first.
        contact: how a customer reaches a person; empty where nothing is set.
        said: the reply before it: the same is not said twice in a row.
    """
    language = understanding.language
    if said.startswith((phrase("not_found", "en"), phrase("not_found", "zh"))):
        return joined([phrase("still_not_found", language), person(language, contact)], language)
    lines = [phrase("not_found", language)]
    topics: list[str] = []
    for hit in hits:
        topic = _topic(hit)
        if len(topics) < _TOPICS and topic not in topics and not is_planted(topic, hit.chunk.labels.trust):
            topics.append(topic)
    if topics:
        lines.append(phrase("nearest", language, topics=listed(topics, language)))
    lines.append(person(language, contact))
    return joined(lines, language)


def nothing_more(understanding: Understanding, contact: str) -> str:
    """Return what is said where all that answers was said just now."""
    language = understanding.language
    return joined([phrase("said_already", language), person(language, contact)], language)


def _topic(hit: Hit) -> str:
    chunk = hit.chunk
    heading = without_number(chunk.headings[-1]) if chunk.headings and not is_edition(chunk.headings[-1]) else ""
    topic = chunk.question or ", ".join(filter(None, [_title(chunk), heading])) or chunk.title
    return topic if len(topic) <= _TOPIC else topic[: _TOPIC - 1] + "…"


def _title(chunk: Chunk) -> str:
    """Return a document's title; of one that is called as its file only what stands behind the file's name."""
    name, _, rest = chunk.title.partition(": ")
    file = PurePosixPath(unquote(urlsplit(chunk.document_uri).path)).stem
    if not name.isascii() or name != name.lower() or _plain(name) != _plain(file):  # "退货政策.docx" is a title
        return chunk.title
    return rest or ("" if chunk.headings else _LANGUAGE.sub("", chunk.title))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).casefold().strip()
