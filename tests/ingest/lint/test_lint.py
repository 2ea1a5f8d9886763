"""What lint finds in documents, and what it leaves alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ingest.lint import lint
from ingest.lint.types import Finding, FindingKind, LintDocument, Severity
from ingest.loading.chunks import chunk, document_text
from kb.types import Document, Labels, Section, SectionKind

TODAY = date(2026, 11, 24)
KETTLES = "A kettle that was used can be returned within 30 days of delivery if all its parts are in the box."


def document(
    name: str, *texts: str, title: str = "Returns policy", warnings: tuple[str, ...] = (), **labels: Any
) -> LintDocument:
    """Return a document of paragraphs; ``question|answer`` is a stored pair, ``row: …`` a table row."""
    sections = []
    for text in texts:
        if text.startswith("row: "):
            sections.append(Section(text=text.removeprefix("row: "), kind=SectionKind.TABLE_ROW))
        elif "|" in text:
            question, answer = text.split("|")
            sections.append(Section(text=answer, kind=SectionKind.QUESTION_ANSWER, question=question))
        else:
            sections.append(Section(text=text))
    made = Document(uri=name, title=title, sections=tuple(sections), labels=Labels(**labels), warnings=warnings)
    text = document_text(made)[0]
    return LintDocument(
        uri=name,
        file_uri=name,
        title=title,
        text=text,
        labels=made.labels,
        warnings=warnings,
        chunks=tuple(chunk(made)),
    )


def kinds(*documents: LintDocument) -> list[FindingKind]:
    """Return the kinds of what is found."""
    return [finding.kind for finding in lint(documents, TODAY)]


def only(*documents: LintDocument) -> Finding:
    """Return the one finding."""
    (finding,) = lint(documents, TODAY)
    return finding


CONFLICTS = [
    ("within 30 days of", "within 14 days of"),
    ("within 30 days of", "within two weeks of"),
    ("30 days of delivery", "30 working days of delivery"),
]


@pytest.mark.parametrize(("old", "new"), CONFLICTS)
def test_two_documents_that_state_different_periods_conflict(old: str, new: str) -> None:
    """Both sentences are quoted, with the files to fix, as an error."""
    finding = only(document("a.md", KETTLES), document("b.md", KETTLES.replace(old, new), title="Kettles"))
    assert (finding.kind, finding.severity) == (FindingKind.CONFLICT, Severity.ERROR)
    assert [quote.file_uri for quote in finding.quotes] == ["a.md", "b.md"]
    assert [quote.text for quote in finding.quotes] == [KETTLES, KETTLES.replace(old, new)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("标准配送的包裹一般在付款以后3个工作日内送到客户登记的地址。",
         "标准配送的包裹一般在付款以后五个工作日内送到客户登记的地址。"),
        ("单笔跨境汇款的手续费按照汇款金额的百分之三收取，不另收电报费。",
         "单笔跨境汇款的手续费按照汇款金额的2%收取，不另收电报费。"),
        ("The annual fee for the platinum card is $120 and is charged every January.",
         "The annual fee for the platinum card is $95 and is charged every January."),
        ("The summer sale ends on 31 August 2026 in all shops and online.",
         "The summer sale ends on 15 August 2026 in all shops and online."),
        ("Report a stolen card at once by calling +65 6555 0162, day and night.",
         "Report a stolen card at once by calling +65 6555 0199, day and night."),
    ],
)  # fmt: skip
def test_numbers_dates_amounts_and_telephone_numbers_conflict(one: str, other: str) -> None:
    """In both languages, whatever kind of fact differs."""
    assert kinds(document("a.md", one), document("b.md", other)) == [FindingKind.CONFLICT]


def test_one_document_can_contradict_itself() -> None:
    """Two places of one document are compared, too."""
    other = KETTLES.replace("30", "14")
    assert kinds(document("a.md", KETTLES, "Something else stands here.", other)) == [FindingKind.CONFLICT]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KETTLES, KETTLES),
        (KETTLES, KETTLES.replace("30 days", "thirty days")),
        (KETTLES, KETTLES.replace("kettle", "fridge").replace("30", "14")),
        ("Orders over $50 are delivered to your door for $5 in the whole country.",
         "Orders over $100 are delivered to your door for $2 in the whole country."),
        ("See section 4.2 of the terms and conditions for what is left out of the guarantee.",
         "See section 5.1 of the terms and conditions for what is left out of the guarantee."),
        ("This policy took effect on 1 May 2024 for all customers of ours.",
         "This policy took effect on 1 June 2025 for all customers of ours."),
        ("Open 9 am.", "Open 10 am."),
        ("row: Model: AF55; Capacity: 5 l; Months: 24",
         "row: Model: AF70; Capacity: 7 l; Months: 24"),
    ],
)  # fmt: skip
def test_what_does_not_contradict_is_left_alone(one: str, other: str) -> None:
    """The same fact, other things, tiers, references, what a document says of itself, rows."""
    found = kinds(document("a.md", one, title="Parcels"), document("b.md", other, title="Guarantee"))
    assert FindingKind.CONFLICT not in found


@pytest.mark.parametrize(
    ("labels", "others"),
    [
        ({"valid_until": date(2026, 12, 31)}, {"valid_from": date(2027, 1, 1)}),
        ({"valid_until": date(2025, 12, 31)}, {}),
        ({"audience": "staff"}, {"audience": "partners"}),
        ({"product": "kettle"}, {"product": "fridge"}),
        ({}, {"supersedes": ("a.md",)}),
    ],
)
def test_documents_that_never_meet_do_not_conflict(labels: dict[str, Any], others: dict[str, Any]) -> None:
    """Not valid on one day, for other readers or products, replaced or expired: no contradiction."""
    one = document("a.md", KETTLES, **labels)
    other = document("b.md", KETTLES.replace("30", "14"), **others)
    assert FindingKind.CONFLICT not in kinds(one, other)


def test_one_question_with_two_answers() -> None:
    """Different facts are an error, different words a warning, the same words or more of them nothing."""
    asked = "Do you deliver to Canada?|"
    yes = document("a.jsonl#1", asked + "Yes, in five days.")
    assert only(yes, document("b.jsonl#1", asked + "Yes, in nine days.")).severity is Severity.ERROR
    finding = only(yes, document("b.jsonl#1", "To Canada, do you deliver?|No, never."))
    assert (finding.kind, finding.severity) == (FindingKind.DIFFERENT_ANSWERS, Severity.WARNING)
    assert kinds(yes, document("b.jsonl#1", asked + "Yes, in five days, by post.")) == []
    assert kinds(document("a", "Questions?|Ask Ann."), document("b", "Questions?|Ask Bob.")) == []


def test_duplicates_and_near_duplicates() -> None:
    """The same document twice, or nearly; rows of one table are alike on purpose."""
    sentences = [f"Shelf number {n} holds the spare parts of kind {n * 7 % 31} for pumps." for n in range(40)]
    one = document("a.md", *sentences)
    assert kinds(one, document("b.md", *sentences)) == [FindingKind.DUPLICATE_DOCUMENT]
    assert FindingKind.NEAR_DUPLICATE_DOCUMENT in kinds(one, document("b.md", *sentences[:-1]))
    assert kinds(one, document("b.md", *(f"Nothing of {n} is alike, {n * n} at all." for n in range(40)))) == []


def test_a_passage_in_two_documents_is_worth_knowing() -> None:
    """Copied boilerplate is an information, not a fault."""
    passage = " ".join(f"word{n}" for n in range(40)) + "."
    kettles = [f"Kettles boil {word} water every day." for word in ("hot", "cold", "soft", "hard", "new", "old")]
    fridges = [f"Fridges cool {word} milk at night." for word in ("sour", "warm", "goat", "oat", "soy", "raw")]
    finding = only(document("a.md", passage, *kettles), document("b.md", *fridges, passage))
    assert (finding.kind, finding.severity) == (FindingKind.DUPLICATE_PASSAGE, Severity.INFO)


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        ({"valid_until": date(2026, 11, 23)}, FindingKind.EXPIRED),
        ({"valid_from": date(2027, 2, 1), "valid_until": date(2027, 1, 1)}, FindingKind.NEVER_VALID),
        ({"supersedes": ("old.md",)}, FindingKind.UNKNOWN_SUPERSEDED),
    ],
)
def test_outdated_documents(labels: dict[str, Any], kind: FindingKind) -> None:
    """Expired, never valid, or replacing what is not there; one that ends today is in force."""
    assert kinds(document("a.md", "Kettles boil water.", **labels)) == [kind]
    assert kinds(document("a.md", "Kettles boil water.", valid_until=TODAY)) == []


def test_superseded_documents_are_named_with_their_successor() -> None:
    """Both sides are quoted."""
    finding = only(
        document("docs/old.md", "Kettles boil."), document("docs/new.md", "Kettles cook.", supersedes=("old.md",))
    )
    assert finding.kind is FindingKind.SUPERSEDED
    assert [quote.document_uri for quote in finding.quotes] == ["docs/old.md", "docs/new.md"]


def test_what_loading_lost() -> None:
    """Pages without text, and rows whose cells have no names."""
    scanned = document("a.pdf", "Kettles boil water.", warnings=("page 3 has no text",))
    assert kinds(scanned) == [FindingKind.NO_TEXT]
    assert kinds(document("b.pdf", "row: AF55; 5 l; 24", "row: AF70; 7 l; 36")) == [FindingKind.LOST_HEADERS]
    assert kinds(document("c.pdf", "row: Model: AF55; Months: 24", "row: Model: AF70; Months: 36")) == []


def test_a_finding_keeps_its_id() -> None:
    """The same words give the same id, in whatever order and company they are found."""
    one, other = document("a.md", KETTLES), document("b.md", KETTLES.replace("30", "14"))
    more = document("c.md", "Fridges cool milk.")
    assert lint([one, other], TODAY)[0].id == lint([more, other, one], TODAY)[0].id


def test_brands_do_not_contradict_each_other() -> None:
    """Another rule of another brand is no contradiction; the same two rules of one brand are."""
    other = KETTLES.replace("30", "14")
    assert kinds(document("a.md", KETTLES, brand="north"), document("b.md", other, brand="south")) == []
    assert kinds(document("a.md", KETTLES, brand="north"), document("b.md", other, brand="north")) != []
    assert kinds(document("a.md", KETTLES, brand="north"), document("b.md", other)) != []
