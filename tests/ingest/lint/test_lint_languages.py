"""What lint finds between English and Chinese documents, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.lint import lint
from ingest.lint.read import read_documents, stored_vectors
from ingest.lint.translations import translations
from ingest.lint.types import Finding, FindingKind, LintDocument, Severity
from ingest.loading.chunks import chunk, document_text
from kb.embedders import Vectors
from kb.embedders.bundled import BundledEmbedder
from kb.knowledge_base import open_knowledge_base
from kb.settings import KnowledgeSettings
from kb.types import Chunk, Document, Labels, Section

TODAY = date(2026, 11, 24)
PAIRS = [
    ("A kettle can be returned within 30 days if the receipt is there; we deduct 10%.",
     "水壶凭小票可在30天内退货，扣除10%。"),
    ("Home delivery costs 18 yuan and takes three working days.", "送货上门收费18元，需要三个工作日。"),
    ("The warranty on the compressor is ten years, on other parts 24 months.", "压缩机保修十年，其他零件24个月。"),
    ("Engineers come between 8:30 and 17:00 and cost 60 yuan an hour.", "工程师8:30至17:00上门，每小时60元。"),
    ("Gift cards hold 50 to 2,000 yuan and expire after 36 months.", "礼品卡面值50至2000元，36个月后失效。"),
    ("Points expire on 31 December 2027; 100 at least are redeemed.", "积分于2027年12月31日失效，100积分起兑。"),
    ("We match prices up to 15% lower that are found within 7 days.", "7天内发现更低价格，可补差价，最多15%。"),
    ("Complaints are answered within 48 hours, in writing within 14 days.", "投诉48小时内答复，14天内书面答复。"),
    ("A locked account opens again after 12 hours, or after 3 calls.", "账户锁定12小时后自动解锁，或致电3次。"),
    ("Old appliances up to 25 kg are taken away for 30 yuan.", "25公斤以下旧家电收费30元带走。"),
]  # fmt: skip
"""English and Chinese statements of the same facts, one subject after the other."""


def document(name: str, text: str, title: str = "", **labels: Any) -> LintDocument:
    """Return a document with one paragraph."""
    made = Document(uri=name, title=title or name, sections=(Section(text=text),), labels=Labels(**labels))
    return LintDocument(
        uri=name,
        file_uri=name,
        title=made.title,
        text=document_text(made)[0],
        labels=made.labels,
        chunks=tuple(chunk(made)),
    )


def by_subject(chunks: Sequence[Chunk]) -> dict[str, Vectors]:
    """Return vectors like an embedder's: a direction for the subject (in the uri), one for the language, noise."""
    noise = np.random.default_rng(7)
    found = {}
    for part in chunks:
        vector = 0.1 * noise.standard_normal(64)
        vector[int(part.document_uri[:2])] += 1
        vector[60 if part.language == "en" else 61] += 1
        found[part.id] = (vector / np.linalg.norm(vector)).astype(np.float32)
    return found


def conflicts(*changed: LintDocument, pairs: Sequence[tuple[str, str]] = PAIRS) -> list[Finding]:
    """Return the conflicts among all pairs, with documents added or put in the place of others."""
    there = {}
    for number, (english, chinese) in enumerate(pairs):
        there[f"{number:02}-en.md"] = document(f"{number:02}-en.md", english)
        there[f"{number:02}-zh.md"] = document(f"{number:02}-zh.md", chinese)
    there |= {d.uri: d for d in changed}
    return [f for f in lint(list(there.values()), TODAY, by_subject) if f.kind is FindingKind.CONFLICT]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("00-zh.md", "30天", "14天"),
        ("00-en.md", "30 days", "two weeks"),
        ("00-zh.md", "10%", "百分之二十"),
        ("01-zh.md", "三个工作日", "五個工作日"),
        ("01-en.md", "18 yuan", "28 yuan"),
        ("03-zh.md", "17:00", "下午6点"),
        ("05-en.md", "31 December 2027", "31 December 2026"),
        ("09-zh.md", "25公斤", "40公斤"),
    ],
)
def test_a_fact_that_differs_between_languages_is_an_error(name: str, old: str, new: str) -> None:
    """Whichever language was changed, both statements are quoted, with the files to fix."""
    text = PAIRS[int(name[:2])][name[3:5] == "zh"]
    assert old in text
    (finding,) = conflicts(document(name, text.replace(old, new)))
    assert finding.severity is Severity.ERROR
    assert [quote.file_uri for quote in finding.quotes] == [f"{name[:2]}-en.md", f"{name[:2]}-zh.md"]
    assert text.replace(old, new) in [quote.text for quote in finding.quotes]


def test_documents_that_agree_across_languages_give_nothing() -> None:
    """Two weeks are 14天, 18:00 is 下午6点: what is written differently does not differ."""
    assert conflicts() == []
    english = "Complaints are answered within 2 days, in writing within two weeks."
    assert conflicts(document("07-en.md", english)) == []
    assert conflicts(document("00-zh.md", PAIRS[0][1].replace("30天", "一个月"))) == []
    assert conflicts(document("03-zh.md", "工程师8点半至下午5点上门，每小時60元。")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("20-zh.md", "电饭煲凭小票可在14天内退货，扣除10%。"),
        ("00-zh.md", "水壶凭小票可在14天内退货，扣除25%。"),
        ("00-zh.md", "水壶凭小票可退货，扣除10%；30天内可换货，运费9元。"),
        ("00-zh.md", "水壶凭小票可在30天内退货，扣除10%，最多每人两三次。"),
    ],
)
def test_what_seems_to_be_about_something_else_is_left_alone(name: str, text: str) -> None:
    """Another subject, two facts that differ, a fact that only one language states, a guess."""
    assert conflicts(document(name, text)) == []


def test_other_models_years_products_and_times_of_validity_do_not_conflict() -> None:
    """However near two statements are: what they name, or their labels, tells that they never meet."""
    english, chinese = PAIRS[0][0], PAIRS[0][1].replace("30天", "14天")
    assert len(conflicts(document("00-zh.md", chinese))) == 1
    model = document("00-en.md", english.replace("A kettle", "Kettle AF55"))
    assert conflicts(model, document("00-zh.md", chinese.replace("水壶", "水壶AF70"))) == []
    year = document("00-en.md", english, title="Returns 2025")
    assert conflicts(year, document("00-zh.md", chinese, title="退货 2026年")) == []
    product = document("00-en.md", english, product="kettle")
    assert conflicts(product, document("00-zh.md", chinese, product="fridge")) == []
    old = document("00-en.md", english, valid_until=date(2026, 12, 31))
    assert conflicts(old, document("00-zh.md", chinese, valid_from=date(2027, 1, 1))) == []


def test_few_documents_need_more_facts_that_agree() -> None:
    """Nearness tells nothing where there is little to be nearer than; three agreeing facts do."""
    few = [
        ("Delivery costs 18 yuan, takes 3 working days and is free from 300 yuan, up to 25 kg.",
         "送货费18元，5个工作日送达，满300元免费，最重25公斤。"),
        ("Kettles can be returned within 30 days for 10%.", "水壶可在14天内退货，扣10%。"),
    ]  # fmt: skip
    (finding,) = conflicts(pairs=few)
    assert [quote.file_uri for quote in finding.quotes] == ["00-en.md", "00-zh.md"]


def test_one_language_asks_for_no_vectors() -> None:
    """Nothing is read or computed where there is nothing to compare."""

    def never(chunks: Sequence[Chunk]) -> dict[str, Vectors]:
        raise AssertionError(f"{len(chunks)} vectors were asked for")

    assert lint([document(f"{n:02}.md", english) for n, (english, _) in enumerate(PAIRS)], TODAY, never) == []


def test_nearness_does_not_depend_on_how_far_apart_an_embedder_puts_things() -> None:
    """The same pairs at the same nearness, also where all vectors share a direction or the languages do not."""
    random = np.random.default_rng(3)
    subject = random.standard_normal((40, 48)).astype(np.float32)
    other = subject + 0.5 * random.standard_normal((40, 48)).astype(np.float32)

    def found(offset: float) -> list[tuple[int, int, float | None]]:
        sides = []
        for side, sign in ((subject, 1), (other, -1)):
            moved = np.concatenate([side, np.full((40, 1), sign * offset, np.float32)], axis=1)
            sides.append(moved / np.linalg.norm(moved, axis=1, keepdims=True))
        return translations(sides[0], sides[1])

    near, far = found(1), found(20)
    assert [(a, b) for a, b, _ in near] == [(a, b) for a, b, _ in far] == [(n, n) for n in range(40)]
    assert np.allclose([n for *_, n in near], [n for *_, n in far], rtol=0.2)


@pytest.mark.slow
def test_the_bundled_embedder_finds_the_translations(tmp_path: Path) -> None:
    """In a knowledge base as it is loaded, a changed period is found, and nothing else."""
    with open_knowledge_base(KnowledgeSettings(home=tmp_path), BundledEmbedder()) as knowledge_base:
        with knowledge_base.load() as load:
            for number, (english, chinese) in enumerate(PAIRS):
                changed = chinese.replace("14天", "30天") if number == 7 else chinese
                for name, text in (("Conditions", english), ("规定", changed)):
                    made = Document(uri=f"{number}-{name}", title=name, sections=(Section(text=text),))
                    load.put(made, document_text(made)[0], made.uri, chunk(made))
            load.publish("test")
        documents = read_documents(knowledge_base.catalogue, 1)
        vectors_of = stored_vectors(knowledge_base.catalogue, knowledge_base.published().fingerprint)
        (finding,) = (f for f in lint(documents, TODAY, vectors_of) if f.kind is FindingKind.CONFLICT)
    assert [quote.text for quote in finding.quotes] == [PAIRS[7][0], PAIRS[7][1].replace("14天", "30天")]
