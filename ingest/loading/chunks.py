"""Chunks that follow the sections of a document and break prose at sentence ends.

Lengths are counted in English characters: a Chinese character counts two, since the embedding model's tokenizer
(XLM-RoBERTa) makes about 0.7 tokens of it, and 0.25 tokens of a Latin letter.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.identity import chunk_id, document_id, passage
from kb.language.text import HANGUL, UNSPACED, WIDE, detect_language, sentence_spans
from kb.types import Chunk, Document, Section, SectionKind

MAX_CHARACTERS = 1000  # of English, about 250 tokens; half as many Chinese characters
_AIM_SHARE = 0.7  # a chunk this full is not filled further with another paragraph; chosen
_WHOLE_CHARACTERS = 2600  # a row or an answer up to here stays whole; about 512 tokens fit the embedder

_WIDE = re.compile(f"[{WIDE}{HANGUL}]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_CLOSING = "，。、；：！？）》」』】”’,.;:!?)]}"
_PARAGRAPH_BREAK = re.compile(r"\n{2,}")
_CLAUSE_END = re.compile(r"[,;:，；：、）)]\s*|\s[-–—]\s|——")
_LEAD_IN = re.compile(r"[:：]\s*$")

Span = tuple[int, int]


def document_text(document: Document) -> tuple[str, list[Span]]:
    """Return the document as one text, and where each of its sections stands in it.

    Headings that are new stand on lines of their own before a section; blank lines part everything. A
    question stands on the line before its answer and belongs to the section's span; headings do not.
    """
    parts: list[str] = []
    spans: list[Span] = []
    length = 0
    above: tuple[str, ...] = ()
    for section in document.sections:
        shared = 0
        while shared < min(len(above), len(section.headings)) and above[shared] == section.headings[shared]:
            shared += 1
        for heading in section.headings[shared:]:
            parts.append(heading + "\n\n")
            length += len(heading) + 2
        above = section.headings
        text = _section_text(section)
        spans.append((length, length + len(text)))
        parts.append(text + "\n\n")
        length += len(text) + 2
    return "".join(parts)[:-2], spans


@dataclass(frozen=True, slots=True)
class Cut:
    """Where one chunk of a document stands.

    Attributes:
        section: 0-based place of its section.
        start: offset in the document's text.
        end: offset after its last character.
        language: of its text; empty where none was recognised.
    """

    section: int
    start: int
    end: int
    language: str


def cut(document: Document, *, max_characters: int = MAX_CHARACTERS) -> list[Cut]:
    """Return where the document is cut, in order.

    Prose is cut at sentence ends into chunks of at most ``max_characters`` English characters (half as many
    Chinese ones), a longer sentence at its clauses, then between words. Rows and question-answer pairs stay
    whole up to ``_WHOLE_CHARACTERS``; what follows of a longer answer carries the same question.
    """
    text, spans = document_text(document)
    told = document.labels.language
    cuts: list[Cut] = []
    for place, (section, (start, end)) in enumerate(zip(document.sections, spans, strict=True)):
        for left, right in _cut_section(section, text[start:end], max_characters):
            piece = text[start + left : start + right]
            language = told or detect_language(piece) or detect_language(_passage(document, section, piece))
            cuts.append(Cut(place, start + left, start + right, language))
    return cuts


def build_chunks(document: Document, text: str, cuts: Sequence[Cut]) -> list[Chunk]:
    """Return the chunks that ``cut`` tells of; ``text`` is ``document_text(document)[0]``."""
    identifier = document_id(document.uri)
    seen: Counter[str] = Counter()
    chunks: list[Chunk] = []
    for position, place in enumerate(cuts):
        section = document.sections[place.section]
        piece = text[place.start : place.end]
        content = _passage(document, section, piece)
        chunks.append(
            Chunk(
                id=chunk_id(identifier, content, seen[content]),
                document_id=identifier,
                document_uri=document.uri,
                title=document.title,
                text=piece,
                position=position,
                start=place.start,
                end=place.end,
                headings=section.headings,
                page=section.page,
                kind=section.kind,
                question=section.question,
                language=place.language,
                record_id=document.record_id,
                labels=document.labels,
            )
        )
        seen[content] += 1
    return chunks


def chunk(document: Document, *, max_characters: int = MAX_CHARACTERS) -> list[Chunk]:
    """Return the document's chunks, in order; ``chunk.text == document_text(document)[0][start:end]``."""
    cuts = cut(document, max_characters=max_characters)
    return build_chunks(document, document_text(document)[0], cuts)


def _passage(document: Document, section: Section, piece: str) -> str:
    return passage(document.title, section.headings, section.question, piece)


def _section_text(section: Section) -> str:
    if section.kind is SectionKind.QUESTION_ANSWER and section.question:
        return f"{section.question}\n{section.text}"
    return section.text


def _length(text: str) -> int:
    """Return how long a text is in English characters."""
    return len(text) + len(_WIDE.findall(text))


def _cut_section(section: Section, text: str, limit: int) -> Iterator[Span]:
    """Yield the spans of a section's chunks within its text."""
    if section.kind is not SectionKind.PROSE and _length(text) <= max(_WHOLE_CHARACTERS, limit):
        yield _strip(text, 0, len(text))
        return
    pieces = list(_pieces(text, limit))
    begin = 0
    for place in range(1, len(pieces) + 1):
        if place < len(pieces) and not _starts_chunk(text, pieces, begin, place, limit):
            continue
        yield pieces[begin].start, pieces[place - 1].end
        begin = place


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that is not cut: a sentence, a list item, or a part of an overlong sentence."""

    start: int
    end: int
    length: int
    begins_paragraph: bool


def _starts_chunk(text: str, pieces: list[_Piece], begin: int, place: int, limit: int) -> bool:
    """Tell whether the piece at ``place`` must stand in the next chunk, not the one that began at ``begin``."""
    filled = _length(text[pieces[begin].start : pieces[place - 1].end])
    piece = pieces[place]
    if filled + piece.length + 1 > limit:
        return True
    if not piece.begins_paragraph:
        return False
    aim = int(limit * _AIM_SHARE)
    coming = sum(inner.length for inner in _paragraph(pieces, place))
    last = text[pieces[place - 1].start : pieces[place - 1].end]
    if _LEAD_IN.search(last) and filled + coming <= limit:
        return False  # a list stays with the line that leads to it
    if _LEAD_IN.search(text[piece.start : _paragraph(pieces, place)[-1].end]) and place + 1 < len(pieces):
        coming += sum(inner.length for inner in _paragraph(pieces, place + len(_paragraph(pieces, place))))
        return filled + min(coming, aim) > limit
    return filled + coming > limit if filled < aim else True


def _paragraph(pieces: list[_Piece], place: int) -> list[_Piece]:
    """Return the pieces of the paragraph that begins at ``place``, none past the end."""
    end = place + 1
    while end < len(pieces) and not pieces[end].begins_paragraph:
        end += 1
    return pieces[place:end]


def _pieces(text: str, limit: int) -> Iterator[_Piece]:
    """Yield the pieces of a text in order; together they hold all of it that is not white space."""
    breaks = [found.end() for found in _PARAGRAPH_BREAK.finditer(text)]
    begins = True
    previous = 0
    for start, end in sentence_spans(text):
        begins = previous == 0 or bisect_right(breaks, previous) < bisect_right(breaks, start)
        for left, right in _cut_sentence(text, start, end, limit):
            yield _Piece(left, right, _length(text[left:right]), begins)
            begins = False
        previous = end


def _cut_sentence(text: str, start: int, end: int, limit: int) -> Iterator[Span]:
    """Yield a sentence whole, or an overlong one in parts: at clause ends, then words, then characters."""
    while (reach := _reach(text, start, end, limit)) < end:  # never a look at all of it: it may be 20 MB long
        half = start + (reach - start) // 2
        clauses = [found.end() for found in _CLAUSE_END.finditer(text, half, reach) if _may_cut(text, found.end())]
        cut = clauses[-1] if clauses else _word_cut(text, start, reach)
        yield _strip(text, start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _reach(text: str, start: int, end: int, limit: int) -> int:
    """Return how far from ``start`` a part of ``limit`` English characters reaches, one at least."""
    length = 0
    for place in range(start, end):
        length += 2 if _WIDE.match(text[place]) else 1
        if length > limit:
            return max(place, start + 1)
    return end


def _word_cut(text: str, start: int, reach: int) -> int:
    """Return the last place up to ``reach`` between two words; ``reach`` within a word that fills it all."""
    for place in range(reach, start, -1):
        if _may_cut(text, place):
            return place
    place = reach
    while place > start + 1 and unicodedata.combining(text[place]):
        place -= 1
    return place


def _may_cut(text: str, place: int) -> bool:
    """Tell whether a cut here leaves words, numbers and letters with their marks whole."""
    before, after = text[place - 1], text[place]
    if before.isspace() or after.isspace():
        return True
    if unicodedata.combining(after) or after in _CLOSING:
        return False
    return bool(_UNSPACED.match(before) or _UNSPACED.match(after))


def _strip(text: str, start: int, end: int) -> Span:
    """Return the span without white space at its ends."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end
