"""A page of HTML: its title, its language, its main content as an outline; for every format that holds pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from ingest.formats.markup.elements import fill_outline
from ingest.formats.markup.inline import tidy_inline
from ingest.formats.markup.marks import drop_struck, write_marks
from ingest.formats.markup.notes import Elsewhere, place_notes
from ingest.formats.markup.structured import StatedQuestion, stated_questions
from ingest.formats.markup.styles import Styles
from ingest.formats.markup.surroundings import surroundings
from ingest.formats.markup.tree import flatten_lines, parse
from ingest.formats.markup.visible import drop_unseen, is_within
from ingest.formats.markup.walk import has_class, named
from ingest.structure.outline import Outline
from ingest.text.decode import decode
from ingest.text.omissions import Omissions
from kb.types import Omitted

_CHARSET = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+encoding=[\"']([\w-]+)", re.IGNORECASE
)
_HEAD_BYTES = 4096
# Chosen, see bench_fidelity.py.
_MAIN_SHARE = 0.4  # of the page's text that a <main> or <article> must hold to be taken for all of it
# Chosen, see bench_fidelity.py.
_KEPT_SHARE = 0.2  # of the text that must be left when menus are gone; else they were the page
_STATED_LEVEL = 7  # of the heading of a question that only search engines are told: below every h1 to h6


@dataclass(frozen=True, slots=True)
class WebPage:
    """What was read of a page.

    Attributes:
        outline: its main content.
        title: from its head, empty where it states none.
        language: ISO 639-1 code that it states, empty where it states none.
        omissions: what was left out: hidden text, menus.
    """

    outline: Outline
    title: str
    language: str
    omissions: Omissions


def decode_page(content: bytes, name: str, encoding: str = "") -> str:
    """Return the bytes of a page as text, by what it declares and what its bytes tell.

    Args:
        content: of the page.
        name: of the file, for the message.
        encoding: that what carries the page declares of it.

    Raises:
        DamagedFile: it is not a text; the message names the file by ``name``.
    """
    declared = _CHARSET.search(content[:_HEAD_BYTES])
    inside = next((group for group in declared.groups() if group), b"") if declared else b""
    return decode(content, name, inside.decode("ascii") or encoding)


def read_web_page(
    markup: str,
    outline: Outline | None = None,
    page: int | None = None,
    *,
    base: str = "",
    elsewhere: Elsewhere | None = None,
) -> WebPage:
    """Return a page's main content, without what is around it and what is hidden in it.

    Args:
        markup: the page.
        outline: to add it to; a new one by default.
        page: number to give to its sections.
        base: address of the page, from which its links are told; empty for files.
        elsewhere: gives the other pages of a book, for notes that stand there.

    Raises:
        LimitExceeded: elements are nested too deeply.
    """
    return read_tree(parse(markup), outline, page, base=base, elsewhere=elsewhere)


def read_tree(
    soup: BeautifulSoup,
    outline: Outline | None = None,
    page: int | None = None,
    *,
    base: str = "",
    elsewhere: Elsewhere | None = None,
    whole: bool = False,
) -> WebPage:
    """Return what ``read_web_page`` does, of a tree, which is used up; a ``whole`` one has nothing around it."""
    title = tidy_inline(" ".join(soup.title.get_text(" ").split())) if soup.title else ""
    stated = str(soup.html.get("lang") or soup.html.get("xml:lang") or "") if soup.html else ""
    code = re.split(r"[-_]", stated.strip().lower())[0]
    base = _base(soup, base)
    omissions, questions = Omissions(), stated_questions(soup)
    styles = drop_invalid(soup, omissions, elsewhere)
    body = (soup.body or soup) if whole else _main_content(soup, omissions)
    write_marks(body, styles, omissions, base)
    outline = Outline() if outline is None else outline
    fill_outline(outline, body, styles, page)
    _add_stated(outline, questions, body, page)
    return WebPage(outline, title, code if re.fullmatch(r"[a-z]{2}", code) else "", omissions)


def drop_invalid(soup: BeautifulSoup, omissions: Omissions, elsewhere: Elsewhere | None = None) -> Styles:
    """Take out what nobody sees and what is struck through, put notes in their places; return the styles."""
    styles = Styles(soup)
    for title in named(soup, ("p",)):
        google = has_class(title, "title") and any(has_class(above, "doc-content") for above in title.parents)
        if google or has_class(title, "MsoTitle"):
            title.name = "h1"  # as Word and Google Docs write the title of a text
    flatten_lines(soup, styles)
    drop_unseen(soup, styles, omissions)
    place_notes(soup, omissions, elsewhere)
    drop_struck(soup, styles, omissions)
    return styles


def _base(soup: BeautifulSoup, base: str) -> str:
    stated = soup.find("base", href=True)
    address = str(stated["href"]) if isinstance(stated, Tag) else ""
    return address if re.match(r"https?://", address) else base


def _main_content(soup: BeautifulSoup, omissions: Omissions) -> Tag:
    """Return the element that holds what the page is about, without what is around it."""
    body: Tag = soup.body or soup
    whole = len(body.get_text())
    mains = [
        element
        for element in soup.find_all(True)
        if (element.name == "main" or element.get("role") == "main")
        and len(element.get_text()) >= _MAIN_SHARE * whole
    ]
    articles = [element for element in soup.find_all("article") if element.find_parent("article") is None]
    root = body
    if mains:
        root = mains[0]
    elif len(articles) == 1 and len(articles[0].get_text()) >= _MAIN_SHARE * whole:
        root = articles[0]
    around = list(surroundings(root))
    before = _length(root)
    if before - sum(map(_length, around)) < _KEPT_SHARE * before:
        return body  # what looks like menus is the page
    if root is not body:
        omissions.leave(Omitted.SURROUNDINGS, _text_outside(body, root))
    for element in around:
        omissions.leave(Omitted.SURROUNDINGS, element.get_text(" "))
        element.decompose()
    return root


def _text_outside(body: Tag, root: Tag) -> str:
    return " ".join(
        str(string) for string in body.find_all(string=True) if string.strip() and not is_within(string, root)
    )


def _length(element: Tag) -> int:
    return len("".join(element.get_text().split()))


def _add_stated(outline: Outline, questions: list[StatedQuestion], body: Tag, page: int | None) -> None:
    """Add the questions that the page states and does not show."""
    shown = _letters(body.get_text())
    for one in questions:
        answer = parse(one.answer)
        if _letters(answer.get_text())[:80] in shown:
            continue
        styles = Styles(answer)
        outline.heading(parse(one.question).get_text(" "), _STATED_LEVEL, page)
        drop_unseen(answer, styles, Omissions())
        write_marks(answer, styles, Omissions())
        fill_outline(outline, answer, styles, page)
        outline.end_section(_STATED_LEVEL)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
