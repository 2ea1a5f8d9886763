"""A copy of the knowledge base in which a load can be tried: its effect is seen before it is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings
from kb.errors import FaqError
from kb.knowledge_base import open_knowledge_base
from kb.own_files import files_in
from kb.settings import CATALOGUE_FILE
from kb.store.sqlite import copy_database


@dataclass(frozen=True, slots=True)
class Tried:
    """A knowledge base in which two versions are compared.

    Attributes:
        settings: that open it.
        old: version before.
        new: version after.
        failures: what a load that was only tried could not read, a line a file.
    """

    settings: Settings
    old: int
    new: int
    failures: tuple[str, ...] = ()


@contextmanager
def tried_load(settings: Settings, paths: Sequence[Path]) -> Iterator[Tried]:
    """Load ``paths`` into a copy of the knowledge base, and give that. It is removed in the end.

    Raises:
        FaqError: the knowledge base is not in files, or the load fails.
        StorageError: it cannot be read or copied, or nothing was ever loaded.
    """
    if settings.database or settings.vector_index == "chroma-server":
        raise FaqError(
            "a load can be tried only where all of the knowledge base is in FAQ_HOME; this one uses a server: "
            "load into a second one, and compare there"
        )
    with tempfile.TemporaryDirectory(prefix="faq-audit-") as folder:
        copy = settings.model_copy(update={"home": Path(folder)})
        old = _copy(settings, Path(folder))
        failures = _ingest(copy, paths)
        with open_knowledge_base(copy) as knowledge_base:
            yield Tried(copy, old, knowledge_base.published().version, failures)


def _copy(settings: Settings, folder: Path) -> int:
    """Copy database and published indexes; return the published version."""
    with open_knowledge_base(settings) as knowledge_base:
        knowledge_base.published()
    with files_in(folder):
        copy_database(settings.home / CATALOGUE_FILE, folder / CATALOGUE_FILE)
        copy = settings.model_copy(update={"home": folder})
        with open_knowledge_base(copy) as knowledge_base:
            published = knowledge_base.published()
        name = published.folder
        shutil.copytree(settings.home / "indexes" / name, folder / "indexes" / name)
    return published.version


def _ingest(settings: Settings, paths: Sequence[Path]) -> tuple[str, ...]:
    """Load with the command that loads, in a process of its own: this package knows nothing of loaders.

    Returns what could not be read, a line a file.
    """
    environment = {**os.environ, "FAQ_HOME": str(settings.home)}
    command = [sys.executable, "-m", "assistant.cli", "ingest", "--json", *map(str, paths)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    try:
        report = json.loads(ran.stdout)
    except ValueError as error:
        last = ran.stderr.strip().rpartition("\n")[2]
        raise FaqError(
            f"the load that was tried failed ({last}): run `faq ingest --dry-run` to see why"
        ) from error
    return tuple(f"{failed['uri']}: {failed['error']}: {failed['message']}" for failed in report["failures"])
