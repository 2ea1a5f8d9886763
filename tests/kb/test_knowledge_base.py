"""The knowledge base under threads, damage, full disks and other embedders."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.errors import (
    FingerprintMismatch,
    IndexDamaged,
    KnowledgeBaseBusy,
    KnowledgeBaseEmpty,
    SettingsError,
    StorageError,
)
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from kb.types import Filters, Labels
from tests.conftest import WordsEmbedder, one_chunk, put_all, state

PutTexts = Callable[..., None]
OpenAt = Callable[..., KnowledgeBase]


def folders(knowledge_base: KnowledgeBase) -> set[str]:
    """Return the names of the index folders."""
    return {path.name for path in (knowledge_base.settings.home / "indexes").iterdir()}


def published_folder(knowledge_base: KnowledgeBase) -> Path:
    """Return the folder that readers open."""
    return knowledge_base.settings.home / "indexes" / knowledge_base.published().folder


def test_an_empty_knowledge_base_says_so(knowledge_base: KnowledgeBase) -> None:
    """Searching before anything was loaded names the command that loads."""
    with pytest.raises(KnowledgeBaseEmpty, match="faq ingest"):
        knowledge_base.search(["anything"])


@pytest.mark.parametrize("vector_index", ["auto", "chroma"])
def test_published_with_chroma(settings: KnowledgeSettings, open_at: OpenAt, vector_index: str) -> None:
    """With Chroma in the folder, versions are found and all indexes agree."""
    chosen = settings.model_copy(update={"vector_index": vector_index, "exact_limit": 1})
    knowledge_base = open_at(chosen)
    put_all(knowledge_base, {"a": "alpha", "b": "beta", "c": "gamma"})
    put_all(knowledge_base, {"a": "alpha two", "b": None})
    assert knowledge_base.search(["gamma"]).hits[0].chunk.text == "gamma"
    assert {h.chunk.text for h in knowledge_base.search(["beta"]).hits} == {"alpha two", "gamma"}
    assert knowledge_base.disagreements() == []


def test_another_choice_of_index_rebuilds(settings: KnowledgeSettings, open_at: OpenAt) -> None:
    """A folder without Chroma still serves `auto`, and the next publication adds Chroma to it."""
    put_all(open_at(settings), {"a": "alpha"})
    other = open_at(settings.model_copy(update={"vector_index": "auto", "exact_limit": 0}))
    assert other.search(["alpha"]).hits[0].chunk.text == "alpha"
    put_all(other, {"b": "beta"})
    assert (published_folder(other) / "chroma").is_dir()
    assert other.disagreements() == []
    put_all(open_at(settings), {"c": "gamma"})
    assert not (published_folder(other) / "chroma").exists()
    assert other.disagreements() == []


def test_another_embedder_is_refused(knowledge_base: KnowledgeBase, put_texts: PutTexts, open_at: OpenAt) -> None:
    """Another embedder neither searches nor loads; `rebuild --embed` takes it over, and only then."""
    put_texts(a="alpha", b="beta")
    put_texts(a="alpha two")
    other = open_at(knowledge_base.settings, WordsEmbedder(32, "other"))
    with pytest.raises(FingerprintMismatch, match="faq kb rebuild --embed"):
        other.search(["alpha"])
    with pytest.raises(FingerprintMismatch):
        put_all(other, {"c": "gamma"})
    with pytest.raises(FingerprintMismatch):
        other.compact()
    other.rebuild(embed=True)
    assert other.disagreements() == []
    assert other.search(["alpha two"]).hits[0].chunk.text == "alpha two"
    assert [v.fingerprint for v in other.versions()] == ["other-32"]
    with pytest.raises(FingerprintMismatch):
        knowledge_base.search(["alpha"])


def test_a_re_embedding_that_fails_changes_nothing(
    knowledge_base: KnowledgeBase, put_texts: PutTexts, open_at: OpenAt
) -> None:
    """When the new embedder breaks down, the old vectors and their versions are still there."""

    class Failing(WordsEmbedder):
        def embed_documents(self, texts: object) -> object:
            raise RuntimeError("no model")

    put_texts(a="alpha", b="beta")
    with pytest.raises(RuntimeError, match="no model"):
        open_at(knowledge_base.settings, Failing(32, "failing")).rebuild(embed=True)
    assert knowledge_base.search(["alpha"]).hits[0].chunk.text == "alpha"
    put_texts(c="gamma")
    assert knowledge_base.disagreements() == []


def test_vectors_of_a_load_that_died_are_kept(
    knowledge_base: KnowledgeBase, put_texts: PutTexts, embedder: WordsEmbedder
) -> None:
    """What was embedded before the load broke off is not embedded again."""
    with pytest.raises(RuntimeError), knowledge_base.load() as load:  # noqa: PT012  a load is what breaks off
        load.put(*one_chunk("a", "alpha"))
        load.settle()
        raise RuntimeError
    assert embedder.texts == 1
    with knowledge_base.load() as load:
        load.put(*one_chunk("a", "alpha"))
        load.publish("again")
        assert load.embedded == 0
    assert embedder.texts == 1


def test_progress_counts_embedded_chunks(knowledge_base: KnowledgeBase) -> None:
    """The progress of a load sums up to the chunks that were embedded."""
    seen: list[int] = []
    with knowledge_base.load(seen.append) as load:
        for number in range(600):
            load.put(*one_chunk(str(number), f"text {number} " * 40))
        load.publish("many")
        assert load.embedded == 600
    assert sum(seen) == 600
    assert len(seen) > 1


@pytest.mark.parametrize("name", ["manifest.json", "vectors/data.f32", "vectors/head.json", "lexical/meta.json"])
def test_a_damaged_folder_is_named_and_healed(
    knowledge_base: KnowledgeBase, put_texts: PutTexts, open_at: OpenAt, name: str
) -> None:
    """A reader of a damaged folder gets IndexDamaged; the next publication makes all indexes anew."""
    put_texts(a="alpha", b="beta")
    path = published_folder(knowledge_base) / name
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(IndexDamaged, match="faq kb rebuild"):
        open_at(knowledge_base.settings).search(["alpha"])
    assert "faq kb rebuild" in knowledge_base.disagreements()[0]
    put_texts(c="gamma")
    assert knowledge_base.disagreements() == []
    assert len(knowledge_base.search(["alpha beta gamma"]).hits) == 3


def test_a_vanished_folder_is_healed(knowledge_base: KnowledgeBase, put_texts: PutTexts, open_at: OpenAt) -> None:
    """When the indexes are deleted, rebuild and the next load both make them again."""
    put_texts(a="alpha")
    indexes = knowledge_base.settings.home / "indexes"
    shutil.rmtree(indexes)
    with pytest.raises(IndexDamaged):
        open_at(knowledge_base.settings).search(["alpha"])
    assert not indexes.exists()
    knowledge_base.rebuild()
    assert knowledge_base.disagreements() == []
    shutil.rmtree(indexes)
    put_texts(b="beta")
    assert knowledge_base.disagreements() == []


def test_old_folders_go_but_not_the_last(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """The published folder and the one before stay, leftovers of dead writers go."""
    put_texts(a="alpha")
    (knowledge_base.settings.home / "indexes" / ".000002-dead").mkdir()
    (knowledge_base.settings.home / "indexes" / "000009-orphan").mkdir()
    before = knowledge_base.published().folder
    put_texts(a="beta")
    assert folders(knowledge_base) == {before, knowledge_base.published().folder}
    put_texts(a="gamma")
    assert before not in folders(knowledge_base)
    assert len(folders(knowledge_base)) == 2


def test_a_reader_follows_the_writer(knowledge_base: KnowledgeBase, put_texts: PutTexts, open_at: OpenAt) -> None:
    """A reader that is open sees each publication at its next search, and lets go of the old folder."""
    put_texts(a="alpha")
    reader = open_at(knowledge_base.settings)
    for text in ("beta", "gamma", "delta"):
        put_texts(a=text)
        assert [h.chunk.text for h in reader.search([text]).hits] == [text]
    knowledge_base.compact()
    assert [h.chunk.text for h in reader.search(["delta"]).hits] == ["delta"]


def test_many_threads_read_while_one_writes(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """Every search sees one version whole: both documents of it, and never one of each."""
    put_texts(a="word 0", b="word 0")
    stop, failures, searches = threading.Event(), [], []

    def search() -> None:
        while not stop.is_set():
            try:
                texts = {h.chunk.text for h in knowledge_base.search(["word"]).hits}
                searches.append(len(texts))
                if len(texts) != 1:
                    failures.append(texts)
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 8):
        put_texts(a=f"word {number}", b=f"word {number}")
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert searches


def test_one_writer_at_a_time(knowledge_base: KnowledgeBase, put_texts: PutTexts, open_at: OpenAt) -> None:
    """A second writer is told that it is busy: in another object, another thread, and nested in itself."""
    put_texts(a="alpha")
    found: list[BaseException] = []

    def write() -> None:
        try:
            knowledge_base.rollback(1)
        except KnowledgeBaseBusy as error:
            found.append(error)

    with knowledge_base.load() as load:
        load.put(*one_chunk("b", "beta"))
        with pytest.raises(KnowledgeBaseBusy, match="wait until it is done"):
            open_at(knowledge_base.settings).compact()
        with pytest.raises(KnowledgeBaseBusy):
            knowledge_base.rollback(1)
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        load.publish("b")
    assert len(found) == 1
    assert state(knowledge_base, 2) == {"a": "alpha", "b": "beta"}


def test_compaction_leaves_no_letter_of_what_was_removed(settings: KnowledgeSettings, open_at: OpenAt) -> None:
    """After a compaction no file holds the text of a removed document, nor its words or uri."""
    knowledge_base = open_at(settings.model_copy(update={"vector_index": "auto"}))
    secret = "quetzalcoatlus"
    put_all(knowledge_base, {f"keep-{i}": f"kept text {i} " * 50 for i in range(60)})
    put_all(knowledge_base, {"secret-uri-1": f"{secret} lives here " * 100})
    assert holding(settings.home, secret[:12])
    put_all(knowledge_base, {"secret-uri-1": None})
    knowledge_base.search(["kept"])
    knowledge_base.compact()
    assert holding(settings.home, secret[:12]) == []
    assert holding(settings.home, "secret-uri-1") == []
    assert len(folders(knowledge_base)) == 1
    assert knowledge_base.search(["kept"]).hits
    assert knowledge_base.disagreements() == []


def holding(home: Path, word: str) -> list[Path]:
    """Return the files that hold a word."""
    return [p for p in home.rglob("*") if p.is_file() and word.encode() in p.read_bytes().lower()]


def test_labels_filter_hits(knowledge_base: KnowledgeBase) -> None:
    """A document for one audience is found by that audience alone."""
    with knowledge_base.load() as load:
        load.put(*one_chunk("a", "alpha for all"))
        load.put(*one_chunk("b", "alpha for staff", labels=Labels(audience="staff")))
        load.publish("test")
    assert {h.chunk.document_uri for h in knowledge_base.search(["alpha"]).hits} == {"a"}
    staff = knowledge_base.search(["alpha"], filters=Filters(audience="staff"))
    assert {h.chunk.document_uri for h in staff.hits} == {"a", "b"}


def test_a_home_that_is_a_file_is_named(tmp_path: Path, embedder: WordsEmbedder) -> None:
    """A home that cannot be a folder is StorageError."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        KnowledgeBase(KnowledgeSettings(home=tmp_path / "file" / "home"), embedder)


def test_a_file_that_is_no_database_is_named(tmp_path: Path, embedder: WordsEmbedder) -> None:
    """A catalogue that is not SQLite's is StorageError."""
    (tmp_path / "catalogue.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(StorageError, match="cannot be opened"):
        KnowledgeBase(KnowledgeSettings(home=tmp_path), embedder)


@pytest.mark.parametrize("url", ["nonsense", "nosuchdialect://host/db"])
def test_a_malformed_database_url_is_named(tmp_path: Path, embedder: WordsEmbedder, url: str) -> None:
    """A database url that SQLAlchemy cannot use is SettingsError."""
    with pytest.raises(SettingsError, match="FAQ_DATABASE"):
        KnowledgeBase(KnowledgeSettings(home=tmp_path, database=url), embedder)


def test_a_damaged_database_is_named(knowledge_base: KnowledgeBase, put_texts: PutTexts, open_at: OpenAt) -> None:
    """Rubbish in the middle of the database is StorageError, not a traceback of the driver's."""
    put_texts(**{f"d{i}": f"text {i} " * 100 for i in range(50)})
    knowledge_base.close()
    path = knowledge_base.settings.home / "catalogue.sqlite3"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StorageError), open_at(knowledge_base.settings) as damaged:
        damaged.search(["text"])


_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from kb.errors import StorageError
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from tests.conftest import WordsEmbedder, put_all
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with KnowledgeBase(KnowledgeSettings(home=Path({home!r}), vector_index="exact"), WordsEmbedder()) as kb:
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
    try:
        put_all(kb, {{str(i): f"text {{i}} " * 20 for i in range(400)}})
    except StorageError as error:
        print("StorageError", error)
    print(len(kb.search(["alpha"]).hits))
"""


_SLOW_LIMITS = [pytest.param(limit, marks=pytest.mark.slow) for limit in (20_000, 120_000, 400_000)]


@pytest.mark.parametrize("limit", [60_000, *_SLOW_LIMITS])
def test_a_full_disk_is_named_and_readers_go_on(
    knowledge_base: KnowledgeBase, put_texts: PutTexts, limit: int
) -> None:
    """When no byte more can be written, the load fails with StorageError and what is published still answers."""
    put_texts(a="alpha")
    home, root = str(knowledge_base.settings.home), str(Path(__file__).parents[2])
    script = _FULL_DISK.format(root=root, home=home, limit=limit)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "StorageError" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "1"
    put_texts(b="beta")
    assert knowledge_base.disagreements() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_may_not_be_written_is_named(settings: KnowledgeSettings, embedder: WordsEmbedder) -> None:
    """A read-only home is StorageError."""
    settings.home.mkdir(mode=0o500)
    with pytest.raises(StorageError):
        KnowledgeBase(settings, embedder)


def test_publishing_again_and_again_leaks_no_descriptor(
    knowledge_base: KnowledgeBase, put_texts: PutTexts
) -> None:
    """Publishing and searching again and again does not leave files open."""
    put_texts(a="alpha")
    counts = []
    for number in range(6):
        put_texts(a=f"alpha {number}")
        knowledge_base.search(["alpha"])
        counts.append(len(os.listdir("/proc/self/fd")))
    assert max(counts[2:]) <= counts[1] + 2
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > max(counts)
