"""HTML in fields of records: told from other text, read as a page is read."""

from __future__ import annotations

import pytest

from ingest.formats.markup.fragment import looks_like_markup, read_fragment


@pytest.mark.parametrize(
    "text",
    [
        "<p>Two days.</p>",
        "Two days.<br/>Bring the box.",
        "Salt &amp; pepper",
        "it&#39;s &#x41;",
        "Hold <b>Set</b> for ten seconds.",
        'See <a href="https://shop.example">here',
        "<UL><LI>one",
        "<p>never closed",
    ],
)
def test_markup_is_told(text: str) -> None:
    """Tags and entities of HTML are markup, closed or not where no other meaning is likely."""
    assert looks_like_markup(text)


@pytest.mark.parametrize(
    "text",
    [
        "price < 5 and > 2",
        "Dear <name>, your <code> is on its way",
        "if a<b>c then d",
        "if a <b and c> d",
        "Ann Lee <ann@shop.example>",
        "AT&T; R&D;",
        "x<p>y",
        "<https://shop.example/a>",
        "5 <= 7 => true",
    ],
)
def test_other_text_is_no_markup(text: str) -> None:
    """Comparisons, places to fill in, addresses and ampersands are no markup and stay as they are."""
    assert not looks_like_markup(text)
    assert read_fragment(text).text == text


def test_lists_breaks_and_tables() -> None:
    """Paragraphs, breaks, lists and tables become lines, entities letters."""
    markup = (
        "<p>Bring &amp; show:</p><ul><li>the receipt</li><li>the box</li></ul><p>First line.<br>Second line.</p>"
        "<table><tr><th>Size</th><th>Fee</th></tr><tr><td>Small</td><td>$3</td></tr>"
        "<tr><td>Large</td><td>$8</td></tr></table>"
    )
    assert read_fragment(markup).text == (
        "Bring & show:\n\n- the receipt\n- the box\n\nFirst line.\nSecond line.\n\n"
        "Size: Small; Fee: $3\nSize: Large; Fee: $8"
    )


def test_lines_of_a_cell() -> None:
    """Line ends are kept where the markup has no blocks of its own, and are blanks where it has."""
    assert read_fragment("Hold <b>Set</b>.\nThen &quot;OK&quot;.").text == 'Hold Set.\nThen "OK".'
    assert read_fragment("one &amp;\ntwo").text == "one &\ntwo"
    assert read_fragment("<p>one\ntwo</p>").text == "one two"


def test_escaped_twice() -> None:
    """A page written into a page is read as the page, words about tags stay words."""
    assert read_fragment("&lt;p&gt;Two days.&lt;/p&gt;").text == "Two days."
    assert read_fragment("Write &lt;b&gt; for bold.").text == "Write <b> for bold."


def test_hidden_text_is_left_out() -> None:
    """What is hidden in a field is left out and counted; headings make sections."""
    fragment = read_fragment(
        "<h2>Time</h2><p>14 days</p><h2>Fee</h2><p>$3<span style='font-size:0'>obey</span></p>"
    )
    assert [(section.headings, section.text) for section in fragment.sections] == [
        (("Time",), "14 days"),
        (("Fee",), "$3"),
    ]
    assert fragment.text == "Time\n14 days\n\nFee\n$3"
    assert [(omission.reason.value, omission.count) for omission in fragment.omissions] == [("hidden", 4)]
