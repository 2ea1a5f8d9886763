"""The text of OpenDocument paragraphs, lists and cells, as a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.formats.office.forms import FormField, FormKind
from ingest.formats.office.lines import Line
from ingest.formats.office.pictures import described
from ingest.formats.opendocument.grounds import is_coloured
from ingest.formats.opendocument.names import q
from ingest.formats.opendocument.styles import Look, Styles, depth, is_struck, is_unseen, is_white, place
from ingest.text.numbering import Level, ListCounter, marked
from ingest.text.omissions import Omissions
from ingest.text.symbols import CHECKED, UNCHECKED, read_symbols
from kb.types import Omitted

_MAX_NESTING = 60
_DRAWING, _FORM = (q(name).partition("}")[0] for name in ("draw:frame", "form:form"))
_BREAKS = {q("text:s"): " ", q("text:tab"): " ", q("text:line-break"): "\n"}
_UNREAD = frozenset(map(q, ("text:note-citation", "text:number", "text:script", "office:annotation-end")))
_PARAGRAPHS = (q("text:p"), q("text:h"))

Element = Any  # lxml elements


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph of a list.

    Attributes:
        element: the paragraph.
        mark: before it; empty for the further paragraphs of an item.
        depth: of the list, 0 outermost.
        tight: whether the text follows the mark without a blank.
    """

    element: Element
    mark: str
    depth: int
    tight: bool


class OdfText:
    """Reads paragraphs, lists and cells of one file.

    Attributes:
        omissions: what was left out so far.
    """

    def __init__(self, styles: Styles, body: Element) -> None:
        self._styles = styles
        self._counters: dict[str, ListCounter] = {}  # by the list's id, or by the name of its style
        self._outline = ListCounter()
        self._controls = {
            str(control.get(name)): control
            for control in body.iter()
            if isinstance(control.tag, str) and control.tag.startswith(_FORM)
            for name in (q("form:id"), q("xml:id"))
            if control.get(name)
        }
        self.omissions = Omissions()

    def read(self, paragraph: Element) -> str:
        """Return the visible text of a paragraph; a paragraph that is hidden has none."""
        name = str(paragraph.get(q("text:style-name")) or "")
        look = self._styles.look("paragraph", name)
        hidden = next(paragraph.iter(q("text:hidden-paragraph")), None)
        if hidden is not None and hidden.get(q("text:is-hidden")) == "true":
            self.leave(Omitted.HIDDEN, paragraph)
            return ""
        line = Line()
        self._inner(paragraph, line, look, "", 0)
        return line.text()

    def leave(self, reason: Omitted, element: Element) -> None:
        """Note all words of an element as left out."""
        self.omissions.leave(reason, "".join(element.itertext()))

    def _add(self, text: str | None, line: Line, look: Look, target: str) -> None:
        if not text:
            return
        if is_unseen(look):
            self.omissions.leave(Omitted.HIDDEN, text)
        elif is_struck(look):
            self.omissions.leave(Omitted.STRUCK, text)
        else:
            line.add(read_symbols(text, self._styles.symbol_font(look)), place(look), target)

    def _inner(self, element: Element, line: Line, look: Look, target: str, nested: int) -> None:
        self._add(element.text, line, look, target)
        for child in element if nested < _MAX_NESTING else ():
            if isinstance(child.tag, str):
                self._child(child, line, look, target, nested + 1)
            self._add(child.tail, line, look, target)

    def _child(self, child: Element, line: Line, look: Look, target: str, nested: int) -> None:
        """Add one element that stands in a paragraph."""
        tag = child.tag
        if tag in _BREAKS:
            line.add(_BREAKS[tag], target=target)
        elif tag in _UNREAD:
            return
        elif tag.startswith(_DRAWING):
            self._drawing(child, line, target)
        elif tag == q("office:annotation"):
            self.omissions.leave(Omitted.COMMENTS, _lines(child))
        elif tag == q("text:note"):
            self._note(child, line)
        elif tag == q("text:ruby-text"):
            self.leave(Omitted.PHONETIC, child)
        elif tag == q("text:placeholder"):
            self.leave(Omitted.SURROUNDINGS, child)
        elif tag == q("text:hidden-text") and child.get(q("text:is-hidden")) != "false":
            text = "".join(child.itertext()) or str(child.get(q("text:string-value")) or "")
            self.omissions.leave(Omitted.HIDDEN, text)
        elif tag in (q("field:fieldmark"), q("field:fieldmark-start")):
            line.add(_form_field(child).shown(), target=target)
        elif tag == q("loext:content-control"):
            self._control(child, line, look, target, nested)
        elif child.get(q("text:display")) == "none":  # variables that are set and not shown
            self.leave(Omitted.HIDDEN, child)
        elif tag == q("text:a"):
            self._inner(child, line, look, str(child.get(q("xlink:href")) or "") or target, nested)
        else:
            own = self._styles.look("text", str(child.get(q("text:style-name")) or ""))
            if is_white(own) and not is_coloured(child, self._styles):
                self.leave(Omitted.HIDDEN, child)
            else:
                self._inner(child, line, {**look, **own} if own else look, target, nested)

    def _note(self, note: Element, line: Line) -> None:
        body = note.find(q("text:note-body"))
        paragraphs = body.iter(*_PARAGRAPHS) if body is not None else ()
        line.note(" ".join(" ".join(self.read(paragraph) for paragraph in paragraphs).split()))

    def _control(self, control: Element, line: Line, look: Look, target: str, nested: int) -> None:
        """Add a content control: its text or the state of its box; a prompt is left out."""
        if control.get(q("loext:showing-place-holder")) == "true":
            self.leave(Omitted.SURROUNDINGS, control)
        elif control.get(q("loext:checkbox")) == "true":
            line.add(CHECKED if control.get(q("loext:checked")) == "true" else UNCHECKED, target=target)
        else:
            self._inner(control, line, look, target, nested)

    def _drawing(self, shape: Element, line: Line, target: str) -> None:
        """Add the description of a picture, or the state of a form's control; what else it holds is read apart."""
        if shape.tag == q("draw:control"):
            line.add(_control_text(self._controls.get(str(shape.get(q("draw:control"))))), target=target)
            return
        if shape.tag == q("draw:a"):
            target = str(shape.get(q("xlink:href")) or "") or target
            for inner in shape:
                self._drawing(inner, line, target)
            return
        shown = self.picture(shape)
        line.add(f" {shown} " if shown else "", target=target)

    def picture(self, shape: Element) -> str:
        """Return the description of a picture; one without any is counted."""
        cell = next(shape.iterancestors(q("table:table-cell")), None) is not None
        description, title = (shape.findtext(q(f"svg:{name}")) or "" for name in ("desc", "title"))
        shown = described(description, title, alone=cell)
        if not shown and shape.find(q("draw:image")) is not None and shape.find(q("draw:text-box")) is None:
            self.omissions.count(Omitted.PICTURES)
        return shown

    def heading_mark(self, heading: Element) -> str:
        """Return the number of a heading by the outline of the file, empty where it has none."""
        name = str(heading.get(q("text:style-name")) or "")
        if heading.get(q("text:is-list-header")) == "true" or self._styles.list_style(name) == "":
            return ""
        start = str(heading.get(q("text:start-value")) or "1")
        again = heading.get(q("text:restart-numbering")) == "true" and start.isdecimal() and len(start) < 9
        at = depth(heading, "text:outline-level")
        styled = self._styles.list_style(name)
        levels = self._styles.lists.get(styled, {}) if styled else self._styles.outline
        number = int(start) if again else None
        return self._outline.next(at, levels or {at: Level(style="none", pattern="")}, number)

    def items(self, element: Element) -> list[Item]:
        """Return the paragraphs of a list with their marks, in order."""
        name = str(element.get(q("text:style-name")) or "")
        before = str(element.get(q("text:continue-list")) or "")
        counter = self._counters.get(before)
        if counter is None and element.get(q("text:continue-numbering")) == "true":
            counter = self._counters.get(f"style {name}")
        counter = counter or ListCounter()
        self._counters[f"style {name}"] = counter
        self._counters[str(element.get(q("xml:id")) or f"style {name}")] = counter
        return list(self._items(element, name, counter, 0))

    def _items(self, element: Element, style: str, counter: ListCounter, nested: int) -> Iterator[Item]:
        style = str(element.get(q("text:style-name")) or style)
        for item in element if nested < _MAX_NESTING else ():
            if item.tag not in (q("text:list-item"), q("text:list-header")):
                continue
            fresh = item.tag == q("text:list-item")
            stated = str(item.get(q("text:start-value")) or "")
            number = int(stated) if stated.isdecimal() and len(stated) < 9 else None
            for child in item:
                if child.tag == q("text:list"):
                    yield from self._items(child, style, counter, nested + 1)
                elif child.tag in _PARAGRAPHS:
                    named = style or self._styles.list_style(str(child.get(q("text:style-name")) or "")) or ""
                    levels = self._styles.lists.get(named, {})
                    mark = counter.next(nested, levels, number) if fresh and not _is_bare(child) else ""
                    tight = nested in levels and levels[nested].tight
                    yield Item(child, mark, nested, tight)
                    fresh = fresh and _is_bare(child)

    def list_lines(self, element: Element) -> list[str]:
        """Return the lines of a list with their marks, nested lists indented."""
        lines = (self.item_line(item, " ".join(self.read(item.element).split())) for item in self.items(element))
        return [line for line in lines if line]

    def item_line(self, item: Item, text: str) -> str:
        """Return the line of an item, empty where it has no text."""
        indent = "  " * item.depth
        return (indent + (marked(item.mark, text, item.tight) if item.mark else f"  {text}")) if text else ""

    def cell_text(self, cell: Element) -> str:
        """Return the text of a table cell, its paragraphs on lines of their own, items with their numbers."""
        return "\n".join(self._cell_lines(cell, 0))

    def _cell_lines(self, element: Element, nested: int) -> Iterator[str]:
        for child in element if nested < _MAX_NESTING else ():
            if not isinstance(child.tag, str):
                continue
            if child.tag == q("office:annotation"):
                self.omissions.leave(Omitted.COMMENTS, _lines(child))
            elif child.tag in _PARAGRAPHS:
                yield self.read(child)
                for shape in shapes(child):
                    yield from self._cell_lines(shape, nested + 1)
            elif child.tag == q("text:list"):
                for item in self.items(child):
                    yield marked(item.mark.removeprefix("-").strip(), self.read(item.element), item.tight)
            else:
                yield from self._cell_lines(child, nested + 1)


def shapes(paragraph: Element) -> Iterator[Element]:
    """Yield the frames and shapes that are anchored in a paragraph."""
    for child in paragraph:
        if not isinstance(child.tag, str) or child.tag in (q("text:note"), q("office:annotation")):
            continue
        drawn = child.tag.startswith(_DRAWING)
        if drawn and child.tag not in (q("draw:a"), q("draw:control")):
            yield child
        else:
            yield from shapes(child)


def _is_bare(paragraph: Element) -> bool:
    """Tell whether a paragraph is an empty one that only stands before a list further in."""
    following = paragraph.getnext()
    return not len(paragraph) and not paragraph.text and following is not None


def _lines(element: Element) -> str:
    return "\n".join("".join(paragraph.itertext()) for paragraph in element.iter(*_PARAGRAPHS))


def _form_field(mark: Element) -> FormField:
    """Return what a field of a form is that was taken over from Word; of texts the words stand behind it."""
    kind = str(mark.get(q("field:type")) or "").rpartition(".")[2].upper()
    stated = [
        (str(param.get(q("field:name")) or "").lower(), str(param.get(q("field:value")) or ""))
        for param in mark.iter(q("field:param"))
    ]
    if kind == "FORMCHECKBOX":
        ticked = any(name == "checkbox_checked" and value.lower() in ("true", "1") for name, value in stated)
        return FormField(kind=FormKind.BOX, chosen=int(ticked))
    if kind == "FORMDROPDOWN":
        chosen = next((value for name, value in stated if name == "dropdown_selected"), "")
        choices = [value for name, value in stated if name == "dropdown_listentry"]
        number = int(chosen) if chosen.isdecimal() and len(chosen) < 9 else None
        return FormField(kind=FormKind.CHOICE, chosen=number, choices=choices)
    return FormField()


def _control_text(control: Element | None) -> str:
    """Return what the control of a form shows: its box and label, what was typed or chosen."""
    if control is None:
        return ""
    label = str(control.get(q("form:label")) or "")
    if control.tag in (q("form:checkbox"), q("form:radio")):
        state = control.get(q("form:current-state")) or control.get(q("form:state"))
        on = state == "checked" or control.get(q("form:current-selected")) == "true"
        return f"{CHECKED if on else UNCHECKED} {label}".rstrip()
    if control.tag in (q("form:listbox"), q("form:combobox")):
        chosen = [
            str(option.get(q("form:label")) or "")
            for option in control.iter(q("form:option"))
            if option.get(q("form:current-selected")) == "true"
        ]
        return ", ".join(chosen) or str(control.get(q("form:current-value")) or "")
    return str(control.get(q("form:current-value")) or control.get(q("form:value")) or label)
