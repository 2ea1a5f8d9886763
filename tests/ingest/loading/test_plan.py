"""What a load has to do follows from the sources and from what was read before."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.loading.plan import READER, SyncPlan, file_digest, plan
from ingest.types import SkippedFile, SourceFile, Sources
from kb.errors import UnreadableFile


@dataclass
class Stamp:
    """How a file looked."""

    size: int
    modified_ns: int
    sha256: str
    reader: str = READER


def source(path: Path) -> SourceFile:
    """Return a source for a file."""
    return SourceFile(uri=path.as_posix(), path=path, root=path.parent.as_posix())


def stamp(path: Path) -> Stamp:
    """Return the stamp of a file as it is."""
    return Stamp(path.stat().st_size, path.stat().st_mtime_ns, file_digest(source(path)).hex())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a few bytes."""
    path = tmp_path / "a.md"
    path.write_text("Returns within 30 days.")
    return path


def planned(
    paths: list[Path], stamps: dict[str, Stamp], root: Path, skipped: tuple[SkippedFile, ...] = ()
) -> SyncPlan:
    """Plan for files below a root."""
    return plan(Sources(tuple(map(source, paths)), skipped), [root.as_posix()], stamps, file_digest)


def test_new_file_is_added(file: Path, tmp_path: Path) -> None:
    """A file never read is read."""
    assert planned([file], {}, tmp_path).added == (source(file),)


def test_untouched_file_is_unchanged(file: Path, tmp_path: Path) -> None:
    """Same size and time: nothing is read."""
    assert planned([file], {file.as_posix(): stamp(file)}, tmp_path).unchanged == (source(file),)


def test_a_touched_file_that_cannot_be_read_is_left_to_its_loader(file: Path, tmp_path: Path) -> None:
    """What cannot be read while a load is planned is read again, and stops nothing else."""
    old = Stamp(file.stat().st_size, 0, file_digest(source(file)).hex())

    def refused(_: SourceFile) -> bytes:
        raise UnreadableFile("not permitted")

    todo = plan(Sources((source(file),), ()), [tmp_path.as_posix()], {file.as_posix(): old}, refused)
    assert todo.changed == (source(file),)


def test_touched_file_with_the_same_bytes_is_unchanged(file: Path, tmp_path: Path) -> None:
    """A new time alone is no change."""
    old = stamp(file)
    old.modified_ns -= 1
    assert planned([file], {file.as_posix(): old}, tmp_path).unchanged == (source(file),)


def test_same_size_other_bytes_is_changed(file: Path, tmp_path: Path) -> None:
    """30 days becoming 60 days is a change though the size is the same."""
    old = stamp(file)
    file.write_text("Returns within 60 days.")
    old.modified_ns -= 1
    assert planned([file], {file.as_posix(): old}, tmp_path).changed == (source(file),)


def test_other_release_reads_again(file: Path, tmp_path: Path) -> None:
    """When loaders have changed, unchanged files are read again."""
    old = stamp(file)
    old.reader = "0"
    assert planned([file], {file.as_posix(): old}, tmp_path).changed == (source(file),)


def test_vanished_file_is_removed(file: Path, tmp_path: Path) -> None:
    """What is no longer below the named path goes."""
    gone = (tmp_path / "gone.md").as_posix()
    assert planned([file], {gone: stamp(file)}, tmp_path).removed == (gone,)


def test_files_elsewhere_are_left_alone(file: Path, tmp_path: Path) -> None:
    """Loading one folder removes nothing of another, not even of one whose name begins alike."""
    stamps = {"/elsewhere/a.md": stamp(file), tmp_path.as_posix() + "-old/a.md": stamp(file)}
    assert planned([file], stamps, tmp_path).removed == ()


def test_unreadable_folder_removes_nothing(file: Path, tmp_path: Path) -> None:
    """A folder that cannot be read now has not lost its files."""
    below = (tmp_path / "locked" / "b.md").as_posix()
    skipped = (SkippedFile((tmp_path / "locked").as_posix(), "folder may not be read"),)
    assert planned([file], {below: stamp(file)}, tmp_path, skipped).removed == ()


def test_missing_file_has_no_digest(tmp_path: Path) -> None:
    """A file that vanished between the walk and the reading is a named error."""
    with pytest.raises(UnreadableFile, match="cannot be read"):
        file_digest(source(tmp_path / "missing.md"))
