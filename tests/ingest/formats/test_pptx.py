"""PowerPoint slides are read as a reader sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

from kb.types import Omitted
from tests.ingest.formats.office_files import left_out, read, shown

FOLDER = Path(__file__).parents[2] / "data"


def slides(path: Path, *contents: str) -> tuple[Any, Path]:
    """Return a presentation with a text box a slide, each of XML paragraphs, and the path to save it at."""
    presentation = Presentation()
    for content in contents:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        body = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(6), Inches(3)).text_frame._txBody
        for paragraph in list(body.p_lst):
            body.remove(paragraph)
        for node in parse_xml(f"<a:root {nsdecls('a', 'r')}>{content}</a:root>"):
            body.append(node)
    return presentation, path


def run(text: str, properties: str = "", inner: str = "") -> str:
    """Return a run."""
    return f"<a:r><a:rPr {properties}>{inner}</a:rPr><a:t>{text}</a:t></a:r>"


def item(text: str, bullet: str, level: int = 0) -> str:
    """Return a paragraph with a mark."""
    return f'<a:p><a:pPr lvl="{level}">{bullet}</a:pPr>{run(text)}</a:p>'


def test_inline_text(tmp_path: Path) -> None:
    """Raised, struck, hidden and linked runs and those of symbol fonts become what a reader sees."""
    wings = '<a:latin typeface="Calibri"/><a:sym typeface="Wingdings"/>'
    content = (
        "<a:p>" + run("A wash costs $12") + run("1", 'baseline="30000"') + run(" with H")
        + run("2", 'baseline="-25000"') + run("O.") + "</a:p><a:p>" + run("Ironing: ")
        + run("$7", 'strike="sngStrike"') + run("$5", 'strike="noStrike"') + run("x", 'sz="100"') + "</a:p>"
        "<a:p>" + run("Insured ") + run("ü", "", wings) + run("\uf0fb") + "</a:p>"
        "<a:p>" + run("See ") + run("our ", "", '<a:hlinkClick r:id="link"/>')
        + run("plans", "", '<a:hlinkClick r:id="link"/>') + run(".") + "</a:p>"
    )  # fmt: skip
    presentation, path = slides(tmp_path / "a.pptx", content)
    part = presentation.slides[0].part
    relation = part.relate_to("https://shop.example/plans", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    for node in presentation.slides[0].element.iter():
        for name, value in list(node.attrib.items()):
            if value == "link":
                node.set(name, relation)
    presentation.save(str(path))
    document = read(path)
    assert shown(document).split("\n\n") == [
        "A wash costs $12¹ with H₂O.", "Ironing: $5", "Insured ✓✗", "See our plans (https://shop.example/plans).",
    ]  # fmt: skip
    assert left_out(document) == {Omitted.STRUCK: "$7", Omitted.HIDDEN: "x"}


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        ('type="arabicPeriod" startAt="4"', ["4.", "5."]),
        ('type="alphaLcParenR"', ["a)", "b)"]),
        ('type="romanUcPeriod"', ["I.", "II."]),
        ('type="arabicParenBoth" startAt="9"', ["(9)", "(10)"]),
        ('type="circleNumDbPlain"', ["①", "②"]),
        ('type="circleNumWdBlackPlain"', ["❶", "❷"]),
        ('type="ea1ChsPeriod" startAt="10"', ["十.", "十一."]),
        ('type="arabicDbPlain"', ["１", "２"]),
        ('type="arabicPlain"', ["1", "2"]),
    ],
)
def test_numbers(tmp_path: Path, kind: str, marks: list[str]) -> None:
    """Numbered items carry the numbers of their kind, from where it starts, over what stands further in."""
    bullet = f"<a:buAutoNum {kind}/>"
    tick = '<a:buFont typeface="Wingdings"/><a:buChar char="ü"/>'
    content = item("Pack", bullet) + item("well", tick, 1) + "<a:p/>" + item("Send", bullet)
    presentation, path = slides(tmp_path / "a.pptx", content)
    presentation.save(str(path))
    assert shown(read(path)) == f"{marks[0]} Pack\n  - ✓ well\n{marks[1]} Send"


def test_hidden_slides_notes_and_pictures(tmp_path: Path) -> None:
    """Words of hidden slides and notes are left out and known; pictures are described or counted."""
    presentation, path = slides(
        tmp_path / "a.pptx", f"<a:p>{run('Open daily')}</a:p>", f"<a:p>{run('Margins')}</a:p>"
    )
    first, second = presentation.slides
    second.element.set("show", "0")
    first.notes_slide.notes_text_frame.text = "say hello"
    pixel = FOLDER / "returns.png"
    for described in ("Map: the desk is on floor 3", ""):
        drawn = first.shapes.add_picture(str(pixel), Inches(1), Inches(4), Inches(1), Inches(1))
        drawn._element.nvPicPr.cNvPr.set("descr", described)
    presentation.save(str(path))
    document = read(path)
    assert shown(document) == "Open daily\n\nMap: the desk is on floor 3"
    assert left_out(document) == {Omitted.PICTURES: "", Omitted.COMMENTS: "say hello", Omitted.HIDDEN: "Margins"}
