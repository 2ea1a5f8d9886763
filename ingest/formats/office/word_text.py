"""The visible text of Word paragraphs: hidden runs are counted, deletions and comments are not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from ingest.formats.office.formulas import write_formula
from ingest.formats.office.word_styles import is_on, value

_TINY_HALF_POINTS = 4  # text of 2 points or less is not meant to be read
_WHITE = ("FFFFFF", "FEFEFE")
_SKIPPED = tuple(qn(f"w:{name}") for name in ("del", "moveFrom", "txbxContent", "pPr", "sdtPr"))

Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


class WordText:
    """Reads paragraphs of one document.

    Attributes:
        hidden: characters of hidden text seen so far.
    """

    def __init__(self, hidden_styles: frozenset[str]) -> None:
        self._hidden_styles = hidden_styles
        self.hidden = 0

    def read(self, element: Element) -> str:
        """Return the visible text of a paragraph, or of a cell with its paragraphs on lines of their own."""
        parts: list[str] = []
        for node in _visible_nodes(element):
            if node.tag == qn("w:r"):
                if self._is_hidden(node):
                    self.hidden += sum(len(text.text or "") for text in node.iter(qn("w:t")))
                    continue
                parts.extend(_run_text(node))
            elif node.tag == qn("w:p"):
                if parts and node is not element:
                    parts.append("\n")
            else:
                parts.append(write_formula(node))
        return "".join(parts)

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return False
        if properties.find(qn("w:vanish")) is not None:
            return is_on(properties, "w:vanish")
        if value(properties, "w:rStyle") in self._hidden_styles:
            return True
        size = value(properties, "w:sz")
        if size.isdigit() and int(size) <= _TINY_HALF_POINTS:
            return True
        return value(properties, "w:color").upper() in _WHITE and not _has_shading(run)


def _visible_nodes(element: Element) -> Iterator[Element]:
    """Yield paragraphs, runs and formulas below an element; not deletions, text boxes or fallbacks."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED or child.tag.endswith("}Fallback"):
            continue
        if child.tag == qn("w:r") or child.tag.endswith("/math}oMath"):
            yield child
            continue
        if child.tag == qn("w:p"):
            yield child
        yield from _visible_nodes(child)


def _run_text(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:tab"), qn("w:ptab")):
            yield " "
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"


def _has_shading(run: Element) -> bool:
    """Tell whether white text stands on a coloured ground: of its run, paragraph, cell or table style."""
    for element in (run, *run.iterancestors()):
        for shading in element.iterfind(f"*/{qn('w:shd')}"):
            if (shading.get(qn("w:fill")) or "auto").upper() not in ("AUTO", "FFFFFF"):
                return True
        if element.tag == qn("w:tbl"):
            return bool(value(element.find(qn("w:tblPr")), "w:tblStyle"))
    return False
