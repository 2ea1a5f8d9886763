"""One answer is measured: its claims against what they cite, its citations, its hits against what is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audit.measure.judges import Judge, claims_of
from assistant.audit.types import AuditedCitation, AuditedClaim, AuditedSentence, Gold
from assistant.types import Answer, Citation, Outcome, Sentence
from kb.embedders import Embedder, Vectors
from kb.identity import passage_of
from kb.language.text import fold, terms
from kb.types import Chunk

Measures = dict[str, tuple[float, float]]

_LITERAL = 3  # terms from which on a sentence is compared letter by letter
_ABSTAINED = (Outcome.ABSTAINED, Outcome.CLARIFY, Outcome.HANDED_OFF)


@dataclass(frozen=True, slots=True)
class Grounding:
    """What the judge says of an answer.

    Attributes:
        sentences: in order.
        claims: in order.
        needed: numbers of citations that support something and are not idle.
        measures: faithfulness, citation recall and precision.
    """

    sentences: tuple[AuditedSentence, ...]
    claims: tuple[AuditedClaim, ...]
    needed: frozenset[int]
    measures: Measures


def ground(answer: Answer, judge: Judge) -> Grounding:
    """Check every claim against the passages that its sentence cites.

    Citation recall and precision are ALCE's (Gao, Yen, Yu & Chen 2023, EMNLP, 3.3): a sentence counts if its
    citations together support all of it; a citation of such a sentence counts unless it alone does not support
    the sentence while the others without it still do. Citations of a sentence that is not supported do not count.
    A sentence that stands word for word in a passage it cites is supported without asking the judge.
    """
    evidence = {c.number: evidence_of(c, answer) for c in answer.citations}
    sentences: list[AuditedSentence] = []
    claims: list[AuditedClaim] = []
    needed: set[int] = set()
    good = cited = 0
    for place, sentence in enumerate(answer.sentences):
        numbers = [n for n in dict.fromkeys(sentence.citations) if n in evidence]
        found = judged_claims(sentence, place, [evidence[n] for n in numbers], judge)
        claims += found
        supported = bool(numbers) and all(claim.supported for claim in found)
        sentences.append(AuditedSentence(sentence.text, sentence.citations, supported))
        cited += len(dict.fromkeys(sentence.citations))
        if supported:
            texts = [claim.text for claim in found]
            kept = [n for n in numbers if _counts(n, numbers, sentence.text, texts, evidence, judge)]
            needed |= set(kept)
            good += len(kept)
    measures: Measures = {}
    if claims:
        measures["faithfulness"] = (float(sum(claim.supported for claim in claims)), float(len(claims)))
        measures["citation_recall"] = (float(sum(s.supported for s in sentences)), float(len(sentences)))
    if cited:
        measures["citation_precision"] = (float(good), float(cited))
    return Grounding(tuple(sentences), tuple(claims), frozenset(needed), measures)


def judged_claims(sentence: Sentence, place: int, evidence: Sequence[str], judge: Judge) -> list[AuditedClaim]:
    """Return the claims of a sentence, each with what the judge says of it against the passages that it cites."""
    texts = claims_of(sentence.text)
    if not evidence:
        return [
            AuditedClaim(
                text=text, sentence=place, supported=False, support=0.0, quote="", reason="it cites nothing"
            )
            for text in texts
        ]
    if _literal(sentence.text, evidence):
        return [AuditedClaim(text=text, sentence=place, supported=True, support=1.0, quote=text) for text in texts]
    return [
        AuditedClaim(
            text=v.claim,
            sentence=place,
            supported=v.supported,
            support=round(v.support, 4),
            quote=v.quote,
            reason=v.reason,
        )
        for v in judge.verdicts(texts, evidence)
    ]


def _literal(sentence: str, evidence: Sequence[str]) -> bool:
    """Tell whether a passage has a sentence word for word: it says so, whatever a judge thinks of its parts."""
    if len(terms(sentence)) < _LITERAL:  # "No" stands in "now"
        return False
    squeezed = "".join(fold(sentence).split())
    return any(squeezed in "".join(fold(passage).split()) for passage in evidence)


def _counts(
    number: int,
    numbers: Sequence[int],
    sentence: str,
    claims: Sequence[str],
    evidence: dict[int, str],
    judge: Judge,
) -> bool:
    """Tell whether a citation of a supported sentence counts for precision."""

    def supported(passages: Sequence[str]) -> bool:
        return _literal(sentence, passages) or all(v.supported for v in judge.verdicts(claims, passages))

    if len(numbers) == 1 or supported([evidence[number]]):
        return True
    return not supported([evidence[n] for n in numbers if n != number])


def evidence_of(citation: Citation, answer: Answer) -> str:
    """Return the passage that a citation stands in, the quote itself where the hits do not have it."""
    chunk = chunk_of(citation, answer)
    return passage_of(chunk) if chunk else citation.quote


def chunk_of(citation: Citation, answer: Answer) -> Chunk | None:
    """Return the hit's chunk that a citation stands in, None where the hits do not have it."""
    for hit in answer.hits:
        chunk = hit.chunk
        inside = chunk.start <= citation.start and citation.end <= chunk.end
        if chunk.document_uri == citation.document_uri and inside:
            return chunk
    return None


def against_gold(answer: Answer, gold: Gold) -> Measures:
    """Return what is measured against what is known to be right."""
    measures: Measures = {}
    abstained = answer.outcome in _ABSTAINED
    if gold.answerable is not None:
        if abstained:
            measures["abstention_precision"] = (float(not gold.answerable), 1.0)
        if not gold.answerable:
            measures["abstention_recall"] = (float(abstained), 1.0)
        else:
            measures["answered"] = (float(not abstained), 1.0)
    if gold.answerable is False:
        return measures
    if gold.documents:
        relevant = [
            _expected(hit.chunk.document_uri, hit.chunk.record_id, hit.chunk.text, gold) for hit in answer.hits
        ]
        measures["context_precision"] = (_average_precision(relevant), 1.0)
        right = cites_expected(answer, gold)
        measures["expected_document"] = (float(right), 1.0)
        if answer.outcome is Outcome.ANSWERED:
            measures["document_if_answered"] = (float(right), 1.0)
        if not gold.words:
            measures["context_recall"] = (float(any(relevant)), 1.0)
    if gold.words:
        seen = [f"{hit.chunk.question or ''} {hit.chunk.text}" for hit in answer.hits]
        found = _groups_present(gold.words, " ".join([*seen, *(hit.chunk.title for hit in answer.hits)]))
        measures["context_recall"] = (float(sum(found)), float(len(found)))
        said = " ".join([answer.text, *(c.quote for c in answer.citations)])
        measures["expected_words"] = (float(not abstained and all(_groups_present(gold.words, said))), 1.0)
    return measures


def cites_expected(answer: Answer, gold: Gold) -> bool:
    """Tell whether the document that is cited first is an expected one; any is where none is named."""
    if not answer.citations:
        return False
    first = answer.citations[0]
    return _expected(first.document_uri, first.record_id, evidence_of(first, answer), gold)


def _expected(uri: str, record_id: str | None, text: str, gold: Gold) -> bool:
    """Tell whether a document is an expected one: by the end of its path, and by its record if one is named.

    A record is known by its id, or by a field: rows of a table without a column ``id`` are numbered, while people
    name the row by its code.
    """
    file = uri.partition("#")[0]
    if gold.documents and not any(file == name or file.endswith("/" + name) for name in gold.documents):
        return False
    if record_id is None or not gold.records or record_id in gold.records:
        return True
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in gold.records)


def _average_precision(relevant: Sequence[bool]) -> float:
    """Return the mean precision at the ranks of relevant hits; 0 where there is none."""
    precisions = [sum(relevant[: rank + 1]) / (rank + 1) for rank, yes in enumerate(relevant) if yes]
    return sum(precisions) / len(precisions) if precisions else 0.0


def _groups_present(groups: Sequence[Sequence[str]], text: str) -> list[bool]:
    squeezed = fold(text).replace(" ", "")
    return [any(fold(word).replace(" ", "") in squeezed for word in group) for group in groups]


class Relevance:
    """Tells how well an answer fits its question, beside other questions of the run.

    An embedder's similarities have no zero that means "does not fit"; other questions are the yardstick.
    """

    def __init__(self, embedder: Embedder, others: Sequence[tuple[str, str]]) -> None:
        """Remember other questions, as pairs of text and language."""
        self._embedder = embedder
        self._texts = [text for text, _ in others]
        self._languages = np.array([language for _, language in others])
        self._vectors: Vectors | None = None

    def measure(self, question: str, answer: Answer) -> Measures:
        """Return the share of other questions that the answer fits less well; nothing for an abstention."""
        if answer.outcome is not Outcome.ANSWERED or not self._texts:
            return {}
        if self._vectors is None:
            self._vectors = self._embedder.embed_queries(self._texts)
        same = (self._languages == answer.language) & np.array([text != question for text in self._texts])
        if not same.any():
            return {}
        said = self._embedder.embed_documents([" ".join(s.text for s in answer.sentences) or answer.text])[0]
        own = float(self._embedder.embed_query(question) @ said)
        fits = self._vectors[same] @ said
        return {"answer_relevance": (float((fits < own).mean() + (fits == own).mean() / 2), 1.0)}


def with_context(citation: Citation, text: str, *, needed: bool, around: int = 500) -> AuditedCitation:
    """Return a citation with the words around it, cut from the document's text; none where it differs."""
    same = text[citation.start : citation.end] == citation.quote
    before = _whole_words(text, max(0, citation.start - around), citation.start) if same else ""
    after = text[citation.end : citation.end + around] if same else ""
    return AuditedCitation(
        number=citation.number,
        document_uri=citation.document_uri,
        record_id=citation.record_id,
        title=citation.title,
        page=citation.page,
        headings=citation.headings,
        quote=citation.quote,
        before=before,
        after=after,
        version=citation.version,
        needed=needed,
    )


def _whole_words(text: str, start: int, end: int) -> str:
    """Return ``text[start:end]`` without the rest of a word at its beginning."""
    while 0 < start < end and text[start - 1].isascii() and text[start - 1].isalnum() and text[start].isalnum():
        start += 1
    return text[start:end]
