"""What a file is by its bytes, where that contradicts its ending: people rename files, programs name them wrongly.

An office program opens a web page named ``.xls`` or a text named ``.doc`` by what it is, and so do we. A web page
under an ending like ``.pdf`` or ``.zip`` is what a site sent instead of the file: it is refused by name.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

from ingest.text.decode import guess_encoding
from kb.errors import DamagedFile, EncryptedFile, UnsupportedFormat

_HEAD_BYTES = 65_536
_START_CHARACTERS = 4_096  # within which a text says what it is
_MAIL_BYTES = 8_192  # of a head

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_PACKED = {
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x1f\x8b\x08": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an XZ archive",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_TYPES = (  # of main parts, in [Content_Types].xml; templates and macros have names of their own
    (re.compile(rb"spreadsheetml\.(?:sheet|template)\.main|ms-excel\.(?:sheet|template)\.macro"), "sheets.xlsx"),
    (re.compile(rb"wordprocessingml\.(?:document|template)\.main|ms-word\.\w+\.macro"), "word.docx"),
    (re.compile(rb"presentationml\.\w+\.main|ms-powerpoint\.\w+\.macro"), "slides.pptx"),
)
_MIME_TYPES = {
    "application/vnd.oasis.opendocument.text": "opendocument.odt",
    "application/vnd.oasis.opendocument.spreadsheet": "sheets.ods",
    "application/vnd.oasis.opendocument.presentation": "opendocument.odp",
    "application/epub+zip": "markup.epub",
}
_ZIPPED_NAMES = "word.docx sheets.xlsx sheets.ods slides.pptx opendocument.odp opendocument.odt markup.epub"
_ZIPPED = frozenset(_ZIPPED_NAMES.split())

_SHEETS = frozenset((".ods", ".xls", ".xlsm", ".xlsx"))
_DELIMITED = frozenset((".csv", ".tsv"))
_TEXTS = frozenset(
    (".doc", ".docm", ".docx", ".odp", ".odt", ".ppsx", ".ppt", ".pptm", ".pptx", ".rtf", ".text", ".txt")
)
_PAGES = frozenset((".htm", ".html", ".mht", ".mhtml", ".xhtml"))
_FOREIGN = frozenset((".epub", ".json", ".jsonl", ".msg", ".ndjson", ".pdf", ".zip"))
"""Endings of formats that no program opens as a web page."""

_PROLOGUE = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_PART_OF_PAGE = re.compile(
    r"<(?:head|body|table|thead|tbody|tr|meta|style|title|div|p|h[1-6]|center|font|b)[\s>]", re.IGNORECASE
)
_TABLE_OR_PAGE = re.compile(r"<!doctype\s+html|<(?:html|head|body|table|meta|style)[\s>]", re.IGNORECASE)
_FIELD = re.compile(r"[A-Za-z][A-Za-z-]*:")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_WEB_ARCHIVE = re.compile(rb"^content-type:\s*multipart/(?:related|alternative)\b", re.IGNORECASE | re.MULTILINE)
_UNREAD_XML = {
    "http://schemas.microsoft.com/office/word/2003/wordml": ("a Word document in XML of 2003", ".docx"),
    "http://schemas.microsoft.com/office/2006/xmlPackage": (
        "an office document in one XML file",
        ".docx or .xlsx",
    ),
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": ("a flat OpenDocument", ".odt or .ods"),
}


def recognise(path: Path, module: str) -> str:
    """Return the module that reads a file: ``module``, which its ending names, unless its bytes say another.

    Raises:
        UnsupportedFormat: its bytes are of a format that has no loader; the message names it.
        EncryptedFile: a password is needed.
        DamagedFile: it is a web page where the ending names a format that is no page.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if start.startswith(b"%PDF-"):
        return "pdf.load"
    if start.startswith(b"{\\rtf"):
        return "word.rtf"
    if head.startswith(_OLE):
        return _of_ole(path, module)
    if head.startswith(b"PK\x03\x04"):
        return _of_zip(path, module)
    if head.startswith(_PICTURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "images.image"
    for mark, name in _PACKED.items():
        if head.startswith(mark):
            raise UnsupportedFormat(f"{path.name} is {name}, which has no loader: unpack it, or pack it as .zip")
    return _of_text(path, head, module)


def _of_ole(path: Path, module: str) -> str:
    """Return what reads a file in the container of office programs before 2007."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as container:
            streams = {str(names[0]) for names in container.listdir()}
    except (OSError, ValueError, IndexError, TypeError):  # broken: whoever reads it will say so
        return module
    if "EncryptedPackage" in streams:
        raise EncryptedFile(f"{path.name} needs a password: save it without one")
    for stream, name, ending in (
        ("WordDocument", "a Word document of the format before 2007", ".docx"),
        ("PowerPoint Document", "a PowerPoint presentation of the format before 2007", ".pptx"),
    ):
        if stream in streams:
            raise UnsupportedFormat(
                f"{path.name} is {name}, which has no loader: open it in an office program and save it as {ending}"
            )
    if streams & {"Workbook", "Book"}:
        return "sheets.xls"
    return "containers.msg" if "__properties_version1.0" in streams else module


def _of_zip(path: Path, module: str) -> str:
    """Return what reads a ZIP archive: an office document, a book, or what is packed in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            types = _first_bytes(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
            kind = _first_bytes(archive, "mimetype").decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        return module  # whoever reads it will say what is wrong
    if b"ms-excel.sheet.binary" in types:
        raise UnsupportedFormat(f"{path.name} is a binary Excel workbook, which has no loader: save it as .xlsx")
    for pattern, found in _OFFICE_TYPES:
        if pattern.search(types):
            return found
    if kind.strip() in _MIME_TYPES:
        return _MIME_TYPES[kind.strip()]
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise UnsupportedFormat(
            f"{path.name} is a document of Pages, Numbers or Keynote, which has no loader: export it as PDF, "
            ".docx, .xlsx or .pptx"
        )
    return module if module in _ZIPPED else "containers.archive"


def _first_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_HEAD_BYTES)


def _of_text(path: Path, head: bytes, module: str) -> str:
    """Return what reads a file that has no mark of a binary format."""
    ending = path.suffix.lower()
    text = head.decode(guess_encoding(_whole_characters(head)), errors="replace").lstrip("\ufeff")
    if _has_controls(text):
        return module
    start = text[:_START_CHARACTERS]
    if ending in _SHEETS | _DELIMITED | _TEXTS | _PAGES:
        if _is_web_archive(head):
            return "markup.mhtml"
        if start.lstrip().startswith(("<?xml", "<Workbook", "<?mso")):
            if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<html" not in start.lower():
                return "sheets.xml_sheet"
            _refuse_xml(path, start)
    return _by_wording(path, ending, text, module)


def _by_wording(path: Path, ending: str, text: str, module: str) -> str:
    """Return what reads a text: as a page, as cells, or as the text that it is."""
    begin = _PROLOGUE.match(text)
    rest = text[begin.end() :] if begin else text
    page = bool(_PAGE.match(rest))
    part = page or bool(_PART_OF_PAGE.match(rest))
    if (ending in _SHEETS and part) or (ending in _DELIMITED and _TABLE_OR_PAGE.match(rest)):
        return "sheets.html_sheet"
    if ending in _SHEETS:
        return "plain.csv"
    if ending in _TEXTS and (page or (part and not ending.startswith(".t"))):
        return "markup.html"
    if ending in _TEXTS:
        return "plain.text"
    if ending in _FOREIGN and page:
        raise DamagedFile(
            f"{path.name} is a web page, not what {ending} stands for (sites send one in place of a file, "
            "to sign in, say): get the file again, or name it .html"
        )
    if module == "containers.msg" and _FIELD.match(text):
        return "containers.eml"
    if ending in (".json", ".jsonl", ".ndjson"):
        return _of_json(text, module)
    return module


def _of_json(text: str, module: str) -> str:
    """Return what reads JSON: records a line that are named ``.json``, one value over lines named ``.jsonl``."""
    lines = [line.strip() for line in text.split("\n", 3)[:3] if line.strip()]
    whole = len(lines) > 1 and lines[0].startswith(("{", "[")) and _is_json(lines[0])
    if whole and lines[1].startswith(("{", "[")):
        return "plain.jsonl"
    opens = bool(lines) and lines[0].startswith(("{", "[")) and not whole
    return "plain.json" if opens and (len(lines) > 1 or lines[0].startswith("[")) else module


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_xml(path: Path, start: str) -> None:
    for space, (name, wanted) in _UNREAD_XML.items():
        if space in start and "<html" not in start.lower():
            raise UnsupportedFormat(f"{path.name} is {name}, which has no loader: save it as {wanted}")


def _is_web_archive(head: bytes) -> bool:
    """Tell whether a file is a page with its pictures in the form of a mail (MHTML)."""
    fields = _BLANK_LINE.split(head.lstrip(b"\xef\xbb\xbf \t\r\n")[:_MAIL_BYTES])[0]
    return bool(_FIELD.match(fields[:80].decode("latin-1")) and _WEB_ARCHIVE.search(fields))


def _has_controls(text: str) -> bool:
    """Tell whether characters stand in a text that no text has: it is a program's file."""
    return any(text.count(chr(code)) for code in (*range(1, 8), *range(14, 26)))


def _whole_characters(head: bytes) -> bytes:
    """Return the bytes up to the last line end, so that no character is cut in two."""
    cut = head.rfind(b"\n") + 1 if len(head) == _HEAD_BYTES else len(head)
    return head[: cut + cut % 2] if cut else head
