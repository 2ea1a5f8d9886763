"""Records as help centres, shops and chats export them: read as customers see them, drafts left out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from ingest.formats import load
from ingest.sources.files import find_sources
from ingest.types import SourceFile
from kb.types import Document, Omitted, SectionKind

ANSWER = (
    "<p>Hold <b>Set</b> for 10&nbsp;seconds.</p><ol><li>Enter the old code.</li><li>Don&#39;t let go.</li></ol>"
)
READ = "Hold Set for 10 seconds.\n\n1. Enter the old code.\n2. Don't let go."
HASH = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def read(path: Path) -> list[Document]:
    """Return the documents of a file."""
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent))))


def read_json(folder: Path, value: object, name: str = "export.json") -> list[Document]:
    """Return the documents of a JSON file with this value."""
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return read(path)


def omitted(documents: list[Document]) -> dict[Omitted, int]:
    """Return what was left out of a file, by reason."""
    return {o.reason: o.count for document in documents for o in document.omitted}


def text_of(documents: list[Document]) -> str:
    """Return all that the documents hold."""
    return "\n".join(f"{d.title} {s.headings} {s.question} {s.text}" for d in documents for s in d.sections)


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "xlsx", "zip"])
def test_pages_in_fields(tmp_path: Path, ending: str) -> None:
    """An answer that is written in HTML is read as a page is, in every format of records."""
    record = {"question": "How do I reset the lock &amp; alarm?", "answer": ANSWER}
    path = tmp_path / f"faq.{ending}"
    if ending in ("csv", "tsv"):
        mark = "," if ending == "csv" else "\t"
        cells = ('"' + value.replace('"', '""') + '"' for value in record.values())
        path.write_text(f"question{mark}answer\n" + mark.join(cells) + "\n", encoding="utf-8")
    elif ending == "xlsx":
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(record))
        sheet.write_row(1, 0, list(record.values()))
        book.close()
    elif ending == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("faq.json", json.dumps([record]))
    else:
        path.write_text(json.dumps(record if ending == "jsonl" else [record]), encoding="utf-8")
    (section,) = read(path)[0].sections
    assert (section.kind, section.question) == (SectionKind.QUESTION_ANSWER, "How do I reset the lock & alarm?")
    assert section.text == READ


@pytest.mark.parametrize("text", ["Orders with a price < 5 ship in a letter.", "Use a<b>c?", "Write to <name>."])
def test_texts_with_signs_stay(tmp_path: Path, text: str) -> None:
    """A text that compares or leaves a place to fill in is no HTML."""
    (document,) = read_json(tmp_path, [{"question": "What then?", "answer": text}])
    assert document.sections[0].text == text


@pytest.mark.parametrize(
    "record",
    [
        {"Title": "Kettle", "Body (HTML)": ANSWER, "Vendor": "Lume"},
        {
            "title": {"rendered": "Kettle"},
            "content": {"rendered": ANSWER, "protected": False},
            "status": "publish",
        },
        {"title": "Kettle", "description": ANSWER, "description_text": READ, "status": 2, "folder_id": 7},
        {"title": "Kettle", "cooked": ANSWER, "raw": "Hold **Set**"},
        {"Article title": "Kettle", "Article body": ANSWER},
    ],
)
def test_fields_of_shops_and_help_centres(tmp_path: Path, record: dict[str, object]) -> None:
    """The fields in which shops, blogs, desks and forums keep a page are its text, without a copy beside."""
    (document,) = read_json(tmp_path, [record])
    assert document.title == "Kettle"
    assert document.sections[0].text == READ
    assert "description_text" not in text_of([document])
    assert "**" not in text_of([document])


def test_headings_of_a_long_article(tmp_path: Path) -> None:
    """An article with headings and a table keeps them over its sections."""
    body = "<h2>Fees</h2><table><tr><th>Size</th><th>Fee</th></tr><tr><td>Small</td><td>3 EUR</td></tr></table>"
    body += "<h2>Time</h2><p>Two days.</p>"
    (document,) = read_json(tmp_path, [{"title": "Parcels", "body": body}])
    assert [(s.headings, s.text) for s in document.sections] == [
        (("Fees",), "Size: Small; Fee: 3 EUR"),
        (("Time",), "Two days."),
    ]


@pytest.mark.parametrize(
    "mark",
    [
        {"state": "draft"},
        {"status": "Archived"},
        {"draft": True},
        {"is_draft": 1},
        {"published": False},
        {"published_at": None},
        {"visibility": "internal"},
        {"folder_id": 3, "status": 1},
        {"状态": "草稿"},
    ],
)
def test_drafts_stay_out(tmp_path: Path, mark: dict[str, object]) -> None:
    """An article that says that it is not published, or not for customers, is left out and counted."""
    shown = {"title": "Fees", "body": "<p>Parcels cost 5 EUR.</p>", "state": "published", "draft": False}
    documents = read_json(tmp_path, [shown, {"title": "New fees", "body": "Parcels cost 9 EUR.", **mark}])
    assert [document.title for document in documents] == ["Fees"]
    assert "9 EUR" not in text_of(documents)
    assert omitted(documents) == {Omitted.DRAFTS: 1}
    assert any("1 drafts" in warning for warning in documents[0].warnings)


def test_rows_about_drafts_stay(tmp_path: Path) -> None:
    """A table that explains what a status means is no list of drafts."""
    path = tmp_path / "states.csv"
    path.write_text("Status,Meaning\nDraft,The order is not sent yet.\nArchived,The order is closed.\n")
    assert "Status: Draft; Meaning: The order is not sent yet." in text_of(read(path))


def test_files_of_drafts_alone(tmp_path: Path) -> None:
    """A file that holds nothing but drafts gives no text, and says so."""
    (document,) = read_json(tmp_path, [{"title": "New", "body": "Soon.", "draft": True}])
    assert document.sections == ()
    assert omitted([document]) == {Omitted.DRAFTS: 1}


def test_answers_of_interfaces(tmp_path: Path) -> None:
    """An answer of a help centre's interface gives one document an article, without what it says of the list."""
    value = {
        "count": 2,
        "next_page": None,
        "articles": [
            {
                "id": 7,
                "title": "Shipping",
                "body": "<p>Two days.</p>",
                "draft": False,
                "html_url": "https://x.example",
            },
            {"id": 8, "title": "Returns", "body": "<p>Thirty days.</p>", "draft": False},
        ],
        "users": [{"id": 1, "name": "Ann", "email": "ann@shop.example"}],
    }
    documents = read_json(tmp_path, value)
    assert [(d.record_id, d.title, d.sections[0].text) for d in documents] == [
        ("7", "Shipping", "Two days."),
        ("8", "Returns", "Thirty days."),
    ]
    assert "ann@" not in text_of(documents)
    assert "draft" not in text_of(documents)


def test_categories_of_articles(tmp_path: Path) -> None:
    """Articles in sections of categories keep the names of both as headings; a draft among them is counted."""
    articles = [
        {"title": "Gifts", "body": "<p>60 days.</p>"},
        {"title": "Outlet", "body": "9 days.", "draft": True},
    ]
    value = {"categories": [{"name": "Orders", "sections": [{"name": "Returns", "articles": articles}]}]}
    documents = read_json(tmp_path, value)
    assert [(d.title, d.sections[0].headings, d.sections[0].text) for d in documents] == [
        ("Gifts", ("Orders", "Returns"), "60 days.")
    ]
    assert omitted(documents) == {Omitted.DRAFTS: 1}


def test_titles_in_an_object(tmp_path: Path) -> None:
    """In an object that is a document itself, entries of its lists keep their titles, and drafts stay out."""
    chapters = [
        {"title": "Fees", "text": "<p>Five &euro;.</p>"},
        {"title": "Plans", "text": "Ten.", "draft": True},
    ]
    documents = read_json(tmp_path, {"title": "Parcels", "note": "Valid in all shops", "chapters": chapters})
    assert documents[0].title == "Parcels"
    assert documents[0].sections[-1].headings == ("chapters", "Fees")
    assert documents[0].sections[-1].text == "Five €."
    assert omitted(documents) == {Omitted.DRAFTS: 1}


@pytest.mark.parametrize("delimiter", [";", "|", "\t"])
def test_stated_delimiter(tmp_path: Path, delimiter: str) -> None:
    """The line that states the delimiter is obeyed and is no row."""
    path = tmp_path / "fees.csv"
    text = f"sep={delimiter}\r\nService{delimiter}Fee\r\nCard, gold{delimiter}12,50\r\n"
    path.write_bytes(text.encode("utf-8-sig"))
    (document,) = read(path)
    assert (document.record_id, document.sections[0].text) == ("3", "Service: Card, gold; Fee: 12,50")


def test_guarded_cells(tmp_path: Path) -> None:
    """What guards a number from a spreadsheet program is taken off, and a link formula shows its text."""
    path = tmp_path / "parts.csv"
    path.write_text(
        'Article,Phone,Price,Form,Era\n="004711",\'+49 30 5550,"=""12.50""",'
        '"=HYPERLINK(""https://shop.example/f"",""the form"")",\'90s music\n',
        encoding="utf-8",
    )
    (document,) = read(path)
    assert document.sections[0].text == (
        "Article: 004711; Phone: +49 30 5550; Price: 12.50; Form: the form (https://shop.example/f); "
        "Era: '90s music"
    )


def test_tables_of_notion(tmp_path: Path) -> None:
    """An exported table is loaded once, by the view that people see, and without the hash in its title."""
    view, whole = f"Prices {HASH}.csv", f"Prices {HASH}_all.csv"
    (tmp_path / view).write_text("Plan,Price\nBasic,12 EUR\n")
    (tmp_path / whole).write_text("Plan,Price,Cost\nBasic,12 EUR,3 EUR\n")
    sources = find_sources([tmp_path])
    assert [Path(source.uri).name for source in sources.files] == [view]
    assert [Path(entry.uri).name for entry in sources.skipped] == [whole]
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for name in (view, whole):
            archive.write(tmp_path / name, f"Help {HASH}/{name}")
    (document,) = read(tmp_path / "export.zip")
    assert (document.title, document.sections[0].text) == ("Prices", "Plan: Basic; Price: 12 EUR")
