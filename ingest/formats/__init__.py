"""One loader a format, chosen by the file's ending and its bytes; every failure is a ``LoadError``."""

from __future__ import annotations

import importlib
import importlib.util
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.formats.recognise import recognise
from ingest.structure.counted import check_rows
from ingest.structure.labels import lay_labels
from ingest.text.clean import clean, clean_line, count_hidden
from ingest.text.omissions import Omissions, sentences
from ingest.types import Loader, SourceFile
from kb.errors import (
    DamagedFile,
    DamagedRecords,
    EmptyDocument,
    LimitExceeded,
    LoadError,
    UnreadableFile,
    UnsupportedFormat,
)
from kb.language.characters import is_well_formed, well_formed
from kb.types import Document, Labels, Omission, Omitted, Section

LOADERS: dict[str, str] = {
    ".bmp": "images.image",
    ".csv": "plain.csv",
    ".doc": "plain.text",
    ".docm": "word.docx",
    ".docx": "word.docx",
    ".eml": "containers.eml",
    ".epub": "markup.epub",
    ".htm": "markup.html",
    ".html": "markup.html",
    ".jpeg": "images.image",
    ".jpg": "images.image",
    ".json": "plain.json",
    ".jsonl": "plain.jsonl",
    ".markdown": "markdown.load",
    ".md": "markdown.load",
    ".mdx": "markdown.load",
    ".mht": "markup.mhtml",
    ".mhtml": "markup.mhtml",
    ".msg": "containers.msg",
    ".ndjson": "plain.jsonl",
    ".odp": "opendocument.odp",
    ".ods": "sheets.ods",
    ".odt": "opendocument.odt",
    ".pdf": "pdf.load",
    ".png": "images.image",
    ".ppsx": "slides.pptx",
    ".ppt": "plain.text",
    ".pptm": "slides.pptx",
    ".pptx": "slides.pptx",
    ".rtf": "word.rtf",
    ".text": "plain.text",
    ".tif": "images.image",
    ".tiff": "images.image",
    ".tsv": "plain.csv",
    ".txt": "plain.text",
    ".webp": "images.image",
    ".xhtml": "markup.html",
    ".xls": "sheets.xls",
    ".xlsm": "sheets.xlsx",
    ".xlsx": "sheets.xlsx",
    ".zip": "containers.archive",
}
"""Ending (lower case) to the module, below this package, whose ``load`` reads it.

What a ``.doc`` or ``.ppt`` is, its bytes say (``recognise``): what says nothing is a text.
"""


def can_load(ending: str) -> bool:
    """Tell whether files with this ending (``.pdf``, in any case) have a loader.

    Images have one where the extra ``ocr`` is installed: without it, the pictures beside a text are no failures.
    """
    module = LOADERS.get(ending.lower(), "")
    return bool(module) and (module != "images.image" or importlib.util.find_spec("rapidocr") is not None)


def find_loader(source: SourceFile) -> Loader:
    """Return the loader for a file, by its ending and what its bytes are; only now is its library imported.

    Raises:
        UnsupportedFormat: no loader for its ending, or for what its bytes are.
        EncryptedFile: a password is needed.
        DamagedFile: it is a web page, and its ending names a format that is none.
        OSError: it cannot be read; ``load`` makes an ``UnreadableFile`` of it.
    """
    ending = source.path.suffix.lower()
    if ending not in LOADERS:
        raise UnsupportedFormat(
            f"{source.path.name} ends in {ending or 'nothing'}, which has no loader: "
            f"convert it to one of {', '.join(sorted(LOADERS))}"
        )
    module = recognise(source.path, LOADERS[ending])
    loader: Loader = importlib.import_module(f"ingest.formats.{module}").load
    return loader


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the documents of a file, cleaned, each with a title and at least one section, but for a draft.

    Raises:
        UnsupportedFormat: no loader for its ending.
        UnreadableFile: it is missing, not a regular file, or not permitted.
        DamagedFile: it is not what its name says.
        EncryptedFile: a password is needed.
        LimitExceeded: it is over one of the caps of ``ingest.limits``.
        EmptyDocument: there is no text in it.
        UnknownLabel: a label beside it is mistyped.
        DamagedRecords: some of its records cannot be read; all the others were yielded before.
    """
    _check_regular(source)
    last: Document | None = None
    left = Omissions()
    try:
        if source.path.stat().st_size == 0 and can_load(source.path.suffix):
            raise EmptyDocument(f"{source.path.name} has 0 bytes: remove it, or send it again")
        check_rows(source.path, source.path.suffix.lower())
        for document in find_loader(source)(source):
            if not document.sections and document.record_id is not None:
                left.add(document.omitted)
                continue  # an empty record, a draft, or one that is as it is stored
            tidy = lay_labels(_whole(_tidy(document)), source)
            if tidy.sections or _is_draft(tidy.omitted):  # a draft has no sections, and is told
                if last is not None:
                    yield last
                last = tidy
            elif document.record_id is None:
                raise EmptyDocument(_nothing_found(source, document.warnings))
    except DamagedRecords:
        if last is not None:
            yield _with_omissions(last, left)
        raise
    except LoadError:
        raise
    except Exception as error:
        raise _named(source, error) from error
    if last is None and _is_draft(left):
        last = Document(uri=source.uri, title=source.path.name, sections=())
    if last is None:
        raise EmptyDocument(_nothing_found(source, sentences(left)))
    yield _with_omissions(last, left)


def _named(source: SourceFile, error: Exception) -> LoadError:
    """Return what a loader stumbled over as an error that says what to do."""
    name = source.path.name
    if isinstance(error, RecursionError):
        return LimitExceeded(f"{name} is nested too deeply to be read: simplify it")
    if isinstance(error, MemoryError):
        return LimitExceeded(f"{name} takes more memory to read than it may: split it")
    if isinstance(error, PermissionError):
        return UnreadableFile(f"{name} may not be read: change its permissions")
    if isinstance(error, OSError):
        return UnreadableFile(f"{name} could not be read ({error}): check the file and load again")
    # Parsers fail on broken input with whatever they stumble over; the file is at fault, not the load.
    return DamagedFile(
        f"{name} could not be read as {source.path.suffix} ({type(error).__name__}: {error}): "
        "open it in its own program and save it again"
    )


def _is_draft(omitted: Iterable[Omission]) -> bool:
    return any(omission.reason is Omitted.DRAFTS for omission in omitted)


def _with_omissions(document: Document, left: Omissions) -> Document:
    """Return a document with what was left out of its file beside it."""
    warnings = (*document.warnings, *sentences(left))
    return replace(document, omitted=(*document.omitted, *left), warnings=warnings)


def _nothing_found(source: SourceFile, warnings: tuple[str, ...]) -> str:
    seen = f" ({'; '.join(warnings)})" if warnings else ""
    return f"{source.path.name} has no text{seen}: remove it, or add a version with text"


def _check_regular(source: SourceFile) -> None:
    """Raise ``UnreadableFile`` for what would block or is no file: folders, pipes, devices."""
    try:
        mode = source.path.stat().st_mode
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            f"{source.path.name} cannot be opened ({error}): check the path and load again"
        ) from error
    if not stat.S_ISREG(mode):
        seen = "a folder" if stat.S_ISDIR(mode) else "a pipe, socket or device"
        raise UnreadableFile(f"{source.path.name} is {seen}, a regular file was wanted: name a file")


def _tidy(document: Document) -> Document:
    """Return the document with clean texts, without empty sections, with a title."""
    hidden = 0
    sections: list[Section] = []
    for section in document.sections:
        hidden += count_hidden(section.text) + count_hidden(section.question or "")
        text = clean(section.text)
        if text.strip():
            headings = tuple(heading for heading in map(clean_line, section.headings) if heading)
            question = clean_line(section.question) if section.question else None
            sections.append(
                Section(
                    text=text, headings=headings, page=section.page, kind=section.kind, question=question or None
                )
            )
    warnings = [*document.warnings, *sentences(document.omitted)]
    if broken := sum(section.text.count("\ufffd") for section in sections):
        warnings.append(
            f"{broken} characters are unreadable (\ufffd): their bytes are no valid UTF-8, save it anew"
        )
    if hidden:
        warnings.append(f"{hidden} invisible characters that can carry hidden words were dropped")
    title = clean_line(document.title) or clean_line(document.uri.rsplit("/", 1)[-1]) or "untitled"
    return replace(document, title=title, sections=tuple(sections), warnings=tuple(warnings))


def _whole(document: Document) -> Document:
    """Return the document without halves of characters, which no database takes, in its address and labels."""
    texts = (document.uri, document.record_id or "", *_texts(document.labels), *document.warnings)
    if all(map(is_well_formed, texts)):
        return document
    labels = document.labels
    return replace(
        document,
        uri=well_formed(document.uri),
        record_id=well_formed(document.record_id) if document.record_id is not None else None,
        warnings=tuple(map(well_formed, document.warnings)),
        labels=replace(
            labels,
            audience=well_formed(labels.audience),
            brand=well_formed(labels.brand),
            product=well_formed(labels.product),
            language=well_formed(labels.language),
            supersedes=tuple(map(well_formed, labels.supersedes)),
            extra={well_formed(name): well_formed(value) for name, value in labels.extra.items()},
        ),
    )


def _texts(labels: Labels) -> Iterator[str]:
    yield from (labels.audience, labels.brand, labels.product, labels.language, *labels.supersedes)
    for name, value in labels.extra.items():
        yield from (name, value)
