"""Precision and recall of lint's conflicts on real policies with single facts changed.

Each trial takes all unchanged documents and adds one change, made by a rule that knows nothing of how lint reads
facts: a number in front of a unit, a currency or a percent sign becomes another number.

- ``copy``: a copy of a document, word for word, with one value changed.
- ``moved``: one sentence with a value, changed, put between two paragraphs of another document.
- ``reworded``: like ``moved``, with common words of the sentence replaced by others that mean the same.
- ``same``: a copy without a change; every conflict that it adds is false.

Found means: a conflict quotes the changed sentence beside the original. A conflict that the unchanged documents do
not have and that is not the change is false; those that the unchanged documents have are counted by themselves.

    PYTHONPATH=. python tests/benchmarks/bench_lint.py [--documents FOLDER …] [--trials 60]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from ingest.formats import load
from ingest.lint.answers import find_different_answers
from ingest.lint.conflicts import find_conflicts
from ingest.lint.statements import statements
from ingest.lint.types import Finding, LintDocument
from ingest.loading.chunks import chunk, document_text
from ingest.sources.files import find_sources
from kb.errors import LoadError
from kb.types import Document, Section
from tests.benchmarks.elsewhere import DOCUMENTS

FOLDERS = ("en_37signals_policies", "en_18f_tts_handbook", "en_tau2_policies", "zh_consumer_law")
VALUE = re.compile(
    r"(?<![\w.,-])(?P<number>\d{1,4})(?=\s?(?:%|percent|days?\b|hours?\b|weeks?\b|months?\b|years?\b|minutes?\b"
    r"|business days?\b|working days?\b|miles\b|GB\b|dollars?\b|kg\b|日|天|小时|个月|年以|倍|元|万元))"
    r"|[$€£](?P<money>\d{1,4})(?![\d,.])"
    r"|(?P<word>\b(?:two|three|five|ten|seven|thirty)\b)(?=\s(?:days?|hours?|weeks?|months?|years?)\b)"
    r"|(?P<han>[一二三四五六七八九]?十|[二三四五六七八九])(?=日|天|年以|个月|倍以|万元|千元|小时|个工作日)"
)
WORDS = {"two": "six", "three": "nine", "five": "eight", "ten": "twenty", "seven": "fifteen", "thirty": "sixty"}
HAN = "二三四五六七八九"
SAME_MEANING = (
    ("you must ", "you have to "), (" must ", " has to "), (" within ", " in "), (" will ", " is going to "),
    (" receive ", " get "), (" purchase", " buy"), (" employee", " staff member"), ("customer", "client"),
    (" before ", " ahead of "), (" prior to ", " before "), (" approximately ", " about "),
    (" request", " ask for"), (" terminate", " end"), (" provide", " give"), ("应当", "须"), ("可以", "得以"),
    ("处以", "处"), ("期限", "时限"),
)  # fmt: skip


def read(folders: list[Path]) -> list[tuple[str, Document]]:
    """Return the Markdown documents of the folders."""
    found = []
    for file in find_sources(folders).files:
        if file.path.suffix == ".md" and "LICENSE" not in file.path.name:
            with contextlib.suppress(LoadError):  # some test files are empty on purpose
                found += [(file.uri, document) for document in load(file)]
    return found


def looked_at(document: Document) -> LintDocument:
    """Return a document as lint looks at it."""
    text = document_text(document)[0]
    return LintDocument(
        uri=document.uri, file_uri=document.uri, title=document.title, text=text, chunks=tuple(chunk(document))
    )


def another(value: re.Match[str], chance: random.Random) -> str:
    """Return the text of a value with another number."""
    text = value.group()
    if value["word"]:
        return WORDS[text.casefold()]
    if value["han"]:
        digit = chance.choice([d for d in HAN if d not in text])
        return digit + "十" if text.endswith("十") else digit
    old = value["number"] or value["money"]
    new = old
    while new == old:
        new = str(max(1, int(int(old) * chance.choice([0.5, 0.8, 1.5, 2, 3])) + chance.choice([-1, 0, 1, 5])))
    return text.replace(old, new)


def changed(text: str, chance: random.Random) -> tuple[str, str, str] | None:
    """Return the text with one value changed, and the line of it before and after; None without a value."""
    values = list(VALUE.finditer(text))
    if not values:
        return None
    value = chance.choice(values)
    fresh = text[: value.start()] + another(value, chance) + text[value.end() :]
    begin = max(text.rfind(mark, 0, value.start()) for mark in ("\n", ". ", "。", "? ", "! ")) + 1
    ends = [p for mark in ("\n", ". ", "。", "? ", "! ") if (p := text.find(mark, value.end())) >= 0]
    end = min(ends, default=len(text)) + 1
    return fresh, text[begin:end].strip(), fresh[begin : end + len(fresh) - len(text)].strip()


def copied(document: Document, chance: random.Random, change: bool) -> tuple[Document, str] | None:
    """Return a copy of a document with one value changed, and the changed sentence."""
    places = [i for i, s in enumerate(document.sections) if VALUE.search(s.text)]
    if not places:
        return None
    sections, after = list(document.sections), ""
    if change:
        place = chance.choice(places)
        done = changed(sections[place].text, chance)
        assert done is not None
        sections[place] = replace(sections[place], text=done[0])
        after = done[2]
    return replace(document, uri=document.uri + ".copy.md", sections=tuple(sections)), after


def moved(document: Document, into: Document, chance: random.Random, reword: bool) -> tuple[Document, str] | None:
    """Return ``into`` with a changed sentence of ``document`` in it, and that sentence."""
    places = [s for s in document.sections if VALUE.search(s.text)]
    if not places or document.uri == into.uri:
        return None
    done = changed(chance.choice(places).text, chance)
    assert done is not None
    sentence = re.sub(r"^(?:[-*]|\d+\.)\s+", "", done[2])
    if len(sentence) < (12 if re.search("[一-鿿]", sentence) else 30):
        return None  # a cell or a caption, no statement
    if reword:
        spoken = sentence
        for old, new in SAME_MEANING:
            spoken = spoken.replace(old, new)
        if spoken == sentence:
            return None
        sentence = spoken
    sections = list(into.sections)
    place = chance.randrange(len(sections))
    whole: Section = sections[place]
    sections[place] = replace(whole, text=f"{whole.text}\n\n{sentence}")
    return replace(into, sections=tuple(sections)), sentence


class Corpus:
    """The unchanged documents, with their statements read once."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self._looked = [looked_at(document) for document in documents]
        self._places = {document.uri: place for place, document in enumerate(documents)}
        self._stated = statements(self._looked)

    def conflicts(self, fresh: Document | None = None) -> dict[str, Finding]:
        """Return lint's contradictions by id when ``fresh`` is added, or replaces the one at its uri."""
        looked, stated = list(self._looked), self._stated
        if fresh is not None:
            place = self._places.get(fresh.uri, len(looked))
            looked[place : place + 1] = [looked_at(fresh)]
            own = [replace(statement, document=place) for statement in statements([looked[place]])]
            stated = [s for s in stated if s.document != place] + own
        return {f.id: f for f in [*find_conflicts(looked, stated), *find_different_answers(looked)]}


def squeezed(text: str) -> str:
    """Return a text without white space and marks."""
    return re.sub(r"[\W_]+", "", text)


def is_found(finding: Finding, sentence: str) -> bool:
    """Tell whether a finding quotes the changed sentence, or the changed sentence quotes it."""
    wanted = squeezed(sentence)
    return any(wanted in squeezed(q.text) or squeezed(q.text) in wanted for q in finding.quotes)


def trial(
    kind: str, corpus: Corpus, known: set[str], chance: random.Random
) -> tuple[bool | None, int, str, str] | None:
    """Return whether the change was found (None without one), how many conflicts are false, uri and sentence."""
    documents = corpus.documents
    document = chance.choice(documents)
    if kind in ("copy", "same"):
        made = copied(document, chance, kind == "copy")
    else:
        language = re.search("[一-鿿]", document.title) is not None
        others = [d for d in documents if (re.search("[一-鿿]", d.title) is not None) == language]
        made = moved(document, chance.choice(others), chance, kind == "reworded")
    if made is None:
        return None
    fresh, sentence = made
    new = [finding for key, finding in corpus.conflicts(fresh).items() if key not in known]
    if kind == "same":
        return None, len(new), document.uri, ""
    right = [finding for finding in new if is_found(finding, sentence)]
    return bool(right), len(new) - len(right), document.uri, sentence


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", nargs="*", type=Path, default=[DOCUMENTS / name for name in FOLDERS])
    parser.add_argument("--trials", type=int, default=60, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="also print what was missed")
    arguments = parser.parse_args()
    documents = [document for _, document in read(arguments.documents)]
    corpus = Corpus(documents)
    unchanged = corpus.conflicts()
    chance = random.Random(arguments.seed)
    counts: Counter[str] = Counter()
    for kind in ("copy", "moved", "reworded", "same"):
        done = 0
        for _ in range(arguments.trials * 20):
            if done == arguments.trials:
                break
            ended = trial(kind, corpus, set(unchanged), chance)
            if ended is None:
                continue
            found, false, uri, sentence = ended
            done += 1
            counts[f"{kind}_trials"] += 1
            counts[f"{kind}_found"] += bool(found)
            counts[f"{kind}_false"] += false
            if arguments.verbose and (found is False or false):
                print(
                    f"{kind}: found {found}, {false} false: {uri.rsplit('/', 1)[1]}: {sentence[:200]}", flush=True
                )
    print(json.dumps(_figures(counts, len(documents), unchanged), ensure_ascii=False))


def _figures(counts: Counter[str], documents: int, unchanged: dict[str, Finding]) -> dict[str, object]:
    figures: dict[str, object] = {"documents": documents}
    for kind in ("copy", "moved", "reworded", "same"):
        trials, found, false = (counts[f"{kind}_{name}"] for name in ("trials", "found", "false"))
        figures[kind] = {"trials": trials, "found": found, "false": false}
        if kind != "same" and trials:
            figures[f"{kind}_recall"] = round(found / trials, 3)
    strict = [kind for kind in ("copy", "moved") if counts[f"{kind}_trials"]]
    found = sum(counts[f"{kind}_found"] for kind in strict)
    false = sum(counts[f"{kind}_false"] for kind in (*strict, "same")) + len(unchanged)
    figures["recall"] = round(found / max(1, sum(counts[f"{kind}_trials"] for kind in strict)), 3)
    figures["precision"] = round(found / max(1, found + false), 3)
    figures["conflicts_in_unchanged"] = len(unchanged)
    figures["per_100_unchanged_documents"] = round(100 * len(unchanged) / documents, 2)
    return figures


if __name__ == "__main__":
    main()
