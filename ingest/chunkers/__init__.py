"""Sections become chunks: what is embedded, searched and cited."""

from ingest.chunkers.by_section import chunk, document_text

__all__ = ["chunk", "document_text"]
