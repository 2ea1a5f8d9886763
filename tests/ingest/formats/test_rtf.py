"""Rich text is read as a reader sees it, whichever program wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.types import Document, Omitted
from tests.ingest.formats.office_files import left_out, read, shown

_FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fnil\fcharset2 Wingdings;}{\f2\fnil\fcharset134 SimSun;}"
    r"{\f3\fnil\fcharset2 Symbol;}}"
)
_STYLES = r"{\stylesheet{\s0 Normal;}{\s1\ql heading 1;}{\s2 Quote;}}"


def load(tmp_path: Path, body: str | bytes, head: str = r"\ansi\ansicpg1252") -> Document:
    """Return what an RTF file with this body is read as."""
    content = body if isinstance(body, bytes) else body.encode("latin-1")
    path = tmp_path / "a.rtf"
    path.write_bytes(rf"{{\rtf1{head}{_FONTS}{_STYLES}".encode() + content + b"}")
    return read(path)


def test_inline_text(tmp_path: Path) -> None:
    """Raised, struck, deleted and hidden text and signs of symbol fonts become what a reader sees."""
    body = (
        r"A wash costs $12{\super 1} with H{\sub 2}O.\par Ironing: {\strike $7}{\strike\strike0 $5}{\striked1 $6}"
        r"{\deleted $4}{\revised\revauth1\revdttm-1807384151  now}"
        r"{\v secret}\v too\v0 .\par Insured {\f1\'fc} abroad {\f1\u-3845 ?}\par "
        r"\u36864?\u36135?\u-10179?\u-8704? caf\'e9 \{1\} a\~b\_c \ldblquote d\rdblquote\par"
    )
    document = load(tmp_path, body)
    assert shown(document).split("\n\n") == [
        "A wash costs $12¹ with H₂O.",
        "Ironing: $5 now.",
        "Insured ✓ abroad ✗",
        "退货😀 café {1} a b-c “d”",
    ]
    assert left_out(document) == {
        Omitted.STRUCK: "$7\n$6",
        Omitted.DELETED: "$4",
        Omitted.HIDDEN: "secret\ntoo",
    }


def test_notes_links_and_fields(tmp_path: Path) -> None:
    """Notes stand where they are referred to, addresses behind their links once, results of fields for fields."""
    link = r'{\field{\*\fldinst {HYPERLINK "https://shop.example/claim" }}{\fldrslt {\ul this form}}}'
    body = (
        r"Repayment is free.{\super\chftn{\footnote\pard\plain {\super\chftn} Except \b fixed\b0  loans.}}"
        r" Visit us.\par "
        r"It costs 2 dollars{\chftn{\footnote\ftnalt Gold members only}}.\par "
        rf"Fill in {link}.\par See page {{\field{{\*\fldinst PAGEREF x}}{{\fldrslt 4}}}}.\par "
        r"{\field{\*\fldinst SYMBOL 252 \\f Wingdings}{\fldrslt }} done{\*\atnid 1}{\*\annotation ask legal}\par "
        r"{\header Internal copy\par}"
        r"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres1\ffdefres0{\*\ffname Box}}}}"
        r"{\fldrslt }} yes\par"
    )
    document = load(tmp_path, body)
    assert shown(document).split("\n\n") == [
        "Repayment is free (Except fixed loans). Visit us.",
        "It costs 2 dollars (Gold members only).",
        "Fill in this form (https://shop.example/claim).",
        "See page 4.",
        "✓ done",
        "☑ yes",
    ]
    assert left_out(document) == {Omitted.COMMENTS: "ask legal", Omitted.SURROUNDINGS: "Internal copy"}


def test_lists_and_headings(tmp_path: Path) -> None:
    """Marks that programs write for old ones are read, bullets and ticks too; styles tell headings."""
    body = (
        r"\pard\s1 House rules\par\pard{\listtext\pard\plain 4.\tab}\ls1\ilvl0 Pay\par "
        r"\pard{\listtext b)\tab}\ls1\ilvl1 by card\par\pard{\pntext\f3\'B7\tab}"
        r"{\*\pn\pnlvlblt{\pntxtb\'B7}}Wait\par "
        r"\pard{\listtext\f1\'fc\tab}Insured\par\pard\outlinelevel1 Fees\par\pard None.\par"
    )
    document = load(tmp_path, body)
    assert document.title == "House rules"
    assert [(section.headings, section.text) for section in document.sections] == [
        ((), "4. Pay\n  b) by card\n- Wait\n- ✓ Insured"),
        (("Fees",), "None."),
    ]


def test_items_that_are_typed(tmp_path: Path) -> None:
    """A number that hangs before its text is an item, not a heading."""
    item = r"{{\pard \li360 \fi-360 {}.\tx360\tab {}\par}}"
    assert shown(load(tmp_path, item.format(4, "Pack") + item.format(5, "Send"))) == "4. Pack\n5. Send"


def test_tables(tmp_path: Path) -> None:
    """Cells keep numbers, signs, bars and merged values; cells of inner tables are part of their cell."""
    row = r"\trowd\cellx1000\cellx2000 "
    body = (
        rf"{row}\pard\intbl Step\cell Rule\cell\row {row}\pard\intbl{{\listtext 1.\tab}}\cell a | b\cell\row "
        rf"{row}\pard\intbl Send\cell{{\f1\'fb}}\cell\row "
        r"\trowd\clvmgf\cellx1000\cellx2000\pard\intbl Wait\cell one\cell\row "
        r"\trowd\clvmrg\cellx1000\cellx2000\pard\intbl\cell two\par days\cell\row \pard After.\par"
    )
    document = load(tmp_path, body)
    assert shown(document).split("\n\n") == [
        "Step: 1.; Rule: a | b",
        "Step: Send; Rule: ✗",
        "Step: Wait; Rule: one",
        "Step: Wait; Rule: two days",
        "After.",
    ]


def test_wide_cells(tmp_path: Path) -> None:
    """A cell across several columns, told by its edge alone, leaves the next one in its own column."""
    row = r"\trowd\cellx1000\cellx2000\cellx3000\pard\intbl {}\cell {}\cell {}\cell\row "
    wide = r"\trowd\cellx2010\cellx3000\pard\intbl Towing\cell $25\cell\row "
    short = r"\trowd\cellx1000\pard\intbl Other damage\cell\row \pard After.\par"
    body = row.format("Damage", "Basic", "Full") + row.format("Theft", "none", "$10") + wide + short
    assert shown(load(tmp_path, body)).split("\n\n") == [
        "Damage: Theft; Basic: none; Full: $10",
        "Damage: Towing; Basic: Towing; Full: $25",
        "Damage: Other damage",
        "After.",
    ]


@pytest.mark.parametrize(
    ("head", "font"),
    [(r"\ansi\ansicpg936", r"\f0"), (r"\ansi\ansicpg1252", r"\f2"), (r"\ansi", r"\f2")],
)
def test_chinese_code_pages(tmp_path: Path, head: str, font: str) -> None:
    """Chinese bytes are read by their font's character set, else by the code page of the file."""
    written = "退货须知，7天内。".encode("gbk")
    escaped = b"".join(rb"\'%02x" % byte if byte > 127 else bytes([byte]) for byte in written)
    for content in (escaped, written):
        assert shown(load(tmp_path, font.encode() + b" " + content + rb"\par", head)) == "退货须知，7天内。"


def test_pictures_and_boxes(tmp_path: Path) -> None:
    """Pictures are their descriptions, or counted; words in boxes are read once; binary parts are passed over."""
    described = r"{\*\picprop{\sp{\sn wzDescription}{\sv Map: the desk is on floor 3}}}"
    body = (
        rf"{{\*\shppict{{\pict{described}\pngblip 0a0b}}}}{{\nonshppict{{\pict\wmetafile8 0c}}}}\par "
        r"{\pict\pngblip 0a0b}Shop\par "
        r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt \pard Ask us.\par}}{\shprslt{\*\do Ask us.}}}\par "
        r"{\pict\bin4 }{}\}after\par"
    )
    document = load(tmp_path, body)
    assert shown(document).split("\n\n") == ["Map: the desk is on floor 3", "Shop", "Ask us.", "after"]
    assert [(omission.reason, omission.count) for omission in document.omitted] == [(Omitted.PICTURES, 2)]


def _units(text: str) -> str:
    return "".join(f"\\u{ord(character)}?" for character in text)


def test_readings_above_characters(tmp_path: Path) -> None:
    """A phonetic guide is its characters; the reading that an equation field sets above them is left out."""
    guide, plain = r"\\o\\ad(\\s\\up 11({}{}{}),{}{}{})", r"\\o(\\s\\up 10({}{}{});{}{}{})"
    body = ""
    for written, cut in ((guide, ("", "")), (plain, ("}{", "}{\\fs12 "))):
        reading, base = cut[0].join((_units("sān"), _units("bǎi"))), cut[1].join((_units("三"), _units("百")))
        equation = written.format("", reading, "", "", base, "")
        body += rf"{_units('年费')}{{\field\fldedit{{\*\fldinst {{EQ \\* jc2 \\* hps12 {equation}}}}}"
        body += rf"{{\fldrslt }}}}{_units('元')}\par "
    body += r"{\field{\*\fldinst EQ \\f(1,2)}{\fldrslt }} hour\par"
    document = load(tmp_path, body)
    assert shown(document).split("\n\n") == ["年费三百元", "年费三百元", "1/2 hour"]
    assert left_out(document) == {Omitted.PHONETIC: "sānbǎi\nsānbǎi"}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (r"\fftype1\ffres25\ffdefres1", "☑"),
        (r"\fftype1\ffdefres1\ffres0", "☐"),
        (r"\fftype2\ffres1\ffhaslistbox1{\*\ffname Pay}{\*\ffl Card}{\*\ffl Cash}", "Cash"),
        (r"\fftype2\ffres25\ffdefres0{\*\ffl Card}{\*\ffl Cash}", "Card"),
        (r"\fftype0{\*\ffdeftext ten days}", "ten days"),
        ("", "☐"),
    ],
    ids=["usual", "stated last", "chosen", "not chosen", "text", "without any"],
)
def test_form_fields(tmp_path: Path, stated: str, expected: str) -> None:
    """Boxes and choices of forms are what they show, whether they were filled in, left alone or lost."""
    form = rf"{{\*\formfield{{{stated}}}}}" if stated else ""
    body = rf"Cover: {{\field{{\*\fldinst {{ FORMCHECKBOX {form}}}}}{{\fldrslt {{}}}}}} water\par"
    assert shown(load(tmp_path, body)) == f"Cover: {expected} water"
