"""Rich text (RTF) token by token: paragraphs with their marks, rows of tables, notes and links in place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ingest.formats.office.forms import FormField, FormKind
from ingest.formats.office.lines import Line, Place
from ingest.formats.office.pictures import described
from ingest.formats.word.fields import Field, link_target, unshown_result
from ingest.text.omissions import Omissions
from ingest.text.symbols import bullet, read_symbols
from kb.types import Omitted

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_HEADING = re.compile(r"^(?:heading|标题|標題|überschrift|titre)\s*(\d)", re.IGNORECASE)
_TITLE = re.compile(r"^(?:title|标题|標題)$", re.IGNORECASE)
_CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
"""Character sets of fonts; all others are written in the code page of the file."""

_SIGNS = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ", "lbr": "\n",
}  # fmt: skip
_SKIPPED = frozenset(
    ("colortbl", "object", "nonshppict", "shprslt", "xe", "tc", "tcn", "rxe", "bkmkstart", "bkmkend", "listtable",
     "listoverridetable", "rsidtbl", "generator", "pn", "pnseclvl", "themedata", "colorschememapping", "datastore",
     "latentstyles", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "mmathPict", "filetbl", "revtbl", "private", "do")
)  # fmt: skip
_AROUND = frozenset(("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"))
_OPENED = {
    "fonttbl": "fonts", "stylesheet": "styles", "info": "info", "title": "title", "pict": "picture",
    "footnote": "note", "annotation": "comment", "listtext": "mark", "pntext": "mark", "fldinst": "told",
    "fldrslt": "text", "shptxt": "text", "shpinst": "shape", "sn": "name", "sv": "value", "ud": "text",
    "result": "text", "field": "text", "shppict": "text", "formfield": "form", "txfieldtext": "text",
    "ffl": "choice", "ffdeftext": "default",
}  # fmt: skip
"""What a control word opens a group of; groups of unknown ones that may be ignored are."""

_FORM_KINDS = {1: FormKind.BOX, 2: FormKind.CHOICE}
_NOBODY_CHOSE = 25  # the result of a form field that was left as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, or a row of a table.

    Attributes:
        text: of a paragraph.
        mark: of an item of a list, empty for others.
        depth: of the list, 0 outermost.
        level: of a heading (1 = outermost), 0 for others.
        hanging: whether its first line stands out to the left, as those of items do.
        cells: of a row, None for paragraphs.
        edges: right edges of the cells of a row, in twips; empty where its definition says less than it holds.
    """

    text: str = ""
    mark: str = ""
    depth: int = 0
    level: int = 0
    hanging: bool = False
    cells: tuple[str, ...] | None = None
    edges: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class _State:
    """What holds in a group; groups in it begin with a copy."""

    kind: str = "text"
    font: int = -1
    hidden: bool = False
    struck: bool = False
    deleted: bool = False
    tiny: bool = False
    place: Place = Place.LINE
    skip: int = 1  # characters that stand behind a Unicode one for old programs
    field: Field = field(default_factory=Field)
    target: str = ""


@dataclass(slots=True)
class _Cell:
    """What the definition of a row says of a cell."""

    goes_down: bool = False
    goes_on: bool = False
    right: int = 0


class RtfText:
    """Reads one file.

    Attributes:
        blocks: what was read, in order.
        title: that the file states.
        omissions: what was left out.
    """

    def __init__(self, content: bytes, code_page: str) -> None:
        """Read a file.

        Args:
            content: its bytes.
            code_page: of the text whose font names none.
        """
        self.blocks: list[Block] = []
        self.title = ""
        self.omissions = Omissions()
        self._code_page = code_page
        self._fonts: dict[int, tuple[str, str]] = {}  # number to code page and name
        self._levels: dict[int, int] = {}  # number of a style to the level of its headings
        self._states = [_State()]
        self._lines = [Line()]
        self._bytes = bytearray()
        self._skipping = self._high = 0
        self._words: list[str] = [""]  # of groups whose words are not text: names, instructions
        self._property = ""
        self._picture = ""
        self._style = self._outline = -1
        self._mark = ""
        self._depth = 0
        self._in_table = self._hanging = False
        self._cells: list[str] = []
        self._row: list[_Cell] = []
        self._next_cell = _Cell()
        self._above: tuple[str, ...] = ()
        self._read(content)
        self._end_paragraph()

    def _read(self, content: bytes) -> None:
        position, ignorable = 0, False
        while position < len(content):
            found = _TOKEN.match(content, position)
            if found is None:
                position += 1
                continue
            position = found.end()
            word, number, code, sign, brace, text = found.groups()
            if code is not None:
                self._byte(int(code, 16))
            elif text is not None:
                skipped = min(self._skipping, len(text))
                self._skipping -= skipped
                self._bytes += text[skipped:]
            elif brace == b"{":
                self._flush()
                self._states.append(replace(self._states[-1]))
            elif brace == b"}":
                self._flush()
                self._close()
            elif word == b"bin":
                position += max(0, int(number or 0))
            elif word is not None:
                self._flush()
                self._control(word.decode(), int(number) if number is not None else None, ignorable)
            elif sign is not None:
                self._symbol(sign)
            ignorable = sign == b"*"
        self._flush()

    def _byte(self, byte: int) -> None:
        if self._skipping:
            self._skipping -= 1
        else:
            self._bytes.append(byte)

    def _symbol(self, sign: bytes) -> None:
        if sign in b"{}\\":
            self._byte(sign[0])
            return
        self._flush()
        if sign in b"\r\n":
            self._end_paragraph()
        self._text({b"~": " ", b"_": "-"}.get(sign, ""))

    def _flush(self) -> None:
        """Add the bytes that wait, in the code page of their font."""
        if self._bytes:
            page, _ = self._fonts.get(self._states[-1].font, (self._code_page, ""))
            written = bytes(self._bytes)
            self._bytes.clear()
            try:
                self._text(written.decode(page, "replace"))
            except LookupError:
                self._text(written.decode("cp1252", "replace"))

    def _text(self, text: str) -> None:
        state = self._states[-1]
        if not text or state.kind in ("skip", "info", "shape", "picture", "form"):
            return
        if state.kind in (
            "fonts",
            "styles",
            "title",
            "name",
            "value",
            "told",
            "comment",
            "around",
            "choice",
            "default",
        ):
            self._words[-1] += text
            return
        if state.deleted:
            self.omissions.leave(Omitted.DELETED, text)
        elif state.hidden or state.tiny:
            self.omissions.leave(Omitted.HIDDEN, text)
        elif state.struck:
            self.omissions.leave(Omitted.STRUCK, text)
        else:
            state.field.result = True
            _, font = self._fonts.get(state.font, ("", ""))
            self._lines[-1].add(read_symbols(text, font), state.place, state.target)

    def _control(self, word: str, number: int | None, ignorable: bool) -> None:
        state = self._states[-1]
        value = 1 if number is None else number
        if word == "u" and number is not None:
            self._unit(number % 65536)
            self._skipping = state.skip
            return
        self._skipping = 0
        if self._opens(word, ignorable, state):
            return
        if word in _SIGNS:
            self._text(_SIGNS[word])
        elif word in ("par", "sect", "page"):
            self._end_paragraph()
        elif not self._look(word, value, state) and not self._layout(word, value):
            self._define(word, value, state)

    def _unit(self, code: int) -> None:
        """Add a unit of UTF-16: a character, or half of one."""
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000 and self._high:
            code = 0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00
        self._high = 0
        self._text(chr(code))

    def _opens(self, word: str, ignorable: bool, state: _State) -> bool:
        """Begin a group of another kind, where a word says so."""
        if state.kind in ("skip", "comment", "around") or (
            state.kind == "picture" and word not in ("sn", "sv", "picprop")
        ):
            return True
        if word in _SKIPPED:
            state.kind = "skip"
        elif word in _AROUND:
            state.kind = "around"
            self._words.append("")
        elif word in _OPENED:
            self._open(word, state)
        elif word == "upr" or (ignorable and state.kind != "picture"):
            state.kind = "skip"
        else:
            return False
        return True

    def _open(self, word: str, state: _State) -> None:
        kind = _OPENED[word]
        if word == "field":
            state.field = Field()
        elif word == "fldrslt":
            state.field.shows, state.target = True, link_target(state.field.instruction) or state.target
        elif kind in ("note", "mark") or word == "shptxt":
            self._lines.append(Line())
            state.place = Place.LINE
        elif kind in ("told", "comment", "title", "name", "value", "fonts", "styles", "choice", "default"):
            self._words.append("")
        elif kind == "form":
            state.field.form = FormField()
        elif kind == "picture":
            self._picture = ""
        state.kind = "box" if word == "shptxt" else kind

    def _close(self) -> None:
        """End a group: what it gathered goes where it belongs."""
        if len(self._states) < 2:
            return
        state = self._states.pop()
        outer = self._states[-1]
        if state.kind == "text" and outer.field is not state.field and not state.field.result:
            shown, reading = unshown_result(state.field)
            self.omissions.leave(Omitted.PHONETIC, reading)
            self._lines[-1].add(shown)
        if state.kind == outer.kind and state.kind not in ("fonts", "styles"):
            return
        if state.kind in ("told", "comment", "around", "title", "name", "value", "choice", "default"):
            self._take(state, self._words.pop() if len(self._words) > 1 else "")
        elif state.kind in ("fonts", "styles") and outer.kind != state.kind:
            self._words.pop()
        elif state.kind == "styles":
            self._name_style()
        elif state.kind == "fonts":
            self._name_font(state.font)
        elif state.kind in ("note", "mark", "box") and len(self._lines) > 1:
            text = " ".join(self._lines.pop().text().split())
            if state.kind == "note":
                self._lines[-1].note(text)
            elif state.kind == "mark":
                self._mark = text or "-"
            else:
                self._lines[-1].add(f" {text} ")
        elif state.kind == "picture":
            self._lines[-1].add(f" {self._picture} " if self._picture else "")
            self.omissions.count(Omitted.PICTURES, not self._picture)

    def _take(self, state: _State, words: str) -> None:
        if state.kind == "told":
            state.field.instruction += words
        elif state.kind == "comment":
            self.omissions.leave(Omitted.COMMENTS, words)
        elif state.kind == "around":
            self.omissions.leave(Omitted.SURROUNDINGS, words)
        elif state.kind == "title":
            self.title = self.title or words.strip()
        elif state.kind == "name":
            self._property = words.strip()
        elif state.kind in ("choice", "default"):
            form = state.field.form or FormField()
            form.choices += [words.strip()] if state.kind == "choice" else []
            form.text = words.strip() if state.kind == "default" else form.text
        elif self._property == "wzDescription":
            self._picture = described(words, alone=bool(self._in_table))

    def _name_style(self) -> None:
        name = self._words[-1].strip().rstrip(";")
        self._words[-1] = ""
        named = _HEADING.match(name)
        if named or _TITLE.match(name):
            self._levels[self._style] = int(named.group(1)) + 1 if named else 1

    def _name_font(self, font: int) -> None:
        name = self._words[-1].strip().split(";")[0].strip()
        self._words[-1] = ""
        page, _ = self._fonts.get(font, (self._code_page, ""))
        self._fonts[font] = (page, name)

    def _look(self, word: str, value: int, state: _State) -> bool:
        """Take a word on how text looks."""
        if word == "v":
            state.hidden = value != 0
        elif word in ("strike", "striked"):
            state.struck = value != 0
        elif word == "deleted":
            state.deleted = value != 0
        elif word == "fs":
            state.tiny = value <= 4
        elif word in ("super", "up", "sub", "dn", "nosupersub"):
            kind = {"super": Place.RAISED, "sub": Place.LOWERED}.get(word, Place.LINE)
            raised = word == "up" and value >= 4
            state.place = Place.RAISED if raised else kind if value else Place.LINE
        elif word == "plain":
            state.hidden = state.struck = state.tiny = state.deleted = False
            state.place = Place.LINE
        elif word == "uc":
            state.skip = max(0, value)
        elif word == "f":
            state.font = value
            if state.kind == "fonts":
                self._fonts.setdefault(value, (self._code_page, ""))
        else:
            return False
        return True

    def _layout(self, word: str, value: int) -> bool:
        """Take a word on paragraphs and tables."""
        if word == "pard":
            self._style = self._outline = -1
            self._depth, self._in_table, self._hanging = 0, False, False
        elif word == "s":
            self._style = value
        elif word == "outlinelevel":
            self._outline = value
        elif word == "ilvl":
            self._depth = max(0, min(value, 8))
        elif word == "fi":
            self._hanging = value < 0
        elif word == "intbl":
            self._in_table = True
        elif word == "trowd":
            self._row, self._next_cell = [], _Cell()
        elif word == "cellx":
            self._next_cell.right = value
            self._row.append(self._next_cell)
            self._next_cell = _Cell()
        elif word in ("clvmrg", "clmrg"):
            self._next_cell = _Cell(word == "clvmrg" or self._next_cell.goes_down, word == "clmrg")
        elif word in ("cell", "nestcell"):
            self._end_cell(word == "nestcell")
        elif word == "row":
            self._end_row()
        else:
            return False
        return True

    def _define(self, word: str, value: int, state: _State) -> None:
        """Take a word of the table of fonts, or of the field of a form."""
        if word in ("fcharset", "cpg") and state.kind == "fonts":
            page = _CODE_PAGES.get(value, self._code_page) if word == "fcharset" else f"cp{value}"
            self._fonts[state.font] = (page, self._fonts.get(state.font, ("", ""))[1])
        elif state.kind == "form" and state.field.form is not None:
            form = state.field.form
            if word == "fftype":
                form.kind = _FORM_KINDS.get(value, FormKind.TEXT)
            elif word == "ffres":
                form.chosen = None if value == _NOBODY_CHOSE else value
            elif word == "ffdefres":
                form.usual = value

    def _end_paragraph(self) -> None:
        if len(self._lines) > 1:  # of a note or a box, which stands on one line
            self._lines[-1].add(" ")
            return
        if self._in_table or self._cells:
            text = self._lines[-1]
            text.add(" ")
            if self._mark:
                self._mark_cell()
            return
        text_of = self._lines[-1].text()
        mark = bullet(self._mark) if self._mark and not any(map(str.isalnum, self._mark)) else self._mark
        level = self._levels.get(self._style, self._outline + 2 if 0 <= self._outline < 9 else 0)
        self.blocks.append(Block(text=text_of, mark=mark, depth=self._depth, level=level, hanging=self._hanging))
        self._lines[-1], self._mark = Line(), ""

    def _mark_cell(self) -> None:
        """Set the mark of an item before the text of its cell, where it is more than a bullet."""
        bare = self._mark if any(map(str.isalnum, self._mark)) else bullet(self._mark).removeprefix("-").strip()
        line = Line()
        line.add(f"{bare} {self._lines[-1].text()}" if bare else self._lines[-1].text())
        self._lines[-1], self._mark = line, ""

    def _end_cell(self, nested: bool) -> None:
        if self._mark:
            self._mark_cell()
        if nested:
            self._lines[-1].add(" ")
            return
        text = " ".join(self._lines[-1].text().split())
        self._lines[-1] = Line()
        self._cells.append(text)

    def _end_row(self) -> None:
        cells: list[str] = []
        for place, text in enumerate(self._cells):
            said = self._row[place] if place < len(self._row) else _Cell()
            above = self._above[place] if said.goes_down and place < len(self._above) else ""
            beside = cells[-1] if said.goes_on and cells else ""
            cells.append(text or above or beside)
        self._above = tuple(cells)
        edges = tuple(said.right for said in self._row[: len(cells)])
        self.blocks.append(Block(cells=self._above, edges=edges if len(edges) == len(cells) else ()))
        self._cells = []
