"""Several brands in one installation never answer for each other, by whichever door a question comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from assistant.conversation.records import Records

Faq = Callable[..., Result]
CANARIES = {"north": "northlight", "south": "southwind"}
THINGS = (
    "kettle", "toaster", "blender", "freezer", "oven", "lamp", "mirror", "carpet", "curtain", "sofa", "bicycle",
    "helmet", "saddle", "basket", "trailer", "guitar", "trumpet", "violin", "piano", "drum",
)  # fmt: skip
QUESTIONS = [f"How many days may a {thing} be returned?" for thing in THINGS]
SOURCES = "".join(f'[[sources]]\npath = "{name}"\nbrand = "{name}"\n' for name in CANARIES)


@pytest.fixture
def brands(faq: Faq, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Faq:
    """The command, with two brands loaded that are asked the same questions, and a document that they share."""
    for days, (name, canary) in enumerate(CANARIES.items(), 10):
        folder = tmp_path / name
        folder.mkdir()
        rows = [
            {
                "id": thing,
                "question": question,
                "answer": f"A {thing} of {canary} may be returned for {days} days.",
            }
            for thing, question in zip(THINGS, QUESTIONS, strict=True)
        ]
        (folder / "faq.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        (folder / "terms.md").write_text(
            f"# Terms\n\n{canary.title()} sends parcels abroad within {days} weeks.\n"
        )
    monkeypatch.setenv("FAQ_CONFIG", "faq.toml")
    (tmp_path / "faq.toml").write_text(SOURCES + '[[sources]]\npath = "documents"\n')
    faq("ingest")
    return faq


def batch(path: Path, name: str) -> Path:
    """Return a file of all questions, asked of a brand."""
    rows = [{"id": i, "text": question, "brand": name} for i, question in enumerate(QUESTIONS)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_none_says_a_word_of_another(brands: Faq, tmp_path: Path) -> None:
    """In 200 questions by five doors no word of the other brand is said, found or nearest; the own one's are."""
    for name, canary in CANARIES.items():
        (other,) = set(CANARIES.values()) - {canary}
        rows = str(batch(tmp_path / f"{name}.jsonl", name))
        said = {
            "batch": brands("ask", "--batch", rows).stdout,
            "search": brands("search", "--batch", rows, "--explain").stdout,
            "chat": brands("chat", "--brand", name, typed="\n".join([*QUESTIONS, "/sources"])).stdout,
            "ask": "".join(brands("ask", "--brand", name, "--json", question).stdout for question in QUESTIONS),
        }
        brands("audit", "run", rows, "--name", name, "--workers", "1")
        said["audit"] = brands("audit", "report", name, "--format", "json").stdout
        assert {door: told.casefold().count(other) for door, told in said.items()} == dict.fromkeys(said, 0)
        assert {door for door, told in said.items() if told.casefold().count(canary) < len(QUESTIONS)} == set()


def test_nothing_is_answered_while_the_brand_is_not_known(brands: Faq, tmp_path: Path) -> None:
    """Without one, or with one that is none, each command refuses with code 2 and names those there are."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": 1, "text": "x", "brand": "north"}) + "\n" + '{"id": 2, "text": "x"}\n')
    for command in (
        ("ask", QUESTIONS[0]), ("ask", "hello"), ("search", QUESTIONS[0]), ("chat",),
        ("ask", "--batch", str(rows)), ("search", "--batch", str(rows)),
        ("audit", "run", str(rows), "--name", "a"),
    ):  # fmt: skip
        refused = brands(*command, code=2)
        assert refused.stdout == ""
        assert "several brands (north, south)" in refused.stderr
    mistyped = brands("ask", "--brand", "norht", QUESTIONS[0], code=2)
    assert "no document is of the brand 'norht'; 'north' was meant? There are north, south" in mistyped.stderr


def test_what_has_no_brand_is_everybodys(brands: Faq) -> None:
    """A shared document answers whoever is asked, and its own brand's document beside it."""
    for name in CANARIES:
        assert "five days" in brands("ask", "--brand", name, "How many days does shipping to Canada take?").stdout


def test_one_brand_is_taken_without_a_word(faq: Faq, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all documents are one brand's, nobody has to name it; the setting names it where there are several."""
    monkeypatch.setenv("FAQ_CONFIG", "faq.toml")
    (tmp_path / "faq.toml").write_text('[[sources]]\npath = "documents"\nbrand = "north"\n')
    faq("ingest")
    assert "five days" in faq("ask", "How long does shipping to Canada take?").stdout
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "more.md").write_text("# Shipping\n\nWe ship to Canada in nine days.\n")
    (tmp_path / "faq.toml").write_text(
        'brand = "south"\n[[sources]]\npath = "documents"\nbrand = "north"\n'
        '[[sources]]\npath = "more"\nbrand = "south"\n'
    )
    faq("ingest")
    assert "nine days" in faq("ask", "How long does shipping to Canada take?").stdout


def test_the_brand_is_kept_with_what_was_answered(
    brands: Faq, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record says of which brand it was asked, so that it is asked of that one again."""
    home = tmp_path / "home"
    monkeypatch.setenv("FAQ_HOME", str(home))
    brands("ingest")
    brands("ask", "--brand", "south", QUESTIONS[3])
    records = Records(home)
    assert [record.brand for record in records.read()] == ["south"]
    records.close()
    brands("audit", "run", "--recorded", "--again", "--name", "again")
    told = brands("audit", "report", "again", "--format", "json").stdout
    assert CANARIES["south"] in told
    assert CANARIES["north"] not in told


def test_a_question_of_a_company_is_asked_of_its_brand(brands: Faq, tmp_path: Path) -> None:
    """Rows of an audit whose company is a brand need no other field; a company that is none names nothing."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": 1, "text": QUESTIONS[0], "company": "south"}) + "\n")
    brands("audit", "run", str(rows), "--name", "company")
    assert CANARIES["south"] in brands("audit", "report", "company", "--format", "json").stdout
    rows.write_text(json.dumps({"id": 1, "text": QUESTIONS[0], "company": "west"}) + "\n")
    brands("audit", "run", str(rows), "--name", "other", code=2)


def test_status_counts_the_documents_of_each(brands: Faq) -> None:
    """Both looks at the state name the brands with their documents, and what all share."""
    for command in (("status",), ("kb", "status")):
        assert "north 21, south 21, shared by all 2" in brands(*command).stdout
        assert json.loads(brands(*command, "--json").stdout)["brands"] == {"north": 21, "south": 21}


def test_a_change_of_brand_is_shown(brands: Faq, tmp_path: Path) -> None:
    """A dry run and a difference of versions show from which brand to which a document goes."""
    text = (tmp_path / "faq.toml").read_text()
    (tmp_path / "faq.toml").write_text(
        text.replace('path = "south"\nbrand = "south"', 'path = "south"\nbrand = "east"')
    )
    assert "brand: south" in brands("ingest", "--dry-run").stdout
    brands("ingest")
    told = brands("kb", "diff").stdout
    assert "- brand: south" in told
    assert "+ brand: east" in told
