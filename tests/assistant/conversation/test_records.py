"""What is kept of every answer, and what is not."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversation.records import FILE, Records, Selection
from assistant.guard.redact import redact
from assistant.types import (
    Answer,
    Citation,
    Message,
    Outcome,
    Sentence,
    Trace,
    Understanding,
    Verdict,
    Wish,
)
from kb.errors import StorageError
from kb.types import Chunk, Hit, Labels, SectionKind

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CARD = "4111 1111 1111 1111"


def answer(message: str = "How long?", version: int = 3, language: str = "en") -> Answer:
    """Return an answer with everything an answer can have."""
    labels = Labels(valid_until=date(2027, 1, 1), extra={"topic": "returns"})
    chunk = Chunk(
        id="c",
        document_id="d",
        document_uri="/d.md#1",
        title="Returns",
        text="30 days. Call +65 6555 0162.",
        position=0,
        start=0,
        end=27,
        headings=("A", "B"),
        page=2,
        kind=SectionKind.QUESTION_ANSWER,
        question="How long?",
        language="en",
        record_id="1",
        labels=labels,
    )
    verdict = Verdict(
        claim="It takes 30 days",
        supported=False,
        support=0.25,
        evidence=0,
        quote="30 days.",
        reason="the source says so",
    )
    return Answer(
        outcome=Outcome.ANSWERED,
        text="30 days. Call +65 6555 0162. [1]",
        citations=(
            Citation(
                number=1,
                document_uri="/d.md#1",
                record_id="1",
                title="Returns",
                page=2,
                headings=("A", "B"),
                quote="30 days.",
                start=0,
                end=8,
                version=version,
            ),
        ),
        confidence=0.9,
        language=language,
        understanding=Understanding(
            message=message, language=language, queries=(message, "x"), parts=("a", "b"), wish=Wish.SHORTER
        ),
        hits=(Hit(chunk, 1.5, 0.8, None),),
        version=version,
        sentences=(Sentence("30 days.", (1,), (verdict,)),),
        trace=Trace(
            model="openai:m",
            draft="draft",
            rejected=(Sentence("40 days.", (), (verdict,)),),
            fallback="timed out",
            timings=(("search", 0.1),),
        ),
    )


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """An empty file of records."""
    opened = Records(tmp_path)
    yield opened
    opened.close()


def test_an_answer_comes_back_as_it_was(records: Records) -> None:
    """Hits, verdicts, trace, versions, conversation: nothing of an answer is lost."""
    history = (Message("customer", "Hello"), Message("assistant", "Hello"))
    identifier = records.add(answer(), history, channel="web", conversation="c1", at=NOON)
    record = records.get(identifier)
    assert record is not None
    assert record.answer == answer()
    assert record.history == history
    assert (record.channel, record.conversation, record.at) == ("web", "c1", NOON)
    assert list(records.read()) == [record]


def test_selections_choose_by_time_channel_language_version_and_outcome(records: Records) -> None:
    """Each filter keeps what it names and nothing else."""
    for hour, (channel, language, version) in enumerate(
        [("web", "en", 1), ("terminal", "zh", 1), ("web", "zh", 2)]
    ):
        records.add(
            answer(str(hour), version, language), channel=channel, conversation=f"c{hour}",
            at=NOON + timedelta(hours=hour),
        )  # fmt: skip

    def chosen(**selection: object) -> str:
        return "".join(r.answer.understanding.message for r in records.read(Selection(**selection)))  # type: ignore[arg-type]

    assert chosen() == "012"
    assert chosen(since=NOON + timedelta(hours=1)) == "12"
    assert chosen(until=NOON + timedelta(hours=2)) == "01"
    assert chosen(channel="web") == "02"
    assert chosen(language="zh", version=1) == "1"
    assert chosen(conversation="c2") == "2"
    assert chosen(outcome=Outcome.ABSTAINED) == ""
    assert records.count(Selection(channel="web")) == 2


def test_more_records_than_a_page_are_all_read(records: Records) -> None:
    """Reading goes on where a page ends."""
    for number in range(450):
        records.add(answer(str(number)))
    assert [r.answer.understanding.message for r in records.read()] == [str(n) for n in range(450)]


def test_private_data_never_reaches_the_disk(records: Records, tmp_path: Path) -> None:
    """Card, phone and mail of a customer are not in the file; the company's own number is."""
    message = f"My card {CARD}, call 13812345678 or mail me@home.example about +65 6555 0162"
    records.add(answer(message), [Message("customer", message)])
    records.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob(FILE + "*"))
    for private in (CARD, "13812345678", "me@home.example"):
        assert private.encode() not in stored
    assert b"[card]" in stored
    assert b"+65 6555 0162" in stored


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"card {CARD}.", "card [card]."),
        ("card 4111-1111-1111-1111", "card [card]"),
        ("order 4111111111111112", "order 4111111111111112"),  # no card: Luhn's check fails
        ("我的手机13812345678，谢谢", "我的手机[phone]，谢谢"),
        ("my number is +44 20 7946 0018", "my number is [phone]"),
        ("身份证11010519491231002X", "身份证[id]"),
        ("write to a.b+c@d.example, please", "write to [email], please"),
        ("30 days, 1,500 yuan, HL-AF55, 2026-11-24", "30 days, 1,500 yuan, HL-AF55, 2026-11-24"),
    ],
)  # fmt: skip
def test_what_is_redacted(text: str, wanted: str) -> None:
    """Numbers of persons go, numbers of policies stay."""
    assert redact(text) == wanted


def test_forgetting_needs_a_reason(records: Records) -> None:
    """Old records and single conversations can be deleted, everything by mistake cannot."""
    records.add(answer(), conversation="a", at=NOON)
    records.add(answer(), conversation="b", at=NOON + timedelta(days=1))
    with pytest.raises(ValueError, match="neither"):
        records.forget()
    assert records.forget(conversation="b") == 1
    assert records.forget(before=NOON + timedelta(hours=1)) == 1
    assert records.count() == 0


def test_time_without_a_zone_is_refused(records: Records) -> None:
    """A moment that could mean several is not written."""
    with pytest.raises(ValueError, match="time zone"):
        records.add(answer(), at=datetime(2026, 1, 1))


def test_a_record_of_another_release_is_named(records: Records, tmp_path: Path) -> None:
    """Records that this release cannot read are an error that names one, whatever is asked of them."""
    identifier = records.add(answer(), at=NOON)
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("UPDATE records SET body = '{}'")
    for ask in (lambda: list(records.read()), lambda: records.get(identifier), records.model_health):
        with pytest.raises(StorageError, match=f"{identifier} .* another release"):
            ask()


def test_unusable_file_is_named(tmp_path: Path) -> None:
    """A file that is no database gives a StorageError that says which, and how to go on."""
    (tmp_path / FILE).write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(StorageError, match="FAQ_RECORD"):
        Records(tmp_path)


_WRITE = """
import sys; sys.path.insert(0, {root!r})
from pathlib import Path
from assistant.conversation.records import Records
from tests.assistant.conversation.test_records import answer
records = Records(Path({home!r}))
for number in range(40): records.add(answer(str(number)))
"""


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    """No record is lost between processes."""
    script = _WRITE.format(root=str(Path(__file__).parents[3]), home=str(tmp_path))
    running = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    records = Records(tmp_path)
    assert records.count() == 120
    records.close()
