"""What is kept of a run on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.audit.runs.folder import RunFolder
from kb.errors import FaqError


def test_an_answer_of_another_release_is_named(tmp_path: Path) -> None:
    """An answer that lacks what this release needs is an error that names the file and the way out."""
    folder = RunFolder(tmp_path, "old")
    folder.path.mkdir(parents=True)
    (folder.path / "answers.jsonl").write_text('{"id": "q1", "verdict": "good"}\n')
    with pytest.raises(FaqError, match=r"answers\.jsonl .* another release"):
        folder.answers()
