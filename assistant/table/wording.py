"""A table row as a person would read it out: what it is about, then what it says of it.

Rows are kept as ``Header: value; Header: value``, which is how they are searched and cited. In a reply the headers
that name nothing ("Property", 项目) go, units that stand in a header go to their value, and what is long becomes
a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.table.fields import naming_fields, split_fields
from kb.language.text import detect_language, fold
from kb.language.words import Words

_BETWEEN_NUMBERS = re.compile(r"(?<=\d)[^\w%+$€£¥°]+(?=\d)")
_GAP = "|"
_SIGNS = frozenset("%+$€£¥°|")
_PARTS = re.compile(r"\s*[;；]\s*")
_INLINE = 4  # fields behind the subject that still read as one sentence (chosen, not measured)
_UNIT = re.compile(r"\s*[(（](?:[^()（），,]*[，,])?\s*([^\d()（），,]{1,12})[)）]$")
_AMOUNT = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_SIGN = re.compile(r"[A-Z]{0,3}[$€£¥]")
_BEGINS_WITH_AMOUNT = re.compile(r"[-+]?(?:[A-Z]{0,3}[$€£¥])?\d")
_LIST_NUMBER = re.compile(r"[\w.]{1,8}\.")
_SHORT_VALUES = frozenset({"free", "none", "no limit"})
_MACHINE = re.compile(r"[a-z]+\d*(?:_[a-z\d]+)*")
_TRAILING_UNITS = {
    "pct": "%", "hkd": "HKD", "cny": "CNY", "usd": "USD", "eur": "EUR", "gbp": "GBP", "sgd": "SGD", "jpy": "JPY",
    "kg": "kg", "cm": "cm", "mm": "mm", "km": "km",
}  # fmt: skip

_NAMES_NOTHING = Words(
    "property", "properties", "feature", "attribute", "specification", "spec", "item", "what", "name", "code",
    "id", "model", "product", "service", "part", "title", "sku", "no", "number", "detail(s)", "work",
    "项目", "参数项", "规格", "属性", "名称", "编号", "代码", "型号", "产品", "品名", "服务", "服务项目",
    "事项", "部件", "配件", "内容", "方式", "酒店", "酒店名称", "分行", "城市名",
    further=r"\w+(?:\s|_)(?:name|code|id|no)|\w*(?:编号|名称)",
)  # fmt: skip
_PROPERTY = Words("property", "feature", "attribute", "specification", "spec", "项目", "规格", "属性", "参数")
_VALUE = Words("value", "detail(s)", "description", "specification", "参数", "数值", "值", "说明", "内容", "规格")
_COMMON = frozenset({
    "price", "fee", "fees", "charge", "charges", "rate", "cost", "costs", "amount", "minimum", "maximum",
    "deposit", "capacity", "power", "weight", "size", "dimensions", "warranty", "colour", "colours", "color",
    "colors", "period", "duration", "term", "days", "hours", "time", "temperature", "when", "where", "what",
    "who", "how", "money", "documents", "cap", "category", "currency", "pack", "fits", "replace", "yearly",
    "monthly", "annual", "early", "late", "cancellation", "breakfast", "meals", "phone", "address",
    "opening", "repackaging", "birthday", "notice", "unit", "book", "kind", "destination", "flights",
    "single", "free", "for", "not", "per", "working", "room", "weekday", "weekend", "exclusions", "covered",
    "conditions", "remarks", "note", "notes", "in",
})  # fmt: skip
"""First words of headers that are no names, and are written small within a sentence."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row as it is read out.

    Attributes:
        header: empty where the row has none for it.
        value: with the unit that its header stated.
    """

    header: str
    value: str


def row_in_words(row: str, about: str = "") -> str:
    """Return a row, or the fields of it that matter, as a sentence or a short list.

    Args:
        row: ``Header: value; …``; its first field says what it is about.
        about: title of the document, for rows that state a property of what the document is about.
    """
    fields = [_read(field) for field in split_fields(row)]
    subject, said = _parted(fields, about)
    if not said:
        return subject or row
    han = _is_chinese(row)
    if not subject:
        return ("；" if han else "; ").join(_field_in_words(field, han) for field in said)
    if len(said) > _INLINE:
        head = f"{subject}：" if han else f"{subject}:"
        return "\n".join([head, *(f"- {_labelled(field, han)}" for field in said)])
    if han:
        return f"{subject}：{'；'.join(_field_in_words(field, han) for field in said)}"
    return f"{subject}: {'; '.join(_field_in_words(field, han) for field in said)}"


def _parted(fields: list[Field], about: str) -> tuple[str, list[Field]]:
    """Return what a row is about, and the fields that say something of it."""
    first, *others = fields
    if len(fields) == 2 and _is(first.header, _PROPERTY) and _is(others[0].header, _VALUE):
        return about, [Field(first.value, others[0].value)]
    if not others:
        return "", fields
    if first.header and not _is(first.header, _NAMES_NOTHING):
        return _named(_humanised(first.header), first.value), others
    named = others[0]
    if first.header and naming_fields([field.value for field in fields]) > 1:
        brackets = "（{}）" if _is_chinese(named.value) else " ({})"
        return named.value + brackets.format(first.value), others[1:]
    return first.value, others


def _named(header: str, value: str) -> str:
    """Return what a row is about with its header; once where the value begins with it, and without a full stop.

    >>> _named("Zone", "Zone A"), _named("step", "2."), _named("Storey", "3")
    ('Zone A', 'Step 2', 'Storey 3')
    """
    value = value[:-1] if _LIST_NUMBER.fullmatch(value) else value
    if re.match(rf"{re.escape(fold(header))}\b", fold(value)):
        return value
    return f"{header[:1].upper()}{header[1:]} {value}"


def _read(field: str) -> Field:
    """Return header and value of a field, with the header's unit at the value."""
    header, mark, value = field.partition(": ")
    if not mark:
        return Field("", field.strip())
    header, value = header.strip(), value.strip()
    if unit := _UNIT.search(header):
        if _AMOUNT.fullmatch(value):
            header, value = header[: unit.start()] + _kept_of(unit[0], unit[1]), _with_unit(value, unit[1].strip())
    elif _MACHINE.fullmatch(header):
        head, _, last = header.rpartition("_")
        if last in _TRAILING_UNITS and head and _AMOUNT.fullmatch(value):
            header, value = head, _with_unit(value, _TRAILING_UNITS[last])
    return Field(header, value)


def _kept_of(brackets: str, unit: str) -> str:
    """Return what stands beside the unit in its brackets: ``(citizens, S$)`` keeps ``(citizens)``."""
    inside = brackets.strip()[1:-1]
    rest = inside[: inside.rfind(unit)].rstrip(" ，,")
    return f" ({rest})" if rest and not _is_chinese(rest) else f"（{rest}）" if rest else ""


def _with_unit(value: str, unit: str) -> str:
    if _SIGN.fullmatch(unit):
        return f"{unit}{value}"
    return f"{value}{unit}" if unit.startswith("%") or _is_chinese(unit) else f"{value} {unit}"


def _field_in_words(field: Field, han: bool) -> str:
    """Return a field within a sentence."""
    if not field.header:
        return field.value
    header = _humanised(field.header)
    if han:
        return f"{header} {field.value}"
    short = _BEGINS_WITH_AMOUNT.match(field.value) or field.value.lower() in _SHORT_VALUES
    return f"{_lowered(header)} {field.value}" if short else f"{_lowered(header)}: {field.value}"


def _labelled(field: Field, han: bool) -> str:
    """Return a field on a line of its own."""
    if not field.header:
        return field.value
    header = _humanised(field.header)
    return f"{header[:1].upper()}{header[1:]}{'：' if han else ': '}{field.value}"


def _humanised(header: str) -> str:
    return header.replace("_", " ") if _MACHINE.fullmatch(header) else header


def _lowered(header: str) -> str:
    """Return a header as it stands within a sentence; names keep their capitals."""
    first = header.split(" ", 1)[0].rstrip(",")
    return header[:1].lower() + header[1:] if first.lower() in _COMMON else header


def _is_chinese(text: str) -> bool:
    return detect_language(text) == "zh"


def _is(header: str, words: Words) -> bool:
    return bool(words.fullmatch(_humanised(header)))


def reads_out(claim: str, row: str, about: str = "") -> bool:
    """Tell whether a claim says fields of a row, whole ones in their order, and nothing else but what it is about.

    Args:
        claim: as ``row_in_words`` would say it, or a part of that between two semicolons or lines.
        row: ``Header: value; …``.
        about: title of the document.
    """
    fields = [_read(field) for field in split_fields(row)]
    subject, others = _parted(fields, about)
    rest = _bare(claim)
    for name in filter(None, (_bare(subject), _bare(about))):
        rest = rest.removeprefix(name)
    said = rest != _bare(claim)
    for field in others:
        for number, value in enumerate(_PARTS.split(field.value)):
            words = _bare(f"{field.header} {value}" if number == 0 else value)
            if words and rest.startswith(words):
                rest, said = rest[len(words) :], True
    return said and not rest


def _bare(text: str) -> str:
    """Return what may not differ: letters, digits, signs, and that something stands between two numbers."""
    parted = _BETWEEN_NUMBERS.sub(_GAP, fold(text))
    return "".join(c for c in parted if c.isalnum() or c in _SIGNS)
