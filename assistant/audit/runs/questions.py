"""What an audit asks: a question file, recorded conversations, or both; all of them, or a sample with a seed."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.audit.types import Gold, Question
from assistant.conversation.rows import read_brand, read_history
from kb.errors import FaqError
from kb.identity import digest
from kb.language.text import detect_language
from kb.terminal import read_jsonl


def read_questions(path: Path, by: Sequence[str] = (), brands: Collection[str] = ()) -> list[Question]:
    """Return the questions of a JSON Lines file.

    Rows are ``{"id", "text"}`` with, where known, ``history``, ``lang``, ``topic`` (or ``kind``), ``channel``,
    ``brand``, ``answerable``, ``documents``, ``records`` and ``words`` (lists of wordings of which one must be
    there).

    Args:
        path: of the file.
        by: further fields of the rows that rates are told apart by.
        brands: that there are; a row without a ``brand`` whose ``company`` is one of them is asked of that one.

    Raises:
        FaqError: the file, or a row of it, cannot be read.
    """
    found: list[Question] = []
    seen: set[str] = set()
    for number, row in enumerate(read_jsonl(path), 1):
        question = _question(row, number, path, by, brands)
        if question.id in seen:
            raise FaqError(f"row {number} of {path} has the id {question.id!r} again: give every row its own")
        seen.add(question.id)
        found.append(question)
    if not found:
        raise FaqError(f"{path} has no questions: write rows with an id and a text, one JSON object a line")
    return found


def _question(
    row: Mapping[str, Any], number: int, path: Path, by: Sequence[str], brands: Collection[str]
) -> Question:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise FaqError(f"row {number} of {path} has no text: each row needs an id and a text")
    try:
        history, brand = tuple(read_history(row)), read_brand(row)
        gold = Gold(
            row.get("answerable"),
            tuple(map(str, row.get("documents") or ())),
            tuple(map(str, row.get("records") or ())),
            tuple(tuple([group] if isinstance(group, str) else group) for group in row.get("words") or ()),
        )
    except (TypeError, ValueError) as error:
        raise FaqError(
            f"row {number} of {path} is not as it should be ({error}): history is a list of "
            '{"role", "text"}, documents and records are lists of text, words a list of lists of text'
        ) from error
    company = row.get("company")
    if not brand and isinstance(company, str) and company in brands:
        brand = company
    groups = {
        "language": str(row.get("lang") or detect_language(text)),
        "topic": str(row.get("topic") or row.get("kind") or ""),
        "channel": str(row.get("channel") or ""),
        **({"brand": brand} if brand else {}),
        **{name: str(row.get(name, "")) for name in by},
    }
    return Question(
        id=str(row.get("id", number)), text=text, history=history, groups=groups, gold=gold, brand=brand
    )


def sample(ids: Sequence[tuple[str, str]], size: int, seed: int, *, stratified: bool) -> list[str]:
    """Return the ids of a sample, in the order given.

    Args:
        ids: pairs of id and stratum.
        size: how many, all where there are fewer.
        seed: the same one draws the same sample.
        stratified: draw from each stratum in proportion to its size (largest remainders, so that the sample
            weighs itself), instead of from all alike.
    """
    if size >= len(ids):
        return [identifier for identifier, _ in ids]
    generator = random.Random(seed)  # noqa: S311 (a sample that can be drawn again is meant)
    if not stratified:
        chosen = set(generator.sample([identifier for identifier, _ in ids], size))
    else:
        strata: dict[str, list[str]] = {}
        for identifier, stratum in ids:
            strata.setdefault(stratum, []).append(identifier)
        shares = allocate({name: len(members) for name, members in strata.items()}, size)
        chosen = {i for name in sorted(strata) for i in generator.sample(strata[name], shares[name])}
    return [identifier for identifier, _ in ids if identifier in chosen]


def allocate(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """Return how many of ``total`` to draw from strata of these sizes: in proportion, by largest remainders."""
    whole = sum(sizes.values())
    shares = {name: total * size / whole for name, size in sizes.items()}
    drawn = {name: int(share) for name, share in shares.items()}
    rest = sorted(sizes, key=lambda name: (drawn[name] - shares[name], name))
    for name in rest[: total - sum(drawn.values())]:
        drawn[name] += 1
    return drawn


def digest_of(questions: Iterable[Question]) -> str:
    """Return what tells whether two lists of questions are the same."""
    return digest(*(part for q in questions for part in _parts(q)))


def _parts(question: Question) -> Iterator[str]:
    yield question.id
    yield question.text
    yield repr(question.history)
    yield repr(question.gold)
    yield repr(sorted(question.groups.items()))
    yield repr(question.given)
