"""The knowledge base: put and remove documents, publish versions, search what is published."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from kb.closing import Closing
from kb.embedders import Embedder
from kb.errors import FingerprintMismatch, KnowledgeBaseBusy, StorageError
from kb.index.folder import PublishedFolder
from kb.index.reader import Reader
from kb.index.workshop import Span, Workshop
from kb.language.characters import well_formed
from kb.rerankers import Reranker
from kb.search.explain import Explanation, explain
from kb.search.ranking import rankings
from kb.search.search import Rerank, Retrieval, Traced, Withheld, trace
from kb.settings import KnowledgeSettings
from kb.store.catalogue import Catalogue, Published
from kb.store.database import files_in, open_engine, wipe
from kb.store.draft import Draft, undo_drafts
from kb.store.load import Load, embed_anew
from kb.store.schema import CATALOGUE
from kb.types import Chunk, Filters, Trust, Version

_KEPT_FOLDERS = 2  # the published one, and the one that a reader may be opening at this moment


class KnowledgeBase(Closing):
    """What is known, and how it is searched. Safe for many reading threads and processes beside one writer.

    Attributes:
        settings: as it was opened with.
        catalogue: the database, for reading.
    """

    def __init__(
        self, settings: KnowledgeSettings, embedder: Embedder | None = None, reranker: Reranker | None = None
    ) -> None:
        self.settings = settings
        with files_in(settings.home):
            settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.catalogue = Catalogue(open_engine(settings.database_url, CATALOGUE))
        self._indexes = settings.home / "indexes"
        self._reader = Reader(self.catalogue, self._indexes, settings)
        self._embedder = embedder
        self._rerank = Rerank(reranker, settings.rerank_hits) if reranker else None
        self._loading_model = threading.Lock()
        self._lock = FileLock(settings.home / "write.lock")

    @property
    def embedder(self) -> Embedder:
        """The embedder in force; its model is loaded when it is first needed."""
        with self._loading_model:
            if self._embedder is None:
                from kb.embedders.choose import open_embedder

                s = self.settings
                self._embedder = open_embedder(
                    s.embedder, base_url=s.embedder_base_url or None, api_key=s.embedder_api_key or None
                )
            return self._embedder

    @property
    def rerank(self) -> Rerank | None:
        """The reranker in force, if the settings name one; its model is loaded when it is first needed."""
        with self._loading_model:
            if self._rerank is None and self.settings.reranker:
                from kb.rerankers.choose import open_reranker

                if model := open_reranker(self.settings.reranker):
                    self._rerank = Rerank(model, self.settings.rerank_hits)
            return self._rerank

    # Reading

    def published(self) -> Published:
        """Return what readers see now; raise KnowledgeBaseEmpty when nothing was ever loaded."""
        return self._reader.published()

    def distrusted(self) -> dict[str, Trust]:
        """Return uri of file -> trust of what is published of files that are less than reviewed."""
        published = self.catalogue.published()
        return self.catalogue.distrusted(published.version) if published else {}

    def versions(self) -> list[Version]:
        """Return all versions that can still be searched, oldest first."""
        return self.catalogue.versions()

    def search(
        self,
        queries: Sequence[str],
        k: int = 10,
        filters: Filters = Filters(),
        without: Withheld = Withheld(),
    ) -> Retrieval:
        """Return the ``k`` best chunks for a question, with how likely they are to answer it.

        Args:
            queries: one or more wordings of the question, the one that stands alone last.
            k: number of hits, 1 or more.
            filters: what may be seen.
            without: chunks as if they were not there.
        """
        return self._reader.read(
            lambda published, folder: self._traced(published, folder, queries, k, filters, without).retrieval
        )

    def around(self, chunk: Chunk, reach: int = 4) -> list[Chunk]:
        """Return the chunks that stand around a chunk in its document as published, itself included, in order."""
        return self.catalogue.around(chunk, self.published().version, reach)

    def explain(self, queries: Sequence[str], k: int = 10, filters: Filters = Filters()) -> Explanation:
        """Search as ``search`` does, and return with the hits why they stand where they stand."""
        return self._reader.read(
            lambda published, folder: explain(self._traced(published, folder, queries, k, filters), folder.lexical)
        )

    def _traced(
        self,
        published: Published,
        folder: PublishedFolder,
        queries: Sequence[str],
        k: int,
        filters: Filters,
        withheld: Withheld = Withheld(),
    ) -> Traced:
        self._same_embedder(published)
        wordings = [well_formed(query) for query in queries]
        return trace(
            self.catalogue, folder, self.embedder, wordings, k, _well_formed(filters), published.version,
            self.rerank, withheld,
        )  # fmt: skip

    def rankings(self, query: str, k: int = 10) -> dict[str, list[Chunk]]:
        """Return what each ranker alone finds for a wording, best first: vectors, late interaction, lexical."""

        def ranked(published: Published, folder: PublishedFolder) -> dict[str, list[Chunk]]:
            self._same_embedder(published)
            return rankings(self.catalogue, folder, self.embedder, well_formed(query), k, published.version)

        return self._reader.read(ranked)

    def disagreements(self) -> list[str]:
        """Return where database and indexes disagree, a sentence each; an empty list proves that they agree."""
        from kb.index.agreement import disagreements

        published = self.published()
        found = disagreements(self.catalogue, self._indexes, published, self.settings)
        if found and self.published() != published:  # a writer has published meanwhile: look at that
            return self.disagreements()
        return found

    def _same_embedder(self, published: Published) -> None:
        if published.fingerprint != self.embedder.fingerprint:
            raise FingerprintMismatch(
                f"the knowledge base was embedded by {published.fingerprint!r}, the settings name "
                f"{self.embedder.fingerprint!r}: set FAQ_EMBEDDER back, or run `faq kb rebuild --embed`"
            )

    # Writing

    @contextmanager
    def _writing(self) -> Iterator[None]:
        busy = KnowledgeBaseBusy(
            f"another load is writing to {self.settings.home}: wait until it is done and try again"
        )
        if self._lock.is_locked:  # by this thread: a lock that it holds would be given to it again
            raise busy
        with files_in(self.settings.home):
            try:
                self._lock.acquire(timeout=self.settings.lock_timeout)
            except Timeout as error:
                raise busy from error
        try:
            yield
        finally:
            self._lock.release()

    def writing(self) -> contextlib.AbstractContextManager[None]:
        """Keep every other writer out for a block; raise KnowledgeBaseBusy when there is one."""
        return self._writing()

    @contextmanager
    def load(self, progress: Callable[[int], None] | None = None) -> Iterator[Load]:
        """Begin the next version; nothing of it is seen before ``Load.publish``, and without it nothing stays.

        Args:
            progress: called with the number of chunks whose vectors have been made.

        Raises:
            KnowledgeBaseBusy: another process is writing.
            FingerprintMismatch: the vectors that are there are another embedder's.
        """
        with self._writing():
            published = self.catalogue.published()
            if published:
                self._same_embedder(published)
            draft = Draft(self.catalogue, self.embedder.fingerprint)
            try:
                with contextlib.closing(
                    Load(draft, self.catalogue, self.embedder, self._publish, progress)
                ) as load:
                    yield load
            finally:
                draft.close()
                with contextlib.suppress(StorageError):  # else the next load undoes it
                    now = self.catalogue.published()
                    undo_drafts(self.catalogue.engine, now.version if now else 0)

    def _publish(self, draft: Draft, note: str) -> Version:
        """Prepare the next folder from the published one, then flip the pointer."""
        published = self.catalogue.published()
        span = Span(self.catalogue.oldest(), draft.version)
        source = self._indexes / published.folder if published else None
        return self._flip(draft, note, span, source)

    def _republish(self, note: str, keep: int = 0, embed: bool = False) -> Version:
        """Publish the published state again with indexes from the database, and ``keep`` versions (0: all)."""
        with contextlib.closing(Draft(self.catalogue, self.embedder.fingerprint)) as draft:
            numbers = [*(version.number for version in self.versions()), draft.version]
            if embed:
                embed_anew(self.catalogue, self.embedder, draft)
            version = self._flip(draft, note, Span(numbers[-keep:][0], draft.version), None, wiped=keep > 0)
        if keep:
            wipe(self.catalogue.engine)
        return version

    def _flip(self, draft: Draft, note: str, span: Span, source: Path | None, *, wiped: bool = False) -> Version:
        """Prepare the folder of ``span``, let every reader see it at one moment, clear away older ones."""
        with files_in(self._indexes):
            workshop = Workshop(self.catalogue, self.settings, self.embedder)
            name = workshop.prepare(span, source)
            version = draft.publish(note, name, span.first)
            workshop.tidy(span, 1 if wiped else _KEPT_FOLDERS)
        return version

    def rollback(self, version: int) -> Version:
        """Publish the state of an older version again, as a new version."""
        with self._writing():
            published = self.published()
            self.catalogue.version(version)
            with contextlib.closing(Draft(self.catalogue, published.fingerprint)) as draft:
                draft.restore(version)
                return draft.publish(f"rollback to {version}", published.folder)

    def compact(self, keep: int = 1) -> Version:
        """Forget all but the newest ``keep`` versions: their texts and vectors are deleted, the indexes rebuilt.

        The state of the published version is published again; that counts as one of those that are kept.
        """
        with self._writing():
            published = self.published()
            self._same_embedder(published)
            return self._republish("compact", keep)

    def rebuild(self, embed: bool = False) -> Version:
        """Make the indexes anew from the database.

        Args:
            embed: also embed every chunk anew with the embedder of the settings; older versions are forgotten,
                since vectors of two embedders do not mix.
        """
        with self._writing():
            published = self.published()
            if not embed:
                self._same_embedder(published)
            return self._republish("rebuild with new vectors" if embed else "rebuild", 1 if embed else 0, embed)

    def close(self) -> None:
        """Release indexes and database."""
        self._reader.close()
        self.catalogue.engine.dispose()


def _well_formed(filters: Filters) -> Filters:
    audience, product, language = (
        well_formed(value) if value else value for value in (filters.audience, filters.product, filters.language)
    )
    return replace(filters, audience=audience, product=product, language=language)


def open_knowledge_base(
    settings: KnowledgeSettings, embedder: Embedder | None = None, reranker: Reranker | None = None
) -> KnowledgeBase:
    """Open the knowledge base of ``settings``; close it after use, or use it as a context manager.

    Args:
        settings: where and what it is.
        embedder: in the place of the one that the settings name.
        reranker: likewise; with ``kb.rerankers.langchain`` any document compressor of LangChain.
    """
    return KnowledgeBase(settings, embedder, reranker)
