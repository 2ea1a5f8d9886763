"""JSON: a list of records, or one object that is one document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ingest.formats.plain.exports import entries_in, entries_of
from ingest.formats.records.build import RecordIds, build_record, field_role, flatten, write_value
from ingest.formats.records.marked_up import shown, unwrap
from ingest.structure.labels import BRAND, build_labels, check_names, label_role
from ingest.text.clean import clean_line
from ingest.text.decode import read_text
from ingest.text.omissions import Omissions
from ingest.text.questions import is_question
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile
from kb.types import Document, Section, SectionKind

_LONG_CHARACTERS = 300  # a longer value is a text under its name, not a field of a row
_MAX_FLAT_FIELDS = 12  # an inner object of more fields gets a heading of its own


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document for each record of a list, or one document for an object.

    Raises:
        DamagedFile: it is not JSON.
    """
    text = read_text(source.path)
    try:
        value = json.loads(text)
    except ValueError as error:
        raise DamagedFile(f"{source.path.name} is not JSON ({error}): correct it at this place") from error
    title = file_title(source.path)
    entries = entries_in(value) if isinstance(value, list) else None
    if isinstance(value, dict):
        entries = entries_of(value)
    if entries is not None:
        ids = RecordIds()
        for number, entry in enumerate(entries, start=1):
            record_id = ids.next(entry.fields, str(number))
            yield build_record(source, record_id, entry.fields, title, headings=entry.headings)
        return
    fields = value if isinstance(value, dict) else {"text": value}
    named = next((fields[name] for name in fields if field_role(name) == "title"), "")
    title = clean_line(named) if isinstance(named, str) and named else title
    check_names(fields, source.path.name, hiding_only=True)
    told = {name: write_value(inner) for name, inner in fields.items() if not isinstance(inner, dict)}
    labels, warnings = build_labels({name: text for name, text in told.items() if _is_label(name)})
    omitted = Omissions()
    sections = tuple(_sections(source, fields, (), omitted))
    yield Document(
        uri=source.uri,
        title=title,
        sections=sections,
        labels=labels,
        warnings=tuple(warnings),
        omitted=tuple(omitted),
    )


def _is_label(name: str) -> bool:
    """Tell whether a field is a label; the brand of a product is who made it."""
    return label_role(name) not in ("", BRAND)


def _sections(
    source: SourceFile, fields: Mapping[str, object], path: tuple[str, ...], omitted: Omissions
) -> Iterator[Section]:
    """Yield the sections of an object: its own fields first, then what is nested in it under headings."""
    own: dict[str, object] = {}
    nested: dict[str, object] = {}
    for name, value in fields.items():
        if not path and _is_label(name):
            continue
        (own if _is_field(value, bool(path)) else nested)[str(name)] = value
    if any(field_role(str(name)) in ("answer", "text") and not isinstance(fields[name], dict) for name in fields):
        document = build_record(source, "", fields, "")
        omitted.add(document.omitted)
        named = _title(fields)
        at = (*path, named) if path and named and named != path[-1] and not is_question(named) else path
        yield from (_under((*at, *section.headings), section) for section in document.sections)
        return
    if own:
        texts = {name: clean_line(shown(value, omitted)) for name, value in flatten(own).items()}
        row = "; ".join(f"{name}: {text}" for name, text in texts.items() if text)
        if row:
            yield Section(text=row, headings=path, kind=SectionKind.TABLE_ROW)
    for name, value in nested.items():
        yield from _nested_sections(source, name, unwrap(value), path, omitted)


def _title(fields: Mapping[str, object]) -> str:
    """Return what an object says its title is, empty where it says nothing."""
    named = next((fields[key] for key in fields if field_role(str(key)) == "title"), None)
    return clean_line(shown(named, Omissions())) if isinstance(named, str) else ""


def _nested_sections(
    source: SourceFile, name: str, value: object, path: tuple[str, ...], omitted: Omissions
) -> Iterator[Section]:
    if isinstance(value, Mapping):
        yield from _sections(source, value, (*path, _title(value) or name), omitted)
    elif isinstance(value, list):
        for item in value:
            inner = item if isinstance(item, Mapping) else {"text": item}
            yield from _sections(source, inner, (*path, name), omitted)
    else:
        yield Section(text=shown(write_value(value), omitted), headings=(*path, name))


def _is_field(value: object, nested: bool) -> bool:
    """Tell whether a value fits on a row: a short scalar, a list of them, or (``nested``) a small flat object."""
    if isinstance(value, Mapping):
        return (
            nested
            and len(value) <= _MAX_FLAT_FIELDS
            and not any(isinstance(inner, (Mapping, list)) for inner in value.values())
        )
    if isinstance(value, list):
        return (
            not any(isinstance(item, (Mapping, list)) for item in value)
            and len(write_value(value)) <= _LONG_CHARACTERS
        )
    return not isinstance(value, str) or (len(value) <= _LONG_CHARACTERS and "\n" not in value)


def _under(path: tuple[str, ...], section: Section) -> Section:
    return Section(
        text=section.text, headings=path, page=section.page, kind=section.kind, question=section.question
    )
