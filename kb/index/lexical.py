"""BM25 on tantivy, over terms that ``kb.language.text.terms`` cuts for documents and queries alike."""

from __future__ import annotations

import math
import os
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kb.errors import IndexDamaged
from kb.language.text import terms

_HEAP = 64_000_000  # bytes for the writer; more saves nothing at the sizes at hand
_NAMED = 20_000  # chunks that a query names one by one; more take tens of milliseconds
_QUERY_TERMS = 256  # a pasted page is cut here: beyond, terms only cost time


class LexicalIndex:
    """Chunk ids by the words of their passages, in one published folder."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the index in ``folder``, or make an empty one there."""
        import tantivy

        self._tantivy, self._folder = tantivy, folder
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        with self._errors():
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            elif not (folder / "meta.json").exists():
                raise OSError("it is not there")
            self._index = self._open()
            self._searcher = self._index.searcher()

    def _open(self) -> Any:
        """Open the folder; one that may not be written, through links to its files: tantivy locks to read."""
        try:
            return self._tantivy.Index(self._schema, str(self._folder))
        except ValueError as error:
            if "Lockfile" not in str(error):
                raise
        self._links = tempfile.TemporaryDirectory(prefix="faq-", ignore_cleanup_errors=True)
        for file in self._folder.iterdir():
            if not file.name.endswith(".lock"):
                os.symlink(file.absolute(), os.path.join(self._links.name, file.name))
        return self._tantivy.Index(self._schema, self._links.name)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Map what tantivy raises, a panic of its Rust part too, to IndexDamaged."""
        try:
            yield
        except BaseException as error:
            if not isinstance(error, ValueError | OSError) and type(error).__name__ != "PanicException":
                raise
            raise IndexDamaged(
                f"the lexical index {self._folder} failed ({error}): run `faq kb rebuild`"
            ) from error

    def add(self, passages: Iterable[tuple[str, str]]) -> None:
        """Add pairs of chunk id and passage; all are on disk when this returns."""
        with self._errors():
            writer: Any = self._index.writer(_HEAP, 1)
            for chunk_id, passage in passages:
                document = self._tantivy.Document()
                document.add_text("id", chunk_id)
                document.add_text("terms", " ".join(terms(passage)))
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
            self._searcher = self._index.searcher()

    def search(self, query: str, k: int) -> list[tuple[str, float]]:
        """Return up to ``k`` pairs of chunk id and BM25 score, best first; no shared word, no hit."""
        wanted = self._any_term(query)
        if wanted is None or k < 1 or not len(self):
            return []
        return self._search(wanted, k)

    def search_among(self, query: str, k: int, ids: Collection[str]) -> list[tuple[str, float]]:
        """Return what ``search`` does, of these chunks only; scores refer to all chunks as there."""
        wanted = self._any_term(query)
        if wanted is None or k < 1 or not ids:
            return []
        if len(ids) > _NAMED:  # so many are a good part of all: enough of them are among a few times as many hits
            deep = min(len(self), 2 * k * math.ceil(len(self) / len(ids)))
            return [found for found in self._search(wanted, deep) if found[0] in ids][:k]
        query_class, occur = self._tantivy.Query, self._tantivy.Occur
        named = query_class.const_score_query(query_class.term_set_query(self._schema, "id", list(ids)), 0.0)
        return self._search(query_class.boolean_query([(occur.Must, wanted), (occur.Must, named)]), k)

    def _any_term(self, query: str) -> Any:
        """Return tantivy's query for any of the terms, None where there are none."""
        counts = Counter(terms(query)[:_QUERY_TERMS])
        query_class, occur = self._tantivy.Query, self._tantivy.Occur
        clauses = []
        for term, count in counts.items():
            clause = query_class.term_query(self._schema, "terms", term, index_option="freq")
            clauses.append((occur.Should, query_class.boost_query(clause, float(count)) if count > 1 else clause))
        return query_class.boolean_query(clauses) if clauses else None

    def _search(self, query: Any, k: int) -> list[tuple[str, float]]:
        searcher = self._searcher
        with self._errors():
            found = searcher.search(query, k, count=False)
            return [(searcher.doc(address)["id"][0], float(score)) for score, address in found.hits]

    def document_frequencies(self, words: Sequence[str]) -> list[int]:
        """Return for each term how many chunks hold it."""
        return [int(self._searcher.doc_freq("terms", word)) for word in words]

    def ids(self) -> set[str]:
        """Return all chunk ids."""
        with self._errors():
            found = self._searcher.search(self._tantivy.Query.all_query(), max(1, len(self)), count=False)
            return {self._searcher.doc(address)["id"][0] for _, address in found.hits}

    def __len__(self) -> int:
        """Return the number of chunks."""
        return int(self._searcher.num_docs)
