"""Parts of an Excel workbook beside its sheets: which sheets there are, texts that cells share, styles."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ingest.formats.office.drawings import part_root, related
from ingest.formats.sheets.number_formats import BUILT_IN
from ingest.text.inline import lowered, raised
from ingest.text.omissions import Omissions
from ingest.text.symbols import read_symbols
from kb.types import Omitted

_RELATION = re.compile(r"\{[^}]*relationships\}id")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHITE = ("FFFFFFFF", "00FFFFFF", "FFFFFF")
_OFF = ("0", "false", "none", "off")

Element = Any  # lxml elements


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStyle:
    """How a cell is shown.

    Attributes:
        number_format: its code.
        struck: whether its text is struck through.
        white: whether its text is white, and its ground is not coloured.
        font: name of its font; in some the code of a letter is a sign.
        boxed: whether a truth value is shown as a box, ticked or not.
    """

    number_format: str = "General"
    struck: bool = False
    white: bool = False
    font: str = ""
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class RichText:
    """The text of a cell, and what of it is not taken.

    Attributes:
        text: that a reader sees and that holds.
        own: the part of it in runs that have fonts of their own.
        struck: runs that are struck through.
        phonetic: reading aids.
    """

    text: str
    own: str = ""
    struck: str = ""
    phonetic: str = ""

    def take(self, omitted: Omissions, style: CellStyle) -> str:
        """Return the text, of a struck cell only runs with fonts of their own; what is not taken is noted."""
        omitted.leave(Omitted.STRUCK, self.struck)
        omitted.leave(Omitted.PHONETIC, self.phonetic)
        if not style.struck:
            return self.text if self.own else read_symbols(self.text, style.font)
        omitted.leave(Omitted.STRUCK, self.text if not self.own else self.text.removesuffix(self.own))
        return self.own


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One sheet of the workbook.

    Attributes:
        name: on its tab.
        number: 1-based place among all sheets.
        part: path in the archive.
        visible: whether its tab is shown.
    """

    name: str
    number: int
    part: str
    visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What all sheets need.

    Attributes:
        sheets: with cells, in order of their tabs.
        since_1904: whether days are counted from 1904.
        recalculated: whether the program that wrote it left the values of formulas to whoever opens it.
        styles: by number.
        strings: that cells share, by number.
        comments: of reviewers.
    """

    sheets: list[SheetPart]
    since_1904: bool
    recalculated: bool
    styles: list[CellStyle]
    strings: list[RichText]
    comments: list[str]


def open_book(archive: zipfile.ZipFile) -> Book:
    """Return what the parts beside the sheets say.

    Raises:
        KeyError: there is no workbook in the archive.
        lxml.etree.XMLSyntaxError: the texts are broken.
    """
    main = next((part for kind, part in related(archive, "").values() if kind == "officeDocument"), "")
    main = main if main in archive.NameToInfo else "xl/workbook.xml"
    archive.getinfo(main)
    root = part_root(archive, main)
    parts = related(archive, main)
    properties, calculation = root.find("{*}workbookPr"), root.find("{*}calcPr")
    by_kind = dict(parts.values())
    return Book(
        sheets=list(_sheets(root, parts)),
        since_1904=properties is not None and _is_on(properties.get("date1904")),
        recalculated=calculation is not None and _is_on(calculation.get("fullCalcOnLoad")),
        styles=_styles(part_root(archive, by_kind.get("styles", "")), _boxes(archive, by_kind)),
        strings=_strings(archive, by_kind.get("sharedStrings", "")),
        comments=list(_comments(archive)),
    )


def rich_text(element: Element) -> RichText:
    """Return the text of ``si`` or ``is``: plain, or in runs with fonts of their own."""
    shown, own, struck, phonetic = "", "", "", ""
    for child in element:
        name = etree.QName(child).localname
        text = "".join(_unescape(t.text or "") for t in child.iter("{*}t")) if name != "t" else ""
        if name == "t":
            shown += _unescape(child.text or "")
        elif name == "rPh":
            phonetic += text
        elif name == "r":
            font = child.find("{*}rPr")
            place = font.find("{*}vertAlign") if font is not None else None
            align = place.get("val") if place is not None else ""
            if font is not None:
                text = read_symbols(text, _font_name(font))
            if font is not None and _is_struck(font):
                struck += text
                continue
            if align == "superscript":
                text = raised(text, shown)
            elif align == "subscript":
                text = lowered(text, shown)
            shown += text
            own += text if font is not None else ""
    return RichText(shown, own, struck, phonetic)


def _unescape(text: str) -> str:
    """Return a text with the characters that XML cannot hold: ``_x000D_``."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _sheets(root: Element, parts: dict[str, tuple[str, str]]) -> Iterator[SheetPart]:
    for number, sheet in enumerate(root.iterfind("{*}sheets/{*}sheet"), start=1):
        named = next((str(value) for key, value in sheet.attrib.items() if _RELATION.fullmatch(str(key))), "")
        kind, part = parts.get(named, ("", ""))
        if kind == "worksheet":
            yield SheetPart(
                name=str(sheet.get("name") or number),
                number=number,
                part=part,
                visible=sheet.get("state", "visible") == "visible",
            )


def _strings(archive: zipfile.ZipFile, part: str) -> list[RichText]:
    if part not in archive.NameToInfo:
        return []
    found = []
    with archive.open(part) as stream:
        for _, element in etree.iterparse(stream, tag="{*}si", resolve_entities=False, no_network=True):
            found.append(rich_text(element))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return found


def _boxes(archive: zipfile.ZipFile, parts: dict[str, str]) -> frozenset[int]:
    """Return the numbers that styles use for cells with a box, from bags of features that refer to each other."""
    name = parts.get("FeaturePropertyBag", "")
    bags = list(part_root(archive, name)) if name in archive.NameToInfo else []

    def inside(bag: Element) -> list[Element]:
        numbers = (whole(reference.text, len(bags)) for reference in bag.iter("{*}bagId"))
        return [bags[number] for number in numbers if number < len(bags)]

    mapped = [one for bag in bags if bag.get("type") == "XFComplements" for one in inside(bag)]
    return frozenset(
        number
        for number, complement in enumerate(mapped)
        if any(one.get("type") == "Checkbox" for controls in inside(complement) for one in inside(controls))
    )


def _styles(root: Element, boxes: frozenset[int]) -> list[CellStyle]:
    codes = dict(BUILT_IN)
    for own in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[whole(own.get("numFmtId"), 0)] = str(own.get("formatCode") or "General")
    fonts = [(_is_struck(font), _is_white(font), _font_name(font)) for font in root.iterfind("{*}fonts/{*}font")]
    plain = [_is_plain(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    styles = []
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        number, font, fill = (whole(style.get(name), 0) for name in ("numFmtId", "fontId", "fillId"))
        struck, white, font_name = fonts[font] if font < len(fonts) else (False, False, "")
        white = white and (fill >= len(plain) or plain[fill])
        more = style.find("{*}extLst/{*}ext/{*}xfComplement")
        boxed = more is not None and whole(more.get("i"), -1) in boxes
        styles.append(
            CellStyle(
                number_format=codes.get(number, "General"), struck=struck, white=white, font=font_name, boxed=boxed
            )
        )
    return styles


def whole(value: object, default: int) -> int:
    """Return the whole number that an attribute holds, ``default`` where it holds none."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else default


def _is_struck(font: Element) -> bool:
    strike = font.find("{*}strike")
    return strike is not None and _is_on(strike.get("val", "1"))


def _font_name(font: Element) -> str:
    """Return the name of a cell's font (``name``) or of a run's (``rFont``)."""
    named = next((found for name in ("name", "rFont") if (found := font.find(f"{{*}}{name}")) is not None), None)
    return str(named.get("val") or "") if named is not None else ""


def _is_white(font: Element) -> bool:
    colour = font.find("{*}color")
    return colour is not None and _is_white_colour(colour)


def _is_white_colour(colour: Element) -> bool:
    tinted = str(colour.get("tint") or "0") not in ("0", "0.0")
    return str(colour.get("rgb")).upper() in _WHITE or (colour.get("theme") == "0" and not tinted)


def _is_plain(fill: Element) -> bool:
    """Tell whether a fill leaves the ground white."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return fill.find("{*}gradientFill") is None
    if pattern.get("patternType", "none") == "none":
        return True
    ground = pattern.find("{*}fgColor")
    return pattern.get("patternType") == "solid" and ground is not None and _is_white_colour(ground)


def _is_on(value: object) -> bool:
    return value is not None and str(value).lower() not in _OFF


def _comments(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in archive.namelist():
        if re.match(r"xl/(?:comments|threadedComments)", name) and name.endswith(".xml"):
            root = part_root(archive, name)
            yield from ("".join(text.text or "" for text in one.iter("{*}t")) for one in root.iter("{*}comment"))
            yield from (one.findtext("{*}text") or "" for one in root.iter("{*}threadedComment"))
