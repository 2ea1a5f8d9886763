"""Word documents are read as a reader sees them, whichever way their programs write the same thing."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from ingest.formats.office import lines, pictures
from ingest.formats.word import fields
from kb.types import Omitted
from tests.ingest.formats.office_files import (
    control,
    field,
    item,
    left_out,
    level,
    line,
    paragraph,
    read,
    run,
    setting,
    shown,
    table,
    write_docx,
)

_RAISED = setting("vertAlign", "superscript")
_XML = "application/xml"


def kind(number: int, *levels: str) -> str:
    """Return a kind of list, and a list of it with the next number."""
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def one(number: int, of: int, further: str = "") -> str:
    """Return a list of a kind."""
    return f'<w:num w:numId="{number}">{setting("abstractNumId", str(of))}{further}</w:num>'


def style(name: str, content: str, of: str = "character") -> str:
    """Return a style of characters or of paragraphs."""
    return f'<w:style w:type="{of}" w:styleId="{name}">{content}</w:style>'


@pytest.mark.parametrize("module", [lines, pictures, fields])
def test_examples_run(module: object) -> None:
    """The examples in the docstrings give what they say."""
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_raised_and_struck(tmp_path: Path) -> None:
    """Raised digits never join a number, also when a style raises them; struck text is left out, if it is on."""
    styles = (
        style("Up", f"<w:rPr>{_RAISED}</w:rPr>")
        + style("Old", "<w:rPr><w:strike/></w:rPr>")
        + style("Older", setting("basedOn", "Old"))
    )
    low, up, older = setting("vertAlign", "subscript"), setting("rStyle", "Up"), setting("rStyle", "Older")
    body = (
        line(run("A wash costs $12"), run("1", _RAISED), run(",", _RAISED), run("2", _RAISED), run(" a load."))
        + line(run("A rinse costs $3"), run("4", up), run(" or H"), run("2", low), run("O."))
        + line(
            run("Ironing is "), run("$7", "<w:strike/>"), run("$6", "<w:dstrike/>"), run("$4", older),
            run("$5", setting("strike", "0")), run(" now.", older + setting("strike", "false")),
        )
    )  # fmt: skip
    document = read(write_docx(tmp_path / "a.docx", body, styles=styles))
    assert shown(document).split("\n\n") == [
        "A wash costs $12¹,² a load.",
        "A rinse costs $3⁴ or H₂O.",
        "Ironing is $5 now.",
    ]
    assert left_out(document) == {Omitted.STRUCK: "$7\n$6\n$4"}


def test_notes_stand_in_their_sentences(tmp_path: Path) -> None:
    """Foot- and endnotes go where they are referred to, also in cells; those of deleted text do not."""
    feet = (
        "<w:footnotes SPACES><w:footnote w:id='0' w:type='separator'><w:p/></w:footnote>"
        f"<w:footnote w:id='3'>{paragraph('Not on Sundays.')}</w:footnote></w:footnotes>"
    )
    ends = (
        f"<w:endnotes SPACES><w:endnote w:id='3'>{paragraph('Gold members')}{paragraph('pay 2 dollars.')}"
        "</w:endnote></w:endnotes>"
    )
    foot, end = '<w:r><w:footnoteReference w:id="3"/></w:r>', '<w:r><w:endnoteReference w:id="3"/></w:r>'
    own = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="3"/><w:t>*</w:t></w:r>'
    body = (
        line(run("We deliver daily."), foot, run(" Call us."))
        + line(run("Parking is 5 dollars"), end, run("."))
        + line(run("Open at 9"), own)
        + line(f"<w:del>{end}</w:del>", run("Closed"))
        + table(("Service", "Fee"), ("Valet", line(run("9 dollars"), end)))
    )
    parts = {"feet": ("footnotes", _XML, feet), "ends": ("endnotes", _XML, ends)}
    document = read(write_docx(tmp_path / "a.docx", body, parts=parts))
    assert shown(document).split("\n\n") == [
        "We deliver daily (Not on Sundays). Call us.",
        "Parking is 5 dollars (Gold members pay 2 dollars.).",
        "Open at 9 (Not on Sundays.)",
        "Closed",
        "Service: Valet; Fee: 9 dollars (Gold members pay 2 dollars.)",
    ]
    assert left_out(document) == {Omitted.DELETED: "Gold members pay 2 dollars."}


def test_symbols_and_boxes(tmp_path: Path) -> None:
    """Signs of symbol fonts, by symbol, by private letter or by font, and check boxes of all kinds are read."""

    def box(on: int) -> str:
        return f'<w14:checkbox><w14:checked w14:val="{on}"/></w14:checkbox>'

    def form(on: int) -> str:
        return field(
            " FORMCHECKBOX ", form=f"<w:ffData><w:checkBox>{setting('default', str(on))}</w:checkBox></w:ffData>"
        )

    wings = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    body = table(
        ("Item", "Basic"),
        ("Glass", line('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>')),
        ("Water", line(run("\uf0fb"))),
        ("Fire", line(run("ü", wings))),
        ("Theft", line(control(box(1), run("☒")))),
        ("Loss", line(form(1))),
        ("Wear", line(form(0))),
        ("Rust", line('<w:r><w:sym w:font="Wingdings 2" w:char="F04F"/></w:r>')),
    )
    whole = control(box(0), f"<w:tc>{paragraph('☐')}</w:tc>")
    body = body.replace("</w:tbl>", f"<w:tr><w:tc>{paragraph('Dents')}</w:tc>{whole}</w:tr></w:tbl>")
    document = read(write_docx(tmp_path / "a.docx", body))
    signs = [section.text.rpartition(": ")[2] for section in document.sections]
    assert signs == ["✓", "✗", "✓", "☑", "☑", "☐", "✗", "☐"]


def test_lists_that_share_and_restart(tmp_path: Path) -> None:
    """Lists of one kind count together; an override starts again once; deleted items do not count."""
    again = f'<w:lvlOverride w:ilvl="0">{setting("startOverride", "7")}</w:lvlOverride>'
    numbering = (
        kind(0, level(0, "decimal", "%1."), level(1, "lowerLetter", "%1.%2)"))
        + one(1, 0) + one(2, 0) + one(3, 0, again)
    )  # fmt: skip
    listed = f"<w:pPr><w:numPr>{setting('numId', '1')}</w:numPr><w:rPr><w:del/></w:rPr></w:pPr>"
    gone = line(listed, "<w:del><w:r><w:delText>Old</w:delText></w:r></w:del>")
    body = (
        item("Bring it", 1) + gone + item("Pay", 1) + item("cash", 2, 1) + item("card", 2, 1)
        + paragraph("Then:") + item("Wait", 3) + item("Leave", 3)
    )  # fmt: skip
    document = read(write_docx(tmp_path / "a.docx", body, numbering=numbering))
    assert shown(document) == "1. Bring it\n2. Pay\n  2.a) cash\n  2.b) card\n\nThen:\n\n7. Wait\n8. Leave"


def test_lists_of_styles(tmp_path: Path) -> None:
    """Numbers come from styles of paragraphs, from styles these are based on, and from lists that name a style."""

    def listed(number: int, depth: int = 0) -> str:
        return f"<w:pPr><w:numPr>{setting('ilvl', str(depth))}{setting('numId', str(number))}</w:numPr></w:pPr>"

    styles = (
        style("H1", setting("name", "heading 1") + listed(1), "paragraph")
        + style("H2", setting("name", "heading 2") + listed(1, 1), "paragraph")
        + style("Mine", setting("name", "Mine") + setting("basedOn", "H2"), "paragraph")
        + style("Plain", setting("name", "Plain") + setting("basedOn", "H2") + listed(0), "paragraph")
        + style("Clauses", listed(3), "numbering")
    )
    inner, tight = "<w:isLgl/>" + setting("pStyle", "H2"), setting("suff", "nothing")
    numbering = (
        kind(0, level(0, "upperRoman", "Part %1", setting("pStyle", "H1")), level(1, "decimal", "%1.%2", inner))
        + kind(1, setting("numStyleLink", "Clauses"))
        + kind(2, setting("styleLink", "Clauses"), level(0, "chineseCounting", "第%1条", tight))
        + one(1, 0) + one(2, 1) + one(3, 2)
    )  # fmt: skip
    body = (
        paragraph("General", setting("pStyle", "H1")) + paragraph("Fees", setting("pStyle", "H2"))
        + paragraph("None.") + paragraph("Visits", setting("pStyle", "Mine"))
        + item("营业时间九点开始。", 2) + item("节假日休息。", 3)
        + paragraph("Unnumbered", setting("pStyle", "Plain")) + paragraph("So it is.")
    )  # fmt: skip
    document = read(write_docx(tmp_path / "a.docx", body, styles=styles, numbering=numbering))
    assert document.title == "Part I General"
    assert [section.headings for section in document.sections] == [("1.1 Fees",), ("1.2 Visits",), ("Unnumbered",)]
    assert document.sections[1].text == "第一条营业时间九点开始。\n第二条节假日休息。"


def test_numbered_cells(tmp_path: Path) -> None:
    """The numbers of cells are read, also where a cell holds nothing else, and bullets that say something."""
    tick = '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    numbering = (
        kind(0, level(0, "decimal", "%1")) + kind(1, level(0, "bullet", "ü", tick)) + one(1, 0) + one(2, 1)
    )  # fmt: skip
    body = table(
        ("Step", "Who"), (item("", 1), "Desk"), (item("", 1), item("Workshop", 2) + item("Driver", 2))
    )  # fmt: skip
    document = read(write_docx(tmp_path / "a.docx", body, numbering=numbering))
    assert [section.text for section in document.sections] == [
        "Step: 1; Who: Desk",
        "Step: 2; Who: ✓ Workshop ✓ Driver",
    ]


def test_links(tmp_path: Path) -> None:
    """Addresses of links follow their text once, by relation, by field, simple or not; places inside do not."""
    address = "https://shop.example/claim"
    told = f' HYPERLINK "{address}" \\o "tip" '
    part = '<w:hyperlink r:id="one">{}</w:hyperlink>'
    simple = '<w:fldSimple w:instr=" HYPERLINK &quot;mailto:desk@shop.example&quot; ">{}</w:fldSimple>'
    body = (
        line(run("Use "), part.format(run("this")), part.format(run(" form")), run("."))
        + line(run("Or "), field(told, run("that one")), run(", or "), field(told, run(address)), run("."))
        + line(simple.format(run("Write")), f'<w:hyperlink w:anchor="_Toc1">{run(" now")}</w:hyperlink>')
    )
    document = read(write_docx(tmp_path / "a.docx", body, links={"one": address}))
    assert shown(document).split("\n\n") == [
        f"Use this form ({address}).",
        f"Or that one ({address}), or {address}.",
        "Write (desk@shop.example) now",
    ]


def test_fields_show_their_results(tmp_path: Path) -> None:
    """Results of fields are read, what they are told is not; a field without a result shows what it stands for."""
    told = field(" MERGEFIELD a ", run("secret"))
    inner = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>' + told
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("granted")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )  # fmt: skip
    body = (
        line(run("See page "), field(" PAGEREF x ", run("4")), field(' XE "index" '), run("."))
        + line(run("It is "), inner, run("."))
        + line(run("Dear "), field(" MERGEFIELD Name ", run("«Name»")))
        + line(field(" SYMBOL 252 \\f Wingdings "), run(" step "), field(" EQ \\o\\ac(○,3)"))
        + line('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', run("Broken"))
        + line(run("The end."))
        + line(
            run("年费"),
            field(' EQ \\* jc2 \\* "Font:SimSun" \\* hps10 \\o\\ad(\\s\\up 9(sanbai),三百)'),
            run("元"),
        )
        + line(run("Half: "), field(" eq \\b(\\f(1;2)) "), run(" of "), field(" EQ \\r(3,8) "))
    )
    document = read(write_docx(tmp_path / "a.docx", body))
    assert shown(document).split("\n\n") == [
        "See page 4.", "It is granted.", "Dear «Name»", "✓ step ③", "The end.", "年费三百元", "Half: (1/2) of 3√8",
    ]  # fmt: skip
    assert left_out(document)[Omitted.PHONETIC] == "sanbai"


def test_tracked_changes(tmp_path: Path) -> None:
    """Deleted rows, cells, moves and what was inserted before are left out; a deleted end joins paragraphs."""
    plain = f"<w:tc>{paragraph('Copy')}"
    rows = table(("Fee", "Amount"), ("Copy", "5 dollars"), ("Card", "9 dollars"))
    cells = table(("A", "B", "C"), ("1", "2", "3"))
    body = (
        rows.replace(f"<w:tr>{plain}", f"<w:tr><w:trPr><w:del/></w:trPr>{plain}")
        + line("<w:ins><w:del><w:r><w:delText>Never</w:delText></w:r></w:del></w:ins>", run("Always"))
        + line(f"<w:moveFrom>{run('Moved')}</w:moveFrom>")
        + line(f"<w:moveTo>{run('Moved')}</w:moveTo>")
        + paragraph("Returns are free ", "<w:rPr><w:del/></w:rPr>")
        + paragraph("within 20 days.")
        + cells.replace(f"<w:tc>{paragraph('3')}", f"<w:tc><w:tcPr><w:cellDel/></w:tcPr>{paragraph('3')}")
    )
    document = read(write_docx(tmp_path / "a.docx", body))
    assert shown(document).split("\n\n") == [
        "Fee: Card; Amount: 9 dollars",
        "Always",
        "Moved",
        "Returns are free within 20 days.",
        "A: 1; B: 2",
    ]
    assert left_out(document) == {Omitted.DELETED: "Copy5 dollars\nNever\nMoved\n3"}


def test_hidden_text(tmp_path: Path) -> None:
    """Text hidden by itself, by styles and what they are based on is left out; switched off it is read."""
    styles = (
        style("Hide", "<w:rPr><w:vanish/></w:rPr>")
        + style("Deep", setting("basedOn", "Hide"))
        + style("Note", "<w:rPr><w:vanish/></w:rPr>", "paragraph")
        + style("White", f"<w:rPr>{setting('color', 'FFFFFF')}</w:rPr>")
    )
    note = setting("pStyle", "Note")
    body = (
        line(
            run("a", "<w:vanish/>"), run("b", setting("rStyle", "Deep")), run("c", "<w:webHidden/>"),
            run("d", setting("rStyle", "White")), run("e", setting("sz", "2")),
            run("Seen", setting("vanish", "0")),
        )
        + paragraph("f", note)
        + paragraph("too", note, setting("vanish", "false"))
        + paragraph("and white", '<w:shd w:val="clear" w:fill="102030"/>', setting("color", "FFFFFF"))
        + table(("Open", "Late"), ("9", "5")).replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>")
    )  # fmt: skip
    document = read(write_docx(tmp_path / "a.docx", body, styles=styles))
    assert shown(document).split("\n\n") == ["Seen", "too", "and white"]
    assert left_out(document) == {Omitted.HIDDEN: "a\nb\nc\nd\ne\nf\nOpenLate\n95"}


def test_controls_and_guides(tmp_path: Path) -> None:
    """Prompts of content controls are no facts; filled in they are; readings above characters are left out."""
    guided = (
        "<w:r><w:ruby><w:rt><w:r><w:t>sanbai</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>三百</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r>"
    )
    body = (
        line(run("Branch: "), control("<w:showingPlcHdr/>", run("Click here")), control("", run("Kai")))
        + control("<w:showingPlcHdr/>", paragraph("Choose a day"))
        + line(run("年费为"), guided, run("元。"))
    )
    document = read(write_docx(tmp_path / "a.docx", body))
    assert shown(document) == "Branch: Kai\n\n年费为三百元。"
    assert left_out(document) == {Omitted.SURROUNDINGS: "Click here\nChoose a day", Omitted.PHONETIC: "sanbai"}


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("text/html", "<html><body><h1>Sealed goods</h1><p>Sealed games go back in 8 days.</p></body></html>"),
        ("application/rtf", r"{\rtf1 Sealed games go back in 8 days.\par}"),
        ("text/plain", "Sealed games go back in 8 days."),
    ],
)
def test_documents_that_are_put_in(tmp_path: Path, form: str, content: str) -> None:
    """Documents that a program puts in whole are read where they stand, in the body and in cells."""
    chunk = '<w:altChunk r:id="inner"/>'
    rows = table(("Goods", "Rule"), ("Games", f"<w:p/>{chunk}"))
    body = paragraph("Before.") + chunk + rows + paragraph("After.")
    document = read(write_docx(tmp_path / "a.docx", body, parts={"inner": ("aFChunk", form, content)}))
    text = shown(document)
    assert text.index("Before.") < text.index("go back in 8 days.") < text.index("After.")
    assert "Goods: Games; Rule: " in text
    assert text.count("go back in 8 days.") == 2


def test_a_word_document_that_is_put_in(tmp_path: Path) -> None:
    """A Word document in a Word document is read; one that cannot be read is named in a warning."""
    inner = write_docx(tmp_path / "inner.docx", paragraph("Games go back in 8 days."))
    outer = write_docx(
        tmp_path / "a.docx",
        paragraph("Before.") + '<w:altChunk r:id="inner"/><w:altChunk r:id="broken"/>',
        parts={
            "inner": ("aFChunk", "application/vnd.ms-word", inner.read_bytes()),
            "broken": ("aFChunk", "application/vnd.ms-word", b"PK\x03\x04 no archive"),
        },
    )
    document = read(outer)
    assert shown(document) == "Before.\n\nGames go back in 8 days."
    assert any("put in could not be read" in warning for warning in document.warnings)


def test_boxes_pictures_and_diagrams(tmp_path: Path) -> None:
    """Text boxes of cells, descriptions of pictures and diagrams are read; a picture without words is counted."""

    def box(content: str) -> str:
        inner = f"<w:txbxContent>{content}</w:txbxContent>"
        return line(f"<w:r><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></w:r>")

    def drawing(description: str, content: str = "<a:blip/>") -> str:
        named = f'<wp:docPr id="1" name="x" descr="{description}"/><a:graphic>{content}</a:graphic>'
        return line(f"<w:r><w:drawing><wp:inline>{named}</wp:inline></w:drawing></w:r>")

    points = [
        (0, "doc", ""),
        (1, "node", "Pack"),
        (2, "node", "Send"),
        (3, "node", "with label"),
        (4, "pres", "x"),
    ]
    words = "".join(
        f'<dgm:pt modelId="{n}" type="{of}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for n, of, text in points
    )
    joins = "".join(
        f'<dgm:cxn modelId="9{a}{b}" srcId="{a}" destId="{b}" srcOrd="{order}"/>'
        for a, b, order in [(0, 2, 1), (0, 1, 0), (1, 3, 0)]
    )
    model = f"<dgm:dataModel SPACES><dgm:ptLst>{words}</dgm:ptLst><dgm:cxnLst>{joins}</dgm:cxnLst></dgm:dataModel>"
    body = (
        table(("Fare", "Bag"), ("Light", box(paragraph("35 dollars"))), ("Full", drawing("Included")))
        + drawing("Plan: the lift is behind gate C")
        + drawing("Picture 7")
        + drawing("", '<a:graphicData><dgm:relIds r:dm="steps"/></a:graphicData>')
        + box(paragraph("Ask us."))
    )
    document = read(write_docx(tmp_path / "a.docx", body, parts={"steps": ("diagramData", _XML, model)}))
    assert shown(document).split("\n\n") == [
        "Fare: Light; Bag: 35 dollars",
        "Fare: Full; Bag: Included",
        "Plan: the lift is behind gate C",
        "- Pack\n  - with label\n- Send",
        "Ask us.",
    ]
    assert [(omission.reason, omission.count) for omission in document.omitted] == [(Omitted.PICTURES, 1)]


def test_comments_and_headers_are_counted(tmp_path: Path) -> None:
    """Comments of reviewers and headers are not the text; their words are known as left out."""
    comments = f"<w:comments SPACES><w:comment w:id='1'>{paragraph('ask legal')}</w:comment></w:comments>"
    header = f"<w:hdr SPACES>{paragraph('Internal copy')}</w:hdr>"
    parts = {"notes": ("comments", _XML, comments), "top": ("header", _XML, header)}
    document = read(write_docx(tmp_path / "a.docx", paragraph("Open daily."), parts=parts))
    assert shown(document) == "Open daily."
    assert left_out(document) == {Omitted.COMMENTS: "ask legal", Omitted.SURROUNDINGS: "Internal copy"}
