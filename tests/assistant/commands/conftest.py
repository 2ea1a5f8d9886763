"""A command in a folder with two documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app

ROOT = Path(__file__).parents[3]
RECORD = {
    "id": "r1",
    "question": "How long can I return a kettle?",
    "answer": "Kettles can be returned within 30 days.",
}


@pytest.fixture
def faq(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run the command in a folder with two documents, with an embedder that needs no model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAQ_EMBEDDER", "hashing")
    monkeypatch.setenv("FAQ_MIN_ANSWERABLE", "0")
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "shipping.md").write_text("# Shipping\n\nWe ship to Canada in five days.\n")
    (documents / "faq.jsonl").write_text(json.dumps(RECORD))

    def run(*arguments: str, code: int = 0, typed: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments), input=typed)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the command as a process of its own, as a shell does: bytes in, bytes out."""

    def run(*arguments: str | bytes, typed: bytes = b"", **environment: str) -> Any:
        return subprocess.run(
            [sys.executable, "-m", "assistant.cli", *arguments], input=typed, capture_output=True, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )  # fmt: skip

    return run
