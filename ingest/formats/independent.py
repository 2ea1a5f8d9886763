"""The words of a file, read plainly and by other means than its loader: what a loader's result is held against.

No structure, no order beyond that of the file, nothing decided: stretches of text as they stand. Another library
than the loader's where one exists and costs a small part of what loading costs, else the file's own parts (for PDF
the plain text of the same library: pypdf reads as long as the load takes). What is no text for a reader in any
program (styles, scripts, names of parts) is not among them; what a loader may have reason to leave out (comments,
hidden text) is, where telling them apart would mean to read as the loader does.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from email import message_from_binary_file, policy
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import IO, Any

from ingest.text.decode import decode

Stretches = Iterator[str]
_XML = {
    ".docx": (r"word/(?:document|footnotes|endnotes)\.xml", r"w:p", r"w:t|w:delText"),
    ".pptx": (r"ppt/slides/slide\d+\.xml", r"a:p", r"a:t"),
    ".xlsx": (r"xl/sharedStrings\.xml", r"si", r"t"),
    ".odt": (r"content\.xml", r"text:p|text:h", ""),
    ".ods": (r"content\.xml", r"text:p", ""),
    ".odp": (r"content\.xml", r"text:p", ""),
}
"""Ending -> parts of the archive, element of a stretch, element of its text (empty: all text below)."""
_SAME = {".docm": ".docx", ".pptm": ".pptx", ".ppsx": ".pptx", ".xlsm": ".xlsx"}
_ALTERNATIVE = re.compile(r"<mc:Fallback>.*?</mc:Fallback>", re.DOTALL)
_BREAKS = re.compile(r"<(?:w:(?:tab|br|cr)|text:(?:s|tab|line-break)|a:br)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_NO_TEXT = frozenset({"script", "style", "template", "noscript", "title", "head"})
_INLINE_NAMES = """
a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup time u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_FRONT_MATTER = re.compile(r"\A(?:(---|\+\+\+)\s*\n.*?\n\1\s*\n|\{\s*\n.*?\n\}\s*\n|\{[^\n]*\}\s*\n)", re.DOTALL)
_NO_MARKDOWN = re.compile(
    r"""<!--.*?-->                      # comments
      | \{%.*?%\} | \{\{.*?\}\} | \{[:#.][^}\n]*\}   # tags of site generators, attributes
      | \]\((?:[^()\n]|\([^()\n]*\))*\) | \]\[[^\]\n]*\]   # where a link leads
      | ^\s{0,3}\[[^\]\n]+\]:.*$         # likewise
      | </?\w[^>]*>                     # elements of HTML
      | ^\s*(?:```|~~~|:::).*$          # languages of code, kinds of notices
      | ^(?:import|export)\s[^\n]*$      # components""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)]|(?:Q|A|问|答|問)\d*\s*[:：.、])\s*", re.MULTILINE | re.IGNORECASE)
"""What stands before an item, a question, an answer; shown as it counts, or as what it says."""
_SAMPLE = 200  # characters of a PDF page that are asked whether their font tells them
_GUESSED_SHARE = 0.05  # of them; in real files it is none or nearly all; chosen
_NO_WORDS = re.compile(r"\w+://\S+|\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?")
"""Addresses and points in time, which records hold for programs."""
_LARGEST = 8_000_000  # bytes of text that are compared; a larger file takes longer than the check is worth


def stretches(path: Path, ending: str) -> Stretches:
    """Yield what stands in a file, stretch by stretch; nothing for a format that has no second reader here.

    Args:
        path: the file.
        ending: of its true format, ``.docx``.

    Raises:
        Exception: whatever the reading stumbles over; the loader has read the file, so nothing is the matter.
    """
    with path.open("rb") as file:
        yield from _of(file, ending.lower())


def _of(file: IO[bytes], ending: str) -> Stretches:
    ending = _SAME.get(ending, ending)
    if ending in _XML:
        yield from _parts(file, *_XML[ending])
    elif ending in _READERS:
        yield from _READERS[ending](file)


def _parts(file: IO[bytes], names: str, stretch: str, text: str) -> Stretches:
    whole = re.compile(rf"<({stretch})\b[^>]*?(?:/>|>(.*?)</\1>)", re.DOTALL)
    shown = re.compile(rf"<({text})\b[^>]*?(?:/>|>(.*?)</\1>)", re.DOTALL) if text else None
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if not re.fullmatch(names, name) or archive.getinfo(name).file_size > _LARGEST:
                continue
            content = _ALTERNATIVE.sub("", archive.read(name).decode("utf-8", "replace"))
            for found in whole.finditer(content):
                inner = _BREAKS.sub(" ", found[2] or "")
                if shown:
                    inner = re.sub(r"<[^>]*>\s+<", "> <", inner) if " <" in inner else inner
                    inner = "".join(piece[2] or "" for piece in shown.finditer(inner))
                yield html.unescape(_TAG.sub("", inner))


class _Page(HTMLParser):
    """Gathers the text of a page, a stretch for what stands between two elements that are no inline ones."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stretches: list[str] = []
        self._inside: list[str] = []
        self._pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.flush()
        if tag in _NO_TEXT:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.flush()
        if tag in self._inside:
            del self._inside[self._inside.index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._pieces.append(data)

    def flush(self) -> None:
        """End a stretch."""
        if self._pieces:
            self.stretches.append("".join(self._pieces))
            self._pieces.clear()


def _page(markup: str) -> Stretches:
    page = _Page()
    page.feed(markup)
    page.close()
    page.flush()
    yield from page.stretches


def _html(file: IO[bytes]) -> Stretches:
    content = file.read(_LARGEST)
    declared = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", content[:4096])
    yield from _page(decode(content, "", declared[1].decode() if declared else ""))


def _epub(file: IO[bytes]) -> Stretches:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if PurePosixPath(name).suffix.lower() in (".xhtml", ".html", ".htm"):
                yield from _page(archive.read(name).decode("utf-8", "replace"))


def _markdown(file: IO[bytes]) -> Stretches:
    text = _FRONT_MATTER.sub("", decode(file.read(_LARGEST), ""))
    plain = _NO_MARKDOWN.sub(lambda mark: "\n" * mark[0].count("\n") + " ", text)
    yield from re.split(r"\n|(?<!\\)\|", _MARK.sub("", html.unescape(plain)))


def _text(file: IO[bytes]) -> Stretches:
    yield from _MARK.sub("", decode(file.read(_LARGEST), "")).split("\n")


def _csv(file: IO[bytes]) -> Stretches:
    text = decode(file.read(_LARGEST), "")
    try:
        dialect: Any = csv.Sniffer().sniff(text[:8192], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = csv.reader(io.StringIO(text, newline=""), dialect)
    next(rows, None)  # names of columns, of which the loader knows some without saying them
    for row in rows:
        yield from _strings(row)


def _json(file: IO[bytes]) -> Stretches:
    yield from _strings(json.loads(decode(file.read(_LARGEST), "")))


def _jsonl(file: IO[bytes]) -> Stretches:
    for line in decode(file.read(_LARGEST), "").split("\n"):
        if line.strip():
            yield from _strings(json.loads(line))


def _strings(value: Any) -> Stretches:
    """Yield the strings of a JSON value; what is markup, without its tags."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and not _NO_WORDS.fullmatch(one):
            yield from _page(one) if "<" in one else [one]
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _rtf(file: IO[bytes]) -> Stretches:
    from striprtf.striprtf import rtf_to_text

    read: Callable[..., str] = rtf_to_text
    yield from read(file.read(_LARGEST).decode("cp1252", "replace"), errors="ignore").split("\n")


def _pdf(file: IO[bytes]) -> Stretches:
    import pypdfium2

    with closing(pypdfium2.PdfDocument(file)) as document:
        for number in range(len(document)):
            with closing(document[number]) as page, closing(page.get_textpage()) as shown:
                if not _is_guessed(shown):
                    yield from shown.get_text_bounded().splitlines()


def _is_guessed(shown: Any) -> bool:
    """Tell whether a page's fonts do not say which characters its letters are: what comes out are no words."""
    from pypdfium2 import raw

    count = shown.count_chars()
    looked_at = range(0, count, max(1, count // _SAMPLE))
    guessed = sum(raw.FPDFText_HasUnicodeMapError(shown, place) == 1 for place in looked_at)
    return bool(guessed > _GUESSED_SHARE * len(looked_at))


def _eml(file: IO[bytes]) -> Stretches:
    message = message_from_binary_file(file, policy=policy.default)
    body = message.get_body(("html", "plain"))
    if body is not None:
        content = str(body.get_content())
        yield from _page(content) if body.get_content_subtype() == "html" else content.split("\n")
    for attached in message.iter_attachments():
        inside = attached.get_payload(decode=True)
        if isinstance(inside, bytes):
            yield from _of(io.BytesIO(inside), PurePosixPath(attached.get_filename() or "").suffix.lower())


def _zip(file: IO[bytes]) -> Stretches:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if archive.getinfo(name).file_size <= _LARGEST and not name.startswith((".", "__MACOSX")):
                yield from _of(io.BytesIO(archive.read(name)), PurePosixPath(name).suffix.lower())


_READERS: dict[str, Callable[[IO[bytes]], Stretches]] = {
    ".csv": _csv,
    ".eml": _eml,
    ".epub": _epub,
    ".htm": _html,
    ".html": _html,
    ".json": _json,
    ".jsonl": _jsonl,
    ".markdown": _markdown,
    ".md": _markdown,
    ".ndjson": _jsonl,
    ".pdf": _pdf,
    ".rtf": _rtf,
    ".text": _text,
    ".tsv": _csv,
    ".txt": _text,
    ".xhtml": _html,
    ".zip": _zip,
}
