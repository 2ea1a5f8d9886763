"""From a stream of headings, paragraphs and tables to the sections of a document.

The loaders of formats with headings only say what they see, in reading order; what belongs together is
decided here, once: which headings stand above a text, which heading is the title, what is a question with
its answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ingest.structure.tables import Table, table_rows
from ingest.text.clean import clean, clean_line
from ingest.text.questions import MAX_ANSWER_CHARACTERS, is_question
from kb.types import Section, SectionKind

_QUESTION_MARK = re.compile(
    r"^\W{0,4}(?:q(?:uestion)?|问题?|問題?)\s*\d{0,3}\s*[:：.、．]\s*(?=\S)", re.IGNORECASE
)
_ANSWER_MARK = re.compile(r"^\W{0,4}(?:a(?:nswer)?|答案?|回答)\s*\d{0,3}\s*[:：.、．]\s*(?=\S)", re.IGNORECASE)
_TITLE_BREAK = re.compile(r"\s+[|\-–—·_]\s+|[|_]")


_INNER_LEVEL = 3  # of the title of a document inside another: below its title and chapters


class _Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One thing seen: a heading with its level (1 = outermost), a paragraph, or a table row in its group.

    A list that ``goes_on`` is one with the like list after it.
    """

    kind: _Kind
    text: str
    page: int | None = None
    level: int = 0
    group: tuple[str, ...] = ()
    goes_on: bool = False


@dataclass(slots=True)
class _Open:
    """A heading under which the next text stands; ``used`` once a text stood there."""

    level: int
    text: str
    page: int | None
    used: bool = False


class Outline:
    """What a loader has seen of one document so far."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []

    def heading(self, text: str, level: int, page: int | None = None) -> None:
        """Add a heading; ``level`` 1 is the outermost."""
        line = clean_line(text)
        if line:
            self._blocks.append(_Block(kind=_Kind.HEADING, text=line, page=page, level=level))

    def end_section(self, level: int) -> None:
        """Say that what follows stands no longer under headings of ``level`` and below: a closed part ended."""
        self._blocks.append(_Block(kind=_Kind.HEADING, text="", page=None, level=level))

    def close_headings(self) -> None:
        """Say that what follows stands under no heading so far: another slide, another file."""
        self._blocks.append(_Block(kind=_Kind.HEADING, text=""))

    def paragraph(self, text: str, page: int | None = None) -> None:
        """Add a paragraph or a whole list, whose items are lines."""
        cleaned = clean(text)
        if cleaned.strip():
            self._blocks.append(_Block(kind=_Kind.PARAGRAPH, text=cleaned, page=page))

    def list_lines(self, text: str, page: int | None = None, *, goes_on: bool = False) -> None:
        """Add the items of a list as lines; of one that goes on, to the paragraph that it goes on from."""
        last = self._blocks[-1] if self._blocks else None
        if goes_on and last is not None and last.goes_on and last.page == page:
            self._blocks[-1] = replace(last, text=clean(f"{last.text}\n{text}"))
        elif text.strip():
            self._blocks.append(_Block(kind=_Kind.PARAGRAPH, text=clean(text), page=page, goes_on=goes_on))

    def table(self, table: Table, page: int | None = None) -> None:
        """Add a table, row by row, under its caption."""
        caption = (clean_line(table.caption),) if clean_line(table.caption) else ()
        for group, text in table_rows(table)[1]:
            groups = (*caption, clean_line(group)) if clean_line(group) else caption
            self._blocks.append(_Block(kind=_Kind.ROW, text=clean_line(text), page=page, group=groups))

    def sections(self, title: str, sections: Sequence[Section], page: int | None = None) -> None:
        """Add what a document that stands inside this one was read as, under its title, which may be empty."""
        above: tuple[str, ...] = ()
        self.heading(title, _INNER_LEVEL, page)
        for section in sections:
            path = (*section.headings, section.question) if section.question else section.headings
            same = next((n for n, (old, new) in enumerate(zip(above, path, strict=False)) if old != new), None)
            kept = min(len(above), len(path)) if same is None else same
            if kept < len(above) and kept == len(path):
                self.heading(path[-1] if path else title, _INNER_LEVEL + kept, page)
            for depth in range(kept, len(path)):
                self.heading(path[depth], _INNER_LEVEL + 1 + depth, page)
            above = path
            if section.kind is SectionKind.TABLE_ROW:
                self._blocks.append(_Block(kind=_Kind.ROW, text=section.text, page=page))
            else:
                self.paragraph(section.text, page)

    def lines_parted(self, part: Callable[[list[str]], Iterable[str | tuple[str, int]]]) -> Outline:
        """Return an outline whose paragraphs are parted anew.

        Args:
            part: gets the lines of paragraphs that follow each other, an empty one between two; gives lines
                likewise, and headings with their levels.
        """
        parted = Outline()
        run: list[_Block] = []
        for block in [*self._blocks, None]:
            if block is not None and block.kind is _Kind.PARAGRAPH:
                run.append(block)
                continue
            if run:
                parted._add_lines(part, run)
                run = []
            if block is not None:
                parted._blocks.append(block)
        return parted

    def _add_lines(
        self, part: Callable[[list[str]], Iterable[str | tuple[str, int]]], before: Sequence[_Block]
    ) -> None:
        """Add what paragraphs are parted into; those that are as they were keep their blocks."""
        lines = "\n\n".join(one.text for one in before).split("\n")
        found = list(part(list(lines)))
        if found == lines:
            self._blocks.extend(before)
            return
        waiting: list[str] = []
        for line in [*found, ""]:
            if isinstance(line, str) and line.strip():
                waiting.append(line)
                continue
            self.paragraph("\n".join(waiting), before[0].page)
            waiting = []
            if isinstance(line, tuple):
                self.heading(line[0], line[1], before[0].page)

    def has_heading(self) -> bool:
        """Tell whether a heading was seen."""
        return any(block.kind is _Kind.HEADING and block.text for block in self._blocks)

    def text(self) -> str:
        """Return all that was seen as one text: headings and rows on lines of their own, paragraphs parted."""
        parts: list[str] = []
        for place, block in enumerate(self._blocks):
            if place and block.text:
                rows = block.kind is _Kind.ROW and self._blocks[place - 1].kind is _Kind.ROW
                parts.append("\n" if rows or self._blocks[place - 1].kind is _Kind.HEADING else "\n\n")
            parts.append(block.text)
        return "".join(parts).strip("\n")

    def finish(self, title: str, fallback: str) -> tuple[str, tuple[Section, ...]]:
        """Return the document's title and its sections.

        Args:
            title: what the file says its title is; empty where it says nothing.
            fallback: the title when nothing in the document serves.
        """
        title, blocks = self._choose_title(clean_line(title))
        sections: list[Section] = []
        path: list[_Open] = []
        start = 0
        for place in range(len(blocks) + 1):
            if place < len(blocks) and blocks[place].kind is not _Kind.HEADING:
                continue
            found = _sections_under(tuple(heading.text for heading in path), blocks[start:place])
            for heading in path if found else ():
                heading.used = True
            sections.extend(found)
            level = blocks[place].level if place < len(blocks) else 0
            _close(path, level, sections)
            if level > 0 and blocks[place].text:
                path.append(_Open(level, blocks[place].text, blocks[place].page))
            start = place + 1
        title = title or clean_line(fallback) or "untitled"
        return title, tuple(_without_title(section, title) for section in sections)

    def _choose_title(self, title: str) -> tuple[str, list[_Block]]:
        """Return the title and the blocks without the heading that is the title."""
        blocks = self._blocks
        headings = [place for place, block in enumerate(blocks) if block.kind is _Kind.HEADING and block.text]
        if not headings:
            return title, blocks
        first = headings[0]
        heading = blocks[first]
        if title and not _same_title(title, heading.text):
            return title, blocks
        top = min(blocks[place].level for place in headings)
        alone = sum(blocks[place].level == top for place in headings) == 1 and heading.level == top
        opens = not any(block.text for block in blocks[:first])
        if not title and not opens and not alone:
            return "", blocks
        question = first + 1 < len(blocks) and is_question(heading.text)
        if question and blocks[first + 1].kind is _Kind.PARAGRAPH:
            return title or heading.text, blocks
        level = 0  # closes every heading above, opens none
        return title or heading.text, [
            *blocks[:first],
            _Block(kind=_Kind.HEADING, text="", page=None, level=level),
            *blocks[first + 1 :],
        ]


def _close(path: list[_Open], level: int, sections: list[Section]) -> None:
    """Take the headings of this level and below off the path; one without a text is kept as a text itself."""
    kept = next((place for place, heading in enumerate(path) if heading.level >= level), len(path))
    closed = path[kept:]
    del path[kept:]
    bare = [heading for heading in closed if not heading.used]
    if not bare:
        return
    above = tuple(heading.text for heading in [*path, *(heading for heading in closed if heading.used)])
    for heading in path:
        heading.used = True
    text, last = "\n".join(heading.text for heading in bare), sections[-1] if sections else None
    if (
        last is not None
        and last.kind is SectionKind.PROSE
        and last.headings == above
        and last.page == bare[0].page
    ):
        sections[-1] = Section(text=f"{last.text}\n\n{text}", headings=above, page=last.page)
    else:
        sections.append(Section(text=text, headings=above, page=bare[0].page))


def _same_title(title: str, heading: str) -> bool:
    """Tell whether a heading says what the title says: ``Returns`` in ``Returns - Help centre``."""
    parts = {part.strip().casefold() for part in _TITLE_BREAK.split(title)}
    return heading.casefold() == title.casefold() or heading.casefold() in parts


def _without_title(section: Section, title: str) -> Section:
    """Return the section without the document's title at the head of its headings."""
    if section.headings and section.headings[0].casefold() == title.casefold():
        return Section(
            text=section.text,
            headings=section.headings[1:],
            page=section.page,
            kind=section.kind,
            question=section.question,
        )
    return section


def _sections_under(headings: tuple[str, ...], blocks: Sequence[_Block]) -> list[Section]:
    """Return the sections of the blocks between two headings."""
    sections: list[Section] = []
    start = 0
    for place in range(len(blocks) + 1):
        if place < len(blocks) and blocks[place].kind is _Kind.PARAGRAPH:
            continue
        sections.extend(_prose(headings, blocks[start:place]))
        if place < len(blocks):
            row = blocks[place]
            sections.append(
                Section(text=row.text, headings=headings + row.group, page=row.page, kind=SectionKind.TABLE_ROW)
            )
        start = place + 1
    return sections


def _prose(headings: tuple[str, ...], blocks: Sequence[_Block]) -> list[Section]:
    """Return the paragraphs between headings and tables: question-answer pairs, or prose page by page."""
    if not blocks:
        return []
    text = "\n\n".join(block.text for block in blocks)
    marked = any(_QUESTION_MARK.match(line) for block in blocks for line in block.text.split("\n"))
    if marked:
        return _marked_pairs(headings, blocks)
    if headings and len(text) <= MAX_ANSWER_CHARACTERS and is_question(headings[-1]):
        answered = Section(
            text=text,
            headings=headings[:-1],
            page=blocks[0].page,
            kind=SectionKind.QUESTION_ANSWER,
            question=headings[-1],
        )
        return [answered]
    sections: list[Section] = []
    paragraphs: list[str] = []
    for place, block in enumerate(blocks):
        paragraphs.append(block.text)
        if place + 1 == len(blocks) or blocks[place + 1].page != block.page:
            sections.append(Section(text="\n\n".join(paragraphs), headings=headings, page=block.page))
            paragraphs = []
    return sections


def _marked_pairs(headings: tuple[str, ...], blocks: Sequence[_Block]) -> list[Section]:
    """Return the pairs marked ``Q:`` and ``A:`` (``问：``, ``答：``); what stands outside them is prose."""
    sections: list[Section] = []
    question = ""
    lines: list[str] = []
    answering = False
    page = blocks[0].page

    def close() -> None:
        text = clean("\n".join(lines))
        if question and text.strip():
            sections.append(
                Section(
                    text=text, headings=headings, page=page, kind=SectionKind.QUESTION_ANSWER, question=question
                )
            )
        elif question or text.strip():
            sections.append(Section(text=text if text.strip() else question, headings=headings, page=page))

    for block in blocks:
        for line in [*block.text.split("\n"), ""]:
            asked = _QUESTION_MARK.match(line)
            answered = _ANSWER_MARK.match(line)
            if asked:
                close()
                question, lines, answering, page = clean_line(line[asked.end() :]), [], False, block.page
            elif answered and question:
                answering = True
                lines.append(line[answered.end() :])
            elif question and not answering and line and not lines and not question.endswith(("?", "？")):
                question = clean_line(f"{question} {line}")
            else:
                lines.append(line)
    close()
    return sections
