"""Mails as Outlook stores them (MSG): properties in an OLE container, read with ``olefile``.

The libraries that know MSG are under the GPL or drag in much more; what is needed here are a dozen properties
(MS-OXPROPS), each a stream whose name ends in its tag and type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import olefile

from ingest.formats.containers.mail import Attachment, Mail, mail_documents
from ingest.formats.markup.page import decode_page
from ingest.limits import check_size
from ingest.text.decode import guess_encoding
from ingest.types import SourceFile
from kb.errors import DamagedFile
from kb.types import Document

_SUBJECT, _BODY, _HTML = "0037", "1000", "1013"
_SENDER, _SENDER_ADDRESS, _TO = "0C1A", "5D01", "0E04"
_ATTACHED_NAME, _ATTACHED_SHORT, _ATTACHED_CONTENT, _CONTENT_ID = "3707", "3704", "3701", "3712"
_HEAD = "007D"
_UNICODE, _NARROW, _BINARY = "001F", "001E", "0102"


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the mail and the documents attached to it.

    Raises:
        DamagedRecords: at the end, when attachments failed.
        DamagedFile: it is no Outlook mail.
        LimitExceeded: it is larger than is read.
    """
    check_size(source.path)
    try:
        with olefile.OleFileIO(str(source.path)) as container:
            mail = _Properties(container, ()).mail(source)
    except (olefile.OleFileError, OSError) as error:
        raise DamagedFile(f"{source.path.name} is no whole Outlook mail ({error}): save it anew") from error
    yield from mail_documents(source, mail)


class _Properties:
    """The properties in one folder of the container: of the mail, or of an attachment."""

    def __init__(self, container: olefile.OleFileIO, folder: Sequence[str]) -> None:
        self._container = container
        self._folder = list(folder)

    def mail(self, source: SourceFile) -> Mail:
        """Return the mail whose properties these are."""
        if not any(
            self._has(tag, kind) for tag in (_SUBJECT, _BODY, _HTML, _HEAD) for kind in (_UNICODE, _NARROW)
        ):
            raise DamagedFile(
                f"{source.path.name} has no subject and no body: give it the ending of its true format"
            )
        page = self._bytes(_HTML, _BINARY)
        html = decode_page(page, source.path.name) if page else self._text(_HTML)
        sender = " ".join(part for part in (self._text(_SENDER), self._text(_SENDER_ADDRESS)) if part)
        head = self._text(_HEAD).replace("\r\n", "\n")
        day = next((line[5:].strip() for line in head.split("\n") if line.lower().startswith("date:")), "")
        fields = {"from": sender, "to": self._text(_TO).strip("\x00"), "date": day}
        return Mail(
            subject=self._text(_SUBJECT),
            fields=fields,
            text=self._text(_BODY),
            html=html,
            attachments=tuple(self._attachments()),
        )

    def _attachments(self) -> Iterator[Attachment]:
        folders = {tuple(path[:1]) for path in self._container.listdir() if path[0].startswith("__attach")}
        for folder in sorted(folders):
            inner = _Properties(self._container, folder)
            name = inner._text(_ATTACHED_NAME) or inner._text(_ATTACHED_SHORT)
            content = inner._bytes(_ATTACHED_CONTENT, _BINARY)
            if name and content and not inner._text(_CONTENT_ID):
                yield Attachment(name, content)

    def _path(self, tag: str, kind: str) -> list[str]:
        return [*self._folder, f"__substg1.0_{tag}{kind}"]

    def _has(self, tag: str, kind: str) -> bool:
        return bool(self._container.exists(self._path(tag, kind)))

    def _bytes(self, tag: str, kind: str) -> bytes:
        if not self._has(tag, kind):
            return b""
        with self._container.openstream(self._path(tag, kind)) as stream:
            return bytes(stream.read())

    def _text(self, tag: str) -> str:
        wide = self._bytes(tag, _UNICODE)
        if wide:
            return wide.decode("utf-16-le", errors="replace")
        narrow = self._bytes(tag, _NARROW)
        return narrow.decode(guess_encoding(narrow), errors="replace")
