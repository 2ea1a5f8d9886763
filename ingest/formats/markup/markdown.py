"""Markdown: headings, lists, tables, code and front matter; marks of emphasis are not text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.formats.markup.page import read_web_page
from ingest.structure.front import check_front, check_no_front
from ingest.structure.labels import build_labels, field_key
from ingest.structure.outline import Outline
from ingest.structure.tables import Table
from ingest.text.clean import count_hidden
from ingest.text.decode import read_text
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.language.text import WIDE
from kb.types import Document, Labels, Section

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([^\s:#][^:]*?)\s*:(?:\s+(.*?)|)\s*$")
_WIDE = re.compile(f"[{WIDE}]")
_ITEM = re.compile(r"^\s*-\s+(.*)$")
_ADDRESS = re.compile(r"^(?:https?://|mailto:|tel:)")
_TEMPLATE = re.compile(r"\{%.*?%\}|\{:\s*[.#][^}]*\}", re.DOTALL)  # Jekyll tags and attribute lists
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a Markdown file."""
    raw = read_text(source.path).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    title, labels, warnings, body = _read_front(raw, source.path.name)
    tokens = (
        MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable("table").parse(_TEMPLATE.sub("", body))
    )
    outline = Outline()
    omissions = _Reader(outline, tokens).read()
    smuggled = count_hidden(raw)
    if smuggled:
        warnings.append(f"{smuggled} invisible characters that can carry hidden words were dropped")
    stated = title
    title, sections = outline.finish(title, file_title(source.path))
    if not sections and stated:
        sections = (Section(stated),)  # a page that is only a name, or sends its readers elsewhere
    yield Document(source.uri, title, sections, labels=labels, warnings=tuple(warnings), omitted=tuple(omissions))


def _read_front(raw: str, name_of_file: str) -> tuple[str, Labels, list[str], str]:
    """Return title, labels and warnings of the front matter, and the text below it.

    Only ``name: value`` and lists of plain values are read: nothing that a document could abuse.

    Raises:
        UnknownLabel: a label in it is mistyped, or stands where it is not read.
    """
    front = _FRONT.match(raw)
    if front is None:
        check_no_front(raw, name_of_file)
        return "", Labels(), [], raw
    fields: dict[str, str] = {}
    name = ""
    for line in front.group(1).split("\n"):
        field, item = _FIELD.match(line), _ITEM.match(line)
        if field:
            name = field.group(1).strip("\"'")
            fields[name] = (field.group(2) or "").strip().strip("[]").replace('"', "").strip("'")
        elif item and name:
            fields[name] = "\n".join(part for part in (fields[name], item.group(1).strip("\"'")) if part)
    check_front(front.group(1).split("\n"), fields, name_of_file)
    labels, warnings = build_labels(fields)
    title = next((value for key, value in fields.items() if field_key(key) in ("title", "标题", "標題")), "")
    return title, labels, warnings, raw[front.end() :]


class _Reader:
    """Turns the tokens of a Markdown text into an outline."""

    def __init__(self, outline: Outline, tokens: Sequence[Token]) -> None:
        self._outline = outline
        self._tokens = tokens
        self._place = 0
        self._omissions = Omissions()
        self._markup: list[str] = []

    def read(self) -> Omissions:
        """Fill the outline; return how many characters of hidden text were left out."""
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            if token.type == "html_block":
                self._markup.append(token.content)
                self._place += 1
                continue
            if self._markup and not self._inside_markup():
                self._end_markup()
            self._block(token)
        self._end_markup()
        return self._omissions

    def _inside_markup(self) -> bool:
        """Tell whether HTML blocks opened something (a table) that later blocks are still in."""
        text = "".join(self._markup)
        return text.count("<table") > text.count("</table")

    def _end_markup(self) -> None:
        if self._markup:
            self._omissions.add(read_web_page("".join(self._markup), self._outline).omissions)
            self._markup = []

    def _block(self, token: Token) -> None:
        if self._markup and token.type == "inline":
            self._markup.append(token.content)
        elif token.type == "heading_open":
            self._outline.heading(plain(self._tokens[self._place + 1]), int(token.tag[1]))
            self._place += 2
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self._outline.paragraph("\n".join(self._list(0)))
            return
        elif token.type == "table_open":
            self._outline.table(self._table())
            return
        elif token.type in ("fence", "code_block"):
            self._outline.paragraph(token.content.rstrip("\n"))
        elif token.type == "inline":
            self._outline.paragraph(plain(token))
        self._place += 1

    def _list(self, indent: int) -> list[str]:
        """Return the lines of the list that opens here, nested lists indented."""
        opening = self._tokens[self._place]
        ordered = opening.type == "ordered_list_open"
        number = int(opening.attrGet("start") or 1)
        lines: list[str] = []
        fresh = False
        self._place += 1
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            if token.type in ("bullet_list_close", "ordered_list_close"):
                self._place += 1
                break
            if token.type in ("bullet_list_open", "ordered_list_open"):
                lines.extend(self._list(indent + 1))
                continue
            if token.type == "list_item_open":
                fresh = True
            elif token.type in ("inline", "fence", "code_block", "html_block"):
                text = plain(token) if token.type == "inline" else _TAG.sub("", token.content).strip("\n")
                marker = f"{number}." if ordered else "-"
                head = f"{'  ' * indent}{marker} " if fresh else "  " * (indent + 1)
                number += fresh
                fresh = False
                if text.strip():
                    lines.append(head + text.replace("\n", "\n" + "  " * (indent + 1)))
            self._place += 1
        return lines

    def _table(self) -> Table:
        rows: list[tuple[str, ...]] = []
        cells: list[str] = []
        while self._tokens[self._place].type != "table_close":
            token = self._tokens[self._place]
            if token.type == "tr_open":
                cells = []
            elif token.type == "inline":
                cells.append(plain(token).replace("\n", " "))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
            self._place += 1
        self._place += 1
        named = bool(rows) and any(rows[0])
        return Table(rows if named else rows[1:], 1 if named else 0)


def plain(token: Token) -> str:
    """Return the text of an inline token: emphasis unmarked, code as it stands, addresses after their links."""
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(_soft_break(parts))
        elif child.type == "hardbreak" or (child.type == "html_inline" and _BREAK.match(child.content)):
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
        elif child.type == "link_open":
            links.append((str(child.attrGet("href") or ""), len(parts)))
        elif child.type == "link_close" and links:
            address, start = links.pop()
            shown = "".join(parts[start:])
            bare = address.removeprefix("mailto:").removeprefix("tel:")
            if _ADDRESS.match(address) and bare.rstrip("/") not in shown:
                parts.append(f" ({bare})")
    return "\n".join(" ".join(line.split()) for line in "".join(parts).split("\n")).strip()


def _soft_break(parts: Sequence[str]) -> str:
    """Return what a line end inside a paragraph stands for: a blank, or nothing after Chinese."""
    last = "".join(parts[-1:])[-1:]
    return "" if _WIDE.match(last) else " "
