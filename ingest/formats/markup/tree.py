"""Text to a tree of elements, with white space as a browser takes it."""

from __future__ import annotations

import re
import warnings as python_warnings

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, Tag

from ingest.formats.markup.styles import Styles
from ingest.formats.markup.visible import check_depth
from kb.language.text import WIDE

_WIDE_BREAK = re.compile(rf"(?<=[{WIDE}])[ \t]*[\r\n]+[ \t]*(?=[{WIDE}])")
_BREAK = re.compile(r"[\r\n]+")


def parse(markup: str) -> BeautifulSoup:
    """Return the tree of a page.

    It is built from text, not bytes: a declaration in the page can't override what was decoded.

    Raises:
        LimitExceeded: elements are nested too deeply.
    """
    check_depth(markup)
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup.replace("\x00", ""), "lxml")


def flatten_lines(soup: BeautifulSoup, styles: Styles) -> None:
    """Make line ends blanks, between Chinese characters nothing, but where the page keeps them as they are."""
    kept: set[int] = set()
    for element in soup.find_all(True):
        space = styles.of(element).get("white-space", "")
        if element.name in ("pre", "textarea") or space.startswith(("pre", "break-spaces")):
            kept.update(id(string) for string in element.find_all(string=True))
    for string in soup.find_all(string=re.compile(r"[\r\n]")):
        if type(string) is NavigableString and id(string) not in kept and isinstance(string.parent, Tag):
            string.replace_with(NavigableString(_BREAK.sub(" ", _WIDE_BREAK.sub("", string))))
