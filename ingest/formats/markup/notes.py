"""Footnotes and endnotes of pages and books go where they are referred to; comments of reviewers go out.

Word, Google Docs, Pandoc, Wikipedia and makers of books all write a small link to an anchor in the note, and most
a link back; what is told here is that pair, whatever the names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from ingest.formats.markup.inline import BLOCKS, inline_text, tidy_inline
from ingest.formats.markup.visible import is_within, leave
from ingest.formats.markup.walk import has_class, is_gone, named
from ingest.text.inline import noted
from ingest.text.omissions import Omissions
from kb.types import Omitted

_MARK = re.compile(
    r"^[\s\[({（［〔【]*(?:\d{1,4}|[a-z]{1,3}|[ivxlc]{1,7}|[*†‡§¶#]{1,4}|注\s?\d{0,3}|note\s?\d{0,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[①-⑳])"
    r"[\s\])}）］〕】:.]*$",
    re.IGNORECASE,
)
_NOTE_NAMES = re.compile(
    r"(?:^|[_:\-])(?:fn|ftn|edn|foot-?notes?|end-?notes?|cite_note|notes?|sdfootnote|sdendnote)[\w:.\-]*$",
    re.IGNORECASE,
)
_NOTE_ROLES = frozenset(("doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote", "note"))
_COMMENT_NAMES = re.compile(r"^_?(?:cmnt|com|msocom)_?\d+$|^msocom", re.IGNORECASE)
_BACK = re.compile(r"^[\s↩︎⤴↑^⏎⇑\ufe0e\ufe0f]*$|^\s*(?:back|return|返回|回到正文|jump up)\W*$", re.IGNORECASE)
_HOLDERS = frozenset(["section", "div", "aside", "ol", "ul", "dl"])
_OFTEN = 300  # characters of a note that is written at every place that refers to it; a longer one at the first
_MAX_NOTE = 4_000  # characters; a link to more than that leads to a chapter

Elsewhere = Callable[[str], "BeautifulSoup | None"]
"""Returns the tree of another page of the same book."""


def place_notes(soup: BeautifulSoup, omissions: Omissions, elsewhere: Elsewhere | None = None) -> None:
    """Write every note where it is referred to, and take it out where it stands.

    Args:
        soup: a page.
        omissions: comments of reviewers are noted there.
        elsewhere: gives the pages of the book that links lead to.
    """
    for comment in soup.find_all(True):
        if is_gone(comment):
            continue
        if has_class(comment, "MsoCommentReference") or "mso-element:comment" in str(comment.get("style") or ""):
            leave(comment, Omitted.COMMENTS, omissions)
    anchors = _anchors(soup)
    placed: dict[int, tuple[Tag, str]] = {}
    for link in soup.find_all("a", href=True):
        if is_gone(link):
            continue
        page, _, name = str(link["href"]).partition("#")
        if not name:
            continue
        if page:
            tree = elsewhere(page) if elsewhere is not None and _is_reference(link) else None
            target = _anchors(tree).get(name) if tree is not None else None
        else:
            target = anchors.get(name)
        if target is None or is_gone(target) or not _is_reference(link):
            continue
        body = _body(target, name)
        if is_within(link, body):
            continue  # the way back
        if _COMMENT_NAMES.match(name):
            leave(body, Omitted.COMMENTS, omissions)
            _drop_mark(link)
        elif _is_note(target, body, name, link):
            _place(link, body, placed)
    for body, _ in placed.values():
        if not is_gone(body):
            body.decompose()
    _drop_empty_lists(soup)


def _place(link: Tag, body: Tag, placed: dict[int, tuple[Tag, str]]) -> None:
    first = id(body) not in placed
    if first:
        placed[id(body)] = (body, _note_text(body))
    text = placed[id(body)][1]
    if text and (first or len(text) <= _OFTEN):
        _drop_mark(link, NavigableString(noted(text)))


def _anchors(soup: BeautifulSoup | None) -> dict[str, Tag]:
    """Return the elements that links can lead to by name."""
    anchors: dict[str, Tag] = {}
    for element in soup.find_all(True) if soup is not None else ():
        for name in (element.get("id"), element.get("name") if element.name == "a" else None):
            if name:
                anchors.setdefault(str(name), element)
    return anchors


def _is_reference(link: Tag) -> bool:
    """Tell whether a link is a mark of a note: by its role, or a raised or bracketed sign or number."""
    if "doc-noteref" in str(link.get("role") or "") or "noteref" in str(link.get("epub:type") or ""):
        return True
    shown = link.get_text()
    if not _MARK.match(shown):
        return False
    raised = link.find("sup") is not None or any(above.name == "sup" for above in link.parents)
    called = " ".join([*(link.get("class") or ()), str(link.get("id") or ""), str(link.get("name") or "")])
    return (
        raised
        or bool(re.search(r"foot|note|ref|fn|cmnt", called, re.IGNORECASE))
        or bool(re.match(r"^\s*[\[(（*†]", shown))
    )


def _is_note(target: Tag, body: Tag, name: str, link: Tag) -> bool:
    """Tell whether an anchor is a note: by its role or name, or by a link back to the reference."""
    if len(body.get_text()) > _MAX_NOTE:
        return False
    for element in (target, body, *([body.parent] if body.parent is not None else [])):
        roles = f"{element.get('role') or ''} {element.get('epub:type') or ''}".split()
        if _NOTE_ROLES & set(roles):
            return True
    if _NOTE_NAMES.search(name):
        return True
    own = {
        str(element.get(key))
        for element in (link, link.parent)
        if element
        for key in ("id", "name")
        if element.get(key)
    }
    backs = {str(back["href"]).rpartition("#")[2] for back in body.find_all("a", href=True)}
    return bool(own & backs)


def _body(target: Tag, name: str) -> Tag:
    """Return the element that holds the whole note whose anchor is given."""
    body = target
    while body.name not in BLOCKS and body.parent is not None and body.parent.name not in ("body", "[document]"):
        body = body.parent
    if body.name == "dt":
        following = body.find_next_sibling("dd")
        return following if following is not None else body
    parent = body.parent
    while parent is not None and parent.name in ("div", "aside", "section", "li") and body.name != "li":
        # Word and Google Docs wrap the paragraphs of one note, anchored in the first, into an element of its own.
        inside = [element for element in parent.find_all(True) if _is_anchor(element)]
        numbers = {_stem(str(element.get("id") or element.get("name"))) for element in inside}
        if numbers - {_stem(name)} or len(parent.get_text()) > _MAX_NOTE:
            break
        body, parent = parent, parent.parent
    return body


def _is_anchor(element: Tag) -> bool:
    return bool(element.get("id") or (element.name == "a" and element.get("name")))


def _stem(name: str) -> str:
    """Return the number of a note's anchor: ``_ftn2`` and ``ftn2`` are one note."""
    return re.sub(r"\D", "", name) or name


def _note_text(body: Tag) -> str:
    """Return what a note says, without its own mark and its way back."""
    for link in body.find_all("a"):
        shown = link.get_text()
        led_back = str(link.get("href") or "").rpartition("#")[2] and "#" in str(link.get("href") or "")
        role = f"{link.get('role') or ''} {link.get('epub:type') or ''} {' '.join(link.get('class') or ())}"
        if "back" in role or (led_back and (_BACK.match(shown) or _MARK.match(shown))):
            _drop_mark(link)
    first = body.find("sup")
    if (
        first is not None
        and _MARK.match(first.get_text())
        and not tidy_inline("".join(_texts_before(first, body)))
    ):
        first.decompose()
    text = tidy_inline(inline_text(body)).strip()
    text = re.sub(r"^(?:\^\s*)+", "", text).strip()
    return re.sub(r"^(?:\[?\d{1,3}[\].)]|[*†‡§]+)\s+", "", text)


def _texts_before(place: Tag, root: Tag) -> Iterator[str]:
    for string in root.find_all(string=True):
        if any(above is place for above in string.parents):
            return
        yield str(string)


def _drop_mark(link: Tag, instead: NavigableString | None = None) -> None:
    """Take a mark out, with the raised or bracketed element that holds nothing else."""
    place = link
    while (
        place.parent is not None
        and place.parent.name in ("sup", "span", "small", "b")
        and (place.parent.get_text(strip=True).strip("[]()") == link.get_text(strip=True).strip("[]()"))
    ):
        place = place.parent
    if instead is not None:
        place.replace_with(instead)
    else:
        place.decompose()


def _drop_empty_lists(soup: BeautifulSoup) -> None:
    """Take out what held the notes and holds nothing now, with its heading."""
    for element in list(named(soup, _HOLDERS)):
        if is_gone(element) or element.name == "body":
            continue
        called = (
            f"{element.get('role') or ''} {element.get('epub:type') or ''} {' '.join(element.get('class') or ())}"
        )
        if re.search(r"footnote|endnote|doc-endnotes|rearnote|reflist|references", called, re.IGNORECASE):
            rest = [part for part in element.find_all(string=True) if part.strip()]
            heading = element.find(["h1", "h2", "h3", "h4", "h5", "h6"])
            if not rest or (heading is not None and "".join(rest).strip() == heading.get_text().strip()):
                element.decompose()
