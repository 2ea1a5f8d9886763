"""Passages edited so that the same question is answered by one and not by the other.

Near misses alone teach how near misses are worded. Here every question stands beside a passage that answers it and
beside its twin that does not, so that the question says nothing. A line of ``twins/*.jsonl`` edits one unit::

    {"id": "a-001", "kind": "condition",
     "en": {"plus": [["", "Sentence added."]], "minus": [["old words", "new words"]], "asks": "a question"},
     "zh": {…}}

``plus`` answers the unit's near misses too; ``minus`` answers none of its questions, and answers ``asks``, which
the passage as it stands does not. ``python data/training/twins.py`` checks all of them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from rows import FOLDER, LANGUAGES, Row, passage_of, read_units

KINDS = ("entity", "aspect", "condition", "number", "polarity", "person", "place")
"""What makes the difference between a passage that answers and its twin."""

LEAST, MOST = 0.55, 1.8
"""An edited passage is about as long as the passage, else its length would tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question beside a passage.

    Attributes:
        unit: id of the unit.
        company: whose passage it is.
        language: ``en`` or ``zh``.
        kind: one of `KINDS`.
        question: as a customer types it.
        passage: title and text.
        answered: whether the passage answers the question.
    """

    unit: str
    company: str
    language: str
    kind: str
    question: str
    passage: str
    answered: bool


def edited(text: str, changes: list[list[str]]) -> str:
    """Return a text with words exchanged; nothing to exchange appends.

    Raises:
        ValueError: words to exchange that do not stand in the text exactly once.
    """
    for old, new in changes:
        if not old:
            text = f"{text}{' ' if text.isascii() or not text.endswith('。') else ''}{new}"
        elif text.count(old) != 1:
            raise ValueError(f"stands {text.count(old)} times in the passage: {old!r}")
        else:
            text = text.replace(old, new)
    return text


def read_twins() -> list[Row]:
    """Return the edits of all units that have some."""
    return [
        json.loads(line)
        for path in sorted((FOLDER / "twins").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def pairs_of(unit: Row, twin: Row) -> Iterator[Pair]:
    """Yield the pairs of one unit by twos: a question beside what answers it, then beside what does not."""
    for language in LANGUAGES:
        edits = twin[language]
        text = unit[f"passage_{language}"]
        passage, plus, minus = (
            passage_of({**unit, f"passage_{language}": changed}, language)
            for changed in (text, edited(text, edits["plus"]), edited(text, edits["minus"]))
        )
        for questions, answers, not_answers in (
            (unit[f"questions_{language}"], passage, minus),
            (unit[f"near_{language}"], plus, passage),
            ([edits["asks"]], minus, passage),
        ):
            for question in questions:
                for beside, answered in ((answers, True), (not_answers, False)):
                    yield Pair(
                        unit=unit["id"],
                        company=unit["company"],
                        language=language,
                        kind=twin["kind"],
                        question=question,
                        passage=beside,
                        answered=answered,
                    )


def faults(unit: Row, twin: Row) -> Iterator[str]:
    """Yield what is wrong with one unit's edits."""
    if twin.get("kind") not in KINDS:
        yield f"kind {twin.get('kind')!r} is none of {', '.join(KINDS)}"
    for language in LANGUAGES:
        text = unit[f"passage_{language}"]
        edits = twin.get(language, {})
        if set(edits) != {"plus", "minus", "asks"}:
            yield f"{language}: wanted plus, minus and asks, got {', '.join(edits) or 'nothing'}"
            continue
        for side in ("plus", "minus"):
            try:
                changed = edited(text, edits[side])
            except ValueError as problem:
                yield f"{language} {side}: {problem}"
                continue
            if changed == text:
                yield f"{language} {side}: changes nothing"
            if not LEAST <= len(changed) / len(text) <= MOST:
                yield f"{language} {side}: {len(changed) / len(text):.2f} as long as the passage"
        if not edits["asks"].strip():
            yield f"{language}: asks nothing"


def check() -> int:
    """Print what is wrong and how much there is; 1 if anything is wrong."""
    units = {row["id"]: row for row in read_units()}
    twins = read_twins()
    seen: set[str] = set()
    wrong = 0
    for twin in twins:
        name = twin["id"]
        found = ["edited twice"] if name in seen else []
        found += faults(units[name], twin) if name in units else ["no such unit"]
        seen.add(name)
        wrong += bool(found)
        for fault in found:
            print(f"{name}: {fault}", file=sys.stderr)
    print(f"{len(twins)} of {len(units)} units edited, {wrong} wrongly")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(check())
