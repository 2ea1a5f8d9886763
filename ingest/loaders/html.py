"""HTML pages: the main content, without what is around it and what is hidden in it."""

from __future__ import annotations

import re
import warnings as python_warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

from ingest.decode import decode
from ingest.limits import check_size
from ingest.markup import (
    check_depth,
    css_hidden_names,
    drop_named,
    drop_surroundings,
    drop_unseen,
    fill_outline,
    tidy_inline,
)
from ingest.outline import Outline
from ingest.titles import file_title
from ingest.types import SourceFile
from kb.types import Document, Labels

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096
_MAIN_SHARE = 0.4  # of the page's text that a <main> or <article> must hold to be taken for all of it
_KEPT_SHARE = 0.2  # of the text that must be left when menus are gone; else they were the page


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a page."""
    check_size(source.path)
    content = source.path.read_bytes()
    declared = _CHARSET.search(content[:_HEAD_BYTES])
    markup = decode(content, source.path.name, declared.group(1).decode("ascii") if declared else "")
    check_depth(markup)
    soup = _parse(markup)
    title = tidy_inline(soup.title.get_text(" ")) if soup.title else ""
    language = str(soup.html.get("lang") or "") if soup.html else ""
    hidden_names = css_hidden_names(soup)
    hidden = drop_unseen(soup) + drop_named(soup, hidden_names)
    outline = Outline()
    fill_outline(outline, _main_content(soup, markup, hidden_names))
    title, sections = outline.finish(title, file_title(source.path))
    warnings = (f"{hidden} characters of hidden text were left out",) if hidden else ()
    code = re.split(r"[-_]", language.strip().lower())[0]
    labels = Labels(language=code) if re.fullmatch(r"[a-z]{2}", code) and code == "zh" else Labels()
    yield Document(source.uri, title, sections, labels=labels, warnings=warnings)


def _parse(markup: str) -> BeautifulSoup:
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        # The tree is built from text, not bytes: a declaration in the page can't override what was decoded.
        # Line ends inside a paragraph are white space: a real line break is <br>.
        return BeautifulSoup(_flatten_lines(markup), "lxml")


def _flatten_lines(markup: str) -> str:
    """Return the page with line ends as blanks, but in ``pre``; between Chinese characters with nothing."""
    parts = re.split(r"(<pre\b.*?</pre\s*>)", markup.replace("\x00", ""), flags=re.IGNORECASE | re.DOTALL)
    wide = "\u2e80-\u9fff\uff00-\uffef\u3000-\u303f"
    for place in range(0, len(parts), 2):
        joined = re.sub(rf"(?<=[{wide}])[ \t]*[\r\n]+[ \t]*(?=[{wide}])", "", parts[place])
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
