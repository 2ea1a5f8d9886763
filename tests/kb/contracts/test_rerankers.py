"""The contract of the port Reranker, over every adapter."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kb.errors import MissingExtra, RerankerError, SettingsError
from kb.knowledge_base import KnowledgeBase
from kb.rerankers import Reranker, ordered
from kb.rerankers.choose import CHOICES, open_reranker
from kb.settings import KnowledgeSettings
from kb.types import Hit
from tests.conftest import WordsEmbedder, one_chunk

QUESTION = "how long can a parcel be returned"
TEXTS = [
    "A parcel can be returned within thirty days.",
    "商品收到后七天内可以退货。",
    "We open at nine.",
    "ok",
    "p " * 900,
]


def hits(texts: Sequence[str] = TEXTS) -> list[Hit]:
    """Return a hit for each text, in order."""
    chunks = [one_chunk(f"document-{i}", text)[3][0] for i, text in enumerate(texts)]
    return [Hit(chunk, 1 - i / 10, 0.5, None) for i, chunk in enumerate(chunks)]


def _needs(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"the package {package} is not installed; make test-all installs it")


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of two small layers with random weights: it ranks nonsense, but as a real one does."""
    _needs("sentence_transformers")
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *sorted(set(" ".join([*TEXTS, QUESTION]).lower())),
        "parcel",
    ]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, num_labels=1, initializer_range=0.6,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def _langchain() -> Reranker:
    _needs("langchain_core")
    from langchain_core.documents import BaseDocumentCompressor, Document

    from kb.rerankers.langchain import LangChainReranker

    class Shortest(BaseDocumentCompressor):
        """Keeps the three shortest documents, the shortest first."""

        def compress_documents(self, documents: Sequence[Document], query: str, callbacks: Any = None) -> Any:
            """Return three of the documents."""
            return sorted(documents, key=lambda document: len(document.page_content))[:3]

    return LangChainReranker(Shortest(), "shortest")


ADAPTERS: dict[str, Callable[[pytest.FixtureRequest], Reranker | None]] = {
    "cross-encoder": lambda request: open_reranker(f"cross-encoder:{request.getfixturevalue('tiny_model')}"),
    "langchain": lambda _request: _langchain(),
}


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.slow) for name in ADAPTERS])
def one(request: pytest.FixtureRequest) -> Reranker:
    """One adapter, opened."""
    opened = ADAPTERS[request.param](request)
    assert opened is not None
    return opened


def test_every_choice_is_under_contract() -> None:
    """Every reranker that can be chosen is one of the adapters tested here."""
    assert {choice.partition(":")[0] for choice in CHOICES} <= ADAPTERS.keys()


def test_nothing_is_added_or_left_out(one: Reranker) -> None:
    """The hits come back, each once; but for their scores they are what they were."""
    given = hits()
    back = one.rerank(QUESTION, given)
    assert len(back) == len(given)
    unscored = {hit.chunk.id: replace(hit, score=0) for hit in given}
    assert {hit.chunk.id: replace(hit, score=0) for hit in back} == unscored


def test_scores_fall(one: Reranker) -> None:
    """A better place has a score at least as high."""
    scores = [hit.score for hit in one.rerank(QUESTION, hits())]
    assert scores == sorted(scores, reverse=True)


def test_the_order_that_came_in_does_not_matter(one: Reranker) -> None:
    """The same hits in another order get the same order."""
    there = [hit.chunk.id for hit in one.rerank(QUESTION, hits())][:3]
    assert [hit.chunk.id for hit in one.rerank(QUESTION, hits()[::-1])][:3] == there


def test_no_hits_stay_no_hits(one: Reranker) -> None:
    """Nothing found is nothing reranked."""
    assert one.rerank(QUESTION, []) == []


@pytest.mark.parametrize("question", ["", "字" * 5_000, "a \ud800 b"], ids=["empty", "long", "lone-surrogate"])
def test_odd_questions_are_read(one: Reranker, question: str) -> None:
    """Empty, very long and malformed questions give an order, too."""
    assert len(one.rerank(question, hits())) == len(TEXTS)


@pytest.mark.slow
def test_the_order_is_the_models(tiny_model: Path) -> None:
    """Scores are those that sentence-transformers gives for question and passage."""
    from sentence_transformers import CrossEncoder

    opened = open_reranker(f"cross-encoder:{tiny_model}")
    assert opened is not None
    back = opened.rerank(QUESTION, hits())
    texts = [f"{hit.chunk.title}\n{hit.chunk.text}" for hit in back]
    expected = CrossEncoder(str(tiny_model)).predict([(QUESTION, text) for text in texts])
    np.testing.assert_allclose([hit.score for hit in back], expected, atol=1e-5)
    assert len({round(hit.score, 6) for hit in back}) > 1


@pytest.mark.slow
def test_a_search_is_reranked(tiny_model: Path, tmp_path: Path) -> None:
    """The setting puts a search's best hits into the model's order; k stays, and answerable is of the first."""
    settings = KnowledgeSettings(home=tmp_path, vector_index="exact", reranker=f"cross-encoder:{tiny_model}")
    with KnowledgeBase(settings, WordsEmbedder()) as knowledge_base:
        with knowledge_base.load() as load:
            for number in range(40):
                # Of other lengths, so that no two are one to the tiny model, which knows few words.
                load.put(*one_chunk(f"{number}", f"a parcel can be returned {'parcel ' * number}says {number}"))
            load.publish("test")
        found = knowledge_base.search([QUESTION], 5)
        told = knowledge_base.explain([QUESTION], 5)
    opened = open_reranker(settings.reranker)
    assert opened is not None
    assert len(found.hits) == 5
    again = opened.rerank(QUESTION, found.hits)
    assert [hit.chunk for hit in again] == [hit.chunk for hit in found.hits]
    # A batch of other lengths is summed in another order: the last digits may differ.
    assert [hit.score for hit in again] == pytest.approx([hit.score for hit in found.hits], abs=1e-5)
    assert found.evidence == told.retrieval.evidence
    assert [reason.hit for reason in told.reasons] == list(found.hits)


def test_a_reranker_reads_the_best_hits_only(settings: KnowledgeSettings) -> None:
    """It is given `rerank_hits` hits, or k where that is more, and its order is cut to k."""
    read: list[int] = []

    class Backwards:
        """Turns the order round."""

        def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
            """Return the hits, the last first."""
            read.append(len(hits))
            return list(hits)[::-1]

    texts = {f"{n}": f"parcel {'word ' * n}" for n in range(1, 13)}
    few = settings.model_copy(update={"rerank_hits": 6})
    with KnowledgeBase(few, WordsEmbedder()) as plain, KnowledgeBase(few, WordsEmbedder(), Backwards()) as turned:
        with plain.load() as load:
            for uri, text in texts.items():
                load.put(*one_chunk(uri, text))
            load.publish("test")
        straight = [hit.chunk.id for hit in plain.search(["parcel"], 6).hits]
        assert [hit.chunk.id for hit in turned.search(["parcel"], 2).hits] == straight[::-1][:2]
        turned.search(["parcel"], 8)
    assert read == [6, 8]


def test_no_name_is_no_reranker() -> None:
    """Reranking is off unless it is asked for."""
    assert open_reranker("") is None
    assert KnowledgeSettings().reranker == ""


@pytest.mark.parametrize("name", ["cross-encoder", "cross-encoder:", "cohere:x"])
def test_an_unknown_name_is_refused(name: str) -> None:
    """A name that is no choice is a settings error that lists the choices."""
    with pytest.raises(SettingsError, match="choose one of: cross-encoder"):
        open_reranker(name)


@pytest.mark.slow
def test_a_missing_model_is_named(tmp_path: Path) -> None:
    """A folder that holds no model is an error of ours, not the library's."""
    _needs("sentence_transformers")
    with pytest.raises(RerankerError, match=r"config\.json"):
        open_reranker(f"cross-encoder:{tmp_path}")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RerankerError, match="cannot be loaded"):
        open_reranker(f"cross-encoder:{tmp_path}")


@pytest.mark.slow
def test_a_failing_compressor_is_named() -> None:
    """Whatever a compressor raises is a reranker's error with its reason."""
    _needs("langchain_core")
    from langchain_core.documents import BaseDocumentCompressor

    from kb.rerankers.langchain import LangChainReranker

    class Broken(BaseDocumentCompressor):
        """Fails."""

        def compress_documents(self, documents: Any, query: str, callbacks: Any = None) -> Any:
            """Raise."""
            raise TimeoutError("no answer")

    with pytest.raises(RerankerError, match="TimeoutError: no answer"):
        LangChainReranker(Broken(), "broken").rerank(QUESTION, hits())


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where sentence-transformers is missing, the message names the extra."""
    import sys

    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"faq-assistant\[local\]"):
        open_reranker("cross-encoder:some/model")


@pytest.mark.parametrize(
    ("scores", "message"),
    [([1.0], "shape"), ([[1.0], [2.0]], "shape"), ([1.0, float("nan")], "not finite"), (["a", "b"], "no numbers")],
)
def test_nonsense_is_refused(scores: object, message: str) -> None:
    """Scores of a wrong shape or that are no finite numbers are a reranker's error."""
    with pytest.raises(RerankerError, match=message):
        ordered(hits(TEXTS[:2]), scores, "a model")
