"""Reading processes: whatever a file does to one, the answer is its documents or a named error."""

from __future__ import annotations

import time
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from ingest.loading.chunks import Cut, chunk, cut
from ingest.loading.frames import BrokenFrame, Fresh, Gone, Warned, read_frame, write_frame
from ingest.loading.pool import Outcome, Stored, Workers
from ingest.types import SourceFile
from kb.types import Document, Labels, Omission, Omitted, Section, SectionKind, Trust
from tests.misbehaving import Misbehaving

Ends = list[tuple[str, str]]


def read(paths: list[Path]) -> Ends:
    """Return for each file its error's name and message, or ``text`` and the first section."""
    sources = [SourceFile(uri=path.as_posix(), path=path, root=path.parent.as_posix()) for path in paths]
    with Workers(1) as workers:
        return [_end(outcome) for outcome in workers.read_all(sources, lambda _: Stored({}))]


def _end(outcome: Outcome) -> tuple[str, str]:
    frames = list(outcome.frames)
    if outcome.error is not None:
        return type(outcome.error).__name__, str(outcome.error)
    assert isinstance(frames[0], Fresh)
    return "text", frames[0].document.sections[0].text


def hostile(folder: Path, *deeds: str) -> list[Path]:
    """Return misbehaving files, and a good one after each."""
    paths: list[Path] = []
    for deed in deeds:
        path = Misbehaving(folder / f"{deed}.txt")
        path.write_text("x")
        good = folder / f"after-{deed}.txt"
        good.write_text(f"Read after {deed}.")
        paths += [path, good]
    return paths


def test_a_crash_costs_its_own_file_alone(tmp_path: Path) -> None:
    """A file that ends its process, or reaches for the network, is named; the next one is read."""
    ends = read(hostile(tmp_path, "crash", "exit", "recursion", "network"))
    assert [name for name, _ in ends[::2]] == ["DamagedFile", "DamagedFile", "LimitExceeded", "DamagedFile"]
    for end, told in zip(ends[::2], ("SIGSEGV", "exit code 0", "too deeply", "reached for socket"), strict=True):
        assert told in end[1]
    assert ends[1::2] == [("text", f"Read after {d}.") for d in ("crash", "exit", "recursion", "network")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deed", "told"), [("loop", "after 6 s"), ("memory", "memory"), ("shared", "bytes of memory")]
)
def test_a_file_over_a_cap_is_named(tmp_path: Path, deed: str, told: str) -> None:
    """An endless loop and a memory bomb of either kind end as LimitExceeded, and the next file is read."""
    begun = time.monotonic()
    (error, message), good = read(hostile(tmp_path, deed))
    assert error == "LimitExceeded"
    assert told in message
    assert good == ("text", f"Read after {deed}.")
    assert time.monotonic() - begun < 60  # 6 of CPU; other work on the machine must not fail this


def test_order_is_that_of_the_sources(tmp_path: Path) -> None:
    """Two processes read; what comes out is in order all the same."""
    paths = [tmp_path / f"{number}.txt" for number in range(40)]
    for number, path in enumerate(paths):
        path.write_text(f"Number {number}. " * (1 + 200 * (number % 3)))
    sources = [SourceFile(uri=path.as_posix(), path=path, root=tmp_path.as_posix()) for path in paths]
    with Workers(2) as workers:
        uris = [outcome.source.uri for outcome in workers.read_all(sources, lambda _: Stored({}))]
    assert uris == [source.uri for source in sources]


def test_breaking_off_ends_all_processes(tmp_path: Path) -> None:
    """Who stops in the middle leaves neither processes nor open files."""
    paths = hostile(tmp_path, "loop")
    sources = [
        SourceFile(uri=path.as_posix(), path=path, root=tmp_path.as_posix()) for path in [*paths[1:], *paths[:1]]
    ]
    begun = time.monotonic()
    with Workers(2) as workers:
        outcomes = workers.read_all(sources, lambda _: Stored({}))
        next(outcomes)
        running = [worker._process for worker in workers._all]
        outcomes.close()
    assert all(process.poll() is not None for process in running)
    assert time.monotonic() - begun < 30


def full_document() -> Document:
    """Return a document with a value of its own in every field."""
    labels = Labels(
        audience="staff",
        brand="Nord",
        product="P-1",
        language="zh",
        valid_from=date(2026, 1, 2),
        valid_until=date(2027, 1, 2),
        supersedes=("old.md",),
        extra={"topic": "退货"},
        trust=Trust.CRAWLED,
    )
    sections = (
        Section(
            text="答案在此。", headings=("章", "节"), page=3, kind=SectionKind.QUESTION_ANSWER, question="怎么办？"
        ),
        Section(text="Prose with \\ud800 written out.", page=4),
    )
    omitted = (Omission(Omitted.STRUCK, 7, "was $12"),)
    return Document(
        uri="/a.md#1",
        title="标题",
        sections=sections,
        record_id="1",
        labels=labels,
        warnings=("page 2 has no text",),
        omitted=omitted,
    )


def test_frames_bring_every_field() -> None:
    """A document comes out as it went in, and its chunks are those that one process would have cut."""
    document = full_document()
    plain = Document(uri="", title="", sections=())
    for kind, full, empty in ((Document, document, plain), (Labels, document.labels, Labels())):
        assert all(getattr(full, field.name) != getattr(empty, field.name) for field in fields(kind))
    frame = Fresh(document, tuple(cut(document)))
    assert read_frame(write_frame(frame), "/a.md") == frame
    for other in (Warned("/a.md", ("w",)), Gone("/a.md#2")):
        assert read_frame(write_frame(other), "/a.md") == other
    assert [c.start for c in chunk(document)] == [c.start for c in frame.cuts]


@pytest.mark.parametrize(
    "line",
    [
        b'gone {"uri": "/b.md"}',
        b'gone {"uri": "/a.mdx"}',
        b'gone {"uri": 7}',
        b'gone {"uri": ["/a.md"]}',
        b"gone {}",
        b'gone ["/a.md"]',
        b'gone {"uri": "/a.md"',
        b'gone {"uri": "/a.md#\xff"}',
        b'warned {"uri": "/a.md", "warnings": ["\\ud800"]}',
        b'warned {"uri": "/a.md", "warnings": [], "omitted": [{"reason": "whim", "count": 1}]}',
        b'warned {"uri": "/a.md", "warnings": [], "omitted": [{"reason": "struck", "count": "1"}]}',
        b'warned {"uri": "/a.md", "warnings": ' + b"[" * 100_000,
        b'os.system {"uri": "/a.md"}',
        b'["gone", "/a.md"]',
        b"7",
        b"",
    ],
)
def test_forged_frames_are_refused(line: bytes) -> None:
    """Another file's document, a wrong type, half a character or an unknown kind does not come through."""
    with pytest.raises(BrokenFrame):
        read_frame(line, "/a.md")


def test_fields_nobody_declared_are_dropped() -> None:
    """A forged field of a right frame goes no further."""
    assert read_frame(b'gone {"uri": "/a.md", "trust": "reviewed"}', "/a.md") == Gone("/a.md")


def test_a_chunk_outside_its_document_is_refused() -> None:
    """A chunk must be a stretch of the document that it comes with."""
    with pytest.raises(BrokenFrame, match="outside"):
        read_frame(write_frame(Fresh(full_document(), (Cut(0, 5, 9_999, "zh"),))), "/a.md")
