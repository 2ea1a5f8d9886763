"""Ask, and measure what is answered: one question becomes one audited answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from assistant.app import build_assistant
from assistant.audit.measure.judges import Judge, LocalJudge
from assistant.audit.measure.measures import Relevance, against_gold, chunk_of, evidence_of, ground, with_context
from assistant.audit.runs.private import redacted
from assistant.audit.types import AuditedAnswer, AuditedCitation, AuditedClaim, Question
from assistant.settings import Settings
from assistant.turn import Assistant
from assistant.types import Answer
from kb.errors import FaqError
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.types import Filters

FAILED = "failed"
"""Outcome of a question whose turn raised an error."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What every worker of a run needs to know.

    Attributes:
        settings: of the assistant.
        version: of the knowledge base to ask at; None is the published one.
        others: text and language of questions that answers are compared with for their relevance.
        second: chat model that judges too; empty for none.
    """

    settings: Settings
    version: int | None = None
    others: tuple[tuple[str, str], ...] = ()
    second: str = ""


class Auditor:
    """Asks questions and measures the answers."""

    def __init__(
        self,
        assistant: Assistant,
        knowledge_base: KnowledgeBase,
        judge: Judge,
        second: Judge | None = None,
        others: Sequence[tuple[str, str]] = (),
        filters: Filters = Filters(),
        *,
        regions: Sequence[str],
    ) -> None:
        """Take the parts; of ``regions`` the national telephone numbers are taken out of what is kept."""
        self._assistant, self._knowledge_base, self._judge, self._second = assistant, knowledge_base, judge, second
        self._relevance = Relevance(knowledge_base.embedder, others)
        self._filters, self._regions = filters, regions

    def audit(self, question: Question) -> AuditedAnswer:
        """Return what one question got; an error is noted and does not stop the others."""
        begun = time.perf_counter()
        try:
            filters = replace(self._filters, brand=question.brand or self._filters.brand)
            answer = question.given or self._assistant.reply(question.text, question.history, filters)
            seconds = 0.0 if question.given else time.perf_counter() - begun
            audited = self._measured(question, answer)
        except FaqError as error:
            failed = AuditedAnswer(
                id=question.id,
                question=question.text,
                groups=dict(question.groups),
                outcome=FAILED,
                text="",
                confidence=0.0,
                version=0,
                error=f"{type(error).__name__}: {error}",
            )
            return redacted(failed, "", self._regions)
        known = "\n".join(f"{hit.chunk.title}\n{hit.chunk.text}" for hit in answer.hits)
        shown = "\n".join(f"{c.before}{c.quote}{c.after}" for c in audited.citations)
        audited = replace(audited, seconds=round(seconds, 4))
        return redacted(audited, f"{known}\n{shown}", self._regions)

    def _measured(self, question: Question, answer: Answer) -> AuditedAnswer:
        grounding = ground(answer, self._judge)
        measures = {
            **grounding.measures,
            **self._relevance.measure(question.text, answer),
            **against_gold(answer, question.gold),
        }
        groups = {**question.groups, "outcome": answer.outcome.value, "version": str(answer.version)}
        return AuditedAnswer(
            id=question.id,
            question=question.text,
            groups=groups,
            outcome=answer.outcome.value,
            text=answer.text,
            confidence=round(answer.confidence, 4),
            version=answer.version,
            sentences=grounding.sentences,
            claims=self._second_opinion(answer, grounding.claims),
            citations=tuple(self._citations(answer, grounding.needed)),
            documents=tuple(dict.fromkeys(c.document_uri for c in answer.citations)),
            found=tuple(dict.fromkeys(hit.chunk.document_uri for hit in answer.hits)),
            measures=measures,
        )

    def _second_opinion(self, answer: Answer, claims: tuple[AuditedClaim, ...]) -> tuple[AuditedClaim, ...]:
        if self._second is None:
            return claims
        evidence = {c.number: evidence_of(c, answer) for c in answer.citations}
        judged: list[AuditedClaim] = []
        for place, sentence in enumerate(answer.sentences):
            own = [claim for claim in claims if claim.sentence == place]
            passages = [evidence[n] for n in dict.fromkeys(sentence.citations) if n in evidence]
            verdicts = self._second.verdicts([claim.text for claim in own], passages)
            judged += [replace(c, second=v.supported) for c, v in zip(own, verdicts, strict=True)]
        return tuple(judged)

    def _citations(self, answer: Answer, needed: frozenset[int]) -> Iterator[AuditedCitation]:
        """Yield the citations with the words around them: the document's, or the hit's where it is gone."""
        texts: dict[tuple[str, int], str] = {}
        for citation in answer.citations:
            place = (citation.document_uri, citation.version)
            if place not in texts:
                found = self._knowledge_base.catalogue.documents(citation.version, [citation.document_uri])
                texts[place] = next((document.text for document in found), "")
            audited = with_context(citation, texts[place], needed=citation.number in needed)
            chunk = chunk_of(citation, answer)
            if not (audited.before or audited.after) and chunk is not None:
                audited = replace(
                    audited,
                    before=chunk.text[: citation.start - chunk.start],
                    after=chunk.text[citation.end - chunk.start :],
                )
            yield audited


@contextmanager
def open_auditor(plan: Plan) -> Iterator[Auditor]:
    """Open the assistant of the plan's settings, and the judges."""
    with open_knowledge_base(plan.settings) as knowledge_base:
        assistant = build_assistant(plan.settings, knowledge_base, None)  # audits are not conversations: no record
        second: Judge | None = None
        if plan.second:
            from assistant.audit.measure.chat_judge import open_chat_judge

            second = open_chat_judge(plan.settings, plan.second)
        judge = LocalJudge(knowledge_base.embedder)
        yield Auditor(
            assistant, knowledge_base, judge, second, plan.others, Filters(version=plan.version),
            regions=plan.settings.redact_regions,
        )  # fmt: skip
