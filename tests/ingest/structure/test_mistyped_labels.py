"""A mistyped label is named with what was meant, and the document beside which it stands is not published."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from ingest.formats import load
from ingest.structure.labels import meant_label, read_sidecar
from ingest.types import SourceFile
from kb.errors import UnknownLabel
from kb.types import Document

TEXT = "# Gate\n\nThe code of the gate is 4711.\n"


@pytest.fixture
def faq(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run the command in an empty folder, with an embedder that needs no model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAQ_EMBEDDER", "hashing")
    monkeypatch.setenv("FAQ_MIN_ANSWERABLE", "0")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "other.md").write_text("# Hours\n\nThe shop opens at nine.\n")

    def run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == code, result.output
        return result

    return run


def read(path: Path) -> list[Document]:
    """Return the documents of a file."""
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent))))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("audiance", "audience"), ("Audiences", "audience"), ("adience", "audience"), ("audienec", "audience"),
        ("valid-form", "valid_from"), ("Valid Untill", "valid_until"), ("expire", "valid_until"),
        ("superseeds", "supersedes"), ("prodct", "product"), ("langauge", "language"), ("有效期", "valid_until"),
    ],
)  # fmt: skip
def test_slips_of_the_keys_are_known(name: str, label: str) -> None:
    """A letter too many, too few, wrong or in another place; as a plural; in Chinese."""
    assert meant_label(name) == label


METADATA = """
title layout tags tag author authors weight slug date updated lastmod description summary draft permalink
category categories keywords id aliases alias cover image toc sidebar_position sidebar_label
sidebar_class_name pagination_next pagination_prev hide_title hide_table_of_contents custom_edit_url
unlisted nav_order parent has_children grand_parent nav_exclude search_exclude published publishDate
redirect_from redirect_to excerpt comments template hide status icon order type series menu markup math
mermaid outline head hero features navbar sidebar footer editLink lastUpdated next prev cssclasses
linter-yaml-title-alias created modified source version owner reviewer review_date department
contributors robots canonical_url og_image ms.author ms.date ms.topic ms.service ms.subservice
f1_keywords sku price currency brand region country local long lat 标签 分类 作者 日期 描述 摘要 排序 封面 audio
auto_generated products_id product_name product_code supplier superseded_by
"""


def test_metadata_of_other_programs_is_far_from_every_label(tmp_path: Path) -> None:
    """What site generators, editors and help centres keep in front matter stays harmless."""
    path = tmp_path / "gate.md"
    fields = "\n".join(f"{name}: value" for name in METADATA.split())
    path.write_text(f"---\n{fields}\n---\n{TEXT}", encoding="utf-8")
    (document,) = read(path)
    assert document.labels.audience == ""
    assert "4711" in document.sections[0].text


@pytest.mark.parametrize(
    "front",
    [
        "---\naudiance: staff\n---\n",
        "---\naudience = staff\n---\n",
        "---\naudience:staff\n---\n",
        "---\naudience：staff\n---\n",
        "---\naudience staff\n---\n",
        "---\nlabels:\n  audience: staff\n---\n",
        "---\ntitle: Gate\nparams:\n  - audiance: staff\n---\n",
        "---\naudience: staff\n\n",
        "\n---\naudience: staff\n---\n",
        "---\n受众： staff\n---\n",
        "---\nvalid_form: 2030-01-01\n---\n",
    ],
)
def test_a_label_that_is_not_read_keeps_its_document_out(faq: Any, front: str) -> None:
    """Mistyped, nested, without its colon, in front matter that is not closed: the code of the gate stays in."""
    Path("documents/gate.md").write_text(front + TEXT, encoding="utf-8")
    result = faq("ingest", "documents", code=1)
    assert "gate.md: UnknownLabel" in result.stderr
    assert "was meant" in result.stderr or "is not read as" in result.stderr
    assert "4711" not in faq("search", "code of the gate", "--on", "any").stdout
    assert "nine" in faq("search", "When does the shop open?").stdout


def test_front_matter_of_other_programs_may_be_nested(tmp_path: Path) -> None:
    """An author's language or a rule above the text is none of our labels."""
    path = tmp_path / "gate.md"
    for front in (
        "---\nauthor:\n  name: Ann\n  language: fr\ntags:\n  - product\n  - expires soon\n---\n",
        "---\n\nProduct: kettles\n\n---\n",
        "---\n",
        "Audience: everyone who likes kettles\n\n---\n",
    ):
        path.write_text(front + TEXT)
        assert read(path)[0].labels.language == ""


def test_a_mistyped_line_of_a_sidecar_keeps_its_document_out(faq: Any) -> None:
    """Any name that is no label is refused there, with the nearest one; so is a section."""
    Path("documents/gate.md").write_text(TEXT)
    beside = Path("documents/gate.md.labels.toml")
    for text, told in (
        ('audiance = "staff"', "'audience' was meant?"),
        ('[labels]\naudience = "staff"', "'labels' is unknown"),
        ('colour = "red"', "Known are audience, brand, product, language"),
    ):
        beside.write_text(text)
        assert told in faq("ingest", "documents", code=1).stderr
        assert "4711" not in faq("search", "code of the gate").stdout
    beside.write_text('audience = "staff"')
    faq("ingest", "documents")
    assert "4711" not in faq("search", "code of the gate").stdout
    assert "4711" in faq("search", "code of the gate", "--audience", "staff").stdout


def test_what_was_published_before_stays(faq: Any) -> None:
    """A slip in a later edition keeps that edition out, and the earlier one in."""
    Path("documents/gate.md").write_text("---\naudience: staff\n---\n" + TEXT)
    faq("ingest", "documents")
    Path("documents/gate.md").write_text("---\naudiance: staff\n---\n" + TEXT.replace("4711", "4712"))
    faq("ingest", "documents", code=1)
    shown = faq("search", "code of the gate", "--audience", "staff").stdout
    assert "4711" in shown
    assert "4712" not in shown


def test_a_misnamed_sidecar_keeps_its_document_out(faq: Any) -> None:
    """One that lies beside it under nearly the right name is refused; one for no document is named."""
    Path("documents/gate.md").write_text(TEXT)
    Path("documents/gate.md.label.toml").write_text('audience = "staff"')
    Path("documents/gat.md.labels.toml").write_text('audience = "staff"')
    report = json.loads(faq("ingest", "documents", "--json", code=1).stdout)
    assert {Path(f["uri"]).name: f["error"] for f in report["failures"]} == {
        "gate.md": "UnknownLabel",
        "gat.md.labels.toml": "UnknownLabel",
    }
    assert "'gate.md' was meant?" in next(f["message"] for f in report["failures"] if "gat.md" in f["uri"])
    assert "4711" not in faq("search", "code of the gate").stdout


def test_a_sidecar_may_leave_out_the_ending(faq: Any) -> None:
    """``gate.labels.toml`` labels ``gate.md``, in a folder and named by itself."""
    Path("documents/gate.md").write_text(TEXT)
    Path("documents/gate.labels.toml").write_text('audience = "staff"')
    for named in ("documents", "documents/gate.md"):
        report = json.loads(faq("ingest", named, "--json").stdout)
        assert report["failures"] == report["skipped"] == []
        assert "4711" not in faq("search", "code of the gate").stdout
    with pytest.raises(UnknownLabel, match="rename"):
        read_sidecar(Path("documents/gate.md"))


def test_labels_in_an_archive_are_laid(faq: Any) -> None:
    """A file of labels beside a member labels it, whatever is mistyped there keeps the member out."""
    for labels, told in (('audience = "staff"', ""), ('audiance = "staff"', "UnknownLabel")):
        with zipfile.ZipFile("documents/all.zip", "w") as archive:
            archive.writestr("inner/gate.md", TEXT)
            archive.writestr("inner/gate.md.labels.toml", labels)
            archive.writestr("inner/lamp.md", "# Lamps\n\nLamps need oil.\n")
        assert told in faq("ingest", "documents", code=1 if told else 0).stderr
        assert "4711" not in faq("search", "code of the gate").stdout
        assert "oil" in faq("search", "What do lamps need?").stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "question,answer,audiance\nWhat is the code?,It is 4711.,staff\n"),
        ("a.jsonl", '{"question": "What is the code?", "answer": "It is 4711.", "Audiences": "staff"}'),
        ("a.json", '{"text": "The code is 4711.", "audiance": "staff"}'),
    ],
)
def test_a_mistyped_column_keeps_its_records_out(tmp_path: Path, name: str, text: str) -> None:
    """A column that would hide its rows, and does not, is named."""
    (tmp_path / name).write_text(text)
    with pytest.raises(UnknownLabel, match="'audience' was meant"):
        read(tmp_path / name)


def test_columns_of_ones_own_are_fields(tmp_path: Path) -> None:
    """A sheet may have columns near to a label that hides nothing."""
    (tmp_path / "a.csv").write_text("question,answer,products,languages\nWhat fits?,All fits.,kettles,en\n")
    assert read(tmp_path / "a.csv")[0].labels.product == ""


def test_indented_front_matter_is_read(tmp_path: Path) -> None:
    """Fields that are all indented alike are fields."""
    path = tmp_path / "gate.md"
    path.write_text("---\n  audience: staff\n---\n" + TEXT)
    assert read(path)[0].labels.audience == "staff"
