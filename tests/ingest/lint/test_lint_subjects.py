"""Lint tells pages about different things from two editions of one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from ingest.lint import lint
from ingest.lint.types import FindingKind, LintDocument
from ingest.loading.chunks import chunk, document_text
from kb.language.editions import without_edition
from kb.types import Document, Labels, Section, SectionKind
from tests.ingest.lint.test_lint_languages import PAIRS, conflicts

TODAY = date(2026, 11, 24)
CONTRADICTIONS = frozenset({FindingKind.CONFLICT, FindingKind.DIFFERENT_ANSWERS})
PARCELS = ("Standard parcels arrive within 3 working days after the order was paid for.", "3", "9")
FEE = ("The monthly fee is $12 and is charged on the day on which the contract was signed.", "12", "19")
FILTER = ("Rinse the filter under warm water every 30 days and let it dry before use.", "30", "45")
COUNTER = ("柜台营业时间以外请拨打服务热线，工作人员会在2小时内回电并登记客户的需求。", "2", "6")
CASH = ("境外取现按照交易金额的百分之三收取手续费，与本金一起记入当期账单。", "三", "五")


@dataclass(frozen=True, slots=True)
class Page:
    """The names of a page."""

    title: str
    headings: tuple[str, ...] = ()
    file: str = ""


def document(page: Page, number: int, text: str, question: str | None = None, **labels: Any) -> LintDocument:
    """Return a page with one paragraph, or one stored answer."""
    kind = SectionKind.QUESTION_ANSWER if question else SectionKind.PROSE
    uri = page.file or f"{number}.md"
    section = Section(text=text, headings=page.headings, kind=kind, question=question)
    made = Document(uri=uri, title=page.title, sections=(section,), labels=Labels(**labels))
    return LintDocument(
        uri=uri,
        file_uri=uri,
        title=page.title,
        text=document_text(made)[0],
        labels=made.labels,
        chunks=tuple(chunk(made)),
    )


def found(one: LintDocument, other: LintDocument) -> list[FindingKind]:
    """Return the contradictions."""
    return [finding.kind for finding in lint([one, other], TODAY) if finding.kind in CONTRADICTIONS]


def stated(one: Page, other: Page, statement: tuple[str, str, str]) -> list[FindingKind]:
    """Return the contradictions when one page states one fact, the other another."""
    text, fact, another = statement
    assert fact in text
    return found(document(one, 1, text), document(other, 2, text.replace(fact, another)))


@pytest.mark.parametrize(
    ("one", "other", "statement"),
    [
        (Page("Shipping to Berlin"), Page("Shipping to Paris"), PARCELS),
        (Page("Basic plan"), Page("Plus plan"), FEE),
        (Page("Basic plan: fees"), Page("Plus plan: fees"), FEE),
        (Page("HL-100 manual"), Page("HL-200 manual"), FILTER),
        (Page("K5 manual"), Page("K7 manual"), FILTER),
        (Page("Fees 2025"), Page("Fees 2026"), FEE),
        (Page("Fees for business customers"), Page("Fees for private customers"), FEE),
        (Page("New customers"), Page("Existing customers"), FEE),
        (Page("Fees", file="prices/fees-plus.md"), Page("Fees", file="prices/fees-basic.md"), FEE),
        (Page("Fees", file="fees_2025.md"), Page("Fees", file="fees_2026.md"), FEE),
        (Page("Delivery", ("Parcels to Oslo",)), Page("Delivery", ("Parcels to Rome",)), PARCELS),
        (Page("Delivery", ("Cities", "Parcels to Oslo")), Page("Delivery", ("Parcels to Rome",)), PARCELS),
        (Page("Shipping to New York"), Page("Shipping to Paris"), PARCELS),
        (Page("上海门店"), Page("北京门店"), COUNTER),
        (Page("上海门店服务指南"), Page("北京门店服务指南"), COUNTER),
        (Page("中国门店"), Page("法国门店"), COUNTER),
        (Page("中国政策"), Page("美国政策"), COUNTER),
        (Page("普通卡"), Page("金卡"), CASH),
        (Page("個人客戶收費"), Page("企业客户收费"), CASH),
        (Page("2025年收费标准"), Page("2026年收费标准"), CASH),
        (Page("收费标准", ("普通卡费用",)), Page("收费标准", ("白金卡费用",)), CASH),
        (Page("收费", file="收费-企业.md"), Page("收费", file="收费-个人.md"), CASH),
        (Page("Fees", file="oslo/fees.md"), Page("Fees", file="rome/fees.md"), FEE),
        (Page("Fees", file="a/shop-oslo/en/fees.md"), Page("Fees", file="a/shop-rome/en/fees.md"), FEE),
        (Page("收费", file="上海/收费.md"), Page("收费", file="北京/收费.md"), CASH),
    ],
)  # fmt: skip
def test_siblings_do_not_contradict_each_other(one: Page, other: Page, statement: tuple[str, str, str]) -> None:
    """Other cities, plans, models, periods, groups: by title, heading or file, in both languages."""
    assert stated(one, other, statement) == []


@pytest.mark.parametrize(
    ("one", "other", "statement"),
    [
        (Page("Basic plan"), Page("Basic plan"), FEE),
        (Page("Returns policy"), Page("Returns policy (old)"), PARCELS),
        (Page("Returns policy (new)"), Page("Returns policy (old)"), PARCELS),
        (Page("Returns policy v2"), Page("Returns policy"), PARCELS),
        (Page("Returns policy v2"), Page("Returns policy v3"), PARCELS),
        (Page("Returns", file="returns-v2.md"), Page("Returns", file="returns-v1.md"), PARCELS),
        (Page("Returns", file="returns-final.md"), Page("Returns", file="returns (1).md"), PARCELS),
        (Page("Copy of Returns"), Page("Returns"), PARCELS),
        (Page("Returns", file="old/returns.md"), Page("Returns", file="new/returns.md"), PARCELS),
        (Page("Returns", file="v1/returns.md"), Page("Returns", file="v2/returns.md"), PARCELS),
        (Page("Returns", file="archive/returns.md"), Page("Returns", file="site/returns.md"), PARCELS),
        (Page("Returns", file="policies/returns.md"), Page("Returns", file="guides/returns.md"), PARCELS),
        (Page("Returns policy"), Page("Privacy policy"), PARCELS),
        (Page("Delivery FAQ"), Page("Delivery guide"), PARCELS),
        (Page("Parcels and delivery"), Page("Parcels or delivery"), PARCELS),
        (Page("How filters are rinsed"), Page("How filters are dried"), FILTER),
        (Page("Delivery", ("Parcels",)), Page("Delivery", ("Orders",)), PARCELS),
        (Page("金卡"), Page("金卡（旧版）"), CASH),
        (Page("门店说明"), Page("门店政策"), COUNTER),
        (Page("中华人民共和国商业法"), Page("中华人民共和国价格法"), COUNTER),
        (Page("门店服务（新）"), Page("门店服务（旧）"), COUNTER),
        (Page("境外取现说明"), Page("境外取款说明"), CASH),
        (Page("门店服务指南"), Page("门店服务指南-副本"), COUNTER),
    ],
)  # fmt: skip
def test_one_subject_is_still_found(one: Page, other: Page, statement: tuple[str, str, str]) -> None:
    """Editions, copies, and statements that say themselves what they are about, under whatever name."""
    assert stated(one, other, statement) == [FindingKind.CONFLICT]


@pytest.mark.parametrize(
    ("headings", "contradictions"),
    [(("Berlin", "Paris"), 0), (("北京", "上海"), 0), (("Berlin", "Berlin"), 1), (("Berlin", "Overview"), 1)],
)
def test_sections_of_one_document(headings: tuple[str, str], contradictions: int) -> None:
    """Sections named for two things differ on purpose; an overview speaks of the same thing."""
    texts = PARCELS[0], PARCELS[0].replace("3", "9")
    sections = tuple(Section(text=text, headings=(name,)) for text, name in zip(texts, headings, strict=True))
    made = Document(uri="a.md", title="Delivery", sections=sections)
    one = LintDocument(
        uri="a.md", file_uri="a.md", title="Delivery", text=document_text(made)[0], chunks=tuple(chunk(made))
    )
    assert len([f for f in lint([one], TODAY) if f.kind is FindingKind.CONFLICT]) == contradictions


@pytest.mark.parametrize(
    ("titles", "contradictions"),
    [(("Shop in Berlin", "Shop in Paris"), frozenset()), (("Shops", "Shops"), CONTRADICTIONS)],
)
def test_one_question_asked_on_the_pages_of_two_things(
    titles: tuple[str, str], contradictions: frozenset[FindingKind]
) -> None:
    """What time one shop opens says nothing of another."""
    asked = "When do you open in the morning?"
    one, other = (
        document(Page(title), place, f"At {place + 8} o'clock, by the main door.", asked)
        for place, title in enumerate(titles)
    )
    assert set(found(one, other)) == contradictions


@pytest.mark.parametrize(
    ("files", "contradictions"),
    [
        (("00-kettles-en.md", "00-kettles-zh.md"), 1),
        (("00-kettles.md", "00-水壶.md"), 1),
        (("00-shop-berlin.en.md", "00-shop-paris.zh.md"), 0),
    ],
)
def test_translations_of_siblings_do_not_contradict_each_other(
    files: tuple[str, str], contradictions: int
) -> None:
    """A translation is known by its file's name, where it is a sibling's one too."""
    english, chinese = PAIRS[0]
    changed = [
        replace(document(Page(name, file=name), 0, text), file_uri=file)
        for name, file, text in zip(
            ("00-en.md", "00-zh.md"), files, (english, chinese.replace("30天", "14天")), strict=True
        )
    ]
    assert len(conflicts(*changed)) == contradictions


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("returns policy - final", "returns policy"), ("returns_v2", "returns"), ("returns (2)", "returns"),
        ("news", "news"), ("old", "old"), ("新加坡", "新加坡"), ("退货_新", "退货"), ("fees 26", "fees 26"),
    ],
)  # fmt: skip
def test_marks_of_editions(name: str, kept: str) -> None:
    """A mark is taken away at the end of a name, never in a word and never the whole name."""
    assert without_edition(name) == kept
