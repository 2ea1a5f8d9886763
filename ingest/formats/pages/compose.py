"""Lines of PDF pages become headings, paragraphs, lists and tables."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from ingest.formats.pages.lines import Line, Page
from ingest.formats.pages.tables import PageTable, TableJoiner
from ingest.structure.outline import Outline
from ingest.structure.tables import Table
from ingest.text.layout import MAX_HEADING_CHARACTERS, heading_level, join_lines
from ingest.text.questions import is_question
from kb.language.marks import has_bullet, is_list_item
from kb.language.text import is_wide, sentence_spans

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_LARGER = 1.12  # times the size of the text: a heading
_NEW_PARAGRAPH = 1.28  # times the usual distance of lines
_INDENT_POINTS = 8.0
_TAIL = 20  # characters in which a sentence ends
_SHORT_LINE = 0.7  # of the width of a full line: it ends its paragraph
_FULL_LINE_QUANTILE = 0.8  # of the lines of the text, by width
_NEAR_LINES = 15  # of a page before and after a line, that tell how wide its column is
_SAME_COLUMN = 3.0  # times the size: how far the beginnings of lines of a column stand apart
_SAME_RIGHT = 1.0  # times the size: lines that end so near to each other are broken at an edge
_SLACK = 0.5  # of the size, by which a word must fit that did not go on a line
_MOSTLY = 0.5  # of the lines have room behind them: what is written here is no running text
_FULL = 0.85  # of the widest line: a full one, also where most are short
_NARROW = 12.0  # times the size: no column of text is as narrow
_HAN_ITEM = re.compile("[一二三四五六七八九十]{1,3}、")
_SENTENCE_END = re.compile(r"[.!?。！？：:；;][\"'”’)）\]」』]*$")


class Composer:
    """Joins the lines of all pages to headings, paragraphs, lists and tables."""

    def __init__(self, outline: Outline, pages: list[Page], tables: dict[int, list[PageTable]]) -> None:
        self._outline = outline
        self._pages = pages
        self._tables = tables
        lines = [line for page in pages for line in page.lines]
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        self._body = max(sizes, key=lambda size: sizes[size], default=0.0)
        bold = sum(len(line.text) for line in lines if line.bold and line.size == self._body)
        self._bold_tells = bold < 0.4 * max(1, sizes[self._body])
        large = sorted({line.size for line in lines if self._is_large(line)}, reverse=True)
        self._levels = {size: level for level, size in enumerate(large, start=1)}
        self._rooms = {id(line): room for page in pages for line, room in _rooms(page.lines)}
        self._are_short = self._have_room() > _MOSTLY
        self._leading = self._usual_leading()
        widths = sorted(_width(line) for line in lines if line.size == self._body)
        self._full = widths[int(_FULL_LINE_QUANTILE * (len(widths) - 1))] if widths else 0.0
        self._words = frozenset(
            word.lower() for line in lines for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line.text)
        )
        self._paragraph: list[Line] = []
        self._text = ""
        self._turns: list[tuple[int, int]] = []
        self._joiner = TableJoiner()
        self._follows = False

    def compose(self) -> None:
        """Fill the outline."""
        for page in self._pages:
            tables = dict(enumerate(self._tables.get(page.number, ())))
            for line in page.lines:
                self._take_tables(line, tables)
            for table in tables.values():
                self._table(table)
        self._end_paragraph()

    def _take_tables(self, line: Line, waiting: dict[int, PageTable]) -> None:
        """Write a table when its first line comes, and what of a line stands in no cell as text."""
        numbers = dict.fromkeys(piece.table for piece in line.pieces)
        for number in numbers:
            if number is None and len(numbers) == 1:
                self._line(line)
            elif number is None:
                rest = Line([piece for piece in line.pieces if piece.table is None], line.page)
                if rest.text:
                    self._line(rest)
            elif number in waiting:
                self._table(waiting.pop(number))

    def _table(self, table: PageTable) -> None:
        self._end_paragraph()
        if table.inner:
            self._outline.table(Table(table.rows), table.page)
        else:
            self._outline.table(self._joiner.build(table, self._follows), table.page)
            self._follows = True

    def _line(self, line: Line) -> None:
        """Add a line to the paragraph or heading that is open, or open another with it."""
        last = self._paragraph[-1] if self._paragraph else None
        level = self._heading_level(line)
        if last is not None and (self._goes_on_heading(last, line) if level else not self._starts_paragraph(line)):
            if last.page != line.page:
                self._turns.append((len(self._text), line.page))
            in_item = level or not _is_item(line.text)
            self._text = (
                join_lines(self._text, line.text, self._words) if in_item else f"{self._text}\n{line.text}"
            )
            self._paragraph.append(line)
        else:
            self._end_paragraph()
            self._paragraph, self._text, self._turns = [line], line.text, []

    def _end_paragraph(self) -> None:
        """Write the paragraph or heading that is open."""
        if not self._paragraph:
            return
        first = self._paragraph[0]
        if self._is_heading_open():
            self._outline.heading(self._text, self._heading_level(first), first.page)
        else:
            for text, page in _split_at_pages(self._text, first.page, self._turns):
                self._outline.paragraph(text, page)
        self._follows = False
        self._paragraph, self._text = [], ""

    def _is_heading_open(self) -> bool:
        return all(self._heading_level(line) for line in self._paragraph)

    def _is_large(self, line: Line) -> bool:
        return line.size >= _LARGER * self._body > 0 and any(c.isalpha() for c in line.text)

    def _heading_level(self, line: Line) -> int:
        """Return the level of a heading, 0 for a line of text."""
        text = line.text
        if len(text) > 1.5 * MAX_HEADING_CHARACTERS or not any(c.isalpha() for c in text) or has_bullet(text):
            return 0
        if line.size in self._levels and self._is_large(line):
            return self._levels[line.size]
        numbered = heading_level(text)
        bold = line.bold and self._bold_tells and line.size >= 0.95 * self._body
        if bold and len(text) <= MAX_HEADING_CHARACTERS and (numbered or not is_list_item(text)):
            if text.endswith((".", "。", ",", "，", ";", "；")) and not numbered:
                return 0
            return len(self._levels) + (numbered or 2)
        chapter = numbered and re.match(r"第.{1,5}[编部篇章节]", text)
        return len(self._levels) + numbered if chapter else 0

    def _goes_on_heading(self, last: Line, line: Line) -> bool:
        """Tell whether a heading goes on in the next line."""
        near = 0 < last.y - line.y <= 2.0 * max(line.size, 1.0)
        alike = last.size == line.size and last.bold == line.bold and last.page == line.page
        opened = bool(self._heading_level(last))
        return opened and near and alike and not heading_level(line.text) and not is_question(last.text)

    def _usual_leading(self) -> float:
        """Return the usual distance between lines of a paragraph, in points."""
        gaps: Counter[float] = Counter()
        wrapped: Counter[float] = Counter()
        for page in self._pages:
            for above, below in itertools.pairwise(page.lines):
                if above.size == below.size == self._body and 0 < above.y - below.y < 4 * max(self._body, 1.0):
                    gap = round((above.y - below.y) * 2) / 2
                    gaps[gap] += 1
                    wrapped[gap] += not self._had_room(above, below)
        counts = wrapped if +wrapped else gaps
        return max(counts, key=lambda gap: (counts[gap], -gap), default=1.3 * self._body)

    def _had_room(self, above: Line, below: Line) -> bool:
        """Tell whether the first word of a line would have stood on the line above: it was not broken to fit."""
        first = re.match(r"\S+", below.text)
        word = first.group() if first else ""
        if word and is_wide(word[0]):
            word = word[0]
        needed = below.size * (sum(1.0 if is_wide(character) else 0.55 for character in word) + 0.3)
        room = self._rooms.get(id(above), 0.0)
        full = above.right - above.x + room
        is_full = room <= (1 - _FULL) * full and full - room > _NARROW * above.size
        return needed + _SLACK * below.size < room or (self._are_short and not is_full)

    def _have_room(self) -> float:
        """Return the share of lines behind which the first word of the next one would have stood."""
        pairs = [
            pair
            for page in self._pages
            for pair in itertools.pairwise(page.lines)
            if 0 < pair[0].y - pair[1].y < 4 * max(self._body, 1.0)
        ]
        self._are_short = False
        return sum(self._had_room(*pair) for pair in pairs) / max(1, len(pairs))

    def _starts_paragraph(self, line: Line) -> bool:
        """Tell whether a line of text begins a paragraph."""
        last = self._paragraph[-1]
        if self._is_heading_open():
            return True
        ended = bool(_SENTENCE_END.search(self._text[-_TAIL:]))
        if _is_item(line.text):
            return not _is_item(self._paragraph[0].text) and (
                ended or line.y < last.y - _NEW_PARAGRAPH * self._leading
            )
        if last.page != line.page or line.y > last.y + line.size:
            return ended  # another page or column: a sentence that is not over goes on
        if abs(line.size - last.size) > 0.08 * max(line.size, 1.0) and ended:
            return True
        if last.y - line.y > _NEW_PARAGRAPH * max(self._leading, line.size):
            return True
        if any(piece.filled for piece in (*last.pieces, *line.pieces)):
            return True  # the next field of a form
        if not line.text[:1].islower() and (_width(last) < _SHORT_LINE * self._full or self._had_room(last, line)):
            return True
        in_list = _is_item(self._paragraph[0].text)
        return ended and not in_list and line.x - last.x > _INDENT_POINTS


def _is_item(text: str) -> bool:
    """Tell whether a line begins as an item does; on a page also with a Chinese number (一、)."""
    return is_list_item(text) or _HAN_ITEM.match(text) is not None


def _rooms(lines: list[Line]) -> Iterator[tuple[Line, float]]:
    """Yield lines of a page with the room to their right, in points: none where the next ones end there, too."""
    for place, line in enumerate(lines):
        near = lines[max(0, place - _NEAR_LINES) : place + _NEAR_LINES + 1]
        column = [
            other.right
            for other in near
            if abs(other.x - line.x) <= _SAME_COLUMN * line.size and other.size <= _LARGER * line.size
        ]
        beside = [other for other in lines[max(0, place - 2) : place + 3] if other is not line]
        edges = sum(abs(other.right - line.right) <= _SAME_RIGHT * line.size for other in beside)
        is_edge = edges > 1 and line.right - line.x > _NARROW * line.size
        leftward = any(unicodedata.bidirectional(character) in ("R", "AL") for character in line.text)
        yield line, 0.0 if is_edge or leftward else max(column) - line.right


def _width(line: Line) -> float:
    """Return about how wide a line is, in points: a Chinese character is as wide as high, a letter half."""
    return line.size * sum(1.0 if is_wide(character) else 0.5 for character in line.text)


def _split_at_pages(text: str, page: int, turns: list[tuple[int, int]]) -> Iterator[tuple[str, int]]:
    """Yield a paragraph page by page; the sentence on the turn stays on the page where it began.

    Args:
        text: the paragraph.
        page: on which it begins.
        turns: offsets into the text where another page begins, with its number.
    """
    begin = 0
    spans = sentence_spans(text) if turns else []
    for offset, following in turns:
        ends = [end for start, end in spans if start < offset <= end]
        cut = ends[0] if ends else offset
        if cut > begin and text[begin:cut].strip():
            yield text[begin:cut].strip(), page
        begin, page = max(begin, cut), following
    if text[begin:].strip():
        yield text[begin:].strip(), page
