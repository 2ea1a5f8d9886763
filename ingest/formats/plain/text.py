"""Plain text: paragraphs, underlined or numbered headings, questions with answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.structure.outline import Outline
from ingest.text.clean import clean, count_hidden
from ingest.text.decode import read_text
from ingest.text.layout import MAX_HEADING_CHARACTERS, heading_level, join_lines
from ingest.text.questions import is_question
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.language.marks import is_list_item
from kb.types import Document

_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,}|~{3,}|\*{3,}|#{3,})\s*$")
_MARKER = re.compile(r"^\s*(?:q|a|问|問|答|question|answer|问题|答案)\s*\d*\s*[:：]", re.IGNORECASE)
_TITLE_LINES = 3
_TITLE_CHARACTERS = 80
_WRAPPED_WIDTH = 50  # lines at least this wide, all but the last of a paragraph, were broken to fit


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a text file."""
    raw = read_text(source.path)
    outline = Outline()
    blocks = [
        [line.rstrip() for line in block.split("\n") if line.strip()] for block in re.split(r"\n\s*\n", clean(raw))
    ]
    if len(blocks) > 1 and blocks[0] and _is_title(blocks[0]):
        outline.heading(blocks[0].pop(0), 1)
    for block in blocks:
        _add_block(outline, block)
    title, sections = outline.finish("", file_title(source.path))
    hidden = count_hidden(raw)
    warnings = (f"{hidden} invisible characters that can carry hidden words were dropped",) if hidden else ()
    yield Document(uri=source.uri, title=title, sections=sections, warnings=warnings)


def _is_title(lines: Sequence[str]) -> bool:
    """Tell whether the first lines of a file are its title and what belongs to it (a date, an address)."""
    return (
        len(lines) <= _TITLE_LINES
        and all(len(line) <= _TITLE_CHARACTERS and not line.endswith((".", "。", "：", ":")) for line in lines)
        and not any(_MARKER.match(line) or _UNDERLINE.match(line) or is_list_item(line) for line in lines)
        and not heading_level(lines[0])
        and not is_question(lines[0])
    )


def _add_block(outline: Outline, lines: Sequence[str]) -> None:
    """Add the lines between two blank ones: headings first, then paragraphs and lists."""
    start = 0
    for place, line in enumerate(lines):
        if _UNDERLINE.match(line):
            if place > start and place - start == 1 and len(lines[start]) <= MAX_HEADING_CHARACTERS:
                outline.heading(lines[start], 1 if "=" in line else 2)
            else:
                _add_text(outline, lines[start:place])
            start = place + 1
    _add_text(outline, lines[start:])


def _add_text(outline: Outline, lines: Sequence[str]) -> None:
    if not lines:
        return
    level = heading_level(lines[0])
    alone = len(lines) == 1 and not lines[0].endswith((".", "。", ";", "；", ",", "，", ":", "："))
    numbered = level and (alone or level <= 2 or not is_list_item(lines[1]))
    if numbered and (len(lines) == 1 or not is_list_item(lines[0]) or is_question(lines[0])):
        outline.heading(lines[0], level)
        lines = lines[1:]
    elif alone and is_question(lines[0]) and not _MARKER.match(lines[0]):
        outline.heading(lines[0], 6)
        lines = lines[1:]
    if not lines:
        return
    if _MARKER.match(lines[0]) or any(_MARKER.match(line) for line in lines):
        outline.paragraph("\n".join(lines))
    else:
        outline.paragraph(_join_wrapped(lines))


def _join_wrapped(lines: Sequence[str]) -> str:
    """Return the lines of a paragraph joined where they were broken to fit, else as they stand."""
    if len(lines) < 2 or min(len(line) for line in lines[:-1]) < _WRAPPED_WIDTH:
        return "\n".join(lines)
    joined: list[str] = []
    for line in lines:
        if joined and not is_list_item(line):
            joined[-1] = join_lines(joined[-1], line.strip())
        else:
            joined.append(line)
    return "\n".join(joined)
