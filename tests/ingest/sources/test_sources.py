"""Which files are found under the paths that somebody names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.sources.files import find_sources
from kb.errors import UnreadableFile, UnsupportedFormat


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of files that can and can't be loaded."""
    root = tmp_path / "documents"
    for name in ("b.md", "a.txt", "sub/c.PDF", "sub/old/d.md", ".hidden.md", ".git/e.md", "run.py", "LICENSE"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    return root


def names(root: Path, *more: Path) -> list[str]:
    """Return what is found, relative to the root."""
    return [Path(file.uri).relative_to(root).as_posix() for file in find_sources([root, *more]).files]


def test_order(folder: Path) -> None:
    """Files come in sorted order, hidden ones do not come at all."""
    assert names(folder) == ["a.txt", "b.md", "sub/c.PDF", "sub/old/d.md"]


def test_skipped(folder: Path) -> None:
    """A walked file without a loader is listed with its ending."""
    assert [entry.reason for entry in find_sources([folder]).skipped] == ["no ending", ".py"]


def test_once(folder: Path) -> None:
    """A file named twice is found once, under the path named first."""
    assert names(folder, folder / "a.txt", folder / "sub").count("sub/c.PDF") == 1
    assert {file.root for file in find_sources([folder, folder / "sub"]).files} == {folder.as_posix()}


def test_ignore_file(folder: Path) -> None:
    """Patterns of an ignore file hide files and folders of its folder and below."""
    (folder / ".faqignore").write_text("# drafts\nold/\n*.txt\n")
    assert names(folder) == ["b.md", "sub/c.PDF"]


def test_links(folder: Path, tmp_path: Path) -> None:
    """A link inside the folder is followed, one that leads out is listed as skipped."""
    outside = tmp_path / "secret.md"
    outside.write_text("secret")
    (folder / "out.md").symlink_to(outside)
    (folder / "in.md").symlink_to(folder / "b.md")
    (folder / "broken.md").symlink_to(folder / "none.md")
    found = find_sources([folder])
    assert [Path(file.uri).name for file in found.files if file.path.is_symlink()] == ["in.md"]
    assert {Path(entry.uri).name for entry in found.skipped if "link" in entry.reason} == {"out.md", "broken.md"}


def test_pipe(folder: Path) -> None:
    """A pipe in a walked folder is listed as skipped."""
    os.mkfifo(folder / "pipe.md")
    assert "pipe, socket or device" in [entry.reason for entry in find_sources([folder]).skipped]


def test_missing(tmp_path: Path) -> None:
    """A named path that is missing is an error that says what to do."""
    with pytest.raises(UnreadableFile, match="check the path"):
        find_sources([tmp_path / "none.md"])


def test_named_without_loader(folder: Path) -> None:
    """A file without a loader that is named outright is an error."""
    with pytest.raises(UnsupportedFormat, match="convert it"):
        find_sources([folder / "run.py"])


def test_link_that_was_stored_as_text(folder: Path) -> None:
    """A file that holds only the name of its neighbour is skipped: the neighbour itself is loaded."""
    (folder / "policy 2026.md").write_text("# Policy\n\nText.\n")
    (folder / "policy.md").write_text("policy 2026.md")
    sources = find_sources([folder])
    assert [entry.uri.rsplit("/", 1)[1] for entry in sources.skipped if "stands for" in entry.reason] == [
        "policy.md"
    ]
    assert "policy 2026.md" in {source.path.name for source in sources.files}
