"""Audit runs on disk: a folder each, written line by line, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.audit.types import AuditedAnswer, RunFacts
from kb.errors import FaqError
from kb.own_files import files_in
from kb.terminal import plain

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def runs_folder(home: Path) -> Path:
    """Return where the runs are."""
    return home / "audits"


class RunFolder:
    """The folder of one run: ``run.json``, ``answers.jsonl``, ``labels.jsonl``, ``sample.jsonl``.

    Attributes:
        path: of the folder.
    """

    def __init__(self, home: Path, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise FaqError(f"{name!r} cannot name a run: use up to 64 letters, digits and . _ -")
        self.path = runs_folder(home) / name

    @property
    def exists(self) -> bool:
        """Whether it has been begun."""
        return (self.path / "run.json").exists()

    def create(self, facts: RunFacts) -> None:
        """Begin a run.

        Raises:
            StorageError: its folder cannot be written.
        """
        with files_in(self.path):
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = self.path / ".run.json"
            temporary.write_text(json.dumps(asdict(facts), ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(temporary, self.path / "run.json")

    def facts(self) -> RunFacts:
        """Return what the run is about.

        Raises:
            FaqError: there is no such run (the message names those that there are), or it cannot be read.
        """
        try:
            return RunFacts(**json.loads((self.path / "run.json").read_text(encoding="utf-8")))
        except FileNotFoundError as error:
            there = ", ".join(names(self.path.parent)) or "none"
            raise FaqError(
                f"there is no audit run {self.path.name!r}; there are: {there}. Make one with `faq audit run`"
            ) from error
        except (OSError, ValueError, TypeError) as error:
            raise FaqError(
                f"{self.path / 'run.json'} cannot be read ({error}): remove the folder and run the audit again"
            ) from error

    def append(self, answer: AuditedAnswer) -> None:
        """Add one audited answer; it is on disk when this returns.

        Raises:
            StorageError: the file cannot be written.
        """
        self._append("answers.jsonl", plain(answer))

    def answers(self) -> list[AuditedAnswer]:
        """Return what has been audited so far, in order; a line that a kill cut short is left out.

        Raises:
            FaqError: an answer was written by another release.
            StorageError: the file cannot be read.
        """
        try:
            return [AuditedAnswer.from_row(row) for row in self._rows("answers.jsonl")]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise FaqError(
                f"{self.path / 'answers.jsonl'} holds an answer that cannot be read ({error}): it was written by "
                "another release; read it with that one, or run the audit again under another name"
            ) from error

    def append_labels(self, rows: list[dict[str, Any]]) -> None:
        """Add labels of people."""
        for row in rows:
            self._append("labels.jsonl", row)

    def labels(self) -> list[dict[str, Any]]:
        """Return all labels, oldest first."""
        return list(self._rows("labels.jsonl"))

    def note_sample(self, weights: Mapping[str, float]) -> None:
        """Note which answers were drawn for review, and for how many answers each stands."""
        for identifier, weight in weights.items():
            self._append("sample.jsonl", {"answer": identifier, "weight": weight})

    def sample(self) -> dict[str, float]:
        """Return answer -> weight in the sample that was drawn last with it."""
        return {row["answer"]: row["weight"] for row in self._rows("sample.jsonl")}

    def _append(self, name: str, row: Any) -> None:
        path = self.path / name
        with files_in(path), path.open("ab+") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":  # a kill cut the last line short: it is left alone, and out
                    stream.write(b"\n")
            stream.write((json.dumps(row, ensure_ascii=False) + "\n").encode())

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        path = self.path / name
        if not path.exists():
            return
        with files_in(path), path.open("rb") as stream:
            for line in stream:
                try:
                    row = json.loads(line)
                except ValueError:
                    continue
                if isinstance(row, dict):
                    yield row


def names(folder: Path) -> list[str]:
    """Return the names of the runs in a folder, in order."""
    return sorted(path.parent.name for path in folder.glob("*/run.json"))
