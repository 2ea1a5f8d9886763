"""Rich text (RTF): paragraphs, lists, tables with their headers; hidden text and pictures are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.formats.word.rtf_text import Block, RtfText
from ingest.limits import check_size
from ingest.structure.outline import Outline
from ingest.structure.tables import Table
from ingest.text.layout import heading_level
from ingest.text.numbering import marked
from ingest.text.questions import is_question
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.language.marks import BULLETS, is_list_item
from kb.types import Document

_BULLET = re.compile(rf"^\s*[{BULLETS}·]\s*")
_MAX_DEPTH = 2000  # groups in groups
_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")
_CODE_PAGES = {"10000": "mac_roman", "65001": "utf-8"}
_LONGEST_HEADING = 100
_SAME_EDGE = 30  # twips (half a millimetre): rows drawn by hand differ by as much


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
    page = _CODE_PAGE.search(content)
    named = page.group(1).decode() if page else "1252"
    read = RtfText(content, _CODE_PAGES.get(named, f"cp{named}"))
    outline = Outline()
    _fill(outline, read.blocks)
    title, sections = outline.finish("", read.title or file_title(source.path))
    yield Document(uri=source.uri, title=title, sections=sections, omitted=tuple(read.omissions))


def _check_depth(content: bytes, name: str) -> None:
    depth = deepest = 0
    for mark in re.finditer(rb"(?<!\\)[{}]", content):
        depth += 1 if mark.group() == b"{" else -1
        deepest = max(deepest, depth)
    if deepest > _MAX_DEPTH:
        raise LimitExceeded(f"{name} has groups nested more than {_MAX_DEPTH:,} deep: save it anew")


def _fill(outline: Outline, blocks: list[Block]) -> None:
    """Add paragraphs, lists and tables: what stands next to each other as one."""
    items: list[str] = []
    rows: list[Block] = []

    def close() -> None:
        outline.paragraph("\n".join(items))
        if rows:
            columns = max((row.edges for row in rows), key=len)
            spread = [_spread(row, columns) for row in rows]
            width = max(map(len, spread))
            outline.table(Table([row + ("",) * (width - len(row)) for row in spread]))
        items.clear()
        rows.clear()

    for block in blocks:
        if block.cells is not None:
            if items:
                close()
            rows.append(block)
            continue
        bare = _BULLET.sub("- ", block.text).strip()
        listed = is_list_item(bare) and (block.hanging or not heading_level(bare))
        if bare and not block.level and (block.mark or listed):
            if rows:
                close()
            text = " ".join(bare.split())
            items.append("  " * block.depth + marked(block.mark, text) if block.mark else bare)
            continue
        close()
        level = block.level or heading_level(bare)
        if level or (is_question(bare) and len(bare) < _LONGEST_HEADING):
            outline.heading(marked(block.mark.strip("-"), bare), level or 6)
        else:
            outline.paragraph(bare)
    close()


def _spread(row: Block, columns: tuple[int, ...]) -> tuple[str, ...]:
    """Return the cells of a row, a wide one once for every column of the table that it reaches across."""
    cells = row.cells or ()
    if not row.edges or len(cells) >= len(columns) or tuple(sorted(row.edges)) != row.edges:
        return cells
    spread: list[str] = []
    for text, right in zip(cells, row.edges, strict=True):
        across = sum(edge <= right + _SAME_EDGE for edge in columns) - len(spread)
        spread += [text] * max(1, across)
    return tuple(spread)
