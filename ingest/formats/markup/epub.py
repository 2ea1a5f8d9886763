"""Electronic books (EPUB): the chapters in the order of the book, without cover, menus and notes to machines."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup
from lxml import etree

from ingest.formats.markup.page import WebPage, decode_page, read_tree
from ingest.formats.markup.tree import parse
from ingest.limits import MAX_PAGES, MAX_TEXT_BYTES, check_archive
from ingest.structure.outline import Outline
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile, LimitExceeded
from kb.types import Document, Labels

_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")

Element = Any  # lxml elements


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a book.

    Raises:
        EncryptedFile: its text is encrypted.
        DamagedFile: it is no book.
        LimitExceeded: it has more chapters, or unpacks to more, than is read.
    """
    check_archive(source.path)
    with zipfile.ZipFile(source.path) as archive:
        names = set(archive.namelist())
        if _is_encrypted(archive, names, source):
            raise EncryptedFile(f"{source.path.name} is protected (DRM): get it without protection")
        place = _package_place(archive, names, source)
        package = _parse(archive.read(place), source)
        chapters = _chapters(package, posixpath.dirname(place))
        if len(chapters) > MAX_PAGES:
            raise LimitExceeded(f"{source.path.name} has {len(chapters):,} chapters, more than {MAX_PAGES:,}")
        outline, omissions, missing = Outline(), Omissions(), 0
        book = _Book(archive, source)
        for chapter in chapters:
            if chapter not in names:
                missing += 1
                continue
            outline.close_headings()
            omissions.add(book.read(chapter, outline).omissions)
    title, sections = outline.finish(_metadata(package, "title"), file_title(source.path))
    language = _metadata(package, "language")[:2].lower()
    warnings = (f"{missing} chapters that the book lists are not in it",) if missing else ()
    labels = Labels(language="zh") if language == "zh" else Labels()
    yield Document(
        uri=source.uri, title=title, sections=sections, labels=labels, warnings=warnings, omitted=tuple(omissions)
    )


class _Book:
    """The chapters of a book as trees: one is opened early where another one refers to a note in it."""

    def __init__(self, archive: zipfile.ZipFile, source: SourceFile) -> None:
        self._archive = archive
        self._source = source
        self._names = set(archive.namelist())
        self._opened: dict[str, BeautifulSoup] = {}
        self._read: set[str] = set()

    def read(self, chapter: str, outline: Outline) -> WebPage:
        """Add a chapter to the outline, its notes where they are referred to."""
        folder = posixpath.dirname(chapter)

        def elsewhere(page: str) -> BeautifulSoup | None:
            name = posixpath.normpath(posixpath.join(folder, unquote(page)))
            return self._tree(name) if name in self._names and name not in self._read else None

        tree = self._tree(chapter)
        self._read.add(chapter)
        del self._opened[chapter]
        return read_tree(tree, outline, elsewhere=elsewhere)

    def _tree(self, chapter: str) -> BeautifulSoup:
        if chapter not in self._opened:
            if self._archive.getinfo(chapter).file_size > MAX_TEXT_BYTES:
                raise LimitExceeded(
                    f"{self._source.path.name} has a chapter of more than {MAX_TEXT_BYTES:,} bytes"
                )
            self._opened[chapter] = parse(decode_page(self._archive.read(chapter), self._source.path.name))
        return self._opened[chapter]


def _package_place(archive: zipfile.ZipFile, names: set[str], source: SourceFile) -> str:
    """Return where the list of chapters stands."""
    if "META-INF/container.xml" in names:
        container = _parse(archive.read("META-INF/container.xml"), source)
        for rootfile in container.iter("{*}rootfile"):
            place = str(rootfile.get("full-path") or "")
            if place in names:
                return place
    raise DamagedFile(f"{source.path.name} does not say where its chapters are, as books do: save it anew")


def _chapters(package: Element, folder: str) -> list[str]:
    """Return the places of the chapters in reading order, without the page that is a menu."""
    places: dict[str, str] = {}
    for item in package.iterfind("{*}manifest/{*}item"):
        is_menu = "nav" in str(item.get("properties") or "").split()
        if item.get("media-type") in _PAGES and not is_menu:
            place = posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href") or ""))))
            places[str(item.get("id"))] = place
    spine = [str(item.get("idref")) for item in package.iterfind("{*}spine/{*}itemref")]
    return list(dict.fromkeys(places[name] for name in spine if name in places))


def _metadata(package: Element, name: str) -> str:
    found = package.find(f".//{{http://purl.org/dc/elements/1.1/}}{name}")
    return (found.text or "").strip() if found is not None else ""


def _is_encrypted(archive: zipfile.ZipFile, names: set[str], source: SourceFile) -> bool:
    """Tell whether more than fonts are encrypted."""
    if "META-INF/encryption.xml" not in names:
        return False
    root = _parse(archive.read("META-INF/encryption.xml"), source)
    methods = [str(method.get("Algorithm")) for method in root.iter("{*}EncryptionMethod")]
    return any(method not in _FONT_ALGORITHMS for method in methods)


def _parse(content: bytes, source: SourceFile) -> Element:
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise DamagedFile(f"{source.path.name} holds broken XML ({error}): save it anew") from error
