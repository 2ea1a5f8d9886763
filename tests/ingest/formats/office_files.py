"""Makes office files of a few lines of XML, as several programs write them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from ingest.formats import load
from ingest.types import SourceFile
from kb.types import Document, Omitted

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_RELATIONS}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)


def read(path: Path) -> Document:
    """Return the one document of a file."""
    (document,) = load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent)))
    return document


def shown(document: Document) -> str:
    """Return the text of all sections, one a paragraph."""
    return "\n\n".join(section.text for section in document.sections)


def left_out(document: Document) -> dict[Omitted, str]:
    """Return what was left out by its reason."""
    return {omission.reason: omission.text for omission in document.omitted}


def write_docx(
    path: Path,
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    parts: Mapping[str, tuple[str, str, str | bytes]] | None = None,
    links: dict[str, str] | None = None,
) -> Path:
    """Write a Word document.

    Args:
        path: of the file.
        body: XML of its body.
        styles: XML of its styles.
        numbering: XML of its lists.
        parts: id of the relation -> kind of the relation, content type, content of a further part.
        links: id of the relation -> address.
    """
    further: dict[str, tuple[str, str, str | bytes]] = {**(parts or {})}
    if styles:
        further["styles"] = ("styles", f"{_WORD}.styles+xml", f"<w:styles {_SPACES}>{styles}</w:styles>")
    if numbering:
        further["numbering"] = (
            "numbering",
            f"{_WORD}.numbering+xml",
            f"<w:numbering {_SPACES}>{numbering}</w:numbering>",
        )
    overrides = "".join(
        f'<Override PartName="/word/{name}.part" ContentType="{kind}"/>' for name, (_, kind, _) in further.items()
    )
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{relation}" Target="{name}.part"/>'
        for name, (relation, _, _) in further.items()
    ) + "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/hyperlink" Target="{address}" TargetMode="External"/>'
        for name, address in (links or {}).items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
            f"{overrides}</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="main" '
            f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>")
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        )
        for name, (_, _, content) in further.items():
            whole = content if isinstance(content, bytes) else content.replace("SPACES", _SPACES)
            archive.writestr(f"word/{name}.part", whole)
    return path


def paragraph(text: str = "", properties: str = "", looks: str = "") -> str:
    """Return a paragraph of Word with one run."""
    run = f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def run(text: str, looks: str = "") -> str:
    """Return a run of Word."""
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def line(*runs: str) -> str:
    """Return a paragraph of Word of these runs."""
    return f"<w:p>{''.join(runs)}</w:p>"


def setting(name: str, value: str) -> str:
    """Return a property of Word."""
    return f'<w:{name} w:val="{value}"/>'


def field(told: str, result: str | None = None, form: str = "") -> str:
    """Return a field of Word; without a result where that is None."""
    middle = "" if result is None else '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + result
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
    told = f'<w:r><w:instrText xml:space="preserve">{told}</w:instrText></w:r>'
    return f'{begin}{told}{middle}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def control(properties: str, content: str) -> str:
    """Return a content control of Word."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def item(text: str, number: int, depth: int = 0) -> str:
    """Return an item of a list of Word."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def level(depth: int, style: str, pattern: str, further: str = "") -> str:
    """Return what a list of Word says of a depth."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{pattern}"/>{further}</w:lvl>'
    )


def table(*rows: tuple[str, ...]) -> str:
    """Return a table of Word; cells are XML of paragraphs, or plain text."""
    cells = (
        "<w:tr>"
        + "".join(f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{''.join(cells)}</w:tbl>"


_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_OPEN_SPACES = " ".join(
    [
        *(
            f'xmlns:{name}="{_OPEN}:{whole}:1.0"'
            for name, whole in {
                "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style",
                "form": "form", "fo": "xsl-fo-compatible", "svg": "svg-compatible", "presentation": "presentation",
            }.items()
        ),
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"',
    ]
)  # fmt: skip


def write_open(path: Path, body: str, automatic: str = "", styles: str = "", kind: str = "text") -> Path:
    """Write an OpenDocument.

    Args:
        path: of the file.
        body: XML of its text or presentation.
        automatic: XML of the styles in its content.
        styles: XML of its other styles.
        kind: ``text`` or ``presentation``.
    """
    content = (
        f"<office:document-content {_OPEN_SPACES}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", f"<office:document-styles {_OPEN_SPACES}>{styles}</office:document-styles>")
    return path
