"""Caps on what one file may cost. Over a cap is ``LimitExceeded``, and the other files load.

The caps on content are looked at by the loaders; those on time, memory and output hold for the process that reads
the file (``ingest.loading.child``), whatever its loader does.
"""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

from kb.errors import DamagedFile, EncryptedFile, LimitExceeded

# Chosen far above what real files have and below what memory is held to; bench_hostile.py tries what is over.
MAX_TEXT_BYTES = 64_000_000  # a text, Markdown, HTML, CSV or JSON file that is read whole
MAX_LINE_BYTES = 16_000_000  # one line of a JSONL file
MAX_ARCHIVE_ENTRIES = 10_000  # parts of a DOCX or XLSX; large real ones have some hundreds
MAX_ARCHIVE_BYTES = 300_000_000  # all parts of a DOCX or XLSX, unpacked
MAX_XML_BYTES = 150_000_000  # one part of them
MAX_PAGES = 5_000
MAX_RECORDS = 500_000  # of one file, each a document of its own: as many as searching was measured with
MAX_CELLS = 5_000_000  # of one workbook
MAX_MARKUP_DEPTH = 300  # nested elements of an HTML page; browsers stop at 512
MAX_NESTED_ARCHIVES = 3  # an archive in an archive in an archive; deeper ones are made to trap
MAX_PIXELS = 50_000_000  # of an image that is read; an A4 page at 600 dots per inch has 35 million
MAX_OUTPUT_BYTES = 1_000_000_000  # what one file's documents take on disk while they wait
WALL_TIMES = 3  # wall time allowed per CPU time allowed: a reader may wait for processors, not for ever

# Chosen far above what real files were measured to take (a page 0.3 s); bench_hostile.py measures what hostile
# ones do.
_LEAST_SECONDS, _SECONDS_PER_MEGABYTE, _MOST_SECONDS = 6.0, 60.0, 1800.0
_LEAST_MEMORY, _MEMORY_TIMES, _MOST_MEMORY = 360_000_000, 10, 1_200_000_000

# Likewise: a page was measured to take 2 to 5 s, the first one 3 more.
_OCR_ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
_LEAST_OCR_SECONDS, _OCR_SECONDS_PER_MEGABYTE, _MOST_OCR_SECONDS = 5.0, 120.0, 900.0
_OCR_PAGE_SECONDS = 30.0  # that the last page and all else may take, on a processor that others use too
_OCR_MEMORY = 450_000_000  # where the extra is installed: its models take 0.2 GB, a page 0.3

_OCR_RESERVES = 1.4  # chosen: models reserve more than they touch

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARATION_BYTES = 4096  # a document type stands at the start of a part


def seconds_allowed(uri: str, size: int) -> float:
    """Return CPU seconds that reading a file of ``size`` bytes may take.

    A page with tables takes 0.3 of them.
    """
    if _may_need_ocr(uri):
        return min(_OCR_PAGE_SECONDS + ocr_seconds(size), _MOST_SECONDS)
    return min(_LEAST_SECONDS + _SECONDS_PER_MEGABYTE * size / 1e6, _MOST_SECONDS)


def ocr_seconds(size: int) -> float:
    """Return CPU seconds after which no further page of a file of ``size`` bytes is read by OCR.

    A page takes 2 to 5 of them, the first one 3 more, and has some 25 to 100 kB.
    """
    return min(_LEAST_OCR_SECONDS + _OCR_SECONDS_PER_MEGABYTE * size / 1e6, _MOST_OCR_SECONDS)


def memory_allowed(uri: str, size: int) -> int:
    """Return bytes of memory that the process which reads a file of ``size`` bytes may take, itself included."""
    least = _OCR_MEMORY if _may_need_ocr(uri) else _LEAST_MEMORY
    return min(least + _MEMORY_TIMES * size, max(least, _MOST_MEMORY))


def data_allowed(uri: str, memory: int) -> int:
    """Return bytes that a process held to ``memory`` may reserve: the models reserve more than they touch."""
    return round(memory * _OCR_RESERVES) if _may_need_ocr(uri) else memory


def _may_need_ocr(uri: str) -> bool:
    return uri.lower().endswith(_OCR_ENDINGS) and importlib.util.find_spec("rapidocr") is not None


def check_size(path: Path, limit: int = MAX_TEXT_BYTES) -> None:
    """Raise ``LimitExceeded`` for a file of more than ``limit`` bytes."""
    size = path.stat().st_size
    if size > limit:
        raise LimitExceeded(f"{path.name} has {size:,} bytes, more than {limit:,}: split it into smaller files")


def check_encrypted(path: Path, ending: str) -> None:
    """Raise ``EncryptedFile`` for an office file in an OLE container: encrypted, or in the format before 2007."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            raise EncryptedFile(f"{path.name} is encrypted or in the format before 2007: save it as {ending}")


def check_archive(path: Path) -> None:
    """Look at the parts of an office file before anything unpacks them.

    Raises:
        DamagedFile: it is no ZIP archive, or a part declares entities (office programs never do).
        LimitExceeded: too many parts, or too large unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ARCHIVE_ENTRIES:
                raise LimitExceeded(
                    f"{path.name} has {len(entries):,} parts, more than {MAX_ARCHIVE_ENTRIES:,}: save it anew"
                )
            total = sum(entry.file_size for entry in entries)
            largest = max((e.file_size for e in entries if e.filename.endswith((".xml", ".rels"))), default=0)
            if total > MAX_ARCHIVE_BYTES or largest > MAX_XML_BYTES:
                raise LimitExceeded(
                    f"{path.name} unpacks to {total:,} bytes, more than {MAX_ARCHIVE_BYTES:,} "
                    f"({MAX_XML_BYTES:,} for one part): split it into smaller files"
                )
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        start = part.read(_DECLARATION_BYTES)
                    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                        raise DamagedFile(
                            f"{path.name}: part {entry.filename!r} declares entities, which no office program "
                            "writes: save the document anew"
                        )
    except zipfile.BadZipFile as error:
        raise DamagedFile(
            f"{path.name} is not a whole office file (a ZIP archive was wanted, {error}): save or send it again"
        ) from error
