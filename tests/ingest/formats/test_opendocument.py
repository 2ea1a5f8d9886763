"""OpenDocument texts and slides are read as a reader sees them."""

from __future__ import annotations

from pathlib import Path

from kb.types import Omitted
from tests.ingest.formats.office_files import left_out, read, shown, write_open

_LISTS = """
<text:list-style style:name="N">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/></text:list-style>
<text:list-style style:name="C"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..."
 style:num-prefix="（" style:num-suffix="）"/></text:list-style>
<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="A"
 loext:num-list-format="Note %1%)" text:start-value="3"/></text:list-style>
<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>
</text:list-style>
<text:list-style style:name="T"><text:list-level-style-bullet text:level="1" text:bullet-char="&#xf0fc;">
<style:text-properties style:font-name="Wingdings"/></text:list-level-style-bullet></text:list-style>
"""


def style(name: str, properties: str, family: str = "text", parent: str = "") -> str:
    """Return a style of texts or paragraphs."""
    based = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="{family}"{based}><style:text-properties {properties}/>'
        "</style:style>"
    )


def span(text: str, name: str) -> str:
    """Return text in a style."""
    return f'<text:span text:style-name="{name}">{text}</text:span>'


def paragraph(content: str, name: str = "") -> str:
    """Return a paragraph."""
    return f'<text:p text:style-name="{name}">{content}</text:p>'


def items(name: str, *texts: str, further: str = "") -> str:
    """Return a list; texts are XML of paragraphs or lists, or plain text."""
    whole = (text if text.startswith("<") else paragraph(text) for text in texts)
    inner = "".join(f"<text:list-item>{text}</text:list-item>" for text in whole)
    return f'<text:list text:style-name="{name}" {further}>{inner}</text:list>'


def test_inline_text(tmp_path: Path) -> None:
    """Raised, struck and hidden text, links, notes, comments, guides and symbols become what a reader sees."""
    automatic = (
        style("Up", 'style:text-position="super 58%"')
        + style("Low", 'style:text-position="-33% 58%"')
        + style("Old", 'style:text-line-through-style="solid"')
        + style("Kept", 'style:text-line-through-style="none"', parent="Old")
        + style("Gone", 'text:display="none"')
        + style("Deep", 'fo:color="#101010"', parent="Gone")
        + style("OldToo", 'style:text-line-through-type="double"', "paragraph")
        + style("W", 'style:font-name="Wingdings"')
    )
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body></text:note>"
    link = '<text:a xlink:href="https://shop.example/claim">{}</text:a>'
    guided = "<text:ruby><text:ruby-base>三百</text:ruby-base><text:ruby-text>sanbai</text:ruby-text></text:ruby>"
    body = (
        paragraph(f"It costs $49{span('1', 'Up')} and uses H{span('2', 'Low')}O.")
        + paragraph(f"Fee: {span('$12', 'Old')}{span('$8', 'Kept')}{span('secret', 'Deep')}.")
        + paragraph(f"Never. {span('Always.', 'Kept')}", "OldToo")
        + paragraph(f"Free of charge.{note.format(paragraph('Not for groups.'))} Use {link.format('this form')}.")
        + paragraph(f"年费为{guided}元。<office:annotation>{paragraph('ask legal')}</office:annotation>")
        + paragraph(f"Insured: {span('ü', 'W')} Abroad: {span('&#xf0fb;', 'W')}")
        + paragraph('<text:placeholder text:placeholder-type="text">&lt;Name&gt;</text:placeholder>')
    )
    document = read(write_open(tmp_path / "a.odt", body, automatic))
    assert shown(document).split("\n\n") == [
        "It costs $49¹ and uses H₂O.",
        "Fee: $8.",
        "Always.",
        "Free of charge (Not for groups). Use this form (https://shop.example/claim).",
        "年费为三百元。",
        "Insured: ✓ Abroad: ✗",
    ]
    assert left_out(document) == {
        Omitted.STRUCK: "$12\nNever. ",
        Omitted.HIDDEN: "secret",
        Omitted.PHONETIC: "sanbai",
        Omitted.COMMENTS: "ask legal",
        Omitted.SURROUNDINGS: "<Name>",
    }


def test_lists(tmp_path: Path) -> None:
    """Lists start, go on and are marked as they say: other formats, prefixes, upper levels, letters, ticks."""
    inner = items("", "Corrections within two hours")
    body = (
        items("N", "Order", paragraph("Pay") + inner)
        + paragraph("Then")
        + items("N", "Wait", further='text:continue-numbering="true"')
        + paragraph("Anew")
        + items("N", "Begin").replace("<text:list-item>", '<text:list-item text:start-value="12">')
        + items("C", "营业时间", "节假日")
        + items("L", "Islands", "Capes")
        + items("B", "Ask")
        + items("T", "Glass")
    )
    document = read(write_open(tmp_path / "a.odt", body, _LISTS))
    assert shown(document).split("\n\n") == [
        "1. Order\n2. Pay\n  2.1 Corrections within two hours", "Then", "3. Wait", "Anew",
        "12. Begin\n（一） 营业时间\n（二） 节假日\nNote C) Islands\nNote D) Capes\n- Ask\n- ✓ Glass",
    ]  # fmt: skip


def test_numbered_headings(tmp_path: Path) -> None:
    """Headings carry the numbers of the outline; those that programs put into lists stay headings."""
    outline = (
        '<office:styles><text:outline-style><text:outline-level-style text:level="1" style:num-format="I"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        "</text:outline-style></office:styles>"
    )

    def heading(text: str, level: int) -> str:
        return f'<text:h text:outline-level="{level}">{text}</text:h>'

    body = (
        heading("Terms", 1) + heading("Fees", 2) + paragraph("None.") + heading("Visits", 2) + paragraph("Daily.")
        + items("N", heading("Parking", 2)) + paragraph("Free.")
    )  # fmt: skip
    document = read(write_open(tmp_path / "a.odt", body, _LISTS, outline))
    assert document.title == "I Terms"
    assert [s.headings for s in document.sections] == [("I.1 Fees",), ("I.2 Visits",), ("1. Parking",)]


def test_cells(tmp_path: Path) -> None:
    """Cells keep numbers, signs and boxes; hidden rows are left out and known."""

    def row(*cells: str, further: str = "") -> str:
        inner = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
        return f"<table:table-row {further}>{inner}</table:table-row>"

    forms = (
        '<office:forms><form:form><form:checkbox form:id="one" form:current-state="checked" form:label="Yes"/>'
        '<form:checkbox form:id="two" form:label="No"/></form:form></office:forms>'
    )
    boxes = '<draw:control draw:control="one"/> <draw:control draw:control="two"/>'
    picture = "<draw:frame><draw:image/><svg:title>Included</svg:title></draw:frame>"
    box = f"<draw:frame><draw:text-box>{paragraph('35 dollars')}</draw:text-box></draw:frame>"
    body = (
        forms + "<table:table>" + row(paragraph("Step"), paragraph("Rule"))
        + row(items("N", "Pack"), paragraph(boxes))
        + row(paragraph("Send"), paragraph(picture))
        + row(paragraph("Bag"), paragraph(box))
        + row(paragraph("Old"), paragraph("Rule"), further='table:visibility="collapse"') + "</table:table>"
    )  # fmt: skip
    document = read(write_open(tmp_path / "a.odt", body, _LISTS))
    assert [section.text for section in document.sections] == [
        "Step: 1. Pack; Rule: ☑ Yes ☐ No", "Step: Send; Rule: Included", "Step: Bag; Rule: 35 dollars",
    ]  # fmt: skip
    assert left_out(document) == {Omitted.HIDDEN: "Old Rule"}


def test_merged_cells_without_covered_ones(tmp_path: Path) -> None:
    """Cells beside and below a merged one keep their columns where the program wrote no covered cells."""

    def cell(text: str, further: str = "") -> str:
        return f"<table:table-cell {further}>{paragraph(text)}</table:table-cell>"

    rows = (
        (cell("Gear"), cell("Day"), cell("Week")),
        (cell("Mask", 'table:number-rows-spanned="2"'), cell("$4"), cell("$20")),
        (cell("$5"), cell("$25")),
        (cell("Suit", 'table:number-columns-spanned="2"'), cell("$90")),
    )
    inner = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    document = read(write_open(tmp_path / "a.odt", f"<table:table>{inner}</table:table>", ""))
    assert [section.text for section in document.sections] == [
        "Gear: Mask; Day: $4; Week: $20",
        "Gear: Mask; Day: $5; Week: $25",
        "Gear: Suit; Day: Suit; Week: $90",
    ]


def test_hidden_and_deleted_parts(tmp_path: Path) -> None:
    """Sections and paragraphs under a condition, tracked deletions, headers and hidden variables stay out."""
    changes = (
        f"<text:tracked-changes><text:changed-region><text:deletion>{paragraph('Old rule')}</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
    )
    hides = '<text:section text:display="condition" text:is-hidden="{}">{}</text:section>'
    condition = '<text:hidden-paragraph text:is-hidden="{}"/>'
    unseen = '<text:hidden-text text:is-hidden="{}" text:string-value="{}">{}</text:hidden-text>'
    header = f"<style:header>{paragraph('Internal copy')}</style:header>"
    body = (
        changes
        + hides.format("true", paragraph("Staff"))
        + hides.format("false", paragraph("Customers"))
        + paragraph(condition.format("true") + "Managers")
        + paragraph(
            condition.format("false") + "All " + unseen.format("true", "x", "") + unseen.format("false", "y", "y")
        )
    )
    styles = f"<office:master-styles><style:master-page>{header}</style:master-page></office:master-styles>"
    document = read(write_open(tmp_path / "a.odt", body, styles=styles))
    assert shown(document) == "Customers\n\nAll y"
    assert left_out(document) == {
        Omitted.SURROUNDINGS: "Internal copy",
        Omitted.DELETED: "Old rule",
        Omitted.HIDDEN: "Staff\nManagers\nx",
    }


def test_slides(tmp_path: Path) -> None:
    """Hidden slides and notes stay out; pictures are described, lists marked, links kept."""
    automatic = (
        '<style:style style:name="off" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style>' + _LISTS
    )

    def frame(content: str, further: str = "") -> str:
        return f"<draw:frame {further}>{content}</draw:frame>"

    box = "<draw:text-box>{}</draw:text-box>"
    link = '<text:a xlink:href="https://shop.example/plans">our plans</text:a>'
    first = (
        frame(box.format(paragraph("Plans")), 'presentation:class="title"')
        + frame(box.format(items("N", "Pick", "Pay") + paragraph(f"See {link}.")))
        + frame("<draw:image/><svg:desc>Map: desk on floor 3</svg:desc>")
        + f"<presentation:notes>{frame(box.format(paragraph('say hello')))}</presentation:notes>"
    )
    body = (
        f"<draw:page>{first}</draw:page>"
        f'<draw:page draw:style-name="off">{frame(box.format(paragraph("Margins")))}</draw:page>'
    )
    document = read(write_open(tmp_path / "a.odp", body, automatic, kind="presentation"))
    assert (
        shown(document) == "1. Pick\n2. Pay\n\nSee our plans (https://shop.example/plans).\n\nMap: desk on floor 3"
    )
    assert left_out(document) == {Omitted.COMMENTS: "say hello", Omitted.HIDDEN: "Margins"}
    assert "slide 2 is hidden and was left out" in document.warnings


def filled(name: str, family: str, properties: str) -> str:
    """Return a style of this family that fills what it is for."""
    return f'<style:style style:name="{name}" style:family="{family}">{properties}</style:style>'


def test_white_text_on_a_coloured_ground(tmp_path: Path) -> None:
    """White text is hidden where nothing behind it is coloured: no cell, row, table, paragraph, shape or slide."""
    automatic = (
        style("White", 'fo:color="#ffffff"')
        + filled("blue", "table-cell", '<style:table-cell-properties fo:background-color="#204080"/>')
        + filled("pale", "table-cell", '<style:table-cell-properties fo:background-color="#ffffff"/>')
        + filled("dark", "table-row", '<style:table-row-properties fo:background-color="#101010"/>')
        + filled("band", "paragraph", '<style:paragraph-properties fo:background-color="#801010"/>')
    )

    def row(cells: str, name: str = "") -> str:
        return f'<table:table-row table:style-name="{name}">{cells}</table:table-row>'

    def cell(text: str, name: str = "") -> str:
        return f'<table:table-cell table:style-name="{name}">{paragraph(span(text, "White"))}</table:table-cell>'

    table = row(cell("Boat", "blue") + cell("Price", "blue")) + row(cell("Canoe") + cell("9 francs"), "dark")
    table += row(cell("Raft", "blue") + cell("cost 3", "pale"))
    body = f"<table:table>{table}</table:table>" + paragraph(span("Open all year", "White"), "band")
    document = read(write_open(tmp_path / "a.odt", body + paragraph(span("margin 40 %", "White")), automatic))
    assert shown(document).split("\n\n") == ["Boat: Canoe; Price: 9 francs", "Boat: Raft", "Open all year"]
    assert left_out(document) == {Omitted.HIDDEN: "cost 3\nmargin 40 %"}


def test_white_text_on_slides(tmp_path: Path) -> None:
    """A dark slide, a dark master slide and a filled shape show white text; a slide without a ground does not."""
    automatic = (
        style("White", 'fo:color="#ffffff"')
        + filled("box", "graphic", '<style:graphic-properties draw:fill="gradient"/>')
        + filled(
            "night", "drawing-page", '<style:drawing-page-properties draw:fill="solid" draw:fill-color="#000"/>'
        )
    )
    master = (
        '<office:master-styles><style:master-page style:name="M" draw:style-name="night"/></office:master-styles>'
    )

    def slide(text: str, page: str = "", frame: str = "") -> str:
        box = f"<draw:text-box>{paragraph(span(text, 'White'))}</draw:text-box>"
        return f"<draw:page {page}><draw:frame {frame}>{box}</draw:frame></draw:page>"

    body = (
        slide("By night", 'draw:style-name="night"')
        + slide("By master", 'draw:master-page-name="M"')
        + slide("In a box", "", 'draw:style-name="box"')
        + slide("Nowhere")
    )
    document = read(write_open(tmp_path / "a.odp", body, automatic, kind="presentation", styles=master))
    assert shown(document).split("\n\n") == ["By night", "By master", "In a box"]
    assert left_out(document) == {Omitted.HIDDEN: "Nowhere"}


def test_a_list_of_slides_in_pieces(tmp_path: Path) -> None:
    """Lists that follow each other, as programs write the levels of one, are one list."""
    inner = items("N", "by card")
    box = f"<draw:text-box>{items('N', 'Pick')}{items('N', inner)}{paragraph('Done.')}</draw:text-box>"
    body = f"<draw:page><draw:frame>{box}</draw:frame></draw:page>"
    document = read(write_open(tmp_path / "a.odp", body, _LISTS, kind="presentation"))
    assert shown(document) == "1. Pick\n  1.1 by card\n\nDone."


def test_form_fields_of_word(tmp_path: Path) -> None:
    """Boxes and choices that were taken over from Word show whether they are ticked and what is chosen."""
    space = 'xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"'
    mark = '<field:fieldmark {} field:type="vnd.oasis.opendocument.field.{}">{}</field:fieldmark>'
    state = '<field:param field:name="{}" field:value="{}"/>'.format
    ticked = mark.format(space, "FORMCHECKBOX", state("Checkbox_Checked", "true"))
    choices = "".join(state("Dropdown_ListEntry", one) for one in ("Mail", "Phone"))
    chosen = mark.format(space, "FORMDROPDOWN", choices + state("Dropdown_Selected", "1"))
    body = (
        paragraph(f"{ticked} Water damage")
        + paragraph(f"{mark.format(space, 'FORMCHECKBOX', '')} Theft")
        + paragraph(f"By {chosen}")
    )
    document = read(write_open(tmp_path / "a.odt", body))
    assert shown(document).split("\n\n") == ["☑ Water damage", "☐ Theft", "By Phone"]
