"""Mails as they were sent (EML)."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser

from ingest.formats.containers.flowed import unflow
from ingest.formats.containers.mail import Attachment, Mail, mail_documents
from ingest.formats.markup.page import decode_page
from ingest.limits import check_size
from ingest.text.decode import decode, decode_head
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.types import Document

_FIELDS = ("from", "to", "date")
_MAX_PARTS = 1000
_SUBJECTS = ("subject", "from", "to", "date", "received", "message-id", "mime-version")


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the mail and the documents attached to it.

    Raises:
        DamagedRecords: at the end, when attachments failed.
        DamagedFile: it has none of the fields that a mail begins with.
        LimitExceeded: it is larger, or has more parts, than is read.
    """
    check_size(source.path)
    with source.path.open("rb") as file:
        message = BytesParser(EmailMessage, policy=policy.default).parse(file)
    if not any(message.get(name) for name in _SUBJECTS):
        raise DamagedFile(
            f"{source.path.name} does not begin as a mail does: give it the ending of its true format"
        )
    texts: list[str] = []
    pages: list[str] = []
    attachments: list[Attachment] = []
    for count, part in enumerate(_parts(message)):
        if count > _MAX_PARTS:
            raise LimitExceeded(f"{source.path.name} has more than {_MAX_PARTS:,} parts: send it anew")
        name = str(part.get_filename() or "")
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or (name and not part.get("content-id")):
            attachments.append(Attachment(name or "attached.eml", _content(part)))
        elif kind == "text/html":
            pages.append(decode_page(_content(part), source.path.name, str(part.get_content_charset() or "")))
        elif kind == "text/plain":
            text = decode(_content(part), source.path.name, str(part.get_content_charset() or ""))
            flowed = str(part.get_param("format") or "").lower() == "flowed"
            texts.append(unflow(text, str(part.get_param("delsp") or "").lower() == "yes") if flowed else text)
    fields = {name: _field(message, name) for name in _FIELDS}
    yield from mail_documents(
        source,
        Mail(
            subject=_field(message, "subject"),
            fields=fields,
            text="\n\n".join(texts),
            html="\n".join(pages),
            attachments=tuple(attachments),
        ),
    )


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something; a mail inside a mail is one part."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _content(part: Message) -> bytes:
    if part.is_multipart():
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, Message) else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _field(message: Message, name: str) -> str:
    """Return a field of the head, decoded by what its bytes tell: the standard library believes what they say."""
    raw = next((value for field, value in message.raw_items() if field.lower() == name), "")
    return " ".join(decode_head(str(raw)).split())
