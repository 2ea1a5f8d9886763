"""A mail becomes a document: its subject is the title, its body the text, its attachments documents beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.formats.containers.forwards import mark_quotations, part_mails
from ingest.formats.containers.members import Members, skipped_warning
from ingest.formats.markup.page import read_tree
from ingest.formats.markup.tree import parse
from ingest.limits import MAX_TEXT_BYTES
from ingest.structure.outline import Outline
from ingest.text.clean import clean_line
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import LimitExceeded
from kb.language.marks import is_list_item
from kb.types import Document, Labels

_FULL_LINE = 60  # characters; mail programs break lines at 72 to 78


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail.

    Attributes:
        name: as the mail calls it, with its ending.
        content: its bytes.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as read, whatever its format.

    Attributes:
        subject: empty where it has none.
        fields: of its head that are kept as labels: ``from``, ``to``, ``date``.
        text: the plain body, empty where it has none.
        html: the body as a page, empty where it has none.
        attachments: without pictures that the body shows.
    """

    subject: str
    fields: dict[str, str]
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def mail_documents(source: SourceFile, mail: Mail) -> Iterator[Document]:
    """Yield the mail, then the documents of its attachments.

    Raises:
        DamagedRecords: at the end, when attachments failed.
        LimitExceeded: the body is larger than a text may be.
    """
    if len(mail.text) + len(mail.html) > MAX_TEXT_BYTES:
        raise LimitExceeded(f"{source.path.name} has a body of more than {MAX_TEXT_BYTES:,} bytes: shorten it")
    outline, omissions = Outline(), Omissions()
    if mail.html.strip():
        page = parse(mail.html)
        mark_quotations(page)
        omissions = read_tree(page, outline).omissions
    else:
        _fill(outline, mail.text)
    outline = part_mails(outline, mail.subject, omissions)
    members = Members(source)
    skipped = [one.name for one in mail.attachments if not members.can_load(one.name)]
    warnings = skipped_warning(skipped)
    subject = clean_line(mail.subject)
    title, sections = outline.finish(subject, file_title(source.path))
    kept = {name: clean_line(value) for name, value in mail.fields.items() if value.strip()}
    if sections:
        yield Document(
            uri=source.uri,
            title=title,
            sections=sections,
            labels=Labels(extra=kept),
            warnings=warnings,
            omitted=tuple(omissions),
        )
    for attachment in mail.attachments:
        if members.can_load(attachment.name):
            yield from members.load(attachment.name, io.BytesIO(attachment.content))
    members.finish()


def _fill(outline: Outline, text: str) -> None:
    """Add the paragraphs of a plain body; lines that a program broke to fit are joined."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines: list[str] = []
        full = False
        for line in block.split("\n"):
            if lines and full and line.strip() and not is_list_item(line) and not line.startswith(">"):
                lines[-1] += " " + line.strip()
            else:
                lines.append(line.rstrip())
            full = len(line) >= _FULL_LINE
        outline.paragraph("\n".join(lines))
