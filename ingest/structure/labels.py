"""What a document says about itself, from front matter or the fields of a record."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from ingest.types import SourceFile
from kb.errors import DamagedFile, UnknownLabel
from kb.nearest import slips, unknown_name
from kb.types import Document, Labels

SIDECAR = ".labels.toml"
"""What the name of a file of labels adds to the name of the file that it lies beside."""

_NAMES: dict[str, tuple[str, ...]] = {
    "audience": ("audience", "受众", "可见范围", "适用人群范围"),
    "brand": ("brand", "品牌"),
    "product": ("product", "产品", "產品", "产品线"),
    "language": ("language", "lang", "locale", "语言", "語言"),
    "valid_from": ("validfrom", "effectivefrom", "effectivedate", "生效日期", "生效日", "生效时间"),
    "valid_until": (
        "validuntil",
        "validto",
        "expires",
        "expiry",
        "expirydate",
        "expiration",
        "expirationdate",
        "失效日期",
        "有效期至",
        "截止日期",
    ),
    "supersedes": ("supersedes", "replaces", "取代", "替代", "废止"),
}
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names}
KNOWN = tuple(_NAMES)
"""The labels as messages name them; each has further names in both languages."""
HIDING = frozenset({"audience", "brand", "valid_from", "valid_until", "supersedes"})
"""Labels without which more is shown than shall be."""
BRAND = "brand"
"""The label that says whose document it is. A column of that name in a list of products says who made them."""
_CERTAIN_LETTERS, _LONG_LETTERS = 7, 8  # a shorter name is a slip of nothing; in one so long two slips are likely
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_LIST_BREAK = re.compile(r"[,;，；、\n]")
_LANGUAGES = {"english": "en", "chinese": "zh", "中文": "zh", "英文": "en", "简体中文": "zh", "繁體中文": "zh"}


@lru_cache(maxsize=4096)
def field_key(name: str) -> str:
    """Return a field's name as it is compared: lower case, without spaces, underscores and hyphens."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name).casefold())


def label_role(name: str) -> str:
    """Return the attribute of ``Labels`` that a field of this name fills, or an empty string."""
    return _ROLE_OF.get(field_key(name), "")


@functools.lru_cache(maxsize=1000)  # the columns of a sheet are asked about once a row
def meant_label(name: str) -> str:
    """Return the label that a field's name is a slip of the keys from; empty where it is one, or is far from all.

    What other programs keep beside a text (``layout``, ``tags``, ``slug``, ``sidebar_position``) is far from all.
    """
    key = field_key(name)
    if key in _ROLE_OF:
        return ""
    for known, role in _ROLE_OF.items():
        wide = not known.isascii()
        if len(known) >= (3 if wide else _CERTAIN_LETTERS):
            most = 2 if len(known) >= _LONG_LETTERS and not wide else 1
            if slips(key, known, most):
                return role
    return ""


def check_names(names: Iterable[str], place: str, *, hiding_only: bool = False) -> None:
    """Raise ``UnknownLabel`` for the first of some fields whose name is a mistyped label.

    Args:
        names: of the fields.
        place: where they stand, for the message.
        hiding_only: look only at the labels that keep something from somebody; columns of a sheet may well be
            named ``products``.
    """
    for name in names:
        meant = meant_label(name) or ("" if hiding_only else _meant_brand(name))
        if meant and (meant in HIDING or not hiding_only):
            raise UnknownLabel(
                f"{place} says {name!r}, {meant!r} was meant? Without it, who may see the document is unknown: "
                f"mend it, or name a field of your own otherwise (known are {', '.join(KNOWN)})"
            )


def _meant_brand(name: str) -> str:
    """Return the label of a brand if a field of front matter is a slip from it, short as the name is.

    It is kept apart from the others since columns of a sheet, where a brand is no label, are named ``brands``.
    """
    key = field_key(name)
    return BRAND if key not in _ROLE_OF and slips(key, BRAND, 1) else ""


def read_date(text: str) -> date | None:
    """Return the day in ``2026-03-01``, ``2026/3/1`` or ``2026年3月1日``, None where there is none."""
    found = _DATE.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def build_labels(fields: Mapping[str, str], extra: Mapping[str, str] | None = None) -> tuple[Labels, list[str]]:
    """Return the labels that ``fields`` give, and one warning for every date that could not be read.

    Fields that fill no label are not looked at; pass as ``extra`` what must be kept beside them.
    """
    values: dict[str, str] = {}
    for name, value in fields.items():
        role = label_role(name)
        if role and value.strip():
            values.setdefault(role, value.strip())
    warnings = [
        f"{role} is not a date: {values[role]!r} (wanted YYYY-MM-DD)"
        for role in ("valid_from", "valid_until")
        if role in values and read_date(values[role]) is None
    ]
    language = values.get("language", "").casefold()
    labels = Labels(
        audience=values.get("audience", ""),
        brand=values.get(BRAND, ""),
        product=values.get("product", ""),
        language=_LANGUAGES.get(language, re.split(r"[-_]", language)[0]),
        valid_from=read_date(values.get("valid_from", "")),
        valid_until=read_date(values.get("valid_until", "")),
        supersedes=tuple(part.strip() for part in _LIST_BREAK.split(values.get("supersedes", "")) if part.strip()),
        extra=dict(extra or {}),
    )
    return labels, warnings


def sidecar_of(name: str, beside: Collection[str]) -> str:
    """Return which of the names that lie beside a file is that of its labels, an empty string where none is.

    ``gate.md.labels.toml`` is, else ``gate.labels.toml``, which holds for ``gate.pdf`` too. One that was meant as
    such (``gate.md.label.toml``) is given too, for ``read_sidecar`` to refuse.
    """
    stem = name.rpartition(".")[0] or name
    for exact in (name + SIDECAR, stem + SIDECAR):
        if exact in beside:
            return exact
    meant = (name.casefold() + ".", stem.casefold() + ".label")
    return next((n for n in sorted(beside) if n.endswith(".toml") and n.casefold().startswith(meant)), "")


def beneath(source: SourceFile, sidecar: Path) -> SourceFile:
    """Return what lies inside a file with a sidecar of its own; what the file's sidecar says holds beneath it."""
    outer = read_sidecar(source.sidecar) if source.sidecar else Labels()
    return replace(source, sidecar=sidecar, labels=_over(outer, source.labels))


def lay_labels(document: Document, source: SourceFile) -> Document:
    """Return the document with the labels of its sidecar and its source where it does not say its own.

    Raises:
        DamagedFile: the sidecar cannot be read; without it, who may see the document is unknown.
        UnknownLabel: something in it is no label.
    """
    trust = source.labels.trust  # only from outside: what a document or its folder says could be anybody's
    if source.sidecar is None and source.labels == Labels(trust=trust):
        own = document.labels
        return document if own.trust is trust else replace(document, labels=replace(own, trust=trust))
    beside = read_sidecar(source.sidecar) if source.sidecar else Labels()
    return replace(document, labels=_over(document.labels, _over(beside, source.labels)))


def read_sidecar(path: Path) -> Labels:
    """Return the labels in a TOML file of ``name = value`` lines.

    Raises:
        DamagedFile: it is no TOML, or a date in it is none.
        UnknownLabel: something in it is no label, or it is named as no file of labels is.
    """
    if not path.name.endswith(SIDECAR):
        raise UnknownLabel(
            f"{path.name} lies beside the document as a file of labels would, whose name ends in {SIDECAR}: "
            "rename it so, or give it a name of its own"
        )
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DamagedFile(
            f"{path.name} cannot be read as TOML ({error}), and without it who may see the document is unknown: "
            'mend it (`audience = "staff"`) or remove it'
        ) from error
    texts = {name: "\n".join(map(str, v)) if isinstance(v, list) else str(v) for name, v in fields.items()}
    labels, faults = build_labels(texts)
    if faults:
        raise DamagedFile(f"{path.name}: {'; '.join(faults)}: mend it")
    for name in fields:
        if not label_role(name):
            raise UnknownLabel(
                f"{path.name}: {unknown_name(name, KNOWN)}. Who may see the document is unknown: mend it"
            )
    return labels


def _over(upper: Labels, lower: Labels) -> Labels:
    """Return ``upper`` with what it leaves open filled from ``lower``."""
    return Labels(
        audience=upper.audience or lower.audience,
        brand=upper.brand or lower.brand,
        product=upper.product or lower.product,
        language=upper.language or lower.language,
        valid_from=upper.valid_from or lower.valid_from,
        valid_until=upper.valid_until or lower.valid_until,
        supersedes=upper.supersedes or lower.supersedes,
        extra=upper.extra,
        trust=lower.trust,
    )
