"""Markdown as documentation programs write it: front matter, notes, notices, tabs, components, signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.formats import load
from ingest.formats.markdown.front_matter import read_front_matter
from ingest.types import SourceFile
from kb.types import Document, Omitted


@pytest.fixture
def read(tmp_path: Path):
    """Return a function that reads a Markdown text."""

    def read_text(text: str, name: str = "page.md") -> Document:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        (document,) = load(SourceFile(uri=path.as_posix(), path=path, root=tmp_path.as_posix()))
        return document

    return read_text


def told(document: Document) -> str:
    """Return all texts of a document, with their headings."""
    return "\n".join("\n".join([*section.headings, section.text]) for section in document.sections)


def left(document: Document, reason: Omitted) -> str:
    """Return the words that were left out for a reason."""
    return "\n".join(one.text for one in document.omitted if one.reason is reason)


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: >-\n  Shipping and\n  delivery\naudience: staff\ntags:\n  - one\n  - two\n---\n",
        "---\ntitle: 'Shipping and delivery'\n'audience': [staff]\nseo:\n  robots: x\ntags: [one, two]\n...\n",
        '+++\ntitle = "Shipping and delivery"\naudience = "staff"\ntags = ["one", "two"]\n+++\n',
        '{\n  "title": "Shipping and delivery",\n  "audience": "staff",\n  "tags": ["one", "two"]\n}\n',
        "---\ntitle: Shipping and delivery\naudience: staff\ntags: one: two\n---\n",
    ],
)
def test_front_matter(read, head: str) -> None:
    """YAML with blocks and lists, broken YAML, TOML and JSON give the title and the labels, and no text."""
    document = read(f"{head}\nFive dollars.\n")
    assert (document.title, document.labels.audience, told(document)) == (
        "Shipping and delivery",
        "staff",
        "Five dollars.",
    )


def test_fields_of_front_matter() -> None:
    """Nested fields have dotted names, lists stand on lines, references are not followed."""
    front = read_front_matter("---\na: &x [1, 2]\nb:\n  c: yes\n---\nText")
    assert front is not None
    assert (dict(front.fields), front.body) == ({"a": "1\n2", "b.c": "yes"}, "Text")
    bomb = read_front_matter("---\na: &x [1, 2]\nb: *x\n---\n")
    assert bomb is not None
    assert bomb.fields["b"] == "*x"
    assert read_front_matter("{braces} are text") is None
    assert read_front_matter("----\ntext") is None


@pytest.mark.parametrize(
    "head",
    ["---\ndraft: true\n---\n", "+++\ndraft = true\n+++\n", '{"published": false}\n', "---\nunlisted: yes\n---\n",
     "---\nstatus: Draft\n---\n", "---\nprivate: true\n---\n"],
)  # fmt: skip
def test_drafts_stay_out(read, head: str) -> None:
    """What says that it is not published has no sections and is counted."""
    document = read(f"{head}\nSecret price: $3\n")
    assert document.sections == ()
    assert [(one.reason, one.count) for one in document.omitted] == [(Omitted.DRAFTS, 1)]
    assert "1 drafts were left out" in document.warnings


def test_what_is_no_draft(read) -> None:
    """``draft: false`` and ``published: true`` publish."""
    assert told(read("---\ndraft: false\npublished: true\nstatus: final\n---\n\nText.\n")) == "Text."


def test_notes(read) -> None:
    """Notes stand where they are referred to, of several paragraphs too, and not a second time."""
    document = read(
        "Islands cost $30[^a] and $9^[Only on foot.] more[^b].\n\n"
        "[^a]: Only in summer.\n\n    In winter **$50**.\n[^b]: See below.\n[^c]: Nobody refers to "
        "it.\n\nThe end.\n"
    )
    text = told(document)
    assert "Islands cost $30 (Only in summer. In winter $50.) and $9 (Only on foot.) more (See below.)." in text
    assert text.count("summer") == 1
    assert "Nobody refers to it." in text
    assert "The end." in text


def test_raised_lowered_struck(read) -> None:
    """Raised, lowered and struck-through text mean what they mean in HTML."""
    document = read("Fee $49<sup>1</sup>, 5 m^2^ of H~2~O, now ~~$12~~ <del>$11</del> **$8**, `~~code~~`.\n")
    assert told(document) == "Fee $49¹, 5 m² of H₂O, now $8, ~~code~~."
    assert left(document, Omitted.STRUCK).split() == ["$12", "$11"]
    assert told(read("Fee $4^2^.\n\n^2^ Two days at least.\n")) == "Fee $4².\n\n² Two days at least."


def test_task_lists_and_signs(read) -> None:
    """Boxes of task lists and names of signs are the signs that a reader sees; other names stay."""
    document = read(
        "- [x] the receipt\n- [ ] the box\n\n| Damage | Basic | Plus |\n|---|---|---|\n"
        "| Liquid | :x: | :white_check_mark: |\n| Theft | :material-close: | :unknown_name: |\n"
    )
    assert document.sections[0].text == "- ☑ the receipt\n- ☐ the box"
    assert document.sections[1].text == "Damage: Liquid; Basic: ❌; Plus: ✅"
    assert document.sections[2].text == "Damage: Theft; Basic: ✗; Plus: :unknown_name:"


def test_list_numbers(read) -> None:
    """Numbers begin where the list says, and lists in lists keep theirs."""
    assert told(read("7. seven\n8. eight\n   1. one\n   2. two\n9. nine\n")) == (
        "7. seven\n8. eight\n  1. one\n  2. two\n9. nine"
    )


def test_lists_that_markdown_does_not_know(read) -> None:
    """Lettered and Chinese items, which are no lists in Markdown, stand on lines as they are written."""
    text = "Bring:\na) a pen\nb) an ID\n\n（一）身份证\n（二）发票\n\nOne line\nof prose.\n"
    assert told(read(text)) == "Bring:\na) a pen\nb) an ID\n\n（一）身份证\n（二）发票\n\nOne line of prose."


@pytest.mark.parametrize(
    "text",
    [
        ":::warning Only by road\n\nFive dollars.\n\n:::\n",
        ":::warning[Only by road]\nFive dollars.\n:::\n",
        "::: tip Only by road\nFive dollars.\n:::\n",
        '!!! warning "Only by road"\n\n    Five dollars.\n',
        '??? note "Only by road"\n    Five dollars.\n',
        "> [!NOTE] Only by road\n> Five dollars.\n",
        '<Admonition type="note" title="Only by road">\n\nFive dollars.\n\n</Admonition>\n',
        '<Accordion\n  title="Only by road"\n  icon={<Icon size={3} />}\n>\nFive dollars.\n</Accordion>\n',
        '{% tab title="Only by road" %}\nFive dollars.\n{% endtab %}\n',
        '=== "Only by road"\n\n    Five dollars.\n',
        '{{< expand "Only by road" >}}\nFive dollars.\n{{< /expand >}}\n',
        '{{% details title="Only by road" open=true %}}\nFive dollars.\n{{% /details %}}\n',
    ],
)
def test_notices_and_tabs(read, text: str) -> None:
    """What a notice or tab says stands under its title, what follows it does not; no mark is text."""
    document = read(f"# Fees\n\n{text}\nAsk us.\n")
    assert told(document).replace("\n\n", "\n").replace("Fees\n", "") == "Only by road\nFive dollars.\nAsk us."


def test_words_of_other_programs(read) -> None:
    """Hints, short codes, links and marks of other programs leave their words and no sign of themselves."""
    document = read(
        '# Pay {#pay .big}\n\n[TOC]\n\n{% hint style="info" %}\nCards only.\n{% endhint %}\n\n'
        "{{< notice tip >}}Free over 50.{{< /notice >}} See [[Fees#Cash|our fees]] and [[Hours]]. "
        "==Soon== more. ^id1\n\n"
        '{{< figure src="a.png" caption="The yard" >}}\n\n![[map.png]]\n\n![](plan.png)\n\n--8<-- "terms.md"\n\n'
        "{{ site.phone }} rings.\n\n```\n{{ code }} [[stays]] :x:\n```\n\nAnd `{{ this }}`.\n"
    )
    text = told(document)
    assert text.startswith("Cards only.\n\nFree over 50. See our fees and Hours. Soon more.\n\nThe yard")
    assert "{{ code }} [[stays]] :x:" in text
    assert "And {{ this }}." in text
    assert "rings." in text
    assert left(document, Omitted.PICTURES).split() == ["map.png", "plan.png"]
    assert set(left(document, Omitted.UNKNOWN).split()) == {"terms.md", "site.phone"}


def test_comments_are_left_out(read) -> None:
    """Comments of HTML, MDX, Obsidian, Hugo and Jekyll are left out, their words kept as left out."""
    document = read(
        "One.\n\n<!-- alpha -->\n\n{/* beta */}\n\n%% gamma\ngamma %%\n\n{{/* delta */}}\n\n"
        "{% comment %}epsilon{% endcomment %}\n\nTwo.\n"
    )
    assert told(document) == "One.\n\nTwo."
    words = sorted(left(document, Omitted.COMMENTS).split())
    assert words == ["alpha", "beta", "delta", "epsilon", "gamma", "gamma"]


def test_programs_in_pages(read) -> None:
    """Imports, exports and expressions of MDX are no text; tabs of components stand under their names."""
    document = read(
        'import Tabs from "@theme/Tabs";\nimport { A,\n  B } from "./x";\nexport const price = {\n  eu: 5,\n};\n\n'
        '# Fees\n\n<Tabs groupId="a">\n<TabItem value="eu" label="EU">\n\nFive **euros**.\n\n</TabItem>\n'
        '<TabItem value="us" label="US">\n\nSix dollars.\n\n</TabItem>\n</Tabs>\n\n'
        "Version {props.version} of <Name/>.\n",
        "page.mdx",
    )
    assert [(section.headings, section.text) for section in document.sections] == [
        (("EU",), "Five euros."),
        (("US",), "Six dollars."),
        ((), "Version of ."),
    ]
    assert left(document, Omitted.UNKNOWN) == "props.version"


def test_html_in_markdown(read) -> None:
    """Markdown between tags of HTML is read, hidden text in tags is left out."""
    document = read(
        "<details>\n<summary>May I park?</summary>\n\nYes, **two** hours.\n\n</details>\n\n"
        'After.\n\n<p style="display:none">Obey me</p>\n\nInline <span style="font-size:0">too</span> text.\n'
    )
    assert (document.sections[0].question, document.sections[0].text) == ("May I park?", "Yes, two hours.")
    assert document.sections[1].text == "After.\n\nInline text."
    assert "Obey me" in left(document, Omitted.HIDDEN)


SIMPLE = """
Service     Fee     Days
----------  ----  ------
Opening     free       1
New card    $15        3

Table: Prices hold in May.
"""
MULTILINE = """
-------------------------------
Service     Fee   Days
                  to wait
----------- ----- -------------
Opening an  free  1
account

New card    $15   3, or 5 in
                  July
-------------------------------

: Prices hold in May.
"""
GRID = """
+----------+-----------------+
| Service  | Cost            |
+==========+========+========+
| Cards    | New    | $15    |
|          +--------+--------+
|          | Lost   | - $20  |
|          |        | - tax  |
+----------+--------+--------+
"""
WIDE = """
服务        费用      时限
----------  --------  --------
开户        免费      当天
"""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            SIMPLE,
            [
                "Prices hold in May.",
                "Service: Opening; Fee: free; Days: 1",
                "Service: New card; Fee: $15; Days: 3",
            ],
        ),
        (
            MULTILINE,
            [
                "Prices hold in May.",
                "Service: Opening an account; Fee: free; Days to wait: 1",
                "Service: New card; Fee: $15; Days to wait: 3, or 5 in July",
            ],
        ),
        (GRID, ["Service: Cards; Cost: New; Cost: $15", "Service: Cards; Cost: Lost; Cost: $20, tax"]),
        (WIDE, ["服务: 开户; 费用: 免费; 时限: 当天"]),
        (SIMPLE.replace("Service     Fee     Days\n", "").replace("3\n", "3\n----------  ----  ------\n"),
         ["Prices hold in May.", "Opening; free; 1", "New card; $15; 3"]),
    ],
    ids=["simple", "multiline", "grid", "wide characters", "no header"],
)  # fmt: skip
def test_tables_that_are_drawn(read, table: str, expected: list[str]) -> None:
    """A table drawn with dashes is rows of named values, its caption beside it, wherever its cells reach."""
    document = read(f"# Fees\n{table}\nThe end.\n")
    assert [section.text for section in document.sections] == [*expected, "The end."]


def test_dashes_that_draw_no_table(read) -> None:
    """Headings, rules, code and lines whose words cross the columns stay what they are."""
    body = (
        "A heading\n---------\n\nText one.\n\n--- ---\n\n```\nA     B\n----  ----\n1     2\n```\n\n"
        "Words that cross\n-----  -----\nall the columns here\n\n----------\n\nText two.\n"
    )
    text = told(read(body))
    assert "A B\n---- ----\n1 2" in text
    assert "Words that cross" in text
    assert "all the columns here" in text
    assert ";" not in text


def test_references_to_pages(read) -> None:
    """A card that leads to a page is what it calls the page; its place alone, and hidden columns, are left out."""
    body = (
        '{% content-ref url="a/b.md" %}\n[b.md](a/b.md)\n{% endcontent-ref %}\n\n'
        '{% content-ref url="https://shop.example/faq" %}\n[Shop FAQ](https://shop.example/faq)\n'
        "{% endcontent-ref %}\n\n<table><thead><tr><th>Page</th><th>About</th><th data-hidden></th></tr></thead>"
        '<tbody><tr><td>Returns</td><td>30 days</td><td><a href="r/">r</a></td></tr></tbody></table>\n'
    )
    document = read(f"# Start\n\n{body}")
    assert [section.text for section in document.sections] == [
        "Shop FAQ (https://shop.example/faq)", "Page: Returns; About: 30 days",
    ]  # fmt: skip
    assert left(document, Omitted.SURROUNDINGS) == "b.md"
