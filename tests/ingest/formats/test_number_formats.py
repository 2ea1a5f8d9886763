"""Cells show numbers, days and durations as their formats say."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.formats.sheets.number_formats import BUILT_IN, write_number, write_text

TABLE = Path(__file__).parents[2] / "data" / "number_formats.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()][1:]


def test_agrees_with_libreoffice() -> None:
    """Of 400 pairs of a format and a number each shows what LibreOffice shows, but for white space."""
    assert len(ROWS) >= 400
    differing = [row for row in ROWS if " ".join(write_number(float(row[1]), row[0]).split()) != row[2]]
    assert differing == []


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", 0.1 + 0.2, "0.3"),
        ("General", 12345678901, "12345678901"),
        ("0", 0.5, "1"),
        ("0", -0.2, "0"),
        ("0.##", 12, "12"),
        ("0,000", 5, "0,005"),
        ("00-000-00", 1234567, "12-345-67"),
        ("[>=1000]#,##0.0,\"k\";0", 1500, "1.5k"),
        ("[>=1000]#,##0.0,\"k\";0", 15, "15"),
        ("[=1]0\" day\";0\" days\"", 1, "1 day"),
        ("[=1]0\" day\";0\" days\"", 4, "4 days"),
        ("[<=30]\"within a month\";[<=90]\"within a quarter\";\"later\"", 45, "within a quarter"),
        ("[<=30]\"within a month\";[<=90]\"within a quarter\";\"later\"", 400, "later"),
        ("\"Included\";\"Not included\";\"On request\"", -1, "Not included"),
        (";;;", 5, ""),
        ("0;-0;", 0, ""),
        ("@", 7, "7"),
        ("# ?/?", 0.5, "1/2"),
        ("# ?/?", 3, "3"),
        ("0 ??/16", 2.3, "2 5/16"),
        ("##0.0E+0", 12345678, "12.3E+6"),
        ("[DBNum1][$-804]General", 305, "三百零五"),
        ("[DBNum2][$-804]General\"元整\"", 1250, "壹仟贰佰伍拾元整"),
        ("[DBNum1]0", 305, "三〇五"),
        ("[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"", 46082, "二〇二六年三月一日"),
        ("[$-404]e/m/d", 46082, "115/3/1"),
        ("[$-804]yyyy\"年\"m\"月\"d\"日\" dddd", 46082, "2026年3月1日 星期日"),
        ("[$-zh-CN]aaaa", 46082, "星期日"),
        ("上午/下午h\"时\"mm\"分\"", 0.75, "下午6时00分"),
        ("h:mm AM/PM", 0, "12:00 AM"),
        ("[h]:mm", 1.5, "36:00"),
        ("[h]:mm", -0.25, "-6:00"),
        ("[mm]\" min\"", 0.0625, "90 min"),
        ("h:mm", 0.99999999, "23:59"),
        ("m:ss", 0.0025, "3:36"),
        ("hh\"h\"mm", 0.3, "07h12"),
        ("mmmmm", 46082, "M"),
        ("yyyy-mm-dd h:mm:ss", 46082, "2026-03-01"),
        ("yyyy-mm-dd h:mm:ss", 46082.5, "2026-03-01 12:00:00"),
        ("d mmm h:mm", 46082, "1 Mar 0:00"),
        ("yyyy-mm-dd", 59, "1900-02-28"),
        ("yyyy-mm-dd", 61, "1900-03-01"),
        ("yyyy-mm-dd", -5, "-5"),
        ("yyyy-mm-dd", 1e9, "1000000000"),
        ("ddd d mmm", 46082, "Sun 1 Mar"),
    ],
)  # fmt: skip
def test_shows(code: str, value: float, shown: str) -> None:
    """Sections, conditions, scales, numerals and calendars are shown as office programs show them."""
    assert " ".join(write_number(value, code).split()) == shown


@pytest.mark.parametrize(
    ("number", "value", "shown"),
    [
        (14, 46082, "2026-03-01"),
        (22, 46082.5, "2026-03-01 12:00"),
        (31, 46082, "2026年3月1日"),
        (9, 0.5, "50%"),
        (46, 1.25, "30:00:00"),
        (43, -1250, "(1,250.00)"),
        (57, 46082, "2026年3月"),
    ],
)
def test_formats_without_codes(number: int, value: float, shown: str) -> None:
    """Formats that a file names by number alone are shown; those of the reader's system with the year first."""
    assert write_number(value, BUILT_IN[number]).strip() == shown


def test_days_from_1904() -> None:
    """A workbook that counts from 1904 shows the day that is meant."""
    assert write_number(44620, "yyyy-mm-dd", since_1904=True) == "2026-03-01"


@pytest.mark.parametrize(
    ("code", "shown"),
    [("@", "Basic"), ('@" plan"', "Basic plan"), ("0.00", "Basic"), ('0;0;0;"plan "@', "plan Basic"), (";;;", "")],
)
def test_texts(code: str, shown: str) -> None:
    """A text is shown in the part of a format that is for texts, else as it is."""
    assert write_text("Basic", code) == shown
