"""The visible text of Word paragraphs, run by run; what is hidden, struck or deleted is gathered apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from docx.oxml.ns import qn

from ingest.formats.office.formulas import write_formula
from ingest.formats.office.lines import Line, Place
from ingest.formats.office.pictures import described
from ingest.formats.word.fields import Field, form_field, link_target, unshown_result
from ingest.formats.word.styles import WordStyles, is_on, number, value
from ingest.text.omissions import Omissions
from ingest.text.symbols import CHECKED, UNCHECKED, read_symbol, read_symbols
from kb.types import Omitted

_TINY_HALF_POINTS = 4  # text of 2 points or less is not meant to be read
_RAISED_HALF_POINTS = 4  # from which a run that stands higher is a mark above the line
_WHITE = ("FFFFFF", "FEFEFE")
_MAX_NESTING = 60
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_DOCUMENT_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_PROPERTIES = (_DOCUMENT_PROPERTIES, "{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr")
_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_DELETED = tuple(qn(f"w:{name}") for name in ("del", "moveFrom"))
_SKIPPED = tuple(
    qn(f"w:{name}") for name in ("txbxContent", "pPr", "sdtPr", "sdtEndPr", "tblPr", "trPr", "tcPr", "rPr")
)
_AROUND = tuple(qn(f"w:{name}") for name in ("sdtContent", "sdt", "tc"))
_NOTES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}

Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


class WordText:
    """Reads paragraphs of one document."""

    def __init__(self, document: Any, styles: WordStyles, omissions: Omissions) -> None:
        """Read the notes of the document, which stand in parts of their own.

        Args:
            document: as python-docx opens it.
            styles: its styles.
            omissions: gathers what is left out.
        """
        self._part = document.part
        self._styles = styles
        self._omissions = omissions
        self._fields: list[Field] = []
        self._paragraph_style = ""
        ground = document.element.find(qn("w:background"))
        colour = str(ground.get(qn("w:color")) or "auto").upper() if ground is not None else "AUTO"
        self._dark_page = colour not in ("AUTO", *_WHITE)
        self.read_note: Callable[[str, str], str] = lambda kind, identifier: ""

    def read(self, paragraph: Element, part: Any = None) -> str:
        """Return the visible text of a paragraph.

        Args:
            paragraph: to be read.
            part: that holds it and the addresses of its links; the document itself by default.
        """
        shown = self._controlled(paragraph)
        if shown is not None:
            return shown
        line = Line()
        outer = self._part, self._paragraph_style
        self._part = part or self._part
        self._paragraph_style = value(paragraph.find(qn("w:pPr")), "w:pStyle")
        self._inner(paragraph, line, "", 0)
        self._part, self._paragraph_style = outer
        self._fields = [field for field in self._fields if field.shows]  # an instruction ends with its paragraph
        return line.text()

    def leave(self, reason: Omitted, element: Element) -> None:
        """Note all text of an element, and of the notes that it refers to, as left out."""
        self._omissions.leave(reason, words(element))
        for tag, kind in _NOTES.items():
            for reference in element.iter(tag):
                self._omissions.leave(reason, self.read_note(kind, str(reference.get(qn("w:id")))))

    def _inner(self, element: Element, line: Line, target: str, depth: int) -> None:
        """Add what stands in a paragraph or in a part of one; ``target`` is the address of a link around it."""
        for child in element if depth < _MAX_NESTING else ():
            tag = child.tag
            if not isinstance(tag, str) or tag in _SKIPPED or tag.endswith("}Fallback"):
                continue
            if tag in _DELETED:
                self.leave(Omitted.DELETED, child)
                for mark in child.iter(qn("w:fldChar")):
                    self._field(mark, Line(), "")
            elif tag == qn("w:r"):
                self._run(child, line, target)
            elif tag.endswith("/math}oMath"):
                line.add(write_formula(child), target=target)
            elif tag == qn("w:hyperlink"):
                self._inner(child, line, self._address(child) or target, depth + 1)
            elif tag == qn("w:fldSimple"):
                found = link_target(str(child.get(qn("w:instr")) or ""))
                self._inner(child, line, found or target, depth + 1)
            elif tag == qn("w:sdt"):
                self._control(child, line, target, depth)
            elif tag != qn("w:p"):
                self._inner(child, line, target, depth + 1)

    def _address(self, link: Element) -> str:
        relation = self._part.rels.get(str(link.get(qn("r:id")) or ""))
        if relation is None or not relation.is_external:
            return ""
        place = str(link.get(qn("w:anchor")) or "")
        return f"{relation.target_ref}#{place}" if place else str(relation.target_ref)

    def _control(self, control: Element, line: Line, target: str, depth: int) -> None:
        """Add a content control: its text, or the state of its box; what it prompts for is no text."""
        if self._prompts(control):
            return
        box = _box(control)
        content = control.find(qn("w:sdtContent"))
        if box:
            line.add(box, target=target)
        elif content is not None:
            self._inner(content, line, target, depth + 1)

    def _controlled(self, paragraph: Element) -> str | None:
        """Return what a control around a whole paragraph or cell shows instead of it, None where it is none."""
        parent = paragraph.getparent()
        while parent is not None and parent.tag in _AROUND:
            if parent.tag == qn("w:sdt"):
                if is_on(parent.find(qn("w:sdtPr")), "w:showingPlcHdr"):
                    self.leave(Omitted.SURROUNDINGS, paragraph)
                    return ""
                box = _box(parent)
                if box:
                    return box
            parent = parent.getparent()
        return None

    def _prompts(self, control: Element) -> bool:
        """Tell whether a content control shows what is to be filled in; that is noted as left out."""
        found = is_on(control.find(qn("w:sdtPr")), "w:showingPlcHdr")
        if found:
            self.leave(Omitted.SURROUNDINGS, control)
        return found

    def _run(self, run: Element, line: Line, target: str) -> None:
        properties = run.find(qn("w:rPr"))
        style = value(properties, "w:rStyle")
        reason = self._reason(run, properties, style)
        place = self._place(properties, style)
        font = self._font(properties, style)
        told = False  # the mark of a note that the author chose himself
        for child in run:
            tag = child.tag
            if not isinstance(tag, str) or tag.endswith("}rPr"):
                continue
            if tag == qn("w:fldChar"):
                self._field(child, line, target)
                continue
            if tag == qn("w:instrText"):
                if self._fields and not self._fields[-1].shows:
                    self._fields[-1].instruction += child.text or ""
                continue
            if not all(field.shows for field in self._fields):
                continue
            if reason:
                self.leave(reason, child)
                continue
            if tag in _NOTES:
                line.note(self.read_note(_NOTES[tag], str(child.get(qn("w:id")))))
                told = str(child.get(qn("w:customMarkFollows")) or "0") in ("1", "true", "on")
                continue
            if told and tag in (qn("w:t"), qn("w:sym")):
                continue
            self._piece(child, line, place, font, target)

    def _piece(self, child: Element, line: Line, place: Place, font: str, target: str) -> None:
        """Add one thing that stands in a run."""
        for field in self._fields:
            field.result = True
            target = field.target or target
        tag = child.tag
        if tag == qn("w:t"):
            line.add(read_symbols(child.text or "", font), place, target)
        elif tag == qn("w:sym"):
            code = str(child.get(qn("w:char")) or "")
            sign = read_symbol(int(code, 16), str(child.get(qn("w:font")) or "")) if _is_code(code) else ""
            line.add(sign, place, target)
            if not sign:
                self._omissions.count(Omitted.UNKNOWN, name=f"symbol {code}")
        elif tag in (qn("w:tab"), qn("w:ptab")):
            line.add(" ", target=target)
        elif tag in (qn("w:br"), qn("w:cr")):
            line.add("\n", target=target)
        elif tag == qn("w:noBreakHyphen"):
            line.add("-", place, target)
        elif tag == qn("w:ruby"):
            for guide in child.iterfind(qn("w:rt")):
                self.leave(Omitted.PHONETIC, guide)
            for base in child.iterfind(qn("w:rubyBase")):
                self._inner(base, line, target, 0)
        elif tag in _DELETED or tag == qn("w:delText"):
            self.leave(Omitted.DELETED, child)
        else:
            self._drawing(child, line, target)

    def _field(self, mark: Element, line: Line, target: str) -> None:
        kind = mark.get(qn("w:fldCharType"))
        if kind == "begin":
            form = mark.find(qn("w:ffData"))
            self._fields.append(Field(form=form_field(form) if form is not None else None))
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = True
            self._fields[-1].target = link_target(self._fields[-1].instruction)
        elif kind == "end" and self._fields:
            field = self._fields.pop()
            if not field.result and all(outer.shows for outer in self._fields):
                shown, reading = unshown_result(field)
                self._omissions.leave(Omitted.PHONETIC, reading)
                line.add(shown, target=target)
                for outer in self._fields if shown else ():
                    outer.result = True

    def _drawing(self, element: Element, line: Line, target: str) -> None:
        """Add what a picture shows, as its author describes it, and words that are drawn as shapes."""
        seen: set[str] = set()
        alone = next(element.iterancestors(qn("w:tc")), None) is not None
        for node in _drawn(element):
            if node.tag in _PROPERTIES:
                shown = described(str(node.get("descr") or ""), str(node.get("title") or ""), alone=alone)
                frame = node.getparent()
                decorative = any(mark.get("val") in ("1", "true") for mark in node.iter(_DECORATIVE))
                pictures = any(str(inner.tag).endswith("}blip") for inner in frame.iter())
            elif node.tag == f"{_VML}textpath":
                line.add(f" {node.get('string') or ''} ", target=target)
                continue
            else:
                image = node.find(f"{_VML}imagedata")
                title = str(image.get(f"{_OFFICE}title") or "") if image is not None else ""
                shown = described(str(node.get("alt") or ""), title, alone=alone)
                decorative, pictures = False, image is not None
            if shown in seen or decorative:
                continue
            seen.add(shown)
            if shown:
                line.add(f" {shown} ", target=target)
            elif pictures:
                self._omissions.count(Omitted.PICTURES)

    def _reason(self, run: Element, properties: Element | None, style: str) -> Omitted | None:
        """Return why a run is not read, None where a reader sees it."""
        styles, paragraph = self._styles, self._paragraph_style
        if properties is not None and properties.find(qn("w:del")) is not None:
            return Omitted.DELETED
        if any(styles.is_on(name, properties, style, paragraph) for name in ("w:vanish", "w:webHidden")):
            return Omitted.HIDDEN
        if any(styles.is_on(name, properties, style, paragraph) for name in ("w:strike", "w:dstrike")):
            return Omitted.STRUCK
        size = styles.look("w:sz", properties, style, paragraph)
        points = str(size.get(qn("w:val")) or "") if size is not None else ""
        if points.isdigit() and int(points) <= _TINY_HALF_POINTS:
            return Omitted.HIDDEN
        own = value(properties, "w:color") or next(
            (value(look, "w:color") for look in styles.looks(style) if value(look, "w:color")), ""
        )
        white = own.upper() in _WHITE and not self._dark_page
        return Omitted.HIDDEN if white and not self._has_ground(run, style) else None

    def _has_ground(self, run: Element, style: str) -> bool:
        """Tell whether white text stands on a coloured ground: of its run, paragraph, cell or shape."""
        looks = [*self._styles.looks(style), *self._grounds(run)]
        shadings = [shading for look in looks for shading in look.iterfind(qn("w:shd"))]
        if any(_is_coloured(shading) for shading in shadings):
            return True
        if any(value(look, "w:highlight") not in ("", "none", "white") for look in looks):
            return True
        if any(str(parent.tag).endswith("}txbxContent") for parent in run.iterancestors()):
            return True  # the ground of a shape is its own
        table = next(run.iterancestors(qn("w:tbl")), None)
        return table is not None and bool(value(table.find(qn("w:tblPr")), "w:tblStyle"))

    def _grounds(self, run: Element) -> Iterator[Element]:
        """Yield the properties of a run and of all that it stands in, and of the styles of its paragraph."""
        for element in (run, *run.iterancestors()):
            for name in ("w:rPr", "w:pPr", "w:tcPr", "w:tblPr"):
                yield from element.iterfind(qn(name))
            if element.tag == qn("w:tbl"):
                break
        for style in self._styles.chain(self._paragraph_style):
            for name in ("w:rPr", "w:pPr"):
                yield from style.iterfind(qn(name))

    def _place(self, properties: Element | None, style: str) -> Place:
        look = self._styles.look("w:vertAlign", properties, style, self._paragraph_style)
        aligned = str(look.get(qn("w:val")) or "") if look is not None else ""
        shifted = number(properties, "w:position") or 0
        if aligned == "superscript" or (not aligned and shifted >= _RAISED_HALF_POINTS):
            return Place.RAISED
        return Place.LOWERED if aligned == "subscript" else Place.LINE

    def _font(self, properties: Element | None, style: str) -> str:
        fonts = self._styles.look("w:rFonts", properties, style, self._paragraph_style)
        return str(fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) or "") if fonts is not None else ""


def _box(control: Element) -> str:
    """Return the state of a control that is a check box, empty for others."""
    box = control.find(f"{qn('w:sdtPr')}/{_W14}checkbox")
    if box is None:
        return ""
    state = box.find(f"{_W14}checked")
    on = state is not None and str(state.get(f"{_W14}val") or "1") not in ("0", "false", "off")
    return CHECKED if on else UNCHECKED


def words(element: Element) -> str:
    """Return all text of an element as it is stored, hidden and deleted text included."""
    texts = (qn("w:t"), qn("w:delText"))
    found = (
        [str(element.text or "")] if element.tag in texts else [node.text or "" for node in element.iter(*texts)]
    )
    return "".join(found)


def _drawn(element: Element) -> Iterator[Element]:
    """Yield pictures and drawn words below an element; not those of text boxes, nor copies for old programs."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag == qn("w:txbxContent") or child.tag.endswith("}Fallback"):
            continue
        if child.tag in (*_PROPERTIES, f"{_VML}shape", f"{_VML}rect", f"{_VML}textpath"):
            yield child
        yield from _drawn(child)


def _is_coloured(shading: Element) -> bool:
    pattern = str(shading.get(qn("w:val")) or "clear")
    fill = str(shading.get(qn("w:fill")) or "auto").upper()
    return fill not in ("AUTO", "FFFFFF") or pattern not in ("clear", "nil", "")


def _is_code(code: str) -> bool:
    return 0 < len(code) < 6 and all(digit in "0123456789abcdefABCDEF" for digit in code)
