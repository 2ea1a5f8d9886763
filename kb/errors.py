"""Every error this project raises on purpose.

FaqError
├── SettingsError            a setting is missing, malformed or unknown
├── MissingExtra             an optional package is not installed
├── StorageError             the knowledge base cannot be read or written
│   ├── KnowledgeBaseBusy    another process is writing
│   ├── KnowledgeBaseEmpty   nothing has been published yet
│   ├── UnknownVersion       no such version, or it was compacted away
│   ├── IndexDamaged         a derived index disagrees with the database; rebuild it
│   └── FingerprintMismatch  the vectors were made by another embedder
├── BrandError               which brand's documents are meant is not known
│   ├── BrandNeeded          there are several, and none was named
│   └── UnknownBrand         no document is of the one that was named
├── EmbedderError            an embedding model failed or answered nonsense
├── RerankerError            a reranking model failed or answered nonsense
├── LoadError                a file could not be turned into a document
│   ├── UnsupportedFormat    no loader for this kind of file
│   ├── UnreadableFile       missing, not a regular file, or not permitted
│   ├── DamagedFile          the file is not what its name says
│   ├── DamagedRecords       some records of a file cannot be read; the others are loaded
│   ├── UnknownLabel         a label beside it is mistyped; without it, who may see the document is unknown
│   ├── EncryptedFile        a password is needed
│   ├── EmptyDocument        no text in it
│   ├── UnreachablePage      a web page could not be fetched
│   ├── ForbiddenAddress     an address that must not be fetched from, or not in this way
│   └── LimitExceeded        over a cap on size, pages, cells, depth, time or memory
└── ChatModelError           the chat model failed, timed out or answered garbage

A message says what was seen, what was wanted and what to do next.
Foreign exceptions are mapped to these where they enter (``raise ... from``).
"""

from __future__ import annotations


class FaqError(Exception):
    """Root of the tree: anything a command reports without a traceback."""


class SettingsError(FaqError):
    """A setting is missing, malformed or unknown."""


class MissingExtra(FaqError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package!r}, which is not installed: "
            f"run `pip install 'faq-assistant[{extra}]'`"
        )


class StorageError(FaqError):
    """The knowledge base cannot be read or written."""


class KnowledgeBaseBusy(StorageError):
    """Another process holds the write lock."""


class KnowledgeBaseEmpty(StorageError):
    """Nothing has been published yet."""


class UnknownVersion(StorageError):
    """No such version, or it was compacted away."""


class IndexDamaged(StorageError):
    """A derived index disagrees with the database."""


class FingerprintMismatch(StorageError):
    """The stored vectors were made by another embedder."""


class BrandError(FaqError):
    """Which brand's documents are meant is not known: brands never answer for each other, so none does."""


class BrandNeeded(BrandError):
    """There are several brands, and none was named."""


class UnknownBrand(BrandError):
    """No document is of the brand that was named."""


class EmbedderError(FaqError):
    """An embedding model failed or answered nonsense."""


class RerankerError(FaqError):
    """A reranking model failed or answered nonsense."""


class LoadError(FaqError):
    """A file could not be turned into a document."""


class UnsupportedFormat(LoadError):
    """No loader for this kind of file."""


class UnreadableFile(LoadError):
    """Missing, not a regular file, or not permitted."""


class DamagedFile(LoadError):
    """The file is not what its name says."""


class DamagedRecords(LoadError):
    """Some records of a file cannot be read; the others are loaded."""


class UnknownLabel(LoadError):
    """A label beside it is mistyped; without it, who may see the document is unknown."""


class EncryptedFile(LoadError):
    """A password is needed."""


class EmptyDocument(LoadError):
    """No text in it."""


class UnreachablePage(LoadError):
    """A web page could not be fetched."""


class ForbiddenAddress(LoadError):
    """An address that must not be fetched from, or not in this way."""


class LimitExceeded(LoadError):
    """Over a cap on size, pages, cells, depth, time or memory."""


class ChatModelError(FaqError):
    """The chat model failed, timed out or answered garbage."""
