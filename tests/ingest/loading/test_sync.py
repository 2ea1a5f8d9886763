"""A folder and the knowledge base: what is added, changed, removed, refused."""

import json
from pathlib import Path

import pytest

from ingest.loading.sync import SyncReport, preview, sync
from ingest.sources.files import find_sources
from kb.knowledge_base import KnowledgeBase
from tests.conftest import WordsEmbedder, state


class Silent:
    """Follows a load without a word, and counts bytes."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def begin(self, total: int) -> None:
        """Note how much there is."""
        self.total = total

    def reading(self, uri: str) -> None:
        """Nothing to note."""

    def advance(self, size: int) -> None:
        """Note what is done."""
        self.done += size

    def publishing(self) -> None:
        """Nothing to note."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two policies and a file of records."""
    root = tmp_path / "documents"
    root.mkdir()
    (root / "returns.md").write_text("# Returns\n\nYou may return an item within 30 days.\n")
    (root / "shipping.txt").write_text("We ship to Canada and Mexico.\n")
    rows = [{"id": "a", "question": "Do you ship abroad?", "answer": "Yes."}, {"id": "b", "text": "Open at nine."}]
    (root / "faq.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return root


def load(knowledge_base: KnowledgeBase, root: Path) -> SyncReport:
    """Load a folder."""
    return sync(knowledge_base, find_sources([root]), [root.as_posix()], Silent(), "test")


def names(uris: tuple[str, ...]) -> set[str]:
    """Return the last parts of uris."""
    return {uri.rsplit("/", 1)[1] for uri in uris}


def test_first_load_adds_every_document(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """One document a file, one a record."""
    report = load(knowledge_base, folder)
    assert names(report.added) == {"returns.md", "shipping.txt", "faq.jsonl#a", "faq.jsonl#b"}
    assert report.failures == ()
    assert report.version is not None
    assert report.version.documents == 4


def test_a_draft_is_told_and_what_was_published_of_it_goes(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """A page that becomes a draft is removed and counted; it is no failure and nothing of it is lost."""
    load(knowledge_base, folder)
    page = folder / "returns.md"
    page.write_text(
        "---\ndraft: true\n---\n\n# Returns\n\nYou may return an item within 40 days of its delivery.\n"
    )
    report = load(knowledge_base, folder)
    assert names(report.removed) == {"returns.md"}
    assert report.failures == ()
    assert report.omitted == {page.as_posix(): {"drafts": 1}}
    assert [warning for _, warning in report.warnings] == ["1 drafts were left out"]


def test_second_load_does_nothing(knowledge_base: KnowledgeBase, folder: Path, embedder: WordsEmbedder) -> None:
    """Unchanged files are not read, nothing is embedded, no version is made."""
    load(knowledge_base, folder)
    embedded = embedder.texts
    report = load(knowledge_base, folder)
    assert report.version is None
    assert report.unchanged_files == 3
    assert embedder.texts == embedded
    assert len(knowledge_base.versions()) == 1


def test_changed_record_is_the_only_one_embedded(
    knowledge_base: KnowledgeBase, folder: Path, embedder: WordsEmbedder
) -> None:
    """In a file of records only the record that differs is done again."""
    load(knowledge_base, folder)
    embedded = embedder.texts
    path = folder / "faq.jsonl"
    path.write_text(path.read_text().replace("Open at nine.", "Open at ten o'clock."))
    report = load(knowledge_base, folder)
    assert names(report.changed) == {"faq.jsonl#b"}
    assert report.unchanged == 1
    assert embedder.texts == embedded + 1


def test_vanished_file_and_record_are_removed(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """What is gone from the folder is gone from the search at once."""
    load(knowledge_base, folder)
    (folder / "shipping.txt").unlink()
    (folder / "faq.jsonl").write_text('{"id": "a", "question": "Do you ship abroad?", "answer": "Yes."}')
    report = load(knowledge_base, folder)
    assert names(report.removed) == {"shipping.txt", "faq.jsonl#b"}
    found = knowledge_base.search(["We ship to Canada and Mexico."], 10)
    assert all("Canada" not in hit.chunk.text for hit in found.hits)


def test_bad_file_is_named_and_the_rest_is_loaded(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """One damaged file never stops a load."""
    (folder / "broken.pdf").write_bytes(b"not a PDF at all")
    report = load(knowledge_base, folder)
    assert [failure.uri.rsplit("/", 1)[1] for failure in report.failures] == ["broken.pdf"]
    assert report.failures[0].error == "DamagedFile"
    assert len(report.added) == 4


def test_file_that_breaks_keeps_its_published_documents(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """A JSON file that was cut short changes nothing: not half of it is served, nor is it lost."""
    path = folder / "list.json"
    path.write_text('[{"id": "a", "text": "First."}, {"id": "b", "text": "Second."}]')
    load(knowledge_base, folder)
    before = state(knowledge_base, 1)
    path.write_text('[{"id": "a", "text": "New."}, {"id": "b", "te')
    report = load(knowledge_base, folder)
    assert [failure.error for failure in report.failures] == ["DamagedFile"]
    assert report.version is None
    assert state(knowledge_base, knowledge_base.published().version) == before


def test_broken_line_loses_nothing(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """Records beside a broken line are loaded, and the record that was on it before stays."""
    load(knowledge_base, folder)
    (folder / "faq.jsonl").write_text('{"id": "a", "text": "New."}\n{"id": "b", "text": ')
    report = load(knowledge_base, folder)
    assert [failure.error for failure in report.failures] == ["DamagedRecords"]
    assert names(report.changed) == {"faq.jsonl#a"}
    assert report.removed == ()


def test_mended_file_is_read_again(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """A failed file is tried at every load until it succeeds."""
    (folder / "broken.json").write_text('{"text": ')
    assert len(load(knowledge_base, folder).failures) == 1
    assert len(load(knowledge_base, folder).failures) == 1
    (folder / "broken.json").write_text('{"text": "Mended."}')
    report = load(knowledge_base, folder)
    assert report.failures == ()
    assert names(report.added) == {"broken.json"}


def test_preview_says_what_sync_then_does(
    knowledge_base: KnowledgeBase, folder: Path, embedder: WordsEmbedder
) -> None:
    """A dry run reports the same documents, embeds nothing and changes nothing."""
    load(knowledge_base, folder)
    (folder / "shipping.txt").unlink()
    (folder / "returns.md").write_text("# Returns\n\nYou may return an item within 60 days.\n")
    (folder / "new.md").write_text("# New\n\nSomething new.\n")
    embedded = embedder.texts
    shown = preview(knowledge_base, find_sources([folder]), [folder.as_posix()], Silent())
    assert embedder.texts == embedded
    assert len(knowledge_base.versions()) == 1
    done = load(knowledge_base, folder)
    assert (shown.added, shown.changed, shown.removed) == (done.added, done.changed, done.removed)
    assert names(done.changed) == {"returns.md"}


def test_progress_ends_at_the_total(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """The bar knows all bytes beforehand and reaches them."""
    watcher = Silent()
    sync(knowledge_base, find_sources([folder]), [folder.as_posix()], watcher, "test")
    assert watcher.done == watcher.total > 0
