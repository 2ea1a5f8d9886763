"""Web pages saved with their pictures in one file (MHTML): the pages in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from ingest.formats.markup.page import decode_page, read_web_page
from ingest.limits import MAX_PAGES, check_size
from ingest.structure.outline import Outline
from ingest.text.decode import decode
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.types import Document, Labels


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a saved page, or of a workbook or text saved as one.

    Raises:
        DamagedFile: there is no page in it.
        LimitExceeded: it is larger, or has more pages, than is read.
    """
    check_size(source.path)
    with source.path.open("rb") as file:
        message = BytesParser(EmailMessage, policy=policy.default).parse(file)
    outline, omissions = Outline(), Omissions()
    titles: list[str] = []
    languages: list[str] = []
    for count, (kind, markup) in enumerate(_pages(message, source.path.name)):
        if count >= MAX_PAGES:
            raise LimitExceeded(f"{source.path.name} has more than {MAX_PAGES:,} pages: split it")
        if kind == "text/plain":
            outline.paragraph(markup)
            continue
        outline.close_headings()
        page = read_web_page(markup, outline)
        omissions.add(page.omissions)
        titles.append(page.title)
        languages.append(page.language)
    if not titles and not outline.has_heading():
        raise DamagedFile(f"{source.path.name} is a saved web page without a page in it: save it again")
    title, sections = outline.finish(next(filter(None, titles), ""), file_title(source.path))
    labels = Labels(language="zh") if "zh" in languages else Labels()
    yield Document(uri=source.uri, title=title, sections=sections, labels=labels, omitted=tuple(omissions))


def _pages(message: EmailMessage, name: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of the parts that are pages; a text where there is no page."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    pages = [part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    for part in pages or [part for part in parts if part.get_content_type() == "text/plain"]:
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        charset = str(part.get_content_charset() or "")
        known = charset and charset not in ("us-ascii", "utf-8")
        text = decode(content, name, charset) if known else decode_page(content, name)
        yield part.get_content_type(), text
