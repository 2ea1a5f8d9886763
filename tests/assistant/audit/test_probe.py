"""Which questions need not be asked again after a load: told safely, and of more than those with the same hits."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.app import build_assistant
from assistant.audit.compare.comparison import same_answer
from assistant.audit.compare.probe import Probe, watched
from assistant.audit.measure.judges import LocalJudge
from assistant.audit.runs.auditor import Auditor
from assistant.audit.runs.questions import read_questions
from assistant.settings import Settings
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.answerable.evidence import Evidence
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.search.search import Retrieval
from kb.types import Chunk, Filters, Hit

MATTERS = ["refunds", "delivery", "warranty", "repairs", "vouchers", "returns", "insurance", "installation"]
THINGS = ["kettles", "lamps", "tables", "radios", "blankets", "bicycles", "cameras", "kitchens"]


def _write(folder: Path, chance: random.Random) -> None:
    folder.mkdir()
    for matter in MATTERS:
        lines = [f"# {matter.title()}\n"]
        for thing in THINGS:
            days, price = chance.randint(2, 60), chance.randint(3, 90)
            lines.append(f"## {matter.title()} of {thing}\n")
            lines.append(
                f"The period of {matter} for {thing} is {days} days. A fee of {price} euros is charged for "
                f"{matter} of {thing}. Our staff in the stores helps with {matter} of {thing} free of charge.\n"
            )
        (folder / f"{matter}.md").write_text("\n".join(lines))


def _edit(folder: Path, chance: random.Random) -> None:
    """Change, remove, insert or move one line of one document, or remove or add a document."""
    path = chance.choice(sorted(folder.glob("*.md")))
    lines = path.read_text().splitlines()
    place = chance.choice([i for i, line in enumerate(lines) if line.startswith("The period")])
    kind = chance.choice(("number", "negate", "remove", "insert", "heading", "new"))
    if kind == "number":
        lines[place] = lines[place].replace(" days", "5 days")
    elif kind == "negate":
        lines[place] = lines[place].replace(" is charged", " is not charged")
    elif kind == "remove":
        del lines[place]
    elif kind == "insert":
        lines.insert(place, f"Since March, {chance.choice(MATTERS)} of {chance.choice(THINGS)} take longer.\n")
    elif kind == "heading":
        lines[place - 2] = f"## All about {chance.choice(THINGS)}"
    else:
        path = folder / f"news-{chance.randint(0, 999)}.md"
        lines = ["# News", "", f"The period of {chance.choice(MATTERS)} for lamps and tables is 99 days."]
    path.write_text("\n".join(lines) + "\n")


def _questions(chance: random.Random) -> list[dict[str, Any]]:
    wordings = (
        "how long is the period of {m} for {t}?", "what does {m} of {t} cost?", "{m} {t}",
        "I heard the fee for {m} of {t} is 500 euros, is that right?",
        "what is the fee for {m} of {t}? And how long does {m} of {t} take?",
    )  # fmt: skip
    return [
        {"id": f"q{n}", "text": chance.choice(wordings).format(m=chance.choice(MATTERS), t=chance.choice(THINGS))}
        for n in range(24)
    ]


def _load(knowledge_base: KnowledgeBase, folder: Path) -> int:
    with ProgressBar() as bar:
        sync(knowledge_base, find_sources([folder]), [folder.as_posix()], bar, "test")
    return knowledge_base.published().version


@pytest.mark.parametrize("seeds", [range(1), pytest.param(range(1, 6), marks=pytest.mark.slow)])
def test_what_need_not_be_asked_again_is_answered_the_same(tmp_path: Path, seeds: range) -> None:
    """Of every question that the probe vouches for, words and citations are equal at both versions.

    It vouches for more than those whose hits are all the same.
    """
    found = [_vouched_for(tmp_path / str(seed), seed) for seed in seeds]
    assert sum(watching for watching, _ in found) > sum(strict for _, strict in found)


def _vouched_for(place: Path, seed: int) -> tuple[int, int]:
    """Return of how many questions a watching and a strict probe say that they are answered the same."""
    place.mkdir()
    chance = random.Random(seed)
    folder, asked = place / "documents", place / "questions.jsonl"
    _write(folder, chance)
    asked.write_text("".join(json.dumps(row) + "\n" for row in _questions(chance)))
    settings = Settings(home=place / "home", embedder="hashing", min_answerable=0.3, record=False)
    vouched = strictly = 0
    with open_knowledge_base(settings) as knowledge_base:
        old = _load(knowledge_base, folder)
        for _ in range(3):
            _edit(folder, chance)
        new = _load(knowledge_base, folder)
        assistant = build_assistant(settings, knowledge_base, None)
        judge = LocalJudge(knowledge_base.embedder)
        before, after = (
            Auditor(assistant, knowledge_base, judge, filters=Filters(version=number), regions=())
            for number in (old, new)
        )
        probes = [Probe(knowledge_base, old, new, watch=watch) for watch in (True, False)]
        probing = [build_assistant(settings, probe, None) for probe in probes]  # type: ignore[arg-type]
        for question in read_questions(asked):
            watching, strict = (
                probe.same(lambda a=assistant, q=question.text: a.reply(q))
                for probe, assistant in zip(probes, probing, strict=True)
            )
            assert watching or not strict
            vouched, strictly = vouched + watching, strictly + strict
            if watching:
                assert same_answer(before.audit(question), after.audit(question)), question.text
    return vouched, strictly


def _retrieval(*texts: str, answerable: float = 0.8) -> Retrieval:
    chunks = [
        Chunk(
            id=f"c{text}",
            document_id="d",
            document_uri="file:///d",
            title="D",
            text=text,
            position=n,
            start=10 * n,
            end=10 * n + 9,
        )
        for n, text in enumerate(texts)
    ]
    hits = tuple(Hit(chunk, 1.0 - n / 10) for n, chunk in enumerate(chunks))
    return Retrieval(hits=hits, answerable=answerable, evidence=Evidence(), queries=("q",), version=1)


def _reads(was: Retrieval, now: Retrieval, read: Any) -> bool:
    """Tell whether a turn that reads this of what it found is vouched for."""

    class Found:
        """A knowledge base in which each version finds what it was given."""

        embedder = None

        def search(self, _queries: Any, _k: int, filters: Filters) -> Retrieval:
            """Return what the version has."""
            return was if filters.version == 1 else now

    probe = Probe(Found(), 1, 2)  # type: ignore[arg-type]
    return probe.same(lambda: read(probe.search(["q"])))


def test_only_what_is_read_counts() -> None:
    """A hit that differs is no matter until one of its fields is read, or it is hashed or compared."""
    was, now = _retrieval("a", "b", "c"), _retrieval("a", "b", "other")
    assert _reads(was, now, lambda r: [hit.chunk.text for hit in r.hits[:2]])
    assert _reads(was, now, lambda r: [hit.score for hit in r.hits])
    for read in (
        lambda r: [hit.chunk.text for hit in r.hits],
        lambda r: r.hits[2].chunk.id,
        lambda r: replace(r.hits[2].chunk, title="T"),
        lambda r: {hit.chunk: hit.score for hit in r.hits},
        lambda r: r.hits[2].chunk == r.hits[2].chunk,
        lambda r: repr(r.hits[2]),
    ):
        assert not _reads(was, now, read)


def test_where_a_chunk_stands_is_only_cited() -> None:
    """Offsets may differ; the words may not, and a copy of what was read is as good as it."""
    was = _retrieval("a", "b")
    moved = tuple(replace(hit, chunk=replace(hit.chunk, start=500, end=501)) for hit in was.hits)
    now = replace(was, hits=moved, answerable=0.7)
    assert _reads(was, now, lambda r: (r.hits[0].chunk.start, r.hits[1].chunk.end, r.hits[0].chunk.text))
    assert _reads(was, now, lambda r: replace(r.hits[0].chunk, title="T").title)


def test_numbers_must_decide_alike() -> None:
    """Scores may differ as long as all that is decided by them is the same, and none becomes part of a text."""
    was, now = _retrieval("a", answerable=0.8), _retrieval("a", answerable=0.7)
    for read in (
        lambda r: r.answerable >= 0.4,
        lambda r: max([r, r], key=lambda x: x.answerable),
        lambda r: 1 - 2 * r.answerable / 4 > 0.1,
        lambda r: r.answerable - r.answerable == 0,
        lambda r: bool(r.answerable),
    ):
        assert _reads(was, now, read)
    for read in (
        lambda r: r.answerable >= 0.75,
        lambda r: r.answerable < 0.75,
        lambda r: 1 - r.answerable > 0.25,
        lambda r: float(r.answerable),
        lambda r: np.ones(2) + r.answerable,
        lambda r: np.ones(2) * (1 - r.answerable),
        lambda r: f"{r.answerable}",
        lambda r: f"{r.answerable:.2f}",
        lambda r: round(r.answerable, 1),
        lambda r: {r.answerable: 1},
    ):
        assert not _reads(was, now, read)


def test_another_number_of_hits_is_another_evidence() -> None:
    """Where a version finds fewer hits, nothing is watched: the question is asked."""
    assert not _reads(_retrieval("a", "b"), _retrieval("a"), lambda r: r.hits[0].chunk.text)
    assert watched(_retrieval("a"), _retrieval("a")).hits[0].chunk.text == "a"
