"""Tables that Pandoc's Markdown draws with dashes (simple, multiline, grid) become tables of HTML.

What is no such table for sure stays as it is: columns must stand apart in every line.
"""

from __future__ import annotations

import itertools
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_OTHER = re.compile(r"^(?: {0,3}(?:`{3,}|~{3,})|#{1,6} )")
_COLUMNS = re.compile(r"^ {0,3}-{2,}(?: +-{2,})+ *$")
_RULE = re.compile(r"^ {0,3}-{6,} *$")
_GRID = re.compile(r"^ {0,3}\+(?:[-=:]{3,}\+)+ *$")
_CAPTION = re.compile(r"^ {0,3}(?:[Tt]able ?:|:(?!:)) *(.+)$")
_MOST_LINES = 2000  # of one table
_GAP = "\0"  # the second place of a wide character


@dataclass(slots=True)
class _Cell:
    """A cell of a drawn table: its text line by line, and the columns and rows that it covers."""

    lines: list[str]
    column: int
    across: int = 1
    down: int = 1

    def html(self, name: str) -> str:
        spans = "".join(
            f' {word}="{count}"' for word, count in (("colspan", self.across), ("rowspan", self.down)) if count > 1
        )
        text = textwrap.dedent("\n".join(line.replace(_GAP, "").rstrip() for line in self.lines)).strip("\n")
        return f"<{name}{spans}>\n\n{text}\n\n</{name}>\n"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A drawn table: its rows, how many of them are its header, and the line behind it."""

    rows: list[list[_Cell]]
    header: int
    end: int

    def html(self, caption: str) -> str:
        rows = [
            "<tr>\n" + "".join(cell.html("th" if place < self.header else "td") for cell in row) + "</tr>\n"
            for place, row in enumerate(self.rows)
        ]
        head, body = "".join(rows[: self.header]), "".join(rows[self.header :])
        named = f"{caption}\n\n" if caption else ""
        return f"\n{named}<table>\n{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody>\n</table>\n"


def write_tables(text: str) -> str:
    """Return a text with the tables that are drawn in it as HTML."""
    if "--" not in text:
        return text
    lines = text.split("\n")
    written: list[str] = []
    fence = ""
    place = 0
    while place < len(lines):
        opened = _FENCE.match(lines[place])
        if opened:
            fence = "" if fence and opened[1].startswith(fence) else fence or opened[1][:3]
        drawn = None if fence else _table(lines, place)
        if drawn is None:
            written.append(lines[place])
            place += 1
            continue
        caption, end = _caption(written, lines, drawn.end)
        written += drawn.html(caption).split("\n")
        place = end
    return "\n".join(written)


def _caption(written: list[str], lines: Sequence[str], end: int) -> tuple[str, int]:
    """Return the caption above or below a table, and where the text goes on; it is taken off what is written."""
    below = next((at for at in range(end, min(end + 2, len(lines))) if lines[at].strip()), -1)
    found = _CAPTION.match(lines[below]) if below >= 0 else None
    if found:
        return found[1], below + 1
    above = next((at for at in range(len(written) - 1, max(-1, len(written) - 3), -1) if written[at].strip()), -1)
    found = _CAPTION.match(written[above]) if above >= 0 else None
    if found and (above == 0 or not written[above - 1].strip()):
        del written[above:]
        return found[1], end
    return "", end


def _table(lines: Sequence[str], place: int) -> _Drawn | None:
    line = lines[place]
    if _GRID.match(line):
        return _grid(lines, place)
    if _RULE.match(line) or _COLUMNS.match(line):
        drawn = _multiline(lines, place)
        if drawn is not None or not _COLUMNS.match(line):
            return drawn
    blank_before = place == 0 or not lines[place - 1].strip()
    if _COLUMNS.match(line) and blank_before:
        return _simple(lines, place, place, 0)
    if place + 1 < len(lines) and line.strip() and blank_before and _COLUMNS.match(lines[place + 1]):
        return _simple(lines, place, place + 1, 1)
    return None


def _simple(lines: Sequence[str], start: int, rule: int, header: int) -> _Drawn | None:
    """Read a table with a line a row; one without a header ends in a rule."""
    starts = _starts(lines[rule])
    end = rule + 1
    while end < len(lines) and lines[end].strip() and not _COLUMNS.match(lines[end]) and end - rule < _MOST_LINES:
        end += 1
    closed = end < len(lines) and bool(_COLUMNS.match(lines[end]))
    if end == rule + 1 or not (closed or header):
        return None
    rows = [[line] for line in (*lines[start:rule], *lines[rule + 1 : end])]
    return _built(rows, starts, header, end + closed)


def _multiline(lines: Sequence[str], start: int) -> _Drawn | None:
    """Read a table between two rules whose rows, of one or more lines, blank lines part."""
    if (start and lines[start - 1].strip()) or not "".join(lines[start + 1 : start + 2]).strip():
        return None
    rule = start if _COLUMNS.match(lines[start]) else -1
    end = start + 1
    while end < len(lines) and end - start < _MOST_LINES:
        if _COLUMNS.match(lines[end]) and rule < 0 and end > start + 1:
            rule = end
        elif rule >= 0 and (_RULE.match(lines[end]) or (rule == start and _COLUMNS.match(lines[end]))):
            break
        elif _OTHER.match(lines[end]) or (rule < 0 and not lines[end].strip()):
            return None
        end += 1
    else:
        return None
    body = lines[rule + 1 : end]
    rows = [list(run) for filled, run in itertools.groupby(body, key=lambda line: bool(line.strip())) if filled]
    if all(line.strip() for line in body):  # no blank line parts rows
        rows = [[line] for line in body]
    header = [list(lines[start + 1 : rule])] if rule > start + 1 else []
    return _built([*header, *rows], _starts(lines[rule]), len(header), end + 1)


def _built(rows: Sequence[Sequence[str]], starts: Sequence[int], header: int, end: int) -> _Drawn | None:
    """Return a table cut at the columns that its rule draws; None where a line has letters between them."""
    built: list[list[_Cell]] = []
    for row in rows:
        spread = [_spread(line) for line in row]
        if any(line[at - 1 : at].strip() for line in spread for at in starts[1:]):
            return None
        ends = [*starts[1:], None]
        cells = [
            _Cell([line[(begin if column else 0) : close].strip() for line in spread], column)
            for column, (begin, close) in enumerate(zip(starts, ends, strict=True))
        ]
        built.append(cells)
    return _Drawn(built, header, end) if len(built) > header else None


def _starts(rule: str) -> list[int]:
    return [run.start() for run in re.finditer("-+", rule)]


def _spread(line: str) -> str:
    """Return a line with a place for every column of the screen: wide characters take two."""
    if line.isascii():
        return line
    wide = (character + _GAP * (unicodedata.east_asian_width(character) in "WF") for character in line)
    return "".join(wide)


def _grid(lines: Sequence[str], start: int) -> _Drawn | None:
    """Read a table that is drawn with ``+``, ``-`` and ``|``, cells over several rows and columns included."""
    end = start
    while end < len(lines) and lines[end].lstrip()[:1] in ("+", "|") and end - start < _MOST_LINES:
        end += 1
    while end > start + 1 and not _GRID.match(lines[end - 1]):
        end -= 1
    drawn = [_spread(line.rstrip()) for line in lines[start:end]]
    if len(drawn) < 3:
        return None
    edges = sorted({at for line in drawn if _GRID.match(line) for at, sign in enumerate(line) if sign == "+"})
    edges = sorted({*edges, *(at for line in drawn for at in _crossings(line))})
    if any(len(line) != len(drawn[0]) or line[edges[0]] not in "+|" or line[-1] not in "+|" for line in drawn):
        return None
    rows: list[list[_Cell]] = []
    header = 0
    above: dict[int, _Cell] = {}
    band: list[str] = []
    for line in drawn[1:]:
        if not _rules(line, edges):
            band.append(line)
            continue
        fresh = list(_band(band, edges, above))
        rows.append(fresh)
        covering = [*above.values(), *fresh]
        above = {}
        for cell in covering:
            inside = line[edges[cell.column] + 1 : edges[cell.column + cell.across]]
            if set(inside) - set("-=:+"):
                above[cell.column] = cell
                cell.lines.append(inside)
        header = len(rows) if "=" in line and not header else header
        band = []
    return _Drawn(rows, header, end) if len(rows) > header else None


def _crossings(line: str) -> Iterator[int]:
    """Yield where a rule that begins or ends inside a table meets the edge of a column."""
    for rule in re.finditer(r"\+(?:[-=:]{2,}\+)+", line):
        yield from (rule.start() + at for at, sign in enumerate(rule.group()) if sign == "+")


def _rules(line: str, edges: Sequence[int]) -> bool:
    """Tell whether a line is the rule below some column."""
    return any(
        set(line[left + 1 : right]) <= set("-=:") and right > left + 1 and line[left] in "+|"
        for left, right in itertools.pairwise(edges)
    )


def _band(lines: Sequence[str], edges: Sequence[int], above: dict[int, _Cell]) -> Iterator[_Cell]:
    """Yield the cells that begin between two rules; those that come from above grow."""
    column = 0
    while column < len(edges) - 1:
        grown = above.get(column)
        close = column + (grown.across if grown else 1)
        while not grown and close < len(edges) - 1 and any(line[edges[close]] not in "|+" for line in lines):
            close += 1
        text = [line[edges[column] + 1 : edges[close]] for line in lines]
        if grown:
            grown.lines += text
            grown.down += 1
        else:
            yield _Cell(text, column, close - column)
        column = close
