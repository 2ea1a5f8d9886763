"""Keeping sources in sync: look again and again, load when something has changed and come to rest."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ingest.gather import is_url
from ingest.settings import IngestSettings
from ingest.sources.files import find_configured, find_sources
from ingest.types import Sources
from kb.errors import LoadError

Look = dict[str, tuple[int, int]]
"""Path -> size and time of change of every file that matters."""


def look(arguments: Sequence[str], settings: IngestSettings) -> Look:
    """Return how the files of the paths, or of all configured sources, look now; what is missing is not in it."""
    seen: Look = {}
    for sources in _current_sources(arguments, settings):
        for file in sources.files:
            for path in (file.path, file.sidecar):
                if path is not None:
                    seen[path.as_posix()] = _stamp(path)
        seen.update((entry.uri, (-1, 0)) for entry in sources.skipped)
    return seen


def _current_sources(arguments: Sequence[str], settings: IngestSettings) -> Iterator[Sources]:
    """Yield what is there; a folder that is being replaced at this moment is not."""
    for argument in arguments:
        with contextlib.suppress(LoadError):
            if not is_url(argument):
                yield find_sources([Path(argument)])
    for source in () if arguments else settings.sources:
        with contextlib.suppress(LoadError):
            if source.path:
                yield find_configured(source)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (-1, 0)
    return status.st_size, status.st_mtime_ns


def changes(
    arguments: Sequence[str],
    settings: IngestSettings,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[bool]:
    """Yield at once, then whenever files have changed and stayed the same for one look, or web sites are due.

    What is yielded tells whether web sites are due. A file that is still being written looks different from
    look to look, and is waited for.
    """
    has_web = any(map(is_url, arguments)) if arguments else any(source.url for source in settings.sources)
    loaded = last = look(arguments, settings)
    due = clock() + settings.watch_web_seconds
    yield True
    while True:
        sleep(settings.watch_seconds)
        now = look(arguments, settings)
        at_rest, last = now == last, now
        web_due = has_web and clock() >= due
        if (at_rest and now != loaded) or web_due:
            loaded = now
            due = clock() + settings.watch_web_seconds if web_due else due
            yield web_due
