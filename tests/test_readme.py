"""README's examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_there_is_an_example() -> None:
    """README shows how to use the assistant as a library."""
    assert any("open_assistant" in example for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copied into a file of its own, it answers from what was loaded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAQ_EMBEDDER", "hashing")
    monkeypatch.setenv("FAQ_MIN_ANSWERABLE", "0")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    Path("kettles.md").write_text(
        "# Kettles\n\nA kettle can be returned within 30 days, an opened one within 14.\n"
    )
    assert CliRunner().invoke(app, ["ingest", "kettles.md"]).exit_code == 0
    Path("example.py").write_text(example, encoding="utf-8")
    ran = subprocess.run([sys.executable, "-W", "error", "example.py"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "within 30 days" in ran.stdout
    assert "kettles.md" in ran.stdout
