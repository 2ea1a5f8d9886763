"""Several companies, brands or shops in one installation never answer for each other.

Which brand a question is asked of is settled here, before anything is searched: in doubt nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kb.errors import BrandNeeded, UnknownBrand
from kb.nearest import nearest
from kb.types import Filters

_SHOWN = 20  # brands that a message names: more do not help to choose


def for_brand(filters: Filters, brands: Mapping[str, int], set_brand: str = "") -> Filters:
    """Return filters with the brand whose documents are asked: the one named, the setting's, or the only one.

    Args:
        filters: what a search may see.
        brands: of the knowledge base, with the number of their documents; where there is none, all are shared.
        set_brand: the setting.

    Raises:
        BrandNeeded: there are several, and none is named.
        UnknownBrand: there are brands, and the one named is none of them.
    """
    named = filters.brand or set_brand
    if not named and len(brands) > 1:
        raise BrandNeeded(
            f"the documents are of several brands ({_listed(brands)}), which never answer for each other: name "
            "one with --brand, with the field `brand` of a row, or with the setting FAQ_BRAND"
        )
    if named and brands and named not in brands:
        meant = nearest(named, brands)
        raise UnknownBrand(
            f"no document is of the brand {named!r}{f'; {meant!r} was meant?' if meant else ''} "
            f"There are {_listed(brands)}: name one of them, or load documents with that brand"
        )
    return replace(filters, brand=named or next(iter(brands), None))


def _listed(brands: Mapping[str, int]) -> str:
    names = sorted(brands)
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
