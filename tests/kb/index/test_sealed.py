"""Index folders share the files that allow it; no folder sees what another one added."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.errors import IndexDamaged
from kb.index.folder import PublishedFolder
from kb.index.sealed import damage, seal, take_over
from kb.knowledge_base import KnowledgeBase
from tests.conftest import put_all, state

TEXTS: dict[str, str | None] = {name: f"{name} word" for name in ("alpha", "beta", "gamma", "delta")}


def folder(knowledge_base: KnowledgeBase) -> Path:
    """Return the published folder."""
    return knowledge_base.settings.home / "indexes" / knowledge_base.published().folder


def shared(old: Path, new: Path) -> set[str]:
    """Return the names of the files that two folders have in common."""
    return {
        str(path.relative_to(new))
        for path in new.rglob("*")
        if path.is_file() and (old / path.relative_to(new)).exists() and path.samefile(old / path.relative_to(new))
    }


def test_growing_files_are_shared(knowledge_base: KnowledgeBase) -> None:
    """The next folder shares vectors, tokens and the parts of the lexical index, but no file that is rewritten."""
    put_all(knowledge_base, TEXTS)
    old = folder(knowledge_base)
    put_all(knowledge_base, {"epsilon": "epsilon word"})
    common = shared(old, folder(knowledge_base))
    assert {"vectors/data.f32", "vectors/ids.bin", "tokens/tokens.i8", "tokens/starts.i64"} <= common
    assert any(name.startswith("lexical/") for name in common)
    assert not any(name.endswith((".json", "order.i64")) for name in common)
    assert damage(old) == damage(folder(knowledge_base)) == []


def test_an_older_folder_sees_nothing_of_the_newer(knowledge_base: KnowledgeBase) -> None:
    """A reader that opens the folder before finds what was published then, and no more."""
    put_all(knowledge_base, TEXTS)
    old = folder(knowledge_base)
    vector = knowledge_base.embedder.embed_query("epsilon word")
    before = PublishedFolder(old, knowledge_base.settings)
    found = before.exact.search(vector, 9), before.exact.ids(), before.lexical.ids(), len(before.tokens)
    before.close()
    put_all(knowledge_base, {"epsilon": "epsilon word"})
    after = PublishedFolder(old, knowledge_base.settings)
    assert (after.exact.search(vector, 9), after.exact.ids(), after.lexical.ids(), len(after.tokens)) == found
    after.close()


def test_what_a_killed_writer_left_behind_is_overwritten(knowledge_base: KnowledgeBase) -> None:
    """Bytes behind the end of shared files hinder neither readers nor the next publication."""
    put_all(knowledge_base, TEXTS)
    for name in ("vectors/data.f32", "vectors/ids.bin", "tokens/tokens.i8", "tokens/starts.i64"):
        with (folder(knowledge_base) / name).open("ab") as stream:
            stream.write(b"\x07" * 1001)
    assert knowledge_base.disagreements() == []
    assert len(knowledge_base.search(["word"]).hits) == len(TEXTS)
    put_all(knowledge_base, {"epsilon": "epsilon word"})
    assert knowledge_base.disagreements() == []
    assert len(knowledge_base.search(["word"]).hits) == len(TEXTS) + 1


def test_files_are_copied_where_they_cannot_be_linked(
    knowledge_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system without hard links costs time, nothing else."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    put_all(knowledge_base, TEXTS)
    old = folder(knowledge_base)
    put_all(knowledge_base, {"epsilon": "epsilon word", "alpha": None})
    assert shared(old, folder(knowledge_base)) == set()
    assert knowledge_base.disagreements() == []


def test_damage_is_seen_when_files_are_taken_over(knowledge_base: KnowledgeBase, tmp_path: Path) -> None:
    """A shared file whose sealed part was changed is not built upon."""
    put_all(knowledge_base, TEXTS)
    data = folder(knowledge_base) / "vectors" / "data.f32"
    with data.open("r+b") as stream:
        stream.write(b"\x01")
    with pytest.raises(IndexDamaged, match=r"data\.f32 is damaged"):
        take_over(folder(knowledge_base), tmp_path / "next")


def test_sealing_again_changes_nothing(knowledge_base: KnowledgeBase, tmp_path: Path) -> None:
    """Checksums that go on from those of the shared part are the checksums of the whole files."""
    put_all(knowledge_base, TEXTS)
    put_all(knowledge_base, {"epsilon": "epsilon word"})
    manifest = folder(knowledge_base) / "manifest.json"
    sealed = json.loads(manifest.read_text())
    take_over(folder(knowledge_base), tmp_path / "next")
    seal(tmp_path / "next")
    assert json.loads((tmp_path / "next" / "manifest.json").read_text()) == sealed
    assert damage(tmp_path / "next") == []


def test_versions_stay_what_they_were(
    knowledge_base: KnowledgeBase, open_at: Callable[..., KnowledgeBase]
) -> None:
    """Changes, a rollback and a compaction over shared files leave every version as it was published."""
    put_all(knowledge_base, TEXTS)
    put_all(knowledge_base, {"alpha": "another word", "beta": None})
    knowledge_base.rollback(1)
    put_all(knowledge_base, {"zeta": "zeta word"})
    assert state(knowledge_base, 1) == TEXTS
    assert state(knowledge_base, 4) == {**TEXTS, "zeta": "zeta word"}
    assert knowledge_base.disagreements() == []
    knowledge_base.compact()
    assert knowledge_base.disagreements() == []
    other = open_at(knowledge_base.settings)
    assert len(other.search(["word"]).hits) == len(TEXTS) + 1


def test_parts_that_an_index_drops_are_no_damage(knowledge_base: KnowledgeBase) -> None:
    """Many small publications, after which the lexical index joins its parts, agree each time."""
    for number in range(12):
        put_all(knowledge_base, {f"{number}": f"word of number {number}"})
    assert len(knowledge_base.search(["word"], 20).hits) == 12
    assert knowledge_base.disagreements() == []
