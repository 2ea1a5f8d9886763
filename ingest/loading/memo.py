"""Where what the records of a file became (``ingest.structure.recall``) is kept: a file a source."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

from kb.identity import document_id

_CHECKSUM = 4  # bytes


def load_pairs(folder: Path, uri: str) -> bytes:
    """Return what was kept of the file at ``uri``; nothing where that is not there or damaged."""
    try:
        kept = (folder / document_id(uri)).read_bytes()
    except OSError:
        return b""
    pairs, checksum = kept[:-_CHECKSUM], kept[-_CHECKSUM:]
    return pairs if checksum == zlib.crc32(pairs).to_bytes(_CHECKSUM, "little") else b""


def save_pairs(folder: Path, uri: str, pairs: bytes) -> None:
    """Keep the pairs of a file instead of what was kept of it."""
    path = folder / document_id(uri)
    if not pairs:
        path.unlink(missing_ok=True)
        return
    folder.mkdir(exist_ok=True, mode=0o700)
    growing = path.with_suffix(".new")
    growing.write_bytes(pairs + zlib.crc32(pairs).to_bytes(_CHECKSUM, "little"))
    os.replace(growing, path)
