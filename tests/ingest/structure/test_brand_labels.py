"""Where a document says whose it is, and where a field of that name means who made a product."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.formats import load
from ingest.types import SourceFile
from kb.errors import UnknownLabel
from kb.types import Labels


def brands(path: Path, text: str, source: str = "") -> list[str]:
    """Return the brands of the documents of a file that a source of a brand lists."""
    path.write_text(text)
    beside = path.with_name(path.name + ".labels.toml")
    file = SourceFile(
        uri=path.as_posix(), path=path, root=path.as_posix(), labels=Labels(brand=source),
        sidecar=beside if beside.exists() else None,
    )  # fmt: skip
    return [document.labels.brand for document in load(file)]


def test_the_nearest_word_counts(tmp_path: Path) -> None:
    """Front matter wins over the file of labels, which wins over the source."""
    text = "# Terms\n\nParcels are sent abroad.\n"
    assert brands(tmp_path / "a.md", text, "north") == ["north"]
    (tmp_path / "a.md.labels.toml").write_text('brand = "south"\n')
    assert brands(tmp_path / "a.md", text, "north") == ["south"]
    assert brands(tmp_path / "a.md", f"---\nbrand: east\n---\n{text}", "north") == ["east"]


def test_a_slip_in_front_matter_is_named(tmp_path: Path) -> None:
    """A document whose brand is mistyped would be everybody's: it is kept out."""
    with pytest.raises(UnknownLabel, match="'brands', 'brand' was meant"):
        brands(tmp_path / "a.md", "---\nbrands: east\n---\nParcels are sent abroad.\n")


def test_a_stored_answer_has_a_brand_and_a_product_a_maker(tmp_path: Path) -> None:
    """A record with an answer names its brand; in a list of products and in an object it is one more field."""
    answer = {"id": "1", "question": "Do you ship abroad?", "answer": "Yes, to all countries.", "brand": "east"}
    assert brands(tmp_path / "faq.jsonl", json.dumps(answer), "north") == ["east"]
    product = {"sku": "K1", "name": "Kettle", "brand": "Steamwell", "litres": 2}
    assert brands(tmp_path / "list.jsonl", json.dumps(product), "north") == ["north"]
    assert brands(tmp_path / "sheet.csv", "sku,brand,brands\nK1,Steamwell,two\n", "north") == ["north"]
    assert brands(
        tmp_path / "one.json", json.dumps({"name": "Kettle", "brand": "Steamwell", "litres": 2}), "x"
    ) == ["x"]
