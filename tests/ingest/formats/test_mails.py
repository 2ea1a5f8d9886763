"""Mails as programs send them: flowed lines, mislabelled letters, mails inside mails."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.formats import load
from ingest.formats.containers.flowed import unflow
from ingest.types import SourceFile
from kb.types import Document, Omitted


@pytest.fixture
def read(tmp_path: Path):
    """Return a function that reads a mail with this body and these further fields."""

    def read_mail(
        body: bytes, fields: str = "Content-Type: text/plain; charset=utf-8", subject: bytes = b"News"
    ) -> Document:
        path = tmp_path / "mail.eml"
        head = b"From: Care <care@shop.example>\r\nSubject: " + subject + b"\r\nMIME-Version: 1.0\r\n"
        path.write_bytes(head + fields.encode() + b"\r\n\r\n" + body)
        (document,) = load(SourceFile(uri=path.as_posix(), path=path, root=tmp_path.as_posix()))
        return document

    return read_mail


def told(document: Document) -> str:
    """Return all texts of a document."""
    return "\n\n".join(section.text for section in document.sections)


def test_flowed_lines(read) -> None:
    """Lines of format=flowed are joined, with DelSp without the blank; quotations keep their depth."""
    fields = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes"
    document = read(
        "Rings can be ex \r\nchanged once, 七 \r\n天内.\r\n\r\n> No \r\n> old rule\r\n".encode(), fields
    )
    assert told(document) == "Rings can be exchanged once, 七天内.\n\n> Noold rule"
    assert unflow("one \ntwo\n-- \nAnn\n >stuffed", joins_words=False) == "one two\n-- \nAnn\n>stuffed"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("退货须在七天内，费用由我们承担。", "gb18030", "gb2312"),
        ("退货须在七天内，费用由我们承担。", "gb18030", "iso-8859-1"),
        ("退货须在七天内，费用由我们承担。", "utf-8", "gb2312"),
        ("Retour – 14 jours, 5 €", "cp1252", "iso-8859-1"),
        ("返品は七日以内にお願いします。", "iso2022_jp", "iso-2022-jp"),
    ],
)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_mislabelled_letters(read, text: str, encoding: str, declared: str, kind: str) -> None:
    """Bodies and subjects are read by their bytes, whatever the mail says of them."""
    content = text if kind == "plain" else f"<html><body><p>{text}</p></body></html>"
    document = read(
        content.encode(encoding), f"Content-Type: text/{kind}; charset={declared}", "退货".encode("gbk")
    )
    assert told(document) == text
    assert document.title == "退货"


FORWARDS = {
    "gmail": "See below.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Ann <ann@shop.example>\r\n"
    "Date: Mon, 4 May 2026\r\nSubject: Courier fee\r\nTo: <care@shop.example>\r\n\r\nA second visit "
    "costs 9 dollars.\r\n",
    "outlook": "See below.\r\n\r\n-----Original Message-----\r\nFrom: Ann <ann@shop.example>\r\n"
    "Sent: Mon, 4 May 2026\r\nTo: Care <care@shop.example>\r\nSubject: Courier fee\r\n\r\n"
    "A second visit costs 9 dollars.\r\n",
    "apple": "See below.\r\n\r\nBegin forwarded message:\r\n\r\nFrom: Ann <ann@shop.example>\r\n"
    "Subject: Courier fee\r\nDate: Mon, 4 May 2026\r\nTo: care@shop.example\r\n\r\nA second visit "
    "costs 9 dollars.\r\n",
    "apple, quoted": "See below.\r\n\r\n> Begin forwarded message:\r\n> \r\n> From: Ann <ann@shop.example>\r\n"
    "> Subject: Courier fee\r\n> Date: Mon, 4 May 2026\r\n> To: care@shop.example\r\n> \r\n> A second visit "
    "costs 9 dollars.\r\n",
    "chinese": "See below.\r\n\r\n------------------ 原始邮件 ------------------\r\n"
    "发件人: Ann <ann@shop.example>\r\n"
    "发送时间: Mon, 4 May 2026\r\n收件人: care\r\n主题: Courier fee\r\n\r\nA second visit costs 9 dollars.\r\n",
}


@pytest.mark.parametrize("program", FORWARDS)
def test_forwarded_in_the_text(read, program: str) -> None:
    """A mail in the text of a mail stands under its own subject and day, its head is no text of the answer."""
    document = read(FORWARDS[program].encode())
    below = document.sections[-1]
    assert document.sections[0].text == "See below."
    assert below.headings == ("Courier fee (Mon, 4 May 2026)",)
    assert below.text.endswith("\n\nA second visit costs 9 dollars.")
    assert below.text.startswith("From: Ann <ann@shop.example>")
    assert "---" not in told(document)
    assert "Begin" not in told(document)


def test_forwarded_pages(read) -> None:
    """The head of a forwarded mail is told in HTML too, on lines of one block or on blocks of their own."""
    for inner in (
        "<div>From: <b>Ann</b><br>Date: 4 May<br>Subject: Courier fee<br>To: Care<br></div><br>",
        "<p><b>From:</b> Ann</p><p><b>Sent:</b> 4 May</p><p><b>To:</b> Care</p><p><b>Subject:</b> Courier fee</p>",
    ):
        document = read(
            f"<div>See below.</div><div class=gmail_quote>{inner}<div>It costs 9 dollars.</div></div>".encode(),
            "Content-Type: text/html; charset=utf-8",
        )
        assert document.sections[-1].headings == ("Courier fee (4 May)",)
        assert document.sections[-1].text == "From: Ann\nTo: Care\n\nIt costs 9 dollars."


def test_what_is_no_head(read) -> None:
    """Two lines with colons in a letter are no head of a mail."""
    document = read(b"Dear all,\r\n\r\nFrom: Monday\r\nTo: Friday\r\n\r\nwe are open.\r\n")
    assert told(document) == "Dear all,\n\nFrom: Monday\nTo: Friday\n\nwe are open."


_ASKED, _OLD = "What does it cost?", "It was free."
THREADS = {
    "lines": "On Mon, 2 Mar 2026 at 09:12, Bo Chan\r\n<bo@shop.example> wrote:\r\n\r\n"
    f"> {_ASKED}\r\n>\r\n> On 1 Mar 2026, Ann wrote:\r\n> > {_OLD}\r\n",
    "chinese": "在 2026年3月2日，Bo Chan <bo@shop.example> 写道：\r\n\r\n"
    f"> {_ASKED}\r\n> \r\n> 于2026年3月1日 Ann 写道：\r\n>> {_OLD}\r\n",
    "heads": "From: Bo Chan <bo@shop.example>\r\nSent: 2 March 2026\r\nTo: Ann\r\nSubject: Hood\r\n\r\n"
    f"{_ASKED}\r\n\r\nFrom: Ann\r\nSent: 1 March 2026\r\nTo: Bo\r\nSubject: Hood\r\n\r\n{_OLD}\r\n",
    "page": "<div class=gmail_quote><div>On Mon, Mar 2, 2026 Bo Chan wrote:<br></div><blockquote>"
    f"<div>{_ASKED}</div><div>On Mar 1, 2026 Ann wrote:</div><blockquote>{_OLD}</blockquote></blockquote></div>",
    "attribution inside": "<blockquote type=cite><div>On 2 Mar 2026, Bo Chan wrote:</div>"
    f"<p>{_ASKED}</p><blockquote type=cite><div>On 1 Mar 2026, Ann wrote:</div>{_OLD}</blockquote></blockquote>",
}


@pytest.mark.parametrize("program", THREADS)
def test_answers_above_what_they_quote(read, program: str) -> None:
    """Of a thread that a reply quotes, the mail that it answers stands under a heading; older ones are counted."""
    kind = "html" if "<div>" in THREADS[program] else "plain"
    document = read(
        f"It costs $4.\r\n\r\n{THREADS[program]}".encode(), f"Content-Type: text/{kind}; charset=utf-8"
    )
    own, answered = document.sections
    assert (own.text, own.headings) == ("It costs $4.", ())
    assert answered.text.endswith("What does it cost?")
    assert "2" in answered.headings[0]
    assert ">" not in answered.text.replace("Bo Chan <bo@shop.example>", "")
    (quoted,) = (one.text for one in document.omitted if one.reason is Omitted.QUOTED)
    assert quoted.endswith("It was free.")


def test_answers_between_what_they_quote(read) -> None:
    """Where a reply stands between the lines that it answers, both stay in their order, and quotations marked."""
    text = "On 2 Mar 2026, Bo <bo@shop.example> wrote:\r\n> Is it safe?\r\nYes.\r\n> And free?\r\nNo, $4.\r\n"
    document = read(text.encode())
    assert told(document).endswith("> Is it safe?\nYes.\n> And free?\nNo, $4.")
    assert document.omitted == ()


def test_a_forwarded_thread_is_whole(read) -> None:
    """A thread that is forwarded is kept with every mail in it, since nobody sent it before."""
    document = read(f"It costs $4.\r\n\r\n{THREADS['heads']}".encode(), subject=b"Fwd: Hood")
    assert [section.text.split("\n")[-1] for section in document.sections] == [
        "It costs $4.", "What does it cost?", "It was free.",
    ]  # fmt: skip
