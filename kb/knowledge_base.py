"""The knowledge base: put and remove documents, publish versions, search what is published."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from kb.brands import for_brand
from kb.closing import Closing
from kb.embedders import Embedder
from kb.index.folder import PublishedFolder
from kb.index.replica import Replica
from kb.index.writer import Writer
from kb.language.characters import well_formed
from kb.own_files import files_in
from kb.rerankers import Reranker
from kb.search.explain import Explanation, explain
from kb.search.ranking import rankings
from kb.search.search import Rerank, Retrieval, Traced, Withheld, trace
from kb.settings import KnowledgeSettings
from kb.store.catalogue import Catalogue, Published
from kb.store.database import open_engine
from kb.store.load import Load
from kb.store.schema import CATALOGUE
from kb.types import Chunk, Filters, Trust, Version


class KnowledgeBase(Closing):
    """What is known, and how it is searched. Safe for many reading threads and processes beside one writer.

    Attributes:
        settings: as it was opened with.
        catalogue: the database, for reading.
    """

    def __init__(
        self, settings: KnowledgeSettings, embedder: Embedder | None = None, reranker: Reranker | None = None
    ) -> None:
        """Open it.

        Args:
            settings: where and what it is.
            embedder: in the place of the one that the settings name.
            reranker: likewise.

        Raises:
            SettingsError: the database's URL is malformed, or its driver is not installed.
            StorageError: the home or the database cannot be opened or made, or a later release has changed it.
        """
        self.settings = settings
        with files_in(settings.home):
            settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.catalogue = Catalogue(open_engine(settings.database_url, CATALOGUE))
        self._indexes = settings.home / "indexes"
        self._replica = Replica(self.catalogue, self._indexes, settings)
        self._writer = Writer(settings, self.catalogue, lambda: self.embedder)
        self._embedder = embedder
        self._rerank = Rerank(reranker, settings.rerank_hits) if reranker else None
        self._loading_model = threading.Lock()

    @property
    def embedder(self) -> Embedder:
        """The embedder in force; its model is loaded when it is first needed.

        Raises:
            SettingsError: the settings name none that there is.
            MissingExtra: an optional package is not installed.
            EmbedderError: the model cannot be opened.
        """
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
        """The reranker in force, if the settings name one; its model is loaded when it is first needed.

        Raises:
            SettingsError: the settings name none that there is.
            MissingExtra: an optional package is not installed.
            RerankerError: the model cannot be opened.
        """
        with self._loading_model:
            if self._rerank is None and self.settings.reranker:
                from kb.rerankers.choose import open_reranker

                if model := open_reranker(self.settings.reranker):
                    self._rerank = Rerank(model, self.settings.rerank_hits)
            return self._rerank

    # Reading

    def published(self) -> Published:
        """Return what readers see now.

        Raises:
            KnowledgeBaseEmpty: nothing was ever loaded.
            StorageError: the database cannot be read.
        """
        return self._replica.published()

    def distrusted(self) -> dict[str, Trust]:
        """Return uri of file -> trust of what is published of files that are less than reviewed."""
        published = self.catalogue.published()
        return self.catalogue.distrusted(published.version) if published else {}

    def brands(self, version: int | None = None) -> dict[str, int]:
        """Return the brands with the number of their documents, of the published version where none is named."""
        published = self.catalogue.published()
        return self.catalogue.brands(published.version if version is None else version) if published else {}

    def for_brand(self, filters: Filters) -> Filters:
        """Return filters that say whose documents are asked; every search settles this, if it is not settled.

        A brand that only the published version has is known at older ones, too, and sees there what is shared.

        Raises:
            BrandNeeded: there are several brands, and neither the filters nor the settings name one.
            UnknownBrand: no document is of the one that is named.
        """
        there = self.brands(filters.version)
        named = filters.brand or self.settings.brand
        if named and named not in there and filters.version is not None and named in self.brands():
            return replace(filters, brand=named)
        return for_brand(filters, there, self.settings.brand)

    def versions(self) -> list[Version]:
        """Return all versions that can still be searched, oldest first.

        Raises:
            StorageError: the database cannot be read.
        """
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

        Raises:
            BrandError: as ``for_brand`` does.
            KnowledgeBaseEmpty: nothing was ever loaded.
            UnknownVersion: ``filters`` name a version that there is not.
            FingerprintMismatch: the vectors are another embedder's.
            IndexDamaged: the indexes are not whole, also when they are opened anew.
            StorageError: the database cannot be read.
            EmbedderError: the question cannot be embedded.
            RerankerError: the reranker failed.
            SettingsError: the settings name no embedder or reranker that there is.
            MissingExtra: the package of one of them is not installed.
        """
        return self._replica.read(
            lambda published, folder: self._traced(published, folder, queries, k, filters, without).retrieval
        )

    def around(self, chunk: Chunk, reach: int = 4) -> list[Chunk]:
        """Return the chunks that stand around a chunk in its document as published, itself included, in order.

        Raises:
            KnowledgeBaseEmpty: nothing was ever loaded.
            StorageError: the database cannot be read.
        """
        return self.catalogue.around(chunk, self.published().version, reach)

    def explain(self, queries: Sequence[str], k: int = 10, filters: Filters = Filters()) -> Explanation:
        """Search as ``search`` does, and return with the hits why they stand where they stand.

        Raises:
            FaqError: as ``search`` does.
        """
        return self._replica.read(
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
        published.check_embedder(self.embedder.fingerprint)
        wordings = [well_formed(query) for query in queries]
        seen = self.for_brand(_well_formed(filters))
        return trace(
            self.catalogue, folder, self.embedder, wordings, k, seen, published.version, self.rerank, withheld,
        )  # fmt: skip

    def rankings(self, query: str, k: int = 10) -> dict[str, list[Chunk]]:
        """Return what each ranker alone finds for a wording, best first: vectors, late interaction, lexical.

        Raises:
            FaqError: as ``search`` does, but for what concerns rerankers and versions.
        """

        def ranked(published: Published, folder: PublishedFolder) -> dict[str, list[Chunk]]:
            published.check_embedder(self.embedder.fingerprint)
            return rankings(self.catalogue, folder, self.embedder, well_formed(query), k, published.version)

        return self._replica.read(ranked)

    def disagreements(self) -> list[str]:
        """Return where database and indexes disagree, a sentence each; an empty list proves that they agree.

        Raises:
            KnowledgeBaseEmpty: nothing was ever loaded.
            StorageError: the database cannot be read.
        """
        from kb.index.agreement import disagreements

        published = self.published()
        found = disagreements(self.catalogue, self._indexes, published, self.settings)
        if found and self.published() != published:  # a writer has published meanwhile: look at that
            return self.disagreements()
        return found

    # Writing

    def writing(self) -> AbstractContextManager[None]:
        """Keep every other writer out for a block.

        Raises:
            KnowledgeBaseBusy: there is one, and it was not done in the time that the settings give.
            StorageError: the lock's file cannot be written.
        """
        return self._writer.alone()

    def load(self, progress: Callable[[int], None] | None = None) -> AbstractContextManager[Load]:
        """Begin the next version, as ``kb.index.writer.Writer.load`` says.

        Raises:
            FaqError: as said there.
        """
        return self._writer.load(progress)

    def rollback(self, version: int) -> Version:
        """Publish the state of an older version again, as a new version.

        Raises:
            KnowledgeBaseEmpty: nothing was ever published.
            UnknownVersion: there is none of that number.
            KnowledgeBaseBusy: another process is writing.
            StorageError: the database cannot be written.
        """
        return self._writer.rollback(version)

    def compact(self, keep: int = 1) -> Version:
        """Forget all but the newest ``keep`` versions, as ``kb.index.writer.Writer.compact`` says.

        Raises:
            FaqError: as said there.
        """
        return self._writer.compact(keep)

    def rebuild(self, embed: bool = False) -> Version:
        """Make the indexes anew from the database, the vectors too with ``embed``.

        Raises:
            FaqError: as ``kb.index.writer.Writer.rebuild`` does.
        """
        return self._writer.rebuild(embed)

    def close(self) -> None:
        """Release indexes and database."""
        self._replica.close()
        self.catalogue.engine.dispose()


def _well_formed(filters: Filters) -> Filters:
    named = (filters.audience, filters.brand, filters.product, filters.language)
    audience, brand, product, language = (well_formed(value) if value else value for value in named)
    return replace(filters, audience=audience, brand=brand, product=product, language=language)


def open_knowledge_base(
    settings: KnowledgeSettings, embedder: Embedder | None = None, reranker: Reranker | None = None
) -> KnowledgeBase:
    """Open the knowledge base of ``settings``; close it after use, or use it as a context manager.

    Args:
        settings: where and what it is.
        embedder: in the place of the one that the settings name.
        reranker: likewise; with ``kb.rerankers.langchain`` any document compressor of LangChain.

    Raises:
        SettingsError: the database's URL is malformed, or its driver is not installed.
        StorageError: the home or the database cannot be opened or made, or a later release has changed it.
    """
    return KnowledgeBase(settings, embedder, reranker)
