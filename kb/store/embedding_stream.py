"""Embedding beside everything else: while slices of texts are embedded, the next are read, the last are written.

A slice is what one call of the embedder gets and one commit keeps: a kill costs those under way. The embedder
stays busy from the first slice to the last, because the next one waits in its queue when a slice is done.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from kb.embedders import Embedder, TokenEmbedder, TokenRows, Vectors
from kb.identity import passage_of
from kb.store.catalogue import Catalogue
from kb.store.draft import Draft, vector_keys
from kb.types import Chunk

_SLICE_BYTES = 120_000  # of UTF-8, about 30,000 tokens: some seconds of work for all processors
_SLICE_TEXTS = 1_024
_MOST_SLICES = 12  # gathered and sorted by length before they are embedded, so that nearly nothing is padding
_UNDER_WAY = 3  # slices handed to the embedder and not yet written, when more are gathered

_Embedded = tuple[Vectors, Sequence[TokenRows]]


@dataclass(frozen=True, slots=True)
class _Slice:
    """What one call embeds.

    Attributes:
        keys: of the vectors, in order of ``texts``.
        texts: to be embedded.
        asked: whether they are stored questions, not passages.
    """

    keys: tuple[str, ...]
    texts: tuple[str, ...]
    asked: bool


class EmbeddingStream:
    """Takes chunks, embeds what was never embedded, writes the vectors to a draft.

    All calls must come from one thread, the draft's; the embedder works in others.

    Attributes:
        embedded: number of texts that had to be embedded.
    """

    def __init__(
        self, catalogue: Catalogue, embedder: Embedder, draft: Draft, progress: Callable[[int], None] | None = None
    ) -> None:
        self._catalogue, self._embedder, self._draft, self._progress = catalogue, embedder, draft, progress
        # The one embedder that gives tokens is safe for threads: a second call fills its processors while the
        # first one ends or cuts its texts. Of others nothing is known.
        self._threads = ThreadPoolExecutor(2 if isinstance(embedder, TokenEmbedder) else 1, "embed")
        self._texts: tuple[dict[str, str], dict[str, str]] = ({}, {})  # by key: passages, stored questions
        self._gathered = 0  # bytes in them
        self._window = 1  # slices to gather before the next are embedded: few at first, to begin early
        self._under_way: deque[tuple[_Slice, Future[_Embedded]]] = deque()
        self.embedded = 0

    def add(self, parts: Iterable[Chunk]) -> None:
        """Take chunks; embed and write as much as is worth a slice."""
        for chunk in parts:
            passages, questions = self._texts
            text_key, question_key = vector_keys(chunk, self._embedder.fingerprint)
            if text_key not in passages:
                passages[text_key] = passage_of(chunk)
                self._gathered += len(passages[text_key].encode("utf-8", "replace"))
            if chunk.question and question_key:
                questions[question_key] = chunk.question
            if self._gathered >= self._window * _SLICE_BYTES or len(passages) >= self._window * _SLICE_TEXTS:
                self._hand_over()

    def finish(self) -> None:
        """Embed and write the rest."""
        self._hand_over()
        while self._under_way:
            self._collect()

    def close(self) -> None:
        """Stop; what is under way is lost, and nobody waits for it."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _hand_over(self) -> None:
        """Cut what was gathered into slices for the embedder; write what it has done meanwhile."""
        passages, questions = self._texts
        self._texts, self._gathered = ({}, {}), 0
        self._window = min(2 * self._window, _MOST_SLICES)
        while len(self._under_way) > _UNDER_WAY or (self._under_way and self._under_way[0][1].done()):
            self._collect()
        known = self._catalogue.known_keys([*passages, *questions])
        known.update(key for waiting, _ in self._under_way for key in waiting.keys)
        for asked, texts in enumerate((passages, questions)):
            fresh = {key: text for key, text in texts.items() if key not in known}
            self.embedded += len(fresh)
            for waiting in _slices(fresh, asked=bool(asked)):
                self._under_way.append((waiting, self._threads.submit(self._embed, waiting)))

    def _embed(self, waiting: _Slice) -> _Embedded:
        if waiting.asked:
            return self._embedder.embed_queries(waiting.texts), ()
        if isinstance(self._embedder, TokenEmbedder):
            return self._embedder.embed_documents_and_tokens(waiting.texts)
        return self._embedder.embed_documents(waiting.texts), ()

    def _collect(self) -> None:
        """Write the oldest slice under way, waiting for it."""
        done, future = self._under_way.popleft()
        self._draft.put_vectors(done.keys, *future.result())
        self._draft.checkpoint()
        if self._progress and not done.asked:
            self._progress(len(done.keys))


def _slices(texts: dict[str, str], *, asked: bool) -> Iterable[_Slice]:
    """Cut texts into slices; those of about one length stand together, the longest first."""
    keys = sorted(texts, key=lambda key: (-len(texts[key]), key))
    begin = size = 0
    for end, key in enumerate(keys, start=1):
        size += len(texts[key].encode("utf-8", "replace"))
        if size >= _SLICE_BYTES or end - begin >= _SLICE_TEXTS or end == len(keys):
            part = tuple(keys[begin:end])
            yield _Slice(part, tuple(texts[key] for key in part), asked)
            begin, size = end, 0
