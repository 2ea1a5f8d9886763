"""Files of our own, and the one place where what the system says about them becomes ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import StorageError


@contextmanager
def files_in(folder: Path) -> Iterator[None]:
    """Turn an OSError about our own files in ``folder`` into StorageError.

    Raises:
        StorageError: the block raised an OSError.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be written ({error}): check that it exists, may be written and has space"
        ) from error
