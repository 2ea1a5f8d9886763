"""Markdown: written as HTML and read as a page is, so that marks of both mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.formats.markdown.dialects import plain_markdown
from ingest.formats.markdown.front_matter import FrontMatter, read_front_matter
from ingest.formats.markdown.text_tables import write_tables
from ingest.formats.markup.page import read_tree
from ingest.formats.markup.tree import parse
from ingest.structure.front import check_front, check_no_front
from ingest.structure.labels import build_labels
from ingest.text.clean import count_hidden
from ingest.text.decode import read_text
from ingest.text.inline import noted
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.types import Document, Omitted, Section

_NOTE = re.compile(
    r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?:[ \t]*\n)*(?: {4}|\t| {2,3}(?=\S)).*)*"
    r"(?:\n(?!\s*$|[ \t]*\[\^|#|[-*+] |\d+[.)] ).+)*)\n?",
    re.MULTILINE,
)
_NOTE_MARK = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_INLINE_NOTE = re.compile(r"\^\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]")
_TASK = re.compile(r"^\[([ xX✓])\]\s+")
_NESTED_NOTES = 3  # a note in a note in a note


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a Markdown file; one without sections where it is a draft.

    Raises:
        UnknownLabel: a label in its front matter is mistyped, or stands where it is not read.
    """
    raw = read_text(source.path).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    front = read_front_matter(raw)
    if front is None:
        check_no_front(raw, source.path.name)
        front = FrontMatter(body=raw)
    else:
        check_front(front.lines, front.fields, source.path.name)
    omissions = Omissions()
    if front.is_draft:
        omissions.count(Omitted.DRAFTS, name=f"{front.title}\n{front.body}")
        yield Document(
            uri=source.uri, title=front.title or file_title(source.path), sections=(), omitted=tuple(omissions)
        )
        return
    labels, warnings = build_labels(front.fields)
    page = read_tree(parse(_write_html(front.body, omissions)), whole=True)
    omissions.add(page.omissions)
    smuggled = count_hidden(raw)
    if smuggled:
        warnings.append(f"{smuggled} invisible characters that can carry hidden words were dropped")
    title, sections = page.outline.finish(front.title, file_title(source.path))
    if not sections and front.title:
        sections = (Section(text=front.title),)  # a page that is only a name, or sends its readers elsewhere
    yield Document(
        uri=source.uri,
        title=title,
        sections=sections,
        labels=labels,
        warnings=tuple(warnings),
        omitted=tuple(omissions),
    )


def _write_html(body: str, omissions: Omissions) -> str:
    """Return a text in any dialect of Markdown as HTML."""
    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(["table", "strikethrough"])
    text = _place_notes(plain_markdown(write_tables(body), omissions))
    tokens = reader.parse(text)
    _write_tasks(tokens)
    return str(reader.renderer.render(tokens, reader.options, {}))


def _place_notes(text: str) -> str:
    """Return the text with its notes where they are referred to; one that nothing refers to stays where it is."""
    notes = {name: " ".join(note.split()) for name, note in _NOTE.findall(text)}
    used: set[str] = set()

    def place(mark: re.Match[str]) -> str:
        used.update({mark.group(1)} & notes.keys())
        return noted(notes[mark.group(1)]) if mark.group(1) in notes else mark.group()

    kept = _NOTE.sub("", text) if notes else text
    for _ in range(_NESTED_NOTES if notes else 0):
        kept = _NOTE_MARK.sub(place, kept)
    kept = _INLINE_NOTE.sub(lambda note: noted(note.group(1)), kept)
    return "\n\n".join([kept, *(note for name, note in notes.items() if name not in used)])


def _write_tasks(tokens: Sequence[Token]) -> None:
    """Write the boxes of task lists as signs; let pictures without words be told from decoration."""
    for place, token in enumerate(tokens):
        if token.type != "inline" or not token.children:
            continue
        first = token.children[0]
        task = _TASK.match(first.content) if place > 1 and tokens[place - 2].type == "list_item_open" else None
        if task:
            first.content = ("☐ " if task.group(1) == " " else "☑ ") + first.content[task.end() :]
        for child in token.children:
            if child.type == "image" and not child.content.strip():
                child.type, child.tag, child.content = "html_inline", "", f'<img src="{_source(child)}">'


def _source(picture: Token) -> str:
    return re.sub(r"[\"<>&\s]", "", str(picture.attrGet("src") or ""))
