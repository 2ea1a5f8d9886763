"""What customers type: how much search loses when questions are typed otherwise than they were written.

``python tests/benchmarks/bench_typed.py [SET …] [--homes FOLDER] [--limit 150]`` searches the questions of
each set of ``FAQ_EVAL_DATA`` as they are and as converted, and prints nDCG@10 of both: traditional and
simplified characters each way, full-width, without diacritics, in lower and in upper case, with a typo in a
fifth of the words, and each question's first half.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
from opencc import OpenCC

from kb.knowledge_base import open_knowledge_base
from kb.settings import KnowledgeSettings
from tests.benchmarks.bench_search import (
    DEPTH,
    folder_of_data,
    load_set,
    measures,
    questions,
    records,
    relevant,
    wordings,
)

SETS = ("esun_bank_faq_q2a", "stackfaq")
_TYPO_SHARE = 0.2
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[A-Za-z]{4,}")


def full_width(text: str) -> str:
    """Return ASCII as full-width forms, as some Chinese keyboards type it."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


def without_diacritics(text: str) -> str:
    """Return the text without combining marks."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def with_typos(text: str) -> str:
    """Return the text with one letter of a fifth of its English words swapped, lost, doubled or mistaken."""
    draw = random.Random(text)

    def typo(found: re.Match[str]) -> str:
        word = found.group()
        if draw.random() >= _TYPO_SHARE:
            return word
        at = draw.randrange(1, len(word) - 1)
        kind = draw.randrange(4)
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind == 1:
            return word[:at] + word[at + 1 :]
        return word[:at] + (draw.choice(_LETTERS) if kind == 2 else word[at] * 2) + word[at + 1 :]

    return _WORD.sub(typo, text)


CONVERSIONS: dict[str, Callable[[str], str]] = {
    "simplified": OpenCC("t2s").convert,
    "traditional": OpenCC("s2t").convert,
    "full-width": full_width,
    "without diacritics": without_diacritics,
    "lower case": str.lower,
    "upper case": str.upper,
    "typos": with_typos,
    "first half": lambda text: text[: max(4, len(text) // 2)],
}


def run(folder: Path, home: Path, limit: int) -> None:
    """Print how every conversion does, beside the same questions as they were written."""
    rows, grades = questions(folder, limit), relevant(folder)
    with open_knowledge_base(KnowledgeSettings.load(home=home)) as knowledge_base:
        load_set(knowledge_base, folder)

        def quality(text: str, grade: dict[str, int]) -> float:
            found = knowledge_base.search(wordings({"text": text}, False), DEPTH)
            return measures(records(hit.chunk.record_id for hit in found.hits), grade)[0]

        asked = [row for row in rows if row["id"] in grades]
        plain = {row["id"]: quality(row["text"], grades[row["id"]]) for row in asked}
        print(f"{folder.name}: as written {np.mean(list(plain.values())):.3f}  n {len(plain)}")
        for name, convert in CONVERSIONS.items():
            changed = [row for row in asked if convert(row["text"]) != row["text"]]
            if not changed:
                continue
            other = np.mean([quality(convert(row["text"]), grades[row["id"]]) for row in changed])
            same = np.mean([plain[row["id"]] for row in changed])
            print(f"  {name:20} {other:.3f}, as written {same:.3f}, difference {other - same:+.3f}"
                  f"  n {len(changed)}", flush=True)  # fmt: skip


def main() -> None:
    """Measure the sets that are named, or those of questions and answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--homes", type=Path, help="knowledge bases by set, as bench_search.py --keep leaves them")
    parser.add_argument("--limit", type=int, default=150, help="questions a set, at most")
    arguments = parser.parse_args()
    for name in arguments.sets or SETS:
        with tempfile.TemporaryDirectory() as temporary:
            home = (arguments.homes or Path(temporary)) / name
            run(folder_of_data() / name, home, arguments.limit)


if __name__ == "__main__":
    main()
