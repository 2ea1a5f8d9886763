"""The visible text of PowerPoint paragraphs, run by run, and the marks of their lists."""

from __future__ import annotations

import re
from typing import Any

from pptx.oxml.ns import qn

from ingest.formats.office.formulas import write_formula
from ingest.formats.office.lines import Line, Place
from ingest.text.inline import linked
from ingest.text.numbering import Level, ListCounter
from ingest.text.omissions import Omissions
from ingest.text.symbols import read_symbols
from kb.types import Omitted

_TINY_HUNDREDTHS = 200  # of a point: text this small is not meant to be read
_BULLETS = ("buChar", "buAutoNum", "buBlip")
_KIND = re.compile(r"(?P<style>\w+?)(?P<around>ParenBoth|ParenR|Period|Plain|Minus)")
_AROUND = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Plain": "{}", "Minus": "- {} -"}
_STYLES = {
    "arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
    "romanUc": "upperRoman", "circleNumDb": "decimalEnclosedCircle", "circleNumWdWhite": "decimalEnclosedCircle",
    "circleNumWdBlack": "decimalEnclosedBlack", "arabicDb": "decimalFullWidth", "ea1Chs": "chineseCounting",
    "ea1Cht": "taiwaneseCounting", "ea1JpnChsDb": "japaneseCounting", "ea1JpnKor": "japaneseCounting",
    "arabic1": "arabicAlpha", "arabic2": "arabicAbjad", "hebrew2": "hebrew2", "thaiAlpha": "thaiLetters",
    "thaiNum": "thaiNumbers", "hindiAlpha": "decimal", "hindiAlpha1": "decimal", "hindiNum": "hindiNumbers",
}  # fmt: skip
"""Kinds of numbers of DrawingML (ST_TextAutonumberScheme), without what stands around them."""

Element = Any  # lxml elements as python-pptx subclasses them; python-pptx ships no types


class SlideText:
    """Reads the paragraphs of one slide."""

    def __init__(self, part: Any, omissions: Omissions) -> None:
        self._part = part
        self._omissions = omissions

    def read(self, paragraph: Element) -> str:
        """Return the visible text of a paragraph."""
        line = Line()
        for node in paragraph.iter(qn("a:r"), qn("a:fld"), qn("a:br"), _FORMULA):
            if node.tag == qn("a:br"):
                line.add("\n")
            elif node.tag == _FORMULA:
                line.add(write_formula(node))
            elif next(node.iterancestors(_FORMULA), None) is None:
                self._run(node, line)
        return line.text()

    def _run(self, run: Element, line: Line) -> None:
        text = "".join(part.text or "" for part in run.iter(qn("a:t")))
        properties = run.find(qn("a:rPr"))
        if _is_hidden(properties):
            self._omissions.leave(Omitted.HIDDEN, text)
        elif properties is not None and str(properties.get("strike") or "noStrike") != "noStrike":
            self._omissions.leave(Omitted.STRUCK, text)
        else:
            line.add(read_symbols(text, _font(properties)), _place(properties), self._target(properties))

    def linked(self, shown: str, properties: Element) -> str:
        """Return a text with the address that a click on its shape leads to."""
        return linked(shown, self._target(properties))

    def _target(self, properties: Element | None) -> str:
        click = properties.find(qn("a:hlinkClick")) if properties is not None else None
        relation = str(click.get(qn("r:id")) or "") if click is not None else ""
        if relation not in self._part.rels or not self._part.rels[relation].is_external:
            return ""
        return str(self._part.rels[relation].target_ref)


class ListMarks:
    """Counts the items of one shape."""

    def __init__(self, shape: Any) -> None:
        """Start counting.

        Args:
            shape: whose placeholder may say how its items are marked; None for the cell of a table.
        """
        self._counter = ListCounter()
        self._levels: dict[int, Level] = {}
        self._inherited = _inherited_lists(shape) if shape is not None else []

    def next(self, paragraph: Element, filled: bool, listed: bool) -> tuple[str, int]:
        """Return the mark of a paragraph, empty where it is no item, and its depth.

        Args:
            paragraph: of the shape.
            filled: whether it has text; others are not counted.
            listed: whether paragraphs of this shape are items unless they say otherwise.
        """
        properties = paragraph.find(qn("a:pPr"))
        stated = str(properties.get("lvl") or "0") if properties is not None else "0"
        depth = min(int(stated), 8) if stated.isdecimal() and len(stated) < 3 else 0
        if not filled:
            return "", depth
        own = _bullet(properties)
        found = own if own is not None else self._of_placeholder(depth)
        if found is None or found.tag == qn("a:buNone"):
            self._counter.restart(depth)
            item = found is None and (listed or depth > 0)
            return "-" if item else "", depth
        level = _level(found, properties)
        if level != self._levels.get(depth):
            self._counter.restart(depth)
        self._levels[depth] = level
        mark = self._counter.next(depth, {depth: level})
        return mark, depth

    def _of_placeholder(self, depth: int) -> Element | None:
        for style in self._inherited:
            found = _bullet(style.find(qn(f"a:lvl{depth + 1}pPr")))
            if found is not None:
                return found
        return None


_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"


def leave_words(omissions: Omissions, reason: Omitted, element: Element) -> None:
    """Note all words of an element as left out."""
    for paragraph in element.iter(qn("a:p")):
        omissions.leave(reason, "".join(text.text or "" for text in paragraph.iter(qn("a:t"))))


def _inherited_lists(shape: Any) -> list[Element]:
    """Return the list styles of a shape and of the placeholders that it takes after, the nearest first."""
    found: list[Element] = []
    for _ in range(3):  # of the slide, its layout, its master
        body = shape.element.find(qn("p:txBody"))
        style = body.find(qn("a:lstStyle")) if body is not None else None
        if style is not None:
            found.append(style)
        shape = getattr(shape, "_base_placeholder", None)
        if shape is None:
            break
    return found


def _bullet(properties: Element | None) -> Element | None:
    """Return what properties of a paragraph say of its mark, None where they say nothing."""
    names = [qn(f"a:{name}") for name in (*_BULLETS, "buNone")]
    children = list(properties) if properties is not None else []
    return next((child for child in children if child.tag in names), None)


def _level(bullet: Element, properties: Element | None) -> Level:
    if bullet.tag != qn("a:buAutoNum"):
        fonts = bullet.getparent().find(qn("a:buFont"))
        if fonts is None and properties is not None:
            fonts = properties.find(qn("a:buFont"))
        font = str(fonts.get("typeface") or "") if fonts is not None else ""
        return Level(style="bullet", pattern=str(bullet.get("char") or ""), font=font)
    kind = _KIND.fullmatch(str(bullet.get("type") or "arabicPeriod"))
    start = str(bullet.get("startAt") or "1")
    stated = str(properties.get("lvl") or "0") if properties is not None else "0"
    depth = min(int(stated), 8) if stated.isdecimal() and len(stated) < 3 else 0
    return Level(
        style=_STYLES.get(kind["style"], "decimal") if kind else "decimal",
        pattern=_AROUND[kind["around"] if kind else "Period"].format(f"%{depth + 1}"),
        start=int(start) if start.isdecimal() and len(start) < 9 else 1,
    )


def _place(properties: Element | None) -> Place:
    stated = str(properties.get("baseline") or "0").rstrip("%") if properties is not None else "0"
    try:
        shift = float(stated)
    except ValueError:
        return Place.LINE
    return Place.RAISED if shift > 0 else Place.LOWERED if shift < 0 else Place.LINE


def _font(properties: Element | None) -> str:
    """Return the font of a run that decides its signs: that of symbols, else that of Latin letters."""
    for name in ("a:sym", "a:latin") if properties is not None else ():
        font = properties.find(qn(name)) if properties is not None else None
        if font is not None:
            return str(font.get("typeface") or "")
    return ""


def _is_hidden(properties: Element | None) -> bool:
    """Tell whether a run is too small to be read, or wholly transparent."""
    if properties is None:
        return False
    size = str(properties.get("sz") or "")
    if size.isdigit() and int(size) <= _TINY_HUNDREDTHS:
        return True
    alpha = properties.find(f"{qn('a:solidFill')}/*/{qn('a:alpha')}")
    return alpha is not None and str(alpha.get("val")) in ("0", "0%")
