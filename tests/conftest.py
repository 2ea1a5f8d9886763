"""What all tests share: an embedder without a model, a knowledge base in a temporary folder, no network."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kb.embedders import Vectors
from kb.identity import chunk_id, document_id, passage
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from kb.types import Chunk, Document, Labels, Section, SectionKind

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class WordsEmbedder:
    """A vector per word, summed: deterministic, quick, and alike texts are near each other."""

    def __init__(self, dimension: int = 64, name: str = "words") -> None:
        self.dimension = dimension
        self.fingerprint = f"{name}-{dimension}"
        self.texts = 0

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text."""
        self.texts += len(texts)
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, self.dimension)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text."""
        return self.embed_documents(texts)

    def embed_query(self, text: str) -> Vectors:
        """Return the sum of the words' vectors, L2-normalised."""
        total = np.full(self.dimension, 1e-3, np.float32)
        for word in text.casefold().split():
            seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
            total += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        vector: Vectors = total / np.linalg.norm(total)
        return vector


def one_chunk(
    uri: str, text: str, title: str = "", question: str | None = None, labels: Labels = Labels()
) -> tuple[Document, str, str, list[Chunk]]:
    """Return the arguments of ``Load.put`` for a document of one chunk."""
    title = title or uri
    kind = SectionKind.QUESTION_ANSWER if question else SectionKind.PROSE
    document = Document(
        uri=uri, title=title, sections=(Section(text=text, kind=kind, question=question),), labels=labels
    )
    identifier = document_id(uri)
    chunk = Chunk(
        id=chunk_id(identifier, passage(title, (), question, text), 0),
        document_id=identifier,
        document_uri=uri,
        title=title,
        text=text,
        position=0,
        start=0,
        end=len(text),
        kind=kind,
        question=question,
        language="en",
        labels=labels,
    )
    return document, text, uri, [chunk]


def put_all(knowledge_base: KnowledgeBase, texts: dict[str, str | None], note: str = "test") -> None:
    """Load texts by uri in one version; None removes."""
    with knowledge_base.load() as load:
        for uri, text in texts.items():
            if text is None:
                load.remove([uri])
            else:
                load.put(*one_chunk(uri, text))
        load.publish(note)


def state(knowledge_base: KnowledgeBase, version: int) -> dict[str, str]:
    """Return uri -> text at a version."""
    return {d.uri: d.text for d in knowledge_base.catalogue.documents(version)}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only loopback may be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in _LOOPBACK:
            raise AssertionError(f"a test reached for {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_settings: Path) -> None:
    """Neither settings nor state of whoever runs the tests are read or written; the model cache is shared."""
    monkeypatch.setenv("FAQ_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FAQ_CONFIG", str(no_settings))


@pytest.fixture(scope="session")
def no_settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty file of settings."""
    path = tmp_path_factory.mktemp("settings") / "faq.toml"
    path.touch()
    return path


@pytest.fixture
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of settings of this test, empty at first."""
    path = tmp_path / "faq.toml"
    path.touch()
    monkeypatch.setenv("FAQ_CONFIG", str(path))
    return path


@pytest.fixture
def embedder() -> WordsEmbedder:
    """An embedder without a model."""
    return WordsEmbedder()


@pytest.fixture
def settings(tmp_path: Path) -> KnowledgeSettings:
    """Settings with a temporary home, and no Chroma: the quick ones."""
    return KnowledgeSettings(home=tmp_path / "home", vector_index="exact", lock_timeout=0.2)


@pytest.fixture
def open_at(embedder: WordsEmbedder) -> Iterator[Callable[..., KnowledgeBase]]:
    """Open knowledge bases that are closed at the end."""
    opened = []

    def open_it(settings: KnowledgeSettings, other: WordsEmbedder | None = None) -> KnowledgeBase:
        opened.append(KnowledgeBase(settings, other or embedder))
        return opened[-1]

    yield open_it
    for knowledge_base in opened:
        knowledge_base.close()


@pytest.fixture
def knowledge_base(settings: KnowledgeSettings, open_at: Callable[..., KnowledgeBase]) -> KnowledgeBase:
    """An empty knowledge base."""
    return open_at(settings)


@pytest.fixture
def put_texts(knowledge_base: KnowledgeBase) -> Callable[..., None]:
    """Load texts by uri into ``knowledge_base``: ``put_texts(a="text", b=None)``."""
    return lambda **texts: put_all(knowledge_base, texts)
