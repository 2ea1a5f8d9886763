"""Redaction: numbers of persons go, numbers of things stay, whatever groups them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from assistant.guard import identities
from assistant.guard.redact import redact
from assistant.settings import Settings
from kb.errors import SettingsError
from tests.private_messages import Maker, score, written


def test_written_messages_lose_what_is_private_and_nothing_else() -> None:
    """Of 205 messages in both languages, each private value goes, and at most one in a hundred loses more."""
    found = score(written())
    assert found.recall >= 0.99, found.missed
    assert found.false <= 0.01, found.lost


def test_generated_messages_lose_what_is_private_and_nothing_else() -> None:
    """The same of generated numbers, grouped and solid."""
    found = score(Maker(11).messages(150))
    assert found.recall >= 0.99, found.missed
    assert found.false <= 0.01, found.lost


@pytest.mark.parametrize(
    ("told", "right", "wrong"),
    [
        (identities.is_chinese_id, "11010519491231002X", "110105194912310021"),
        (identities.is_card, "4111 1111 1111 1111", "4111 1111 1111 1112"),
        (identities.is_iban, "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"),
        (identities.is_nric, "S1234567D", "S1234567A"),
        (identities.is_nric, "G1234567X", "G1234567N"),
        (identities.is_hkid, "AB987654(3)", "AB987654(4)"),
        (identities.is_hkid, "G123456(A)", "G123456(1)"),
        (identities.is_aadhaar, "2341 2341 2346", "2341 2341 2345"),
        (identities.is_ssn, "536-22-1234", "666-22-1234"),
        (identities.is_nino, "AB123456C", "GB123456C"),
        (identities.is_old_chinese_id, "110105491231002", "110105491331002"),
    ],
)  # fmt: skip
def test_check_digits_tell_numbers_of_persons(told: object, right: str, wrong: str) -> None:
    """Each rule takes a right number and refuses one that differs in a digit."""
    assert callable(told)
    assert told(right)
    assert not told(wrong)


@pytest.mark.parametrize(
    "message", ["3000 5000", "in 2024 2025", "SKU AB123456C", "订单号13812345678", "1.250.000"]
)
def test_numbers_of_things_stay(message: str) -> None:
    """What looks like a private number and is said to be something else is not touched."""
    assert redact(message) == message


def test_what_the_account_knows_goes() -> None:
    """Name and address of the account go, turned round, in parts, and in other writing."""
    account = {"name": "Katharina Vogel", "address": "12 Harbour Road, #03-4, Singapore 048623"}
    text = "I am katharina vogel (Vogel, Katharina) of 12 Harbour Road #03-4 Singapore 048623. Katharina"
    assert redact(text, known=account) == "I am [name] ([name]) of [address]. [name]"
    assert redact("我是王小明，住世纪大道100号", known=["王小明", "世纪大道100号"]) == "我是[private]，住[private]"
    assert redact("nothing of it", known=account) == "nothing of it"


def test_regions_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of other regions are recognised where they are named; what is no region is refused."""
    number = "(011) 2345-6789"
    assert "6789" in redact(number, regions=("CN",))
    monkeypatch.setenv("FAQ_REDACT_REGIONS", "ar, br")
    assert Settings.load().redact_regions == ("AR", "BR")
    assert redact(number, regions=Settings.load().redact_regions) == "[phone]"
    monkeypatch.setenv("FAQ_REDACT_REGIONS", "Brazil")
    with pytest.raises(SettingsError, match="region"):
        Settings.load()


def test_the_rules_of_telephone_numbers_are_loaded_when_needed() -> None:
    """Neither the command nor a message without numbers loads them."""
    script = (
        "import sys, assistant.app; from assistant.guard.redact import redact; redact('30 days'); "
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
