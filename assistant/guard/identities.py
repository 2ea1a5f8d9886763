"""Numbers of persons and accounts, told from other numbers by their shape and their check digits.

Each function gets what was written and answers for it alone; the shapes stand in ``assistant.guard.redact``.
"""

from __future__ import annotations

import re
from datetime import date

_SEPARATORS = re.compile(r"[\s\-–—.·()（）/]+")
_CHINESE_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""ISO 7064 MOD 11-2 over the first 17 digits, GB 11643-1999."""
_CHINESE_CHECKS = "10X98765432"
_NRIC_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_NRIC_CHECKS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
_NRIC_OFFSETS = {"T": 4, "G": 4, "M": 3}  # since 2000, and since 2022
_NINO_NEVER = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})  # prefixes that were never given
# Lengths of account numbers by country, from the registry of ISO 13616.
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI", 20: "AT BA EE KZ LT LU XK", 21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS", 23: "AE GI IL IQ TL", 24: "AD CZ ES MD PK RO SA SE SK TN VA",
        25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA", 30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
# Verhoeff's scheme, "Error Detecting Decimal Codes" (1969): products in the dihedral group, permuted by place.
_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_CARD_BEGINS = re.compile(r"3[4-9]|4|5[0-8]|6[0-9]|2[2-7]|9[0-9]|81")  # of the networks' numbers, ISO/IEC 7812
_DIHEDRAL = 5


def bare(written: str) -> str:
    """Return an id without the marks that group it, in capitals."""
    return _SEPARATORS.sub("", written).upper()


def is_chinese_id(written: str, *, checked: bool = True) -> bool:
    """Tell whether 18 characters are a Chinese identity number: region, day of birth, check digit.

    Args:
        written: grouped or solid.
        checked: whether the check digit must be right; people mistype one now and then.
    """
    number = bare(written)
    if len(number) != 18 or not _is_day(number[6:10], number[10:12], number[12:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_CHINESE_WEIGHTS, number[:17], strict=True))
    return not checked or _CHINESE_CHECKS[total % 11] == number[17]


def is_old_chinese_id(written: str) -> bool:
    """Tell whether 15 digits are an identity number as they were given until 1999; it has no check digit."""
    number = bare(written)
    return len(number) == 15 and _is_day(f"19{number[6:8]}", number[8:10], number[10:12])


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        return date(1900, 1, 1) <= date(int(year), int(month), int(day)) <= date.today()
    except ValueError:
        return False


def is_card(written: str) -> bool:
    """Tell whether digits are a payment card's: a network's first digits, and Luhn's check (ISO/IEC 7812-1)."""
    number = bare(written)
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and _CARD_BEGINS.match(number) is not None and len(set(number)) > 1


def is_iban(written: str) -> bool:
    """Tell whether letters and digits are an account's by their remainder to 97 (ISO 13616)."""
    number = bare(written)
    turned = number[4:] + number[:4]
    return (
        _IBAN_LENGTHS.get(number[:2]) == len(number)
        and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
    )


def is_nric(written: str) -> bool:
    """Tell whether a letter, seven digits and a letter are a Singaporean NRIC or FIN."""
    number = bare(written)
    total = sum(weight * int(digit) for weight, digit in zip(_NRIC_WEIGHTS, number[1:8], strict=True))
    return _NRIC_CHECKS[number[0]][(total + _NRIC_OFFSETS.get(number[0], 0)) % 11] == number[8]


def is_hkid(written: str) -> bool:
    """Tell whether one or two letters, six digits and a check character are a Hong Kong identity number."""
    number = bare(written)
    values = [36] * (9 - len(number)) + [int(sign, 36) for sign in number[:-1]]  # a missing letter counts 36
    check = 10 if number[-1] == "A" else int(number[-1])
    total = sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True))
    return (total + check) % 11 == 0


def is_ssn(written: str) -> bool:
    """Tell whether nine digits can be an American social security number; it has no check digit."""
    number = bare(written)
    return number[:3] not in ("000", "666") and number[0] != "9" and number[3:5] != "00" and number[5:] != "0000"


def is_nino(written: str) -> bool:
    """Tell whether letters and digits can be a British national insurance number; it has no check digit."""
    return bare(written)[:2] not in _NINO_NEVER


def is_aadhaar(written: str) -> bool:
    """Tell whether twelve digits are an Indian Aadhaar number, by Verhoeff's check."""
    check = 0
    for place, digit in enumerate(reversed(bare(written))):
        value = int(digit)
        for _ in range(place % 8):
            value = _PERMUTATION[value]
        check = _times(check, value)
    return check == 0


def _times(one: int, other: int) -> int:
    """Return the product of two elements of the dihedral group of ten, 0-4 turns and 5-9 reflections."""
    turn, reflect = one % _DIHEDRAL, one >= _DIHEDRAL
    if not reflect:
        return (turn + other) % _DIHEDRAL + (_DIHEDRAL if other >= _DIHEDRAL else 0)
    return (turn - other) % _DIHEDRAL + (0 if other >= _DIHEDRAL else _DIHEDRAL)
