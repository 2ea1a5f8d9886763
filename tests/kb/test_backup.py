"""A backup is the knowledge base of one moment, whole, and gives the same answers where it is restored."""

from __future__ import annotations

import hashlib
import json
import struct
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.backup import back_up, restore
from kb.errors import KnowledgeBaseBusy, KnowledgeBaseEmpty, StorageError
from kb.knowledge_base import KnowledgeBase
from kb.settings import CATALOGUE_FILE, KnowledgeSettings
from kb.terminal import plain
from tests import old_layouts
from tests.conftest import put_all, state
from tests.old_layouts import make_old

Open = Callable[..., KnowledgeBase]
QUESTIONS = ["alpha", "returns within thirty days", "gamma delta", "nothing of this"]


@pytest.fixture
def elsewhere(settings: KnowledgeSettings, tmp_path: Path) -> KnowledgeSettings:
    """Settings of another home."""
    return settings.model_copy(update={"home": tmp_path / "elsewhere"})


def answers(knowledge_base: KnowledgeBase) -> list[object]:
    """Return everything that searches give, with ids, scores and texts."""
    return [plain(knowledge_base.search([question], 5)) for question in QUESTIONS]


def fill(knowledge_base: KnowledgeBase) -> None:
    """Load two versions."""
    put_all(knowledge_base, {"a": "alpha beta", "b": "returns within thirty days", "c": "gamma"})
    put_all(knowledge_base, {"a": "alpha beta delta", "c": None, "d": "gamma delta"})


def test_a_restored_backup_gives_identical_answers(
    knowledge_base: KnowledgeBase, open_at: Open, elsewhere: KnowledgeSettings, tmp_path: Path
) -> None:
    """Ids, scores and texts are the same to the last digit; older versions are there, and indexes agree."""
    fill(knowledge_base)
    file = tmp_path / "faq.backup"
    written = back_up(knowledge_base, file)
    other = open_at(elsewhere)
    assert restore(other, file).sha256 == written.sha256
    assert answers(other) == answers(knowledge_base)
    assert state(other, 1) == state(knowledge_base, 1)
    assert other.versions() == knowledge_base.versions()
    assert other.disagreements() == []
    put_all(other, {"e": "epsilon"})
    assert other.search(["epsilon"]).hits[0].chunk.document_uri == "e"


def test_a_restore_replaces_what_readers_see(
    knowledge_base: KnowledgeBase, open_at: Open, settings: KnowledgeSettings, tmp_path: Path
) -> None:
    """A reader that was open all the while sees the old state, then the restored one."""
    fill(knowledge_base)
    before = answers(knowledge_base)
    back_up(knowledge_base, tmp_path / "faq.backup")
    reader = open_at(settings)
    assert answers(reader) == before
    put_all(knowledge_base, {"a": None, "b": "something else"})
    assert answers(reader) != before
    with pytest.raises(StorageError, match="not empty"):
        restore(knowledge_base, tmp_path / "faq.backup")
    restore(knowledge_base, tmp_path / "faq.backup", force=True)
    assert answers(reader) == before
    assert answers(knowledge_base) == before


def test_a_backup_beside_a_load_is_of_one_moment(
    knowledge_base: KnowledgeBase, open_at: Open, settings: KnowledgeSettings, elsewhere: KnowledgeSettings,
    tmp_path: Path,
) -> None:  # fmt: skip
    """While versions are published one after the other, every backup holds one of them, whole."""
    put_all(knowledge_base, {str(n): "round 0" for n in range(5)})
    done = threading.Event()
    failures: list[BaseException] = []

    def load() -> None:
        try:
            for turn in range(1, 8):
                put_all(knowledge_base, {str(n): f"round {turn}" for n in range(5)})
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=load)
    thread.start()
    keeper = open_at(settings)
    count = 0
    while not done.is_set() or count < 2:
        back_up(keeper, tmp_path / f"{count}.backup")
        count += 1
    thread.join()
    assert failures == []
    other = open_at(elsewhere)
    for number in range(count):
        version = restore(other, tmp_path / f"{number}.backup", force=True).version
        assert set(state(other, version).values()) == {f"round {version - 1}"}
        assert other.published().version == version
        assert other.disagreements() == []


def test_an_unpublished_load_is_not_in_a_backup(
    knowledge_base: KnowledgeBase, open_at: Open, settings: KnowledgeSettings, elsewhere: KnowledgeSettings,
    tmp_path: Path,
) -> None:  # fmt: skip
    """What is being loaded while the backup is made never shows up where it is restored."""
    fill(knowledge_base)
    with knowledge_base.load() as load:
        load.settle()
        back_up(open_at(settings), tmp_path / "faq.backup")
    other = open_at(elsewhere)
    restore(other, tmp_path / "faq.backup")
    assert other.disagreements() == []


def test_a_file_is_not_overwritten_unless_that_is_said(knowledge_base: KnowledgeBase, tmp_path: Path) -> None:
    """--force is needed; an empty knowledge base makes no backup, and nothing half-written stays."""
    file = tmp_path / "faq.backup"
    with pytest.raises(KnowledgeBaseEmpty):
        back_up(knowledge_base, file)
    assert not file.exists()
    fill(knowledge_base)
    file.write_text("important")
    with pytest.raises(StorageError, match="--force"):
        back_up(knowledge_base, file)
    back_up(knowledge_base, file, force=True)
    assert zipfile.is_zipfile(file)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["home"]


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_damaged_backup_changes_nothing(knowledge_base: KnowledgeBase, tmp_path: Path, place: float) -> None:
    """A flipped byte of what it holds, or a missing end, is found before anything is touched."""
    fill(knowledge_base)
    before = answers(knowledge_base)
    file = tmp_path / "faq.backup"
    back_up(knowledge_base, file)
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        held = sorted(archive.infolist(), key=lambda one: one.header_offset)
    packed = held[int(len(held) * place)]
    name_and_extra = sum(struct.unpack("<HH", whole[packed.header_offset + 26 : packed.header_offset + 30]))
    spot = packed.header_offset + 30 + name_and_extra + packed.compress_size // 2
    for damaged in (whole[:spot], whole[:spot] + bytes([whole[spot] ^ 255]) + whole[spot + 1 :]):
        file.write_bytes(damaged)
        with pytest.raises(StorageError, match="not a whole backup"):
            restore(knowledge_base, file, force=True)
        assert answers(knowledge_base) == before


def test_a_backup_cannot_write_outside(knowledge_base: KnowledgeBase, tmp_path: Path) -> None:
    """A file name that leads out of the folder is refused."""
    fill(knowledge_base)
    file = tmp_path / "faq.backup"
    back_up(knowledge_base, file)
    with zipfile.ZipFile(file) as archive:
        manifest = archive.read("manifest.json").replace(b'"catalogue.sqlite3"', b'"indexes/../../x"')
    with zipfile.ZipFile(tmp_path / "evil", "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("indexes/../../x", b"")
    with pytest.raises(StorageError, match="no part of a backup"):
        restore(knowledge_base, tmp_path / "evil", force=True)


def test_a_restore_waits_for_no_load(
    knowledge_base: KnowledgeBase, open_at: Open, settings: KnowledgeSettings, tmp_path: Path
) -> None:
    """While another writes, a restore says that it is busy."""
    fill(knowledge_base)
    back_up(knowledge_base, tmp_path / "faq.backup")
    with knowledge_base.load(), pytest.raises(KnowledgeBaseBusy):
        restore(open_at(settings), tmp_path / "faq.backup", force=True)


def rewritten(file: Path, target: Path, **facts: object) -> None:
    """Write a backup with an old database and other facts in its list of contents."""
    with zipfile.ZipFile(file) as archive:
        archive.extractall(target.parent / "unpacked")
    database = target.parent / "unpacked" / CATALOGUE_FILE
    make_old(database, old_layouts.CATALOGUE)
    manifest = target.parent / "unpacked" / "manifest.json"
    contents = json.loads(manifest.read_text()) | facts
    content = database.read_bytes()
    contents["files"][CATALOGUE_FILE] = [hashlib.sha256(content).hexdigest(), len(content)]
    manifest.write_text(json.dumps(contents))
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted((target.parent / "unpacked").rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(target.parent / "unpacked").as_posix())


def test_a_backup_of_an_earlier_release_can_be_restored(
    knowledge_base: KnowledgeBase, open_at: Open, elsewhere: KnowledgeSettings, tmp_path: Path
) -> None:
    """Its database is brought up to date before it is put in place; one of a later format is refused."""
    fill(knowledge_base)
    back_up(knowledge_base, tmp_path / "new.backup")
    rewritten(tmp_path / "new.backup", tmp_path / "old.backup", format=1, schema=1)
    other = open_at(elsewhere)
    restore(other, tmp_path / "old.backup")
    assert answers(other) == answers(knowledge_base)
    assert other.versions() == knowledge_base.versions()
    other.close()
    again = open_at(elsewhere)
    put_all(again, {"e": "epsilon"})
    assert again.search(["epsilon"]).hits[0].chunk.document_uri == "e"
    rewritten(tmp_path / "new.backup", tmp_path / "later.backup", format=3, schema="7")
    with pytest.raises(StorageError, match=r"is of format 3\.7, this release reads up to 2\.3"):
        restore(again, tmp_path / "later.backup", force=True)
