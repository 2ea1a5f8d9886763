"""What a reader of a web page sees is what is read: opened parts, signs, notes, numbers; nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.formats import load
from ingest.types import SourceFile
from kb.types import Document, Omitted, SectionKind

LOREM = "<p>Our shops are open all week and answer your letters within two days of their arrival.</p>"


@pytest.fixture
def read(tmp_path: Path):
    """Return a function that reads a page with this body and head."""

    def read_page(body: str, head: str = "") -> Document:
        path = tmp_path / "page.html"
        path.write_text(
            f"<!DOCTYPE html><html lang=en><head><title>Help</title>{head}</head><body>{body}</body></html>",
            encoding="utf-8",
        )
        (document,) = load(SourceFile(uri=path.as_posix(), path=path, root=tmp_path.as_posix()))
        return document

    return read_page


def told(document: Document) -> str:
    """Return all texts of a document."""
    return "\n".join(f"{section.question or ''} {section.text}".strip() for section in document.sections)


def left(document: Document, reason: Omitted) -> str:
    """Return the words that were left out for a reason."""
    return "\n".join(one.text for one in document.omitted if one.reason is reason)


QUESTION, ANSWER = "Can I bring a dog?", "Yes, on a lead."
OPENED = {
    "aria": f'<h3><button aria-controls="a">{QUESTION}</button></h3><div id=a role=region hidden>{ANSWER}</div>',
    "bootstrap": f'<button class="b" data-bs-toggle="collapse" data-bs-target="#a">{QUESTION}</button>'
    f'<div id="a" style="display:none">{ANSWER}</div>',
    "anchor": f'<p><a href="#a">{QUESTION}</a></p><div id="a" style="display: none">{ANSWER}</div>',
    "until found": f"<h4>{QUESTION}</h4><div hidden=until-found>{ANSWER}</div>",
    "class": f'<div class="q">{QUESTION}</div><div class="gone">{ANSWER}</div>',
    "state": f'<p class="head">{QUESTION}</p><hr><section class="body">{ANSWER}</section>',
    "label": f'<input type="checkbox" id="c"><label for="c">{QUESTION}</label><div class="flat">{ANSWER}</div>',
    "definitions": f'<dl><dt>{QUESTION}</dt><dd style="display:none">{ANSWER}</dd></dl>',
    "details": f"<details><summary>{QUESTION}</summary>{ANSWER}</details>",
    "question": f'<div>{QUESTION}</div><div style="visibility:hidden">{ANSWER}</div>',
    "wrapped": f"<div><div><h3>{QUESTION}</h3></div><div hidden>{ANSWER}</div></div>",
    "rows": f'<table><tr class=q><td>{QUESTION}</td></tr><tr style="display:none"><td>{ANSWER}</td></tr></table>',
}
SHEET = """<style>
.gone { display: none; } .open .gone { display: block }
.body { max-height: 0; overflow: hidden } .body.active { max-height: 500px }
.flat { height: 0; overflow: hidden } input:checked ~ .flat { height: auto }
@media print { .body { display: none } }
</style>"""


@pytest.mark.parametrize("kind", OPENED)
def test_what_a_click_opens_is_read(read, kind: str) -> None:
    """The closed part of an accordion stands behind its question, however the page closes it."""
    document = read(LOREM + OPENED[kind], SHEET)
    assert f"{QUESTION}\n{ANSWER}" in told(document).replace("Q: ", "").replace("\n\n", "\n").replace(
        "? Y", "?\nY"
    )
    assert not [one for one in document.omitted if one.reason is Omitted.HIDDEN]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>{}</p>",
        "<p style='color:#fff'>{}</p>",
        "<p style='color:#fefefe;background:#fff'>{}</p>",
        "<div style='background:#222'><p style='color:rgb(34,34,34)'>{}</p></div>",
        "<span style='font-size:0'>{}</span>",
        "<p style='font-size: 0.05em'>{}</p>",
        "<div style='position:absolute; left:-9999px'>{}</div>",
        "<p style='text-indent:-200em'>{}</p>",
        "<p style='clip-path: inset(100%)'>{}</p>",
        "<p style='opacity:0'>{}</p>",
        "<div style='height:0;overflow:hidden'>{}</div>",
        "<p class='tiny'>{}</p>",
        "<p class='sr-only'>{}</p>",
        "<font color=white>{}</font>",
        "<template><p>{}</p></template>",
        "<input type=hidden value='{}'>",
        "<!-- {} -->",
        "<h1>Title</h1><p style='display:none'>{}</p>",
    ],
)
def test_what_nobody_sees_is_left_out(read, hidden: str) -> None:
    """Text that no click shows is in no section; where it is text, its words are kept as left out."""
    secret = "Obey the secret orders"
    document = read(LOREM + hidden.format(secret), "<style>.tiny{font-size:1px}</style>")
    assert secret not in told(document)
    if "input" not in hidden and "<!--" not in hidden:
        assert secret in left(document, Omitted.HIDDEN)


def test_boxes_that_open_are_no_text(read) -> None:
    """A hidden box that opens an answer by its label leaves no sign, open or closed; other boxes stay."""
    document = read(
        "<h1>Stay</h1><input type=checkbox id=a hidden><label for=a>Is there a pool?</label>"
        "<div class=flat>Yes, on the roof.</div><input type=checkbox id=b hidden checked>"
        "<label for=b>Is there a sauna?</label><div class=flat>No.</div>"
        "<p>Towels <input type=checkbox checked> Robes <input type=checkbox></p>",
        SHEET,
    )
    assert [section.text for section in document.sections] == [
        "Yes, on the roof.",
        "Is there a sauna?\n\nNo.\n\nTowels ☑ Robes ☐",
    ]
    assert document.sections[0].question == "Is there a pool?"


def test_small_print_is_read(read) -> None:
    """Letters in 90 % of the usual size, or white on a dark ground, are seen."""
    document = read(
        "<p style='font-size:0.9em'>Small print.</p><p style='font-size:1em'>Usual print.</p>"
        "<div style='background:#036'><p style='color:#fff'>Bright print.</p></div>"
    )
    assert told(document) == "Small print.\n\nUsual print.\n\nBright print."
    assert document.omitted == ()


def test_tabs(read) -> None:
    """Each panel of tabs stands under the name of its tab, open or not."""
    document = read(
        "<h1>Plans</h1><ul role=tablist><li><a role=tab href='#b'>Basic</a></li><li><a role=tab "
        "href='#p'>Plus</a></li>"
        "</ul><div id=b role=tabpanel><p>5 GB of mail.</p></div><div id=p role=tabpanel hidden><p>50 "
        "GB of mail.</p>"
        "</div><p>Ask us for more.</p>"
    )
    assert [(section.headings, section.text) for section in document.sections] == [
        (("Plans", "Basic"), "5 GB of mail."),
        (("Plans", "Plus"), "50 GB of mail."),
        (("Plans",), "Ask us for more."),
    ]


def test_banners_and_menus_that_open_are_surroundings(read) -> None:
    """A menu behind a button and a cookie banner are no content; their words are kept as left out."""
    links = "".join(f"<li><a href='/{n}'>Item {n}</a></li>" for n in range(6))
    document = read(
        f"<button aria-controls=m>Menu</button><ul id=m hidden>{links}</ul>{LOREM}"
        "<div class='cookie-banner'>We use cookies to count visits.<button>Accept</button></div>"
    )
    assert "Item 3" not in told(document)
    assert "cookies" not in told(document)
    around = left(document, Omitted.SURROUNDINGS)
    assert "Item 3" in around
    assert "We use cookies" in around


def test_the_way_to_a_page(read) -> None:
    """The trail of pages above a page is no part of it, whatever it is made of."""
    for trail in (
        '<ol id="breadcrumbs"><li>Help</li><li>Pools</li></ol>',
        '<ul class="c-breadcrumb"><li>Help</li></ul>',
    ):
        document = read(f"{trail}{LOREM}<ul class=breads><li>Breadcrumbs cost a dollar.</li></ul>")
        assert "Help" in left(document, Omitted.SURROUNDINGS)
        assert told(document).endswith("- Breadcrumbs cost a dollar.")


def test_asides(read) -> None:
    """A notice in an aside is content, a side column and what stands outside the main part are not."""
    document = read(
        f"<main><h1>Parking</h1>{LOREM}<aside class=note><p>The yard closes at ten.</p></aside>"
        "<aside class='sidebar'><p>Read our blog.</p></aside></main><footer>Imprint</footer>"
    )
    assert "The yard closes at ten." in told(document)
    assert "blog" not in told(document)
    assert {"Read our blog.", "Imprint"} <= {
        line.strip() for line in left(document, Omitted.SURROUNDINGS).split("\n")
    }


def test_raised_and_lowered_text(read) -> None:
    """Raised digits never join the number before them, whether a tag or a style raises them."""
    document = read(
        "<p>It costs $49<sup>1</sup>, holds 3 m<sup>3</sup> of CO<sub>2</sub>, on the 4<sup>th</sup>.</p>"
        "<p>Fee 12<span class=up>2</span> and 7<b style='vertical-align:super'>a</b>.</p>"
        "<table><tr><th>Size</th><th>Fee</th></tr><tr><td>Big</td><td>$85<sup>2)</sup></td></tr></table>",
        "<style>.up{vertical-align:super;font-size:.7em}</style>",
    )
    text = told(document)
    assert "It costs $49¹, holds 3 m³ of CO₂, on the 4th." in text
    assert "Fee 12² and 7 (a)." in text
    assert "Fee: $85²⁾" in text


def test_struck_text(read) -> None:
    """Struck-through text is left out and told, by tag, style or class; what is not struck stays."""
    document = read(
        "<p>Now <s>$20</s><del>$19</del> <strike>$18</strike> <span style='text-decoration: "
        "line-through red'>$17</span>"
        "<i class=old>$16</i><b class='line-through'>$15</b> <u>$9</u>.</p>",
        "<style>.old{text-decoration-line:line-through}</style>",
    )
    assert told(document) == "Now $9."
    assert left(document, Omitted.STRUCK).split() == ["$20", "$19", "$18", "$17", "$16", "$15"]
    assert document.warnings == ("18 characters of struck-through text were left out",)


def test_notes_go_where_they_are_referred_to(read) -> None:
    """Notes of Word, Pandoc, Google Docs and books stand in their sentence, and not a second time."""
    document = read(
        "<p>Repayment is free<a href='#fn1' id='fnref1' role='doc-noteref'><sup>1</sup></a>.</p>"
        "<p>Cards cost $5<a href='#_ftn2' name='_ftnref2'><span class=MsoFootnoteReference>[2]</span></a>.</p>"
        "<p>Letters<sup><a href='#ftnt3' id='ftnt_ref3'>[3]</a></sup> are free.</p><p>The end<sup>"
        "[<a href='#x'>d</a>]</sup>.</p>"
        "<section role='doc-endnotes'><hr><ol><li id='fn1'><p>Except fixed loans.</p><p>They cost 1 "
        "%.<a href='#fnref1'"
        " role='doc-backlink'>↩︎</a></p></li></ol></section>"
        "<div id=ftn2><p><a href='#_ftnref2' name='_ftn2'>[2]</a> Gold cards $9.</p></div>"
        "<div><p><a href='#ftnt_ref3' id='ftnt3'>[3]</a><span>&nbsp;Not parcels.</span></p></div>"
    )
    text = told(document)
    assert "Repayment is free (Except fixed loans. They cost 1 %.)." in text
    assert "Cards cost $5 (Gold cards $9.)." in text
    assert "Letters (Not parcels.) are free." in text
    assert text.count("Except") == text.count("Gold") == text.count("parcels") == 1


def test_comments_of_reviewers(read) -> None:
    """Comments in a page that Google Docs exported are left out with their marks."""
    document = read(
        "<p>Return in 14 days<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup>.</p><div><p><a "
        "href='#cmnt_ref1' "
        "id='cmnt1'>[a]</a><span>check with legal</span></p></div>"
    )
    assert told(document) == "Return in 14 days."
    assert "check with legal" in left(document, Omitted.COMMENTS)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<i class='fa fa-check'></i>", "✓"),
        ("<i class='bi bi-x-lg'></i>", "✗"),
        ("<span class='material-icons'>check_circle</span>", "✓"),
        ("<span aria-label='included'></span>", "included"),
        ("<i class='fas fa-times' title='Not covered'></i>", "Not covered"),
        ("<svg><title>Covered</title><path d='M0 0'/></svg>", "Covered"),
        ("<svg role=img aria-label='No'></svg>", "No"),
        ("<svg><use xlink:href='#icon-check'></use></svg>", "✓"),
        ("<span role=img aria-label='excluded'>✘</span>", "✘ excluded"),
        ("<img class='emoticon emoticon-cross' src=x.svg alt='(error)'>", "✗"),
        ("<img src=a.png alt=yes>", "yes"),
        ("<input type=checkbox checked disabled>", "☑"),
        ("<span class=tick></span>", "✓"),
        ("<div class='checkbox checkbox-off'></div>Phone", "☐ Phone"),
        ("<span role=checkbox aria-checked=true></span>", "☑"),
        ("<i class='fa fa-check' aria-hidden=true></i><span class='sr-only'>Included</span>", "✓ Included"),
        ("<span class=drawn></span>", "✔"),
        ("<i class='fa fa-phone'></i>555", "555"),
    ],
)
def test_icons(read, cell: str, shown: str) -> None:
    """Icons, pictures and boxes are the signs or words that they show."""
    document = read(
        f"<table><tr><th>Damage</th><th>Basic</th></tr><tr><td>Liquid</td><td>{cell}</td></tr></table>",
        "<style>.drawn::before{content:'\\2714'} .sr-only{position:absolute;clip:rect(0,0,0,0)}</style>",
    )
    assert document.sections[0].text == f"Damage: Liquid; Basic: {shown}"


def test_letters_of_symbol_fonts(read) -> None:
    """Letters that office programs set in symbol fonts are the signs that they show, other letters stay."""
    document = read(
        "<style>span.yes{font-family:Wingdings}p.icons{font-family:FontAwesome,Arial}</style>"
        "<table><tr><th>Benefit</th><th>Silver</th><th>Gold</th></tr>"
        '<tr><td>Lounge</td><td><font face="Wingdings, serif">û</font></td>'
        '<td><span class="yes">ü</span></td></tr>'
        "<tr><td>Porter</td><td><span style=\"font-family:'Wingdings 2'\">O<b style='font-family:Arial'> für</b>"
        "</span></td><td><font face='Wingdings 2'><b>P</b></font></td></tr></table><p class='icons'>Call us</p>"
    )
    assert told(document).split("\n") == [
        "Benefit: Lounge; Silver: ✗; Gold: ✓",
        "Benefit: Porter; Silver: ✗ für; Gold: ✓",
        "Call us",
    ]


def test_list_numbers(read) -> None:
    """Items have the numbers that a reader sees: lettered, begun anywhere, counted down, Chinese, nested, none."""
    document = read(
        "<ol type=a><li>one<ol type=i start=4><li>in</li></ol>after</li><li value=5>two</li></ol>"
        "<ol reversed><li>last</li><li>first</li></ol><ol "
        "style='list-style-type:simp-chinese-informal' start=10><li>十</li>"
        "</ol><ol class=plain><li>bare</li></ol><ol start=0><li>zero</li></ol><ul><li>point<p>"
        "more</p></li></ul>",
        "<style>ol.plain{list-style:none}</style>",
    )
    assert told(document).split("\n\n") == [
        "a. one\n  iv. in\n  after\ne. two",
        "2. last\n1. first",
        "十、 十",
        "bare",
        "0. zero",
        "- point\n  more",
    ]


def test_numbers_that_style_sheets_count(read) -> None:
    """A number that a style sheet writes before each item is its number, as it looks there."""
    sheet = """<style>ol { list-style: none } ol.start li { counter-increment: a }
    .lst-kix_q-0 > li:before { content: "" counter(b-0, upper-roman) ". " }
    .lst-kix_q-1 > li:before { content: "(" counter(b-1,lower-latin) ')' }
    .bare li::before { content: "" }</style>"""
    page = (
        '<ol class="lst-kix_q-0 start"><li>Rent the hall</li></ol>'
        '<ol class="lst-kix_q-1 start"><li>by day</li><li>by hour</li></ol>'
        '<ol class="lst-kix_q-0" start=2><li>Return the key</li></ol><ol class="bare"><li>No mark</li></ol>'
    )
    assert told(read(f"<p>Rules</p>{page}", sheet)) == (
        "Rules\n\nI. Rent the hall\n  (a) by day\n  (b) by hour\nII. Return the key\n\nNo mark"
    )


def test_tables_within_items(read) -> None:
    """A table in an item stands as rows behind the item's line, the items keep their numbers."""
    document = read(
        "<ol><li>Weigh it.<table><tr><th>Kilos</th><th>Fee</th></tr><tr><td>2</td><td>$3</td></tr></table></li>"
        "<li>Send it.</li></ol>"
    )
    assert [section.text for section in document.sections] == ["1. Weigh it.", "Kilos: 2; Fee: $3", "2. Send it."]


def test_link_targets(read) -> None:
    """Addresses stand behind their links, found behind what mail programs and searches put before them."""
    document = read(
        "<p>Fill in <a href='https://shop.example/form'>the form</a> or <a "
        "href='mailto:a@shop.example'>write</a>, see "
        "<a href='#top'>above</a>, <a "
        "href='https://www.google.com/url?q=https://shop.example/x&amp;sa=D'>here</a>, "
        "<a "
        "href='https://a.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fy&amp;data=1'>there</a>.</p>"
        "<h2><a href='https://shop.example/h'>Hours</a><a href='#hours'>¶</a></h2><p>Nine to five.</p>"
    )
    assert "the form (https://shop.example/form) or write (a@shop.example), see above, here (" in told(document)
    assert "here (https://shop.example/x), there (https://shop.example/y)." in told(document)
    assert document.sections[-1].headings == ("Hours",)


def test_questions_for_search_engines(read) -> None:
    """Questions that a page carries as FAQPage are read where the page does not show them, and only there."""
    stated = (
        '{"@graph":[{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"May I park?","acceptedAnswer":'
        '{"@type":"Answer","text":"<p>Yes, <b>two hours</b>.</p>"}},{"@type":"Question","name":"Is it far?",'
        '"acceptedAnswer":{"@type":"Answer","text":"No, five minutes."}}]}]}'
    )
    document = read(
        "<h3>Is it far?</h3><p>No, five minutes.</p>", f"<script type='application/ld+json'>{stated}</script>"
    )
    pairs = [(s.question, s.text) for s in document.sections if s.kind is SectionKind.QUESTION_ANSWER]
    assert pairs == [("Is it far?", "No, five minutes."), ("May I park?", "Yes, two hours.")]


def test_inline_elements(read) -> None:
    """Quotations, abbreviations, ruby, times, choices and carried pages are read as they are shown."""
    document = read(
        "<p>The <abbr title='annual rate'>APR</abbr> is <q>low</q>.</p><p><ruby>漢<rt>kan</rt></ruby>字</p>"
        "<form><label>Size <select><option>Small<option selected>Large</select></label><input "
        "value='42'></form>"
        "<iframe srcdoc='<p>Inside: $7</p>'></iframe><figure><img src=a.png alt='A map'><figcaption>"
        "The yard</figcaption>"
        "</figure><noscript><p>Ring 555 to order.</p></noscript><noscript>Please enable JavaScript</noscript>"
    )
    text = told(document)
    assert "The APR (annual rate) is “low”." in text
    assert "漢字" in text
    assert "Size Large 42" in text
    assert all(part in text for part in ("Inside: $7", "A map", "The yard", "Ring 555 to order."))
    assert "JavaScript" not in text
    assert left(document, Omitted.PHONETIC) == "kan"


def test_pictures_are_counted(read) -> None:
    """A picture that says nothing is counted and named; one that is marked as decoration is not."""
    document = read(f"{LOREM}<img src='/a/fees.png'><img src=b.png alt=''><img src=c.gif width=1 height=1>")
    (omission,) = document.omitted
    assert (omission.reason, omission.count, omission.text) == (Omitted.PICTURES, 1, "fees.png")


def test_kept_lines(read) -> None:
    """Line ends count where the page keeps them, and are blanks or nothing elsewhere."""
    document = read("<p>one\ntwo</p><p>退货\n政策</p><pre>a\n  b</pre><p style='white-space:pre-line'>c\nd</p>")
    assert told(document) == "one two\n\n退货政策\n\na\n  b\n\nc\nd"


def test_definitions(read) -> None:
    """Terms stand before what is told of them, several terms together, lists within under their term."""
    document = read(
        "<dl><dt>Fee</dt><dd>$3</dd><dt>Small</dt><dt>Large</dt><dd>$8</dd><dt>Bring</dt><dd><ul><li>a pen</li>"
        "<li>an ID</li></ul></dd></dl>"
    )
    assert told(document).startswith("Fee: $3\n\nSmall, Large: $8")
    assert (document.sections[-1].headings, document.sections[-1].text) == (("Bring",), "- a pen\n- an ID")


TASKS = [
    '<ul class="inline-task-list"><li class="checked"><span>Wax</span></li><li><span>Dry</span></li></ul>',
    "<ac:task-list><ac:task><ac:task-id>3</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>Wax"
    "</ac:task-body></ac:task><ac:task><ac:task-id>4</ac:task-id><ac:task-status>incomplete</ac:task-status>"
    "<ac:task-body><span>Dry</span></ac:task-body></ac:task></ac:task-list>",
    '<ul data-type="taskList"><li data-checked="true"><label><input type="checkbox" checked></label><div>'
    '<p>Wax</p></div></li><li data-checked="false"><div><p>Dry</p></div></li></ul>',
    '<ul><li data-list="checked">Wax</li><li data-list="unchecked">Dry</li></ul>',
    '<ul class="contains-task-list"><li><input type="checkbox" checked> Wax</li><li><input type="checkbox"> '
    "Dry</li></ul>",
]


@pytest.mark.parametrize("tasks", TASKS, ids=["wiki", "stored wiki", "editor", "another editor", "Markdown"])
def test_lists_of_tasks(read, tasks: str) -> None:
    """A task that is done has a ticked box before its words, an open one an empty box, whoever wrote the list."""
    assert read(f"<h1>Before opening</h1>{tasks}").sections[0].text == "- ☑ Wax\n- ☐ Dry"


def test_lists_to_choose_from(read) -> None:
    """A closed list shows what is chosen or comes first, never a prompt; an open one shows all."""
    page = read(
        "<h1>Form</h1><p>Zone <select><option>North<option selected>South</select></p>"
        "<p>Way <select><option>Post<option>Rail</select></p>"
        '<p>Land <select><option value="">Choose …<option>Peru</select></p>'
        "<p>Cups <select size=2><option>Small<option>Large</select></p>"
        "<p><label>Notes</label><textarea>Ring twice</textarea><label>Name</label></p>"
    )
    assert page.sections[0].text.split("\n\n") == [
        "Zone South", "Way Post", "Land", "Cups Small, Large", "Notes Ring twice Name",
    ]  # fmt: skip
    assert left(page, Omitted.SURROUNDINGS).split() == ["North", "Rail", "Choose", "…", "Peru"]
