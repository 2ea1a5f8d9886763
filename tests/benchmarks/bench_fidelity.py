"""How much of a file's text the loaders keep, against texts that people checked.

    python tests/benchmarks/bench_fidelity.py FOLDER [--json] [--files]

FOLDER (or the variable FIDELITY_FOLDER) holds one folder a format, each with ``sources/NAME`` and
``groundtruth/NAME.md`` (or the same without the source's ending; beside it ``.json`` with the tables). Words are
compared as bags, Chinese character by character, letters and digits apart:

    recall = words of the truth that were found / words of the truth
    precision = words found that are in the truth / words found

What is no word of the text is left out on all sides alike: marks of Markdown, addresses of links, commands of TeX
(those that show a letter or the name of a function are what they show), the time 00:00:00 of days, what fills
pictures, repeats of a cell that is merged over columns, struck-through text, reviewers' comments, which no reader
of the file sees
(ours reports them), and in workbooks the values of charts, which are cells of the truth already. Greek letters
count one by one, as they stand in formulas. A document's title and the name of a sheet count where the truth has
them. The header of a table is counted once for a table in the truth, but stands in every row of ours; so that
precision says what was invented, a word of a table row is counted as found whenever the truth has it.

    cells = cells found with the name of their column / cells of the truth below a named column

The truth of tables was written by a program, which takes the first row of every grid for its header. So, where one
name stands over all columns, it need only stand in the section of the cell; a cell that is a name itself (a second
row of headers) counts where it stands below the first; numbers of list items inside cells are left out; and grids
are left out that have no header when one looks at them (``_NO_HEADER``, the pieces of a form). ``cells_all``
counts those, too, and every cell strictly by the row it stands in.

Where the truth of a file holds what no reader of it sees, it is set right (``_SEEN``, which says why).

``markitdown`` is measured beside ours where it can be imported; it writes tables as grids: cells are ours alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.formats import can_load, load
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.types import SectionKind

_WORD = re.compile(r"[\u3400-\u9fff\u0370-\u03ff]|[^\W\d_\u3400-\u9fff\u0370-\u03ff]+|\d+")
_NOT_TEXT = re.compile(
    r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|https?://[^\s)>\]]+|data:image/[^\s)]*|&(?:amp|lt|gt);"
    r"|~~.*?~~|\\[a-zA-Z]+|\b00:00:00\b|^\[author: [^\]]*\]:.*?$|<(?:br|sub|sup)\s*/?>",
    re.DOTALL | re.MULTILINE,
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ϵ": "ε"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "0123456789" * 2)
_CHART = re.compile(r"^\w+ chart\n\n(?:\|.*\n?)+", re.MULTILINE)
_BOX = re.compile("[☒☑]")
_REPEATED = re.compile(r"(?<=\|)([^|\n]*\w[^|\n]*)(?=\|\1\|)")
_TEX_NAME = re.compile(
    r"\\(arccos|arcsin|arctan|cos|cot|csc|det|dim|exp|gcd|inf|ker|lim|ln|log|max|min|sec|sin|sup|tan)(?![a-z])"
)
_TEX_LETTER = re.compile(
    r"\\(?:var)?(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho"
    r"|sigma|tau|upsilon|phi|chi|psi|omega)(?![a-z])"
)
_LIST_NUMBER = re.compile(r"(?:^|(?<=\s))\d{1,2}[.)](?=\s)")
_NO_HEADER = {"xlsx_07_gap_tolerance_.xlsx"}
_SEEN = {
    # struck through in the file; the marks of it are lost in the truth of cells
    "html_rich_table_cells.html": (("large loud noisy small", "large loud noisy"),),
    "text_document_03.odt": (
        ("with bold strikethrough and italic", "with bold and italic"),
        ("rich cell a nested table a b c cell 1 cell 2", "rich cell a nested table a b c cell 2"),
    ),
    # numbers stored as 1, 2, ... and shown as 1.01, 1.02, ... by their format
    "xlsx_07_gap_tolerance_.xlsx": (
        (
            "power system 1 2 3 4 5 6 construction 7 8 9 environmental conditions 10 11 12 13 arc test 14",
            "power system 1 01 1 02 1 03 1 04 1 05 1 06 construction 1 07 1 08 1 09 environmental conditions"
            " 1 10 1 11 1 12 1 13 arc test 1 14",
        ),
    ),
    # what its author says of a picture
    "xlsx_emf.xlsx": (("", "a cartoon duck holding a paper"),),
}
"""What stands in the truth of a file, as words, and what a reader sees in its place."""


def words(text: str) -> Counter[str]:
    """Return the words of a text with their counts."""
    return Counter(sequence(text))


def sequence(text: str) -> list[str]:
    """Return the words of a text in order."""
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    text = text.translate(_RAISED)
    text = _TEX_NAME.sub(r" \1 ", text)
    text = _TEX_LETTER.sub(_letter, text)
    return _WORD.findall(_NOT_TEXT.sub(" ", _BOX.sub(" x ", text)).lower())


def seen(name: str, found: list[str]) -> list[str]:
    """Return words of the truth of a file, set right where no reader of the file sees them."""
    text = " ".join(found)
    for stated, shown in _SEEN.get(name.removesuffix(".pdf"), ()):
        text = text.replace(stated, shown) if stated else text
    return text.split()


def _unstated(name: str) -> str:
    return " ".join(shown for stated, shown in _SEEN.get(name, ()) if not stated)


def _letter(found: re.Match[str]) -> str:
    """Return the letter that a command of TeX shows."""
    name = "LAMDA" if found[1] == "lambda" else found[1].upper()
    return unicodedata.lookup(f"GREEK SMALL LETTER {name}")


@dataclass(slots=True)
class Found:
    """Words of a file: of its prose, its table rows, its titles.

    Attributes:
        prose, rows, titles: the words with their counts.
        cells: names and values of the cells of its rows, as words.
        texts: the words of each section with its headings, a blank around each word.
    """

    prose: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)
    cells: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def ours(path: Path) -> Found:
    """Return what our loader finds."""
    found = Found()
    headings: set[str] = set()
    titles: set[str] = set()
    for document in load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent))):
        titles.add(document.title.removeprefix(file_title(path)))
        for section in document.sections:
            headings.update(section.headings)
            kept = found.rows if section.kind is SectionKind.TABLE_ROW else found.prose
            kept.update(words(f"{section.question or ''}\n{section.text}"))
            found.texts.append(f" {' '.join(_cell_words(' '.join((*section.headings, section.text))))} ")
            if section.kind is SectionKind.TABLE_ROW:
                found.cells += named_values(section.text)
    for heading in headings:
        found.prose.update(words(heading))
    for title in titles:
        found.titles.update(words(title))
    return found


def named_values(row: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each cell of a row (``Fee / Asia: 5; Days: 3``), as words."""
    for part in row.split("; "):
        pieces = part.split(": ")
        for cut in range(len(pieces)):  # a colon may stand in the name or in the value
            name, value = ": ".join(pieces[:cut]), ": ".join(pieces[cut:])
            yield " ".join(sequence(name)), " ".join(_cell_words(value))


def markitdown() -> Callable[[Path], Found] | None:
    """Return the same for markitdown, None where it is not installed."""
    if importlib.util.find_spec("markitdown") is None:
        return None
    from markitdown import MarkItDown

    converter = MarkItDown()
    return lambda path: Found(prose=words(converter.convert(str(path)).text_content))


def pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the files that have a truth, with it."""
    for path in sorted(folder.glob("*/sources/*")):
        truths = path.parent.parent / "groundtruth"
        for truth in (
            truths / f"{path.name}.md",
            truths / f"{path.stem}.md",
            *truths.glob(_OCR_TRUTH % path.stem),
        ):
            if can_load(path.suffix) and truth.exists():
                yield path, truth
                break


_OCR_TRUTH = "rapidocr/full_page/%s.*.md"


def score(found: Found, truth: Counter[str]) -> tuple[int, int, int, int]:
    """Return words right, words of the truth, words found that are in the truth, words found."""
    titles = found.titles & (truth - found.prose - found.rows)
    right = (found.prose + found.rows + titles) & truth
    inside = sum((found.prose & truth).values()) + sum(n for word, n in found.rows.items() if word in truth)
    return sum(right.values()), sum(truth.values()), inside, sum((found.prose + found.rows).values())


def score_cells(found: Found, path: Path, truth: Path) -> tuple[int, int, int, int]:
    """Return cells found with their column's name, and cells of the truth below a named column; then strictly."""
    tables = truth.with_suffix(".json")
    right = total = strict = everything = 0
    if not tables.exists():
        return 0, 0, 0, 0
    for table in json.loads(tables.read_text(encoding="utf-8")).get("tables", []):
        cells = [
            (name, " ".join(seen(path.name, text.split())))
            for name, text in _named_cells(table["data"]["table_cells"])
        ]
        one_name = len({name for name, _ in cells}) == 1
        for name, text in cells:
            in_row = any(v == text and (f" {name} " in f" {names} " or name == text) for names, v in found.cells)
            is_name = any(f" {name} {text} " in f" {names} " for names, _ in found.cells)
            beside = one_name and any(f" {name} " in whole and f" {text} " in whole for whole in found.texts)
            strict, everything = strict + in_row, everything + 1
            if path.name not in _NO_HEADER:
                right, total = right + (in_row or is_name or beside), total + 1
    return right, total, strict, everything


def _cell_words(text: str) -> list[str]:
    """Return the words of a cell without the numbers of the list items in it."""
    return sequence(_LIST_NUMBER.sub(" ", text))


def _named_cells(cells: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the name of its column (the lowest of stacked ones) and the text of each cell, as words."""
    named = [cell for cell in cells if cell["column_header"] and sequence(cell["text"])]
    for cell in cells:
        text = " ".join(_cell_words(cell["text"]))
        start = cell["start_col_offset_idx"]
        above = [
            name
            for name in named
            if name["start_col_offset_idx"] <= start < name["end_col_offset_idx"]
            and name["end_row_offset_idx"] <= cell["start_row_offset_idx"]
        ]
        if text and above and not cell["column_header"] and not cell.get("row_section"):
            lowest = max(above, key=lambda name: int(name["end_row_offset_idx"]))
            yield " ".join(sequence(lowest["text"])), text


def main() -> int:
    """Print one line a format and reader; 1 where nothing was measured."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", default=os.environ.get("FIDELITY_FOLDER", ""), type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--files", action="store_true", help="also a line for every file")
    arguments = parser.parse_args()
    readers: dict[str, Callable[[Path], Found]] = {"faq-assistant": ours}
    other = markitdown()
    if other is not None:
        readers["markitdown"] = other
    measured: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    for path, truth in pairs(arguments.folder):
        text = _REPEATED.sub("", truth.read_text(encoding="utf-8"))
        text = _CHART.sub("", text) if path.suffix.startswith(".xls") else text
        expected = Counter(seen(path.name, sequence(f"{text} {_unstated(path.name)}")))
        for name, reader in readers.items():
            began = time.process_time()
            found = Found()
            try:
                found = reader(path)
            except Exception as error:  # a reader that fails found nothing
                print(f"{name} failed on {path.name}: {type(error).__name__}", file=sys.stderr)
            numbers = (*score(found, expected), *score_cells(found, path, truth), time.process_time() - began)
            measured.setdefault((kind_of(path), name), []).append(numbers)
            if arguments.files:
                shares = [f"{share(numbers, place):.3f}" for place in (0, 2, 4)]
                print(path.name, name, "recall", shares[0], "precision", shares[1], "cells", shares[2])
    for (kind, name), files in sorted(measured.items()):
        report(kind, name, files, arguments.json)
    return 0 if measured else 1


def kind_of(path: Path) -> str:
    """Return the format of a file; scans are one of their own."""
    return f"{path.suffix.lower()}{' scan' if path.parent.parent.name == 'ocr' else ''}"


def share(numbers: tuple[float, ...], place: int) -> float:
    """Return a ratio of two neighbouring counts; 1 where nothing was wanted."""
    return numbers[place] / numbers[place + 1] if numbers[place + 1] else 1.0


def report(kind: str, name: str, files: list[tuple[float, ...]], as_json: bool) -> None:
    """Print one line: of all words of a format together, and of the middle file."""
    sums = tuple(map(sum, zip(*files, strict=True)))
    line: dict[str, object] = {"format": kind, "reader": name, "files": len(files)}
    for place, word in ((0, "recall"), (2, "precision")):
        line[word] = round(share(sums, place), 4)
        line[f"median_{word}"] = round(statistics.median(share(numbers, place) for numbers in files), 4)
    if name == "faq-assistant" and sums[7]:
        line["cells"] = round(share(sums, 4), 4)
        line["of_cells"] = int(sums[5])
        line["cells_all"], line["of_all"] = round(share(sums, 6), 4), int(sums[7])
    line["cpu_seconds"] = round(sums[8], 2)
    print(json.dumps(line) if as_json else "  ".join(f"{key} {value}" for key, value in line.items()))


if __name__ == "__main__":
    raise SystemExit(main())
