"""Electronic books: notes of one chapter that stand in another."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ingest.formats import load
from ingest.types import SourceFile

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="b/book.opf"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Terms'
    '</dc:title></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="n" '
    'href="n.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="a"/><itemref idref="n"/></spine>'
    "</package>"
)


def chapter(body: str) -> str:
    """Return a chapter."""
    head = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    return f"<?xml version='1.0'?>{head}<head><title>x</title></head><body>{body}</body></html>"


def test_notes_of_another_chapter(tmp_path: Path) -> None:
    """A note in a chapter of notes stands where it is referred to, and not a second time at the end."""
    path = tmp_path / "terms.epub"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("b/book.opf", PACKAGE)
        text = 'Repayment is free<a epub:type="noteref" href="n.xhtml#n1">1</a> for all loans in the shop.'
        book.writestr("b/a.xhtml", chapter(f'<h1>Fees</h1><p id="r1">{text}</p>'))
        notes = '<aside epub:type="footnote" id="n1"><p><a href="a.xhtml#r1">1</a> Except fixed loans.</p></aside>'
        book.writestr("b/n.xhtml", chapter(f"<h1>Notes</h1>{notes}<p>All other rules stand in the law.</p>"))
    (document,) = load(SourceFile(uri=path.as_posix(), path=path, root=tmp_path.as_posix()))
    text = "\n".join(section.text for section in document.sections)
    assert "Repayment is free (Except fixed loans.) for all loans in the shop." in text
    assert text.count("Except") == 1
    assert "All other rules stand in the law." in text
