"""What a record became is remembered with its source: unchanged records are not built again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ingest.formats.plain.jsonl import load
from ingest.structure.recall import Recall
from ingest.types import SourceFile
from kb.identity import content_hash
from kb.types import Document

_RECORDS = 600  # enough that what they became is worth keeping


def _file(folder: Path, name: str, price: str = "4") -> SourceFile:
    path = folder / name
    lines = [f'{{"id": "{n}", "question": "What is fee {n}?", "answer": "{n} coins"}}' for n in range(_RECORDS)]
    lines[7] = f'{{"id": "7", "question": "What is fee 7?", "answer": "{price} coins"}}'
    path.write_text("\n".join(lines))
    return SourceFile(uri=path.as_posix(), path=path, root=folder.as_posix())


def _read(source: SourceFile, recall: Recall) -> dict[str, Document]:
    """Return the documents that were built, by uri, and note what they became."""
    built = {d.uri: d for d in load(replace(source, recall=recall)) if d.sections}
    for uri, document in built.items():
        recall.became(uri, content_hash(document))
    return built


def test_only_changed_records_are_built_again(tmp_path: Path) -> None:
    """What is known of a file's records leaves only the changed one to be built, under another salt all."""
    first = Recall("1", b"", {})
    stored = {uri: content_hash(document) for uri, document in _read(_file(tmp_path, "a.jsonl"), first).items()}
    assert len(stored) == _RECORDS
    again = Recall("1", first.pairs, stored)
    source = _file(tmp_path, "a.jsonl", price="5")
    assert list(_read(source, again)) == [f"{source.uri}#7"]
    assert len(again.unchanged) == _RECORDS - 1
    assert len(_read(source, Recall("2", again.pairs, stored))) == _RECORDS


def test_two_files_are_read_at_once(tmp_path: Path) -> None:
    """Two files that are read record by record in turns remember each their own."""
    one, other = _file(tmp_path, "a.jsonl"), _file(tmp_path, "b.jsonl")
    recalls = Recall("1", b"", {}), Recall("1", b"", {})
    for left, right in zip(
        load(replace(one, recall=recalls[0])), load(replace(other, recall=recalls[1])), strict=True
    ):
        recalls[0].became(left.uri, content_hash(left))
        recalls[1].became(right.uri, content_hash(right))
    assert len(recalls[0].pairs) == len(recalls[1].pairs) == _RECORDS * 32
    assert recalls[0].pairs != recalls[1].pairs


def test_nobody_need_ask(tmp_path: Path) -> None:
    """A source without recall gives all its records."""
    assert sum(bool(d.sections) for d in load(_file(tmp_path, "a.jsonl"))) == _RECORDS
