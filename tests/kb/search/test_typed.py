"""What customers type finds what they mean: typos, full-width, other characters, codes, very short, very long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from tests.conftest import one_chunk

TEXTS = {
    "returns": "Unopened kettles and toasters can be returned within 30 days of delivery.",
    "delivery": "Delivery to Canada takes five working days and costs 12 dollars.",
    "HL-AF55": "The air fryer HL-AF55 has a basket of 5.5 litres and 1,700 watts.",
    "HL-AF56": "The air fryer HL-AF56 has a basket of 6.5 litres and 1,900 watts.",
    "refund-zh": "退款会在七个工作日内原路退回您的银行卡。",
    "invoice-zh": "电子发票请在订单详情页面申请，开具后发送到您的邮箱。",
    "card-zh": "挂失银行卡请拨打客服热线，挂失手续费为十元。",
    "cafe": "The café in the Zürich store opens at nine.",
}

LONG = (
    "Hello, I bought a present for my sister last month and she was very happy with it, thank you for that. "
    "Now she has moved away with her family, and I would like to send her another parcel before her birthday. "
    "My question is this: how long does delivery to Canada take, and what does it cost me? Best wishes, Anna"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """A few passages in both languages, with the bundled model."""
    home: Path = tmp_path_factory.mktemp("shop")
    with KnowledgeBase(KnowledgeSettings(home=home, vector_index="exact")) as knowledge_base:
        with knowledge_base.load() as load:
            for uri, text in TEXTS.items():
                load.put(*one_chunk(uri, text, title="Information"))
            load.publish("test")
        yield knowledge_base


@pytest.mark.parametrize(
    ("typed", "uri"),
    [
        ("can I retrun an unopend kettel", "returns"),
        ("ＤＥＬＩＶＥＲＹ　ＴＯ　ＣＡＮＡＤＡ", "delivery"),
        ("watts of the hl-af56", "HL-AF56"),
        ("HOW LONG HAVE I GOT TO BRING MY TOASTER BACK", "returns"),
        ("ＨＬ－ＡＦ５５", "HL-AF55"),
        ("when does the cafe in zurich open", "cafe"),
        ("退款會在幾天內退回銀行卡", "refund-zh"),
        ("電子發票怎麼申請", "invoice-zh"),
        ("发票", "invoice-zh"),
        ("refund", "returns"),
        ("我想return一个kettle", "returns"),
        ("银行卡 lost 怎么挂失", "card-zh"),
        (LONG, "delivery"),
    ],
    ids=["typos", "full-width", "code-lower-case", "shouted", "code-full-width", "no-diacritics", "traditional",
         "traditional-2", "one-word-zh", "one-word-en", "mixed", "mixed-zh", "very-long"],
)  # fmt: skip
def test_it_is_found_however_it_is_typed(shop: KnowledgeBase, typed: str, uri: str) -> None:
    """The passage that is meant comes among the first two, and first where a code or a word names it."""
    found = [hit.chunk.document_uri for hit in shop.search([typed], 3).hits]
    assert uri in found[:2]
    if "AF5" in uri:
        assert found[0] == uri
