"""A stretch of HTML in a field of a record, read as a page is read: ``<p>Two days.<br>Bring the box.</p>``."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from ingest.formats.markup.page import read_web_page
from kb.types import Omission, Section

_ANYWHERE = (
    "br hr li tr td th ul ol div table tbody thead h1 h2 h3 h4 h5 h6 dl dt dd blockquote section article img"
)
"""Elements that are told by one tag: nobody writes their names in angle brackets for something else."""
_IN_PAIRS = """
a abbr address aside b big center code cite del details em figure font footer header i iframe ins kbd main mark nav
p pre q s samp script small span strike strong style sub summary sup tt u
"""
"""Elements that are told by their closing tag or an attribute: ``a<b>c`` compares, ``<code>`` is filled in."""
_TAG = re.compile(
    rf"<(?P<single>{'|'.join(_ANYWHERE.split())})(?:\s[^<>]*)?/?>"
    rf"|<(?P<pair>{'|'.join(_IN_PAIRS.split())})(?P<attributes>\s+[\w:-]+\s*=[^<>]*)?>"
    r"|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
_PARAGRAPH = re.compile(r"(?:^|[^\w\s<])\s*<p>", re.IGNORECASE)
_BLOCK = re.compile(
    rf"</?(?:p|pre|details|summary|{'|'.join(_ANYWHERE.replace('img', '').split())})\b", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});", re.IGNORECASE)
_ESCAPED = re.compile(r"\s*&lt;(?:p|div|ul|ol|h[1-6]|br|span|table)\b[^<>]*?&gt;", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a reader sees of a stretch of HTML.

    Attributes:
        text: all of it: headings, list items and rows on lines of their own, paragraphs parted by a blank line.
        sections: the same by headings, as of a page.
        omissions: what is hidden, struck or otherwise left out.
    """

    text: str
    sections: tuple[Section, ...] = ()
    omissions: tuple[Omission, ...] = ()


def looks_like_markup(text: str) -> bool:
    """Tell whether a text holds tags or entities of HTML.

    >>> [looks_like_markup(text) for text in ("Two days.<br>Bring the box.", "it&#39;s", "Hold <b>Set</b>")]
    [True, True, True]
    >>> [looks_like_markup(text) for text in ("price < 5", "Hello <name>", "a<b>c", "Ann <ann@shop.example>")]
    [False, False, False, False]
    """
    return _has_tags(text) or any(html.unescape(found) != found for found in _ENTITY.findall(text))


def read_fragment(markup: str) -> Fragment:
    """Return a stretch of HTML as a reader sees it; text without markup comes back as it is.

    Raises:
        LimitExceeded: elements are nested too deeply.
    """
    if not looks_like_markup(markup):
        return Fragment(markup)
    if not _has_tags(markup):
        if not _ESCAPED.match(markup):
            return Fragment(html.unescape(markup))
        markup = html.unescape(markup)  # a page that was written into a page
    if not _BLOCK.search(markup):
        markup = (
            markup.strip().replace("\r\n", "\n").replace("\n", "<br>")
        )  # lines of a cell, not of a source text
    page = read_web_page(markup)
    _, sections = page.outline.finish("untitled", "")
    return Fragment(page.outline.text(), sections, tuple(page.omissions))


def _has_tags(text: str) -> bool:
    """Tell whether a text holds tags: of elements that stand alone, or a pair, or one with attributes."""
    closing: set[str] | None = None
    for tag in _TAG.finditer(text):
        name = (tag["pair"] or "").lower()
        if not name or tag["attributes"] or (name == "p" and _PARAGRAPH.search(text)):
            return True
        if closing is None:
            closing = {found.lower() for found in re.findall(r"</([a-z0-9]+)\s*>", text, re.IGNORECASE)}
        if name in closing:
            return True
    return False
