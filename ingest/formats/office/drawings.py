"""What is drawn on the sheets of an Excel workbook beside their cells: text boxes, and the titles of charts."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.formats.office.charts import chart_title

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK = "xl/workbook.xml"
_MAX_DRAWN = 1_000  # charts and boxes of one sheet

Element = Any  # lxml elements


def drawn_texts(path: Path) -> dict[str, list[str]]:
    """Return sheet name -> texts of its boxes and titles of its charts; sheets without any are left out.

    The values of charts are not repeated: they are cells of the workbook.
    """
    found: dict[str, list[str]] = {}
    with zipfile.ZipFile(path) as archive:
        parts = _related(archive, _WORKBOOK)
        for sheet in _root(archive, _WORKBOOK).iter(f"{_MAIN}sheet"):
            part = parts.get(str(sheet.get(_RELATION)), ("", ""))[1]
            texts = list(_sheet_texts(archive, part)) if sheet.get("state", "visible") == "visible" else []
            if texts:
                found[str(sheet.get("name") or "")] = texts[:_MAX_DRAWN]
    return found


def _sheet_texts(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    for kind, drawing in _related(archive, part).values():
        if kind != "drawing":
            continue
        for box in _root(archive, drawing).iter(f"{_PLACED}txBody"):
            lines = ["".join(t.text or "" for t in p.iter(f"{_DRAWING}t")) for p in box.iter(f"{_DRAWING}p")]
            yield from filter(None, ["\n".join(line for line in lines if line.strip())])
        for inner, chart in _related(archive, drawing).values():
            if inner == "chart":
                yield from filter(None, [chart_title(_root(archive, chart))])


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> kind and path of the parts that a part names; links to other files are left out."""
    folder, name = posixpath.split(part)
    found = {}
    for relation in _root(archive, f"{folder}/_rels/{name}.rels"):
        target = str(relation.get("Target") or "")
        if relation.get("TargetMode") != "External":
            whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[str(relation.get("Id"))] = str(relation.get("Type") or "").rpartition("/")[2], whole
    return found


def _root(archive: zipfile.ZipFile, part: str) -> Element:
    """Return the root of a part; an empty element where it is missing or broken: drawings are extras."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(archive.read(part), parser)
    except (KeyError, etree.XMLSyntaxError):
        return etree.Element("none")
