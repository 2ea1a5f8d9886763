"""What records became when they were last read, so that in a long file only the changed ones are built anew.

A record as it stands in its file decides what document it becomes; digest of the one -> hash of the other is
therefore right for ever, whatever happens to the knowledge base, and losing it costs nothing but time.
"""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Mapping

_BYTES = 16  # of a digest and of a hash
_LEAST = 500  # records; shorter files are read quickly enough
_PLAIN = 2  # version of marshal that writes values in full, not as references to what was written before


class Recall:
    """The records of one file while it is read.

    Attributes:
        unchanged: uris of the records that became what is stored already.
    """

    def __init__(self, salt: str, known: bytes, stored: Mapping[str, str]) -> None:
        """Begin.

        Args:
            salt: all that decides, beside a record itself, what document it becomes.
            known: ``pairs`` of an earlier reading.
            stored: uri -> hash of the documents that the catalogue holds of the file.
        """
        size = 2 * _BYTES
        self._known = {
            known[at : at + _BYTES]: known[at + _BYTES : at + size] for at in range(0, len(known) - size + 1, size)
        }
        self._stored = stored
        self._begun = hashlib.blake2b(salt.encode("utf-8", "surrogatepass"), digest_size=_BYTES)
        self._built: dict[str, bytes] = {}
        self._pairs = bytearray()
        self.unchanged: set[str] = set()

    def knows(self, uri: str, *parts: object) -> bool:
        """Note a record as it stands in its file; tell whether its document is the stored one."""
        state = self._begun.copy()
        state.update(_written([uri, *parts]))
        digest = state.digest()
        content = self._known.get(digest)
        if content is None or self._stored.get(uri) != content.hex():
            self._built[uri] = digest
            return False
        self._pairs += digest + content
        self.unchanged.add(uri)
        return True

    def became(self, uri: str, content: str) -> None:
        """Note the hash of the document that a record became."""
        digest = self._built.pop(uri, None)
        if digest is not None:
            self._pairs += digest + bytes.fromhex(content)

    @property
    def pairs(self) -> bytes:
        """What is worth keeping; nothing for a file of few records."""
        return bytes(self._pairs) if len(self._pairs) >= _LEAST * 2 * _BYTES else b""


def _written(parts: list[object]) -> bytes:
    """Return the bytes that stand for what was read: equal for equal parts, different for different ones."""
    try:
        return marshal.dumps(parts, _PLAIN)  # five times as quick as JSON
    except ValueError:  # a date, say
        return json.dumps(parts, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
