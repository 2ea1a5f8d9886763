"""How much of a file's text the loaders keep, against texts that people checked.

    python tests/benchmarks/bench_fidelity.py FOLDER [--json]

FOLDER (or the variable FIDELITY_FOLDER) holds one folder a format, each with ``sources/NAME`` and
``groundtruth/NAME.md`` (or the same without the source's ending). Words are compared as bags, Chinese
character by character:

    recall = words of the truth that were found / words of the truth
    precision = words found that are in the truth / words found

The header of a table is counted once for a table in the truth, but stands in every row of ours; so that
precision says what was invented, a word found more often than it is in the truth counts as found there when
it is one of a table row. ``markitdown`` is measured beside ours where it can be imported.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.loaders import can_load, load
from ingest.titles import file_title
from ingest.types import SourceFile
from kb.errors import LoadError
from kb.types import SectionKind

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_NOT_TEXT = re.compile(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)|&(?:amp|lt|gt);|\$\$?", re.DOTALL)


def words(text: str) -> Counter[str]:
    """Return the words of a text with their counts."""
    return Counter(_WORD.findall(_NOT_TEXT.sub(" ", text).lower()))


def ours(path: Path) -> tuple[Counter[str], Counter[str]]:
    """Return the words of prose and the words of table rows."""
    prose: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for document in load(SourceFile(path.as_posix(), path, str(path.parent))):
        if not document.title.startswith(file_title(path)):  # a file's name is not in its text
            prose.update(words(document.title))
        for heading in dict.fromkeys(h for section in document.sections for h in section.headings):
            prose.update(words(heading))
        for section in document.sections:
            kept = rows if section.kind is SectionKind.TABLE_ROW else prose
            kept.update(words(f"{section.question or ''}\n{section.text}"))
    return prose, rows


def markitdown() -> Callable[[Path], tuple[Counter[str], Counter[str]]] | None:
    """Return the same for markitdown, None where it is not installed."""
    if importlib.util.find_spec("markitdown") is None:
        return None
    from markitdown import MarkItDown

    converter = MarkItDown()
    return lambda path: (words(converter.convert(str(path)).text_content), Counter())


def pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the files that have a truth, with it."""
    for path in sorted(folder.glob("*/sources/*")):
        truths = path.parent.parent / "groundtruth"
        for truth in (truths / f"{path.name}.md", truths / f"{path.stem}.md"):
            if can_load(path.suffix) and truth.exists():
                yield path, truth
                break


def score(found: tuple[Counter[str], Counter[str]], truth: Counter[str]) -> tuple[int, int, int, int]:
    """Return words right, words of the truth, words found that are in the truth, words found."""
    prose, rows = found
    right = (prose + rows) & truth
    spare = sum(count for word, count in rows.items() if word in truth)
    inside = sum((prose & truth).values()) + spare
    return sum(right.values()), sum(truth.values()), inside, sum((prose + rows).values())


def main() -> int:
    """Print one line a format and reader; 1 where nothing was measured."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", default=os.environ.get("FIDELITY_FOLDER", ""), type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--files", action="store_true", help="also a line for every file")
    arguments = parser.parse_args()
    readers: dict[str, Callable[[Path], tuple[Counter[str], Counter[str]]]] = {"faq-assistant": ours}
    other = markitdown()
    if other is not None:
        readers["markitdown"] = other
    totals: dict[tuple[str, str], list[float]] = {}
    for path, truth in pairs(arguments.folder):
        expected = words(truth.read_text(encoding="utf-8"))
        for name, reader in readers.items():
            began = time.perf_counter()
            try:
                numbers = score(reader(path), expected)
            except (LoadError, Exception) as error:
                print(f"{name} failed on {path.name}: {type(error).__name__}", file=sys.stderr)
                numbers = (0, sum(expected.values()), 0, 0)
            total = totals.setdefault((path.suffix.lower(), name), [0.0] * 6)
            for place, number in enumerate((*numbers, time.perf_counter() - began, 1)):
                total[place] += number
            if arguments.files:
                print(
                    f"{path.name} {name} {numbers[0] / max(1, numbers[1]):.3f} {numbers[2] / max(1, numbers[3]):.3f}"  # noqa: E501 - one call
                )
    lines = [
        {
            "format": ending, "reader": name, "files": int(t[5]), "recall": round(t[0] / max(1, t[1]), 4),
            "precision": round(t[2] / max(1, t[3]), 4), "seconds": round(t[4], 2),
        }
        for (ending, name), t in sorted(totals.items())
    ]  # fmt: skip
    for line in lines:
        print(json.dumps(line) if arguments.json else "  ".join(f"{key} {value}" for key, value in line.items()))
    return 0 if lines else 1


if __name__ == "__main__":
    raise SystemExit(main())
