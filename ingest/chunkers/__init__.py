"""Sections become chunks: what is embedded, searched and cited."""

from ingest.chunkers.by_section import Cut, build_chunks, chunk, cut, document_text

__all__ = ["Cut", "build_chunks", "chunk", "cut", "document_text"]
