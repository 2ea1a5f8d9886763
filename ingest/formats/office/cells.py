"""Cells of spreadsheets as a person reads them: numbers, amounts, shares, days."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

_DECIMALS = re.compile(r"\.(0+)")
_CURRENCY = re.compile(r"[¥￥$€£]|元|RMB|CNY|USD|EUR")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.')


def write_cell(value: object, number_format: str = "General") -> str:
    """Return a cell as its reader sees it: ``12.5``, ``2026-03-01``, ``15%``, ``¥1,299.00``."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time(0) else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, (int, float)):
        return _write_number(value, number_format or "General")
    return str(value)


def _write_number(value: float, number_format: str) -> str:
    positive = number_format.split(";")[0]
    literals = "".join("".join(found) for found in _LITERAL.findall(positive))
    digits = _LITERAL.sub("", positive)
    decimals = _DECIMALS.search(digits)
    places = len(decimals.group(1)) if decimals else 0
    if "%" in digits:
        return f"{value * 100:.{places}f}%" if decimals else f"{round(value * 100, 6):.15g}%"
    fixed = "0" in digits and ("." in digits or "#,##0" in digits)
    grouped = "," if "#,##" in digits else ""
    number = f"{value:{grouped}.{places}f}" if fixed else f"{value:.15g}"
    symbol = _CURRENCY.search(literals) or _CURRENCY.search(digits)
    if symbol is None:
        return number
    before = positive.find(symbol.group()) < positive.find("0")
    return f"{symbol.group()}{number}" if before else f"{number}{symbol.group()}"
