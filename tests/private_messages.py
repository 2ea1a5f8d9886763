"""Messages with private numbers in them, and numbers that look like such: generated, and written by hand.

In a written message ``{kind|words}`` is private; everything else has to stay.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from assistant.guard import identities
from assistant.guard.redact import REGIONS, redact

WRITTEN = Path(__file__).parent / "data" / "private-messages.txt"
_MARK = re.compile(r"\{(\w+)\|([^}]*)\}")
_NUMBER = re.compile(r"[\w@.,:/+-]*\d[\w@.,:/+-]*")


@dataclass(frozen=True, slots=True)
class PrivateMessage:
    """A message.

    Attributes:
        text: as a customer typed it.
        private: what must go.
        kept: other words with digits, which must stay.
    """

    text: str
    private: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How well messages were redacted.

    Attributes:
        recall: share of private values of which nothing is left.
        false: share of messages that lost something else.
        missed: messages with private values that stayed.
        lost: messages that lost something else.
    """

    recall: float
    false: float
    missed: tuple[str, ...]
    lost: tuple[str, ...]


def marked(line: str) -> PrivateMessage:
    """Return a message from a line with its private words marked."""
    private = tuple(match.group(2) for match in _MARK.finditer(line))
    rest = _MARK.sub("\0", line)
    kept = tuple(word.strip(".,:") for part in rest.split("\0") for word in _NUMBER.findall(part))
    return PrivateMessage(_MARK.sub(r"\2", line), private, kept)


def written() -> list[PrivateMessage]:
    """Return the messages that were written by hand."""
    return [marked(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(messages: list[PrivateMessage]) -> Score:
    """Redact messages and count."""
    private, gone = 0, 0
    missed, lost = [], []
    for message in messages:
        redacted = redact(message.text)
        left = identities.bare(redacted)
        stayed = [value for value in message.private if value in redacted or identities.bare(value) in left]
        private, gone = private + len(message.private), gone + len(message.private) - len(stayed)
        if stayed:
            missed.append(f"{message.text} -> {redacted}")
        if any(word not in redacted for word in message.kept):
            lost.append(f"{message.text} -> {redacted}")
    return Score(gone / max(1, private), len(lost) / max(1, len(messages)), tuple(missed), tuple(lost))


class Maker:
    """Makes messages at random."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def messages(self, count: int) -> list[PrivateMessage]:
        """Return messages, about every third of them without anything private."""
        return [marked(self._line()) for _ in range(count)]

    def _line(self) -> str:
        chinese = self.chance.random() < 0.5
        if self.chance.random() < 0.35:
            return self._filled(self.chance.choice(_HARMLESS_ZH if chinese else _HARMLESS_EN))
        kind = self.chance.choice(list(_PRIVATE))
        maker, english, han = _PRIVATE[kind]
        line = self.chance.choice(han if chinese else english)
        line = line.replace("@@", f"{{{kind}|{maker(self)}}}")
        if self.chance.random() < 0.3:
            line += " " + self._filled(self.chance.choice(_HARMLESS_ZH if chinese else _HARMLESS_EN))
        return line

    def _filled(self, template: str) -> str:
        return re.sub(
            "[0X]", lambda m: str(self.chance.randint(1, 9)) if m.group() == "0" else self.letter(), template
        )

    def letter(self) -> str:
        """Return a capital."""
        return self.chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")

    def digits(self, count: int) -> str:
        """Return digits, the first of them not 0."""
        return str(self.chance.randint(10 ** (count - 1), 10**count - 1))

    def grouped(self, solid: str, *sizes: int) -> str:
        """Return a number solid or in groups, with blanks or hyphens."""
        mark = self.chance.choice(["", " ", "-"])
        parts, at = [], 0
        for size in sizes:
            parts.append(solid[at : at + size])
            at += size
        return mark.join([*parts, solid[at:]] if at < len(solid) else parts)

    def until(self, make: Callable[[], str], right: Callable[[str], bool]) -> str:
        """Return the first thing made that is right."""
        while not right(made := make()):
            pass
        return made

    def chinese_id(self) -> str:
        """Return a Chinese identity number."""
        born = date(1950, 1, 1) + timedelta(days=self.chance.randint(0, 20_000))
        first = self.chance.choice(["110105", "310115", "440305", "510107", "330106", "820000"])
        begin = f"{first}{born:%Y%m%d}{self.chance.randint(1, 999):03}"
        number = next(begin + check for check in "0123456789X" if identities.is_chinese_id(begin + check))
        return self.grouped(
            number, *self.chance.choice([(6, 8, 4), (6, 4, 4, 4), (3, 3, 4, 4, 4), (4, 4, 4, 4, 2)])
        )

    def card(self) -> str:
        """Return a number of a payment card."""
        begin, length = self.chance.choice([("4", 16), ("52", 16), ("37", 15), ("62", 16), ("62", 19), ("35", 16)])
        number = self.until(lambda: begin + self.digits(length - len(begin)), identities.is_card)
        return self.grouped(number, *((4, 6, 5) if length == 15 else (4,) * (length // 4)))

    def iban(self) -> str:
        """Return a number of an account."""
        body = self.digits(18)
        number = next(f"DE{c:02}{body}" for c in range(2, 99) if identities.is_iban(f"DE{c:02}{body}"))
        return self.chance.choice([number, " ".join(re.findall(".{1,4}", number))])

    def phone(self) -> str:
        """Return a telephone number of one of the default regions, or of another with its country's number."""
        region = self.chance.choice([*REGIONS, "BR", "NL", "ZA"])
        kind = self.chance.choice([PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE])
        example = phonenumbers.example_number_for_type(region, kind)
        known = str(example.national_number)

        def made() -> phonenumbers.PhoneNumber:
            number = phonenumbers.PhoneNumber()
            number.merge_from(example)
            number.national_number = int(known[:-5] + f"{self.chance.randint(0, 99_999):05}")
            return number

        number = made()
        while not phonenumbers.is_valid_number(number):
            number = made()
        forms = [PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL]
        form = self.chance.choice(forms if region in REGIONS else forms[:2])
        shown = phonenumbers.format_number(number, form)
        if form == PhoneNumberFormat.NATIONAL and self.chance.random() < 0.4:
            shown = re.sub(r"\D", "", shown)
        return shown

    def other_id(self) -> str:
        """Return an identity number that check digits or its form tell without a word beside it."""
        return self.chance.choice([self.nric, self.hkid, self.aadhaar, self.pan, self.ssn])()

    def nric(self) -> str:
        """Return a Singaporean one."""
        return self.until(lambda: self.chance.choice("STFGM") + self.digits(7) + self.letter(), identities.is_nric)

    def hkid(self) -> str:
        """Return one of Hong Kong."""
        made = lambda: f"{self.letter()}{self.digits(6)}({self.chance.choice('0123456789A')})"  # noqa: E731
        return self.until(made, identities.is_hkid)

    def aadhaar(self) -> str:
        """Return an Indian one, in its groups."""
        number = self.until(lambda: str(self.chance.randint(2, 9)) + self.digits(11), identities.is_aadhaar)
        return " ".join(re.findall("....", number))

    def pan(self) -> str:
        """Return an Indian tax number."""
        return f"{self.letter()}{self.letter()}{self.letter()}P{self.letter()}{self.digits(4)}{self.letter()}"

    def ssn(self) -> str:
        """Return an American one."""
        return f"{self.chance.randint(100, 665)}-{self.chance.randint(10, 99)}-{self.digits(4)}"

    def nino(self) -> str:
        """Return a British one."""
        number = (
            f"{self.chance.choice(['AB', 'CE', 'JH', 'PW', 'SL'])}{self.digits(6)}{self.chance.choice('ABCD')}"
        )
        return self.grouped(number, 2, 2, 2, 2)

    def email(self) -> str:
        """Return an address of mail."""
        return f"{self.chance.choice(['mei.tan', 'li_wei88', 'j.doe+shop'])}@{self.chance.choice(['home', 'post'])}.example"


_PRIVATE: dict[str, tuple[Callable[[Maker], str], list[str], list[str]]] = {
    "phone": (
        Maker.phone,
        ["Please call me on @@ after six.", "My number is @@, text me.", "You can reach me at @@.", "Phone: @@",
         "I moved; my new mobile number is @@.", "@@ is my phone, please call back."],
        ["请打我的电话 @@ 。", "我的手机号是@@，谢谢。", "联系电话：@@", "麻烦致电 @@ 找我先生。", "可以加微信 @@ 吗？", "@@，这是我的电话。"],
    ),
    "chinese": (
        Maker.chinese_id,
        ["My Chinese ID is @@.", "Identity card @@, please check.", "Here is my id number: @@"],
        ["身份证号：@@", "我的证件是@@，请核实。", "实名认证填的是 @@ ，一直失败。", "@@ 是我爱人的身份证"],
    ),
    "card": (
        Maker.card,
        ["I paid with card @@.", "The card is @@ and it was declined.", "Why was @@ charged twice?"],
        ["我用 @@ 这张卡付的款。", "银行卡号@@扣了两次。", "卡 @@ 付不了，怎么办？"],
    ),
    "account": (
        Maker.iban,
        ["Refund it to @@ please.", "My IBAN: @@"],
        ["请退到账户 @@ 。", "IBAN是@@"],
    ),
    "id": (
        Maker.other_id,
        ["My ID is @@.", "I was asked for it: @@", "@@ is what stands on my card."],
        ["我的证件号码：@@", "上面写的是 @@ 。", "证件 @@ 能用吗？"],
    ),
    "nino": (
        Maker.nino,
        ["My national insurance number is @@.", "NI number: @@", "You asked for @@, my NINO."],
        ["英国国民保险号是 @@ 。", "NINO：@@"],
    ),
    "email": (
        Maker.email,
        ["Write to @@, please.", "My address is @@"],
        ["请发到@@，谢谢", "邮箱：@@"],
    ),
}  # fmt: skip
# 0 stands for a digit, X for a letter, ° for a zero.
_HARMLESS_EN = [
    "Where is order 0000000000?", "Invoice no. 00000000 is wrong.", "Order number 0000 0000 0000 has not arrived.",
    "The invoice INV-2026-000000 says $0,000.00.", "SKU XX000000X is sold out.", "Is model XX-0000/00 still made?",
    "The tracking number is XX000000000XX.", "Tracking 0000 0000 0000 shows nothing.", "It is firmware 0.00.0 build 00000.",
    "See clause 0.0.0 and section 00.0.", "It arrived on 2026-01-00 at 00:00.".replace("00:00", "10:30"),
    "I ordered 3°°° and got 5°°°.", "We sell 3°°° 5°°° a year.", "I have 00000000 points.", "The total was 00,000.00 euros.",
    "Ticket 0000-0000 is open since Monday.", "Part 000-00-0000 does not fit.", "The serial number is X0000000X.",
    "The barcode reads 0000000000000.", "Booking XXX000 for 0 nights in room 0000.", "Policy XX000000X has ended.",
    "The meter reads 0000000.", "Batch 00000000 of article 0000.000.00 smells.", "Voucher 0000 0000 0000 0000 fails.",
    "Case 000000000, opened 0 days ago.", "The reference is 000000000000.",
]  # fmt: skip
_HARMLESS_ZH = [
    "订单号00000000000到哪了？", "发票号码00000000开错了。", "订单 0000 0000 0000 还没到。", "发票INV-2026-000000金额是0,000.00元。",
    "货号XX000000X什么时候补货？", "型号XX-0000/00停产了吗？", "运单号XX0000000000000没有更新。", "快递单号 0000 0000 0000 查不到。",
    "固件版本0.00.0，编译号00000。", "见第0.0.0条和第00页。", "2026年1月0日10:30送到的。", "我要3°°°到5°°°的。", "每年卖3°°° 5°°°台。",
    "积分还有00000000分。", "一共00,000.00元。", "工单0000-0000还没处理。", "编号000-00-0000的配件装不上。", "序列号X0000000X",
    "条码是0000000000000。", "房号0000，住0晚。", "保单XX000000X到期了。", "电表读数0000000。", "批次00000000的货有异味。",
    "礼品卡 0000 0000 0000 0000 用不了。", "流水号000000000000000000，请查。", "取件码00-0-0000",
]  # fmt: skip
