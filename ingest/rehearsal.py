"""A load that does not take effect: what it would change, in words, and what lint would newly find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.lint.types import Finding, LintDocument
from kb.embedders import Vectors
from kb.identity import passage_of
from kb.knowledge_base import KnowledgeBase
from kb.types import Chunk, Document

_EMBEDDED = 500  # new chunks with facts that are embedded only to be compared with the other language


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a load would bring.

    Attributes:
        differences: uri of every changed document -> its difference, a line each.
        findings: what lint finds in what would be there, and not in what is there.
        uncompared: new chunks that were not compared with the other language, because they are too many.
    """

    differences: dict[str, tuple[str, ...]]
    findings: tuple[Finding, ...]
    uncompared: int = 0


class Rehearsal:
    """Gathers what a load puts and removes, and changes nothing; a few new chunks are embedded for lint."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        """Begin from the published version."""
        published = knowledge_base.catalogue.published()
        self._knowledge_base, self._base = knowledge_base, published.version if published else 0
        self._uncompared = 0
        self._put: dict[str, LintDocument] = {}
        self._removed: set[str] = set()

    def put(self, document: Document, text: str, file_uri: str, parts: Sequence[Chunk]) -> None:
        """Note a document."""
        self._put[document.uri] = LintDocument(
            uri=document.uri,
            file_uri=file_uri,
            title=document.title,
            text=text,
            labels=document.labels,
            warnings=document.warnings,
            chunks=tuple(parts),
        )

    def remove(self, uris: Iterable[str]) -> None:
        """Note that documents go."""
        self._removed.update(uris)

    def put_file(self, uri: str, size: int, modified_ns: int, sha256: str, reader: str) -> None:
        """Files are not noted."""

    def outlook(self, removed: Iterable[str], today: date) -> Outlook:
        """Return what the load would bring.

        Args:
            removed: further documents that would go.
            today: day for which lint judges what is in force.
        """
        from ingest.lint import lint
        from ingest.lint.read import read_documents

        catalogue = self._knowledge_base.catalogue
        before = {d.uri: d for d in read_documents(catalogue, self._base)} if self._base else {}
        gone = self._removed | set(removed)
        after = {uri: d for uri, d in {**before, **self._put}.items() if uri not in gone}
        known = {finding.id for finding in lint(list(before.values()), today, self._stored)}
        found = lint(list(after.values()), today, self._vectors_of)
        fresh = tuple(finding for finding in found if finding.id not in known)
        differences = {uri: _difference(before[uri], d) for uri, d in self._put.items() if uri in before}
        return Outlook(differences, fresh, self._uncompared)

    def _stored(self, chunks: Sequence[Chunk]) -> dict[str, Vectors]:
        from ingest.lint.read import stored_vectors

        fingerprint = self._knowledge_base.embedder.fingerprint
        return dict(stored_vectors(self._knowledge_base.catalogue, fingerprint)(chunks))

    def _vectors_of(self, chunks: Sequence[Chunk]) -> dict[str, Vectors]:
        """Return the stored vectors of chunks, and those of new ones where they are not too many."""
        embedder = self._knowledge_base.embedder
        found = self._stored(chunks)
        fresh = [chunk for chunk in chunks if chunk.id not in found]
        if len(fresh) > _EMBEDDED:
            self._uncompared = len(fresh)
        elif fresh:
            made = embedder.embed_documents([passage_of(chunk) for chunk in fresh])
            found |= {chunk.id: vector for chunk, vector in zip(fresh, made, strict=True)}
        return found


def _difference(old: LintDocument, new: LintDocument) -> tuple[str, ...]:
    from kb.store.difference import label_difference, text_difference

    title = [] if old.title == new.title else [f"- title: {old.title}", f"+ title: {new.title}"]
    return (*title, *label_difference(old.labels, new.labels), *text_difference(old.text, new.text))
