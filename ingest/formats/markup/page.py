"""A page of HTML: its title, its language, its main content as an outline; for every format that holds pages."""

from __future__ import annotations

import re
import warnings as python_warnings
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

from ingest.formats.markup.elements import fill_outline
from ingest.formats.markup.inline import tidy_inline
from ingest.formats.markup.visible import check_depth, css_hidden_names, drop_named, drop_surroundings, drop_unseen
from ingest.structure.outline import Outline
from ingest.text.decode import decode
from kb.language.text import WIDE

_CHARSET = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+encoding=[\"']([\w-]+)", re.IGNORECASE
)
_HEAD_BYTES = 4096
_MAIN_SHARE = 0.4  # of the page's text that a <main> or <article> must hold to be taken for all of it
_KEPT_SHARE = 0.2  # of the text that must be left when menus are gone; else they were the page


@dataclass(frozen=True, slots=True)
class WebPage:
    """What was read of a page.

    Attributes:
        outline: its main content.
        title: from its head, empty where it states none.
        language: ISO 639-1 code that it states, empty where it states none.
        hidden: characters that a reader does not see, left out.
    """

    outline: Outline
    title: str
    language: str
    hidden: int


def decode_page(content: bytes, name: str) -> str:
    """Return the bytes of a page as text, by what it declares and what its bytes tell.

    Raises:
        DamagedFile: it is not a text; the message names the file by ``name``.
    """
    declared = _CHARSET.search(content[:_HEAD_BYTES])
    encoding = next((group for group in declared.groups() if group), b"") if declared else b""
    return decode(content, name, encoding.decode("ascii"))


def read_web_page(markup: str, outline: Outline | None = None, page: int | None = None) -> WebPage:
    """Return a page's main content, without what is around it and what is hidden in it.

    Args:
        markup: the page.
        outline: to add it to; a new one by default.
        page: number to give to its sections.

    Raises:
        LimitExceeded: elements are nested too deeply.
    """
    check_depth(markup)
    soup = _parse(markup)
    title = tidy_inline(soup.title.get_text(" ")) if soup.title else ""
    stated = str(soup.html.get("lang") or soup.html.get("xml:lang") or "") if soup.html else ""
    code = re.split(r"[-_]", stated.strip().lower())[0]
    hidden_names = css_hidden_names(soup)
    hidden = drop_unseen(soup) + drop_named(soup, hidden_names)
    outline = Outline() if outline is None else outline
    fill_outline(outline, _main_content(soup, markup, hidden_names), page)
    return WebPage(outline, title, code if re.fullmatch(r"[a-z]{2}", code) else "", hidden)


def hidden_warning(hidden: int) -> tuple[str, ...]:
    """Return the warning about hidden text, none where nothing was hidden."""
    return (f"{hidden} characters of hidden text were left out",) if hidden else ()


def _parse(markup: str) -> BeautifulSoup:
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        # The tree is built from text, not bytes: a declaration in the page can't override what was decoded.
        # Line ends inside a paragraph are white space: a real line break is <br>.
        return BeautifulSoup(_flatten_lines(markup), "lxml")


def _flatten_lines(markup: str) -> str:
    """Return the page with line ends as blanks, but in ``pre``; between Chinese characters with nothing."""
    parts = re.split(r"(<pre\b.*?</pre\s*>)", markup.replace("\x00", ""), flags=re.IGNORECASE | re.DOTALL)
    for place in range(0, len(parts), 2):
        joined = re.sub(rf"(?<=[{WIDE}])[ \t]*[\r\n]+[ \t]*(?=[{WIDE}])", "", parts[place])
        parts[place] = re.sub(r"[\r\n]+", " ", joined)
    return "".join(parts)


def _main_content(soup: BeautifulSoup, markup: str, hidden_names: set[str]) -> Tag:
    """Return the element that holds what the page is about."""
    body: Tag = soup.body or soup
    whole = len(body.get_text())
    mains = [
        element for element in soup.select("main, [role=main]") if len(element.get_text()) >= _MAIN_SHARE * whole
    ]
    articles = [element for element in soup.find_all("article") if element.find_parent("article") is None]
    if mains:
        body = mains[0]
    elif len(articles) == 1 and len(articles[0].get_text()) >= _MAIN_SHARE * whole:
        body = articles[0]
    before = len("".join(body.get_text().split()))
    drop_surroundings(body)
    if len("".join(body.get_text().split())) < _KEPT_SHARE * before:
        again = _parse(markup)
        drop_unseen(again)
        drop_named(again, hidden_names)
        return again.body or again
    return body
