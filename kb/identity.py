"""Computed ids: putting the same thing twice is putting it once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from kb.types import Chunk, Document, Trust


def digest(*parts: str) -> str:
    """Return 32 hexadecimal digits (128 bits of BLAKE2b) of the parts, whose borders count."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        state.update(len(encoded).to_bytes(8, "little"))
        state.update(encoded)
    return state.hexdigest()


def document_id(uri: str) -> str:
    """Return the id of the document at ``uri``."""
    return digest("document", uri)


def chunk_id(document_id: str, content: str, occurrence: int) -> str:
    """Return the id of a chunk.

    Args:
        document_id: of its document.
        content: what is embedded (``passage``), so that another title or heading makes another chunk.
        occurrence: 0 for the first chunk of the document with this content, 1 for the next …
    """
    return digest("chunk", document_id, content, str(occurrence))


def vector_key(fingerprint: str, role: str, text: str) -> str:
    """Return the key under which the vector of ``text`` is kept: embedded once, whoever holds the text."""
    return digest("vector", fingerprint, role, text)


def content_hash(document: Document) -> str:
    """Return a hash of everything that the catalogue keeps of ``document``."""
    labels = document.labels
    # What earlier releases did not know is left out where it is not said, so that their hashes stay right.
    later = [] if labels.trust is Trust.REVIEWED else [labels.trust.value]
    later += [f"brand {labels.brand}"] if labels.brand else []
    return digest(
        "content",
        document.title,
        document.record_id or "",
        json.dumps(
            [
                [labels.audience, labels.product, labels.language],
                [str(labels.valid_from), str(labels.valid_until)],
                list(labels.supersedes),
                sorted(labels.extra.items()),
                list(document.warnings),
                [[s.text, s.headings, s.page, s.kind, s.question] for s in document.sections],
                *later,
            ],
            ensure_ascii=False,
        ),
    )


def passage(title: str, headings: Sequence[str], question: str | None, text: str) -> str:
    """Return what is embedded and searched for a chunk: its text under its title, headings and question.

    A heading that the title, the question or the heading above repeats is left out, and so is the last of them
    where the text begins with it.
    """
    lines: list[str] = []
    for line in (title, *headings, question or ""):
        if line and line not in lines:
            lines.append(line)
    if lines and text.startswith(lines[-1]):
        lines.pop()
    return "\n".join([*lines, text])


def passage_of(chunk: Chunk) -> str:
    """Return the passage of a chunk."""
    return passage(chunk.title, chunk.headings, chunk.question, chunk.text)
