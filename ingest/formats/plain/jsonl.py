"""JSON Lines: one record a line, read as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ingest.formats.records.build import RecordIds, build_record
from ingest.limits import MAX_LINE_BYTES
from ingest.text.decode import guess_encoding, read_text
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, DamagedRecords, LimitExceeded
from kb.types import Document

_SAMPLE_BYTES = 200_000
_NAMED = 10  # line numbers in a message


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document a line.

    Raises:
        DamagedRecords: at the end, when some lines were no JSON.
        DamagedFile: no line is JSON.
        LimitExceeded: a line is longer than a record may be.
    """
    ids = RecordIds()
    title = file_title(source.path)
    bad: list[int] = []
    good = 0
    for number, line in enumerate(_lines(source), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            bad.append(number)
            continue
        record = value if isinstance(value, dict) else {"text": value}
        good += 1
        yield build_record(source, ids.next(record, str(number)), record, title)
    if bad and not good:
        raise DamagedFile(
            f"{source.path.name}: none of {len(bad)} lines is JSON; one JSON object a line was wanted"
        )
    if bad:
        named = ", ".join(map(str, bad[:_NAMED])) + (" …" if len(bad) > _NAMED else "")
        raise DamagedRecords(
            f"{source.path.name}: {len(bad)} of {good + len(bad)} lines are not JSON (line {named}): mend them "
            "and load again; the other records are loaded, and none that was loaded before is removed"
        )


def _lines(source: SourceFile) -> Iterator[str]:
    """Yield the lines; only a file in UTF-16 or the like is read whole."""
    with source.path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
        cut = sample.rfind(b"\n") + 1
        encoding = guess_encoding(sample[:cut] if cut else sample)
        if encoding.startswith(("utf-16", "utf-32")):
            yield from read_text(source.path).split("\n")
            return
        file.seek(0)
        first = True
        while raw := file.readline(MAX_LINE_BYTES):
            if len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n"):
                raise LimitExceeded(
                    f"{source.path.name} has a line of more than {MAX_LINE_BYTES:,} bytes: split it"
                )
            line = raw.decode(encoding if first or encoding != "utf-8-sig" else "utf-8", errors="replace")
            yield line
            first = False
