"""Table rows read out."""

from __future__ import annotations

import pytest

from assistant.table.wording import reads_out, row_in_words

SENTENCES = {
    "Service: Next day; Price: ¥18": "Next day: price ¥18",
    "Service: Slow boat; When it arrives: Once the ice has gone, by May at the latest; Price: €4": (
        "Slow boat: when it arrives: Once the ice has gone, by May at the latest; price €4"
    ),
    "Model: KT-90; Name: Pebble Kettle; Price (EUR): 39; Weight (kg): 1.2": (
        "Pebble Kettle (KT-90): price 39 EUR; weight 1.2 kg"
    ),
    "Product: Nest egg; Rate (% p.a.): 2.1; Minimum (S$): 500": "Nest egg: rate 2.1% p.a.; minimum S$500",
    "Paid with: Voucher; Money is back after: 3 days": "Paid with Voucher: money is back after 3 days",
    "Seat choice; Light: 20; Flex: Free": "Seat choice: Light 20; Flex Free",
    "store_code: B2; store_name: Quayside; weekday_hours: 9:00-17:00": "Quayside (B2): weekday hours 9:00-17:00",
    "currency: XTS; transfer_fee_pct: 0.40": "Currency XTS: transfer fee 0.40%",
    "服务: 夜间配送; 运费（元）: 30": "夜间配送：运费 30元",
    "编号: K7; 项目: 抽油烟机清洗; 收费（元）: 120; 条件: 每户一次": (
        "抽油烟机清洗（K7）：收费 120元；条件 每户一次"
    ),
    "付款方式: 银行卡; 到账: 5个工作日": "付款方式 银行卡：到账 5个工作日",
    "卡种: 金卡; 年费（主卡，新元）: 60": "卡种 金卡：年费（主卡） 60新元",
}


@pytest.mark.parametrize(("row", "said"), SENTENCES.items())
def test_a_row_reads_as_a_sentence(row: str, said: str) -> None:
    """What the row is about comes first, headers that name nothing go, units stand at their values."""
    assert row_in_words(row) == said


def test_a_property_is_said_of_what_the_document_is_about() -> None:
    """Of a sheet of properties, the document's title says what has the property."""
    assert row_in_words("Property: Capacity; Value: 5.5 litres", "Fryer") == "Fryer: capacity 5.5 litres"
    assert row_in_words("项目: 尺寸; 参数: 70×72厘米", "石榴冰箱") == "石榴冰箱：尺寸 70×72厘米"


def test_a_long_row_is_a_list() -> None:
    """Many fields stand on lines of their own, under what they are about."""
    row = (
        "Model: KT-90; Name: Pebble Kettle; Price (EUR): 39; Power (W): 900; Lid: glass; Cord: 80 cm; From: Spain"
    )
    assert row_in_words(row).splitlines() == [
        "Pebble Kettle (KT-90):",
        "- Price: 39 EUR",
        "- Power: 900 W",
        "- Lid: glass",
        "- Cord: 80 cm",
        "- From: Spain",
    ]


def test_a_unit_goes_only_to_a_number() -> None:
    """A value in words keeps its header's brackets, and brackets that are no unit stay."""
    assert row_in_words("Item: Crate; Fee (EUR): free of charge") == "Crate: fee (EUR): free of charge"
    assert row_in_words("Reason: Refused; Small item (under 25 kg): 4") == (
        "Reason Refused: Small item (under 25 kg) 4"
    )


def test_every_value_of_a_row_is_said() -> None:
    """Nothing of a row's values is lost but its unit's place."""
    row = "Code: A1; Extra: Sledge; For tours: NO-1; Price (NOK): 90; Unit: person"
    said = row_in_words(row)
    assert all(value in said for value in ("A1", "Sledge", "NO-1", "90 NOK", "person"))


@pytest.mark.parametrize("row", ["", "alone", "Header: value", "a: b; c: d; e", ": ; : "])
def test_any_text_is_read(row: str) -> None:
    """A row that has no fields, or odd ones, is said as it is, not an error."""
    assert isinstance(row_in_words(row), str)


@pytest.mark.parametrize("row", SENTENCES)
def test_a_row_read_out_is_known_again(row: str) -> None:
    """What is read out of a row is a quote of it, as a whole and by its parts; of another row it is none."""
    said = row_in_words(row)
    assert reads_out(said, row)
    assert all(reads_out(part, row) for part in said.replace("；", ";").split(";"))
    assert not any(reads_out(said, other) for other in SENTENCES if other != row)
    assert not reads_out(f"{said} or more", row)


@pytest.mark.parametrize(
    ("claim", "row"),
    [
        ("Kettle: price 4.5 EUR", "Name: Kettle; Price (EUR): 45; Lid: glass"),
        ("Kettle: price 45 EUR", "Name: Kettle; Price (EUR): 4.5; Lid: glass"),
        ("Kettle: lid 45 EUR", "Name: Kettle; Price (EUR): 45; Lid: glass"),
        ("Kettle: price 45 EUR off", "Name: Kettle; Price (EUR): 45; Lid: glass"),
        ("Pot: price 45 EUR", "Name: Kettle; Price (EUR): 45; Lid: glass"),
        ("price", "Name: Kettle; Price (EUR): 45; Lid: glass"),
        ("", "Name: Kettle; Price (EUR): 45; Lid: glass"),
    ],
)
def test_what_a_row_does_not_say_is_no_reading_of_it(claim: str, row: str) -> None:
    """Another number, header, thing or condition, a header alone and nothing are not in the row."""
    assert not reads_out(claim, row)
