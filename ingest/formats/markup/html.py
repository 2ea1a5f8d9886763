"""HTML pages: the main content, without what is around it and what is hidden in it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.formats.markup.page import decode_page, read_web_page
from ingest.limits import check_size
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.types import Document, Labels


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the one document of a page."""
    check_size(source.path)
    base = source.uri if source.uri.startswith(("http://", "https://")) else ""
    page = read_web_page(decode_page(source.path.read_bytes(), source.path.name), base=base)
    title, sections = page.outline.finish(page.title, file_title(source.path))
    # Templates are often left at lang="en" under Chinese text; "zh" is only written by who means it.
    labels = Labels(language="zh") if page.language == "zh" else Labels()
    yield Document(uri=source.uri, title=title, sections=sections, labels=labels, omitted=tuple(page.omissions))
