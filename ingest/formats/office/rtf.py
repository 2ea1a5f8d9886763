"""Rich text (RTF): paragraphs, lists, tables with their headers; hidden text and pictures are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from striprtf.striprtf import rtf_to_text

from ingest.formats.markup.page import hidden_warning
from ingest.limits import check_size
from ingest.structure.outline import Outline
from ingest.structure.tables import Table
from ingest.text.layout import heading_level
from ingest.text.questions import is_question
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.language.marks import BULLETS, is_list_item
from kb.types import Document

_HIDDEN = re.compile(rb"\{(?:\\\*)?(?:\\[a-z]+-?\d* ?)*\\v(?![a-z0-9])(?:\\[a-z]+-?\d*)* ?([^{}]*)\}")
_HIDDEN_RUN = re.compile(rb"\\v(?![a-z0-9]) ?([^{}]*?)\\v0 ?")
_BULLET = re.compile(rf"^\s*[{BULLETS}·\uf0b7\uf0a7]\s*")
_TITLE = re.compile(rb"\{\\title ([^{}]*)\}")
_PICTURE = re.compile(rb"\{\\\*?\\?pict[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_MAX_DEPTH = 2000  # groups in groups
_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a rich text.

    Raises:
        DamagedFile: it does not begin as rich text does.
        LimitExceeded: it is larger than a text may be, or nested too deeply.
    """
    check_size(source.path)
    content = source.path.read_bytes()
    if not content.lstrip().startswith(b"{\\rtf"):
        raise DamagedFile(f"{source.path.name} does not begin as RTF does: give it the ending of its true format")
    _check_depth(content, source.path.name)
    hidden = 0
    for pattern in (_HIDDEN, _HIDDEN_RUN):
        hidden += sum(len(b"".join(found.split())) for found in pattern.findall(content))
        content = pattern.sub(b"", content)
    content = _PICTURE.sub(b"", content)
    page = _CODE_PAGE.search(content)
    encoding = f"cp{page.group(1).decode()}" if page else "cp1252"
    read: Any = rtf_to_text  # its parameters have no types
    text = str(read(content.decode("latin-1"), encoding=encoding, errors="replace"))
    outline = Outline()
    _fill(outline, text)
    named = _TITLE.search(content)
    stated = named.group(1).decode("ascii", "replace").strip() if named and b"\\" not in named.group(1) else ""
    title, sections = outline.finish("", stated or file_title(source.path))
    yield Document(source.uri, title, sections, warnings=hidden_warning(hidden))


def _check_depth(content: bytes, name: str) -> None:
    depth = deepest = 0
    for mark in re.finditer(rb"(?<!\\)[{}]", content):
        depth += 1 if mark.group() == b"{" else -1
        deepest = max(deepest, depth)
    if deepest > _MAX_DEPTH:
        raise LimitExceeded(f"{name} has groups nested more than {_MAX_DEPTH:,} deep: save it anew")


def _fill(outline: Outline, text: str) -> None:
    """Add paragraphs, lists and tables; cells come from the reader parted by ``|``, a row a line."""
    items: list[str] = []
    rows: list[tuple[str, ...]] = []

    def close() -> None:
        if items:
            outline.paragraph("\n".join(items))
        if rows:
            width = max(map(len, rows))
            outline.table(Table([row + ("",) * (width - len(row)) for row in rows]))
        items.clear()
        rows.clear()

    for line in text.split("\n"):
        bare = _BULLET.sub("- ", line).strip()
        if line.count("|") >= 2 and line.endswith("|"):
            if items:
                close()
            rows.append(tuple(cell.strip() for cell in line[:-1].split("|")))
            continue
        if bare and is_list_item(bare) and not heading_level(bare):
            if rows:
                close()
            items.append(bare)
            continue
        close()
        level = heading_level(bare)
        if level or (is_question(bare) and len(bare) < 100):
            outline.heading(bare, level or 6)
        else:
            outline.paragraph(bare)
    close()
