"""What is drawn on the sheets of an Excel workbook beside their cells: text boxes, pictures, titles of charts."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.formats.office.charts import chart_title
from ingest.text.omissions import Omissions
from kb.types import Omitted

_WORKBOOK = "xl/workbook.xml"
_BY_PROGRAM = re.compile(r"(?:AI-generated content may be incorrect|Description automatically generated.*)\.?\s*$")
_MAX_DRAWN = 1_000  # charts and boxes of one sheet

Element = Any  # lxml elements


def drawn_texts(archive: zipfile.ZipFile, omitted: Omissions) -> dict[str, list[str]]:
    """Return sheet name -> texts of its boxes and pictures, titles of its charts; sheets without any are left out.

    The values of charts are not repeated: they are cells. Pictures without a description are counted.
    """
    found: dict[str, list[str]] = {}
    main = next((part for kind, part in related(archive, "").values() if kind == "officeDocument"), _WORKBOOK)
    parts = related(archive, main)
    for sheet in part_root(archive, main).iter("{*}sheet"):
        named = next((str(value) for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")
        part = parts.get(named, ("", ""))[1]
        visible = sheet.get("state", "visible") == "visible"
        texts = list(_sheet_texts(archive, part, omitted)) if visible else []
        if texts:
            found[str(sheet.get("name") or "")] = texts[:_MAX_DRAWN]
    return found


def _sheet_texts(archive: zipfile.ZipFile, part: str, omitted: Omissions) -> Iterator[str]:
    for kind, drawing in related(archive, part).values():
        if kind != "drawing":
            continue
        root = part_root(archive, drawing)
        for box in root.iter("{*}txBody"):
            lines = ["".join(t.text or "" for t in p.iter("{*}t")) for p in box.iter("{*}p")]
            yield from filter(None, ["\n".join(line for line in lines if line.strip())])
        for picture in root.iter("{*}pic"):
            named = picture.find("{*}nvPicPr/{*}cNvPr")
            described = _BY_PROGRAM.sub("", str(named.get("descr") or "") if named is not None else "").strip()
            if described:
                yield described
            else:
                omitted.count(Omitted.PICTURES)
        for inner, chart in related(archive, drawing).values():
            if inner == "chart":
                yield from filter(None, [chart_title(part_root(archive, chart))])


def related(archive: zipfile.ZipFile, part: str, *, outside: bool = False) -> dict[str, tuple[str, str]]:
    """Return id -> kind and path of the parts that a part names (the archive itself: an empty name).

    Args:
        archive: an office file.
        part: path of the part.
        outside: return what it links to in the world instead: id -> kind and address.
    """
    folder, name = posixpath.split(part)
    found = {}
    for relation in part_root(archive, posixpath.join(folder, f"_rels/{name}.rels")):
        kind, target = str(relation.get("Type") or "").rpartition("/")[2], str(relation.get("Target") or "")
        if (relation.get("TargetMode") == "External") != outside:
            continue
        whole = target if outside else posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[str(relation.get("Id"))] = kind, whole
    return found


def part_root(archive: zipfile.ZipFile, part: str) -> Element:
    """Return the root of a part; an empty element where it is missing or broken: drawings are extras."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(archive.read(part), parser)
    except (KeyError, etree.XMLSyntaxError):
        return etree.Element("none")
