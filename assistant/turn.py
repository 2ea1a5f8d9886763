"""One customer message becomes one answer: the journey, read from top to bottom."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer.abstain import not_found, nothing_more
from assistant.answer.ask_back import which_is_meant
from assistant.answer.extractive import Extractive
from assistant.answer.find import Finder, Findings, find, merged, settle_premise
from assistant.answer.notes import Notes
from assistant.answer.quote import choose_quotes, say_goes_on, say_quotes, were_said
from assistant.answer.reply import Reply, answered, stating_nothing
from assistant.answer.threshold import least_answerable
from assistant.answer.withheld import unopposed
from assistant.answer.writer import ChatWriter
from assistant.conversation.records import Records
from assistant.phrases import phrase
from assistant.settings import Settings
from assistant.types import (
    LONGEST_MESSAGE,
    Answer,
    Message,
    Outcome,
    Released,
    Turn,
    Understanding,
    Wish,
)
from assistant.understand.small_talk import asks_nothing
from assistant.understand.understanding import Rewrite, last_answer, understand
from kb.calibration.calibration import kept_threshold
from kb.errors import ChatModelError, StorageError
from kb.knowledge_base import KnowledgeBase
from kb.language.characters import well_formed
from kb.language.text import detect_language
from kb.types import Filters

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an assistant is made of; ``assistant.app`` puts them together.

    Attributes:
        extractive: chooses quotes.
        rewrite: completes follow-ups.
        writer: lets a chat model write; None: answers are quotes.
        records: where answers are kept; None: nowhere.
        today: the day on which documents have to be valid.
    """

    extractive: Extractive
    rewrite: Rewrite
    writer: ChatWriter | None = None
    records: Records | None = None
    today: Callable[[], date] = date.today


class Assistant:
    """Answers from the knowledge base, or says that it cannot."""

    def __init__(self, settings: Settings, knowledge_base: KnowledgeBase, parts: Parts) -> None:
        self._settings, self._knowledge_base, self._parts = settings, knowledge_base, parts

    @property
    def min_answerable(self) -> float:
        """From which probability on it answers: the setting where it is given, else what was calibrated."""
        stated = self._settings.min_answerable
        return least_answerable(stated, None if stated is not None else kept_threshold(self._knowledge_base))

    def reply(
        self,
        message: str,
        history: Sequence[Message] = (),
        filters: Filters = Filters(),
        *,
        any_day: bool = False,
        channel: str = "",
        conversation: str = "",
        known: Mapping[str, str] | Iterable[str] = (),
    ) -> Answer:
        """Answer one message of a customer: ``stream`` of that turn, read to its end.

        Raises:
            BrandError: the documents are of several brands, and it is not known which one is asked.
            KnowledgeBaseEmpty: nothing was ever loaded.
            FingerprintMismatch: the settings name another embedder than the documents were loaded with.
            UnknownVersion: the filters name a version that is not kept.
            StorageError: the knowledge base cannot be read.
            EmbedderError: the message cannot be embedded.
        """
        turn = Turn(
            message=message, history=tuple(history), filters=filters, any_day=any_day, channel=channel,
            conversation=conversation, known=known,
        )  # fmt: skip
        for event in self.stream(turn):
            if isinstance(event, Answer):
                return event
        raise AssertionError("unreachable: a stream ends with its answer")  # pragma: no cover

    def stream(self, turn: Turn) -> Iterator[Released | Answer]:
        """Yield pieces of the answer as they may be shown, then the answer, whose text they are.

        Raises:
            FaqError: as ``reply`` does; a chat model that fails and a record that cannot be written raise nothing.
        """
        notes = Notes()
        turn = _prepared(turn, self._parts.today)
        turn = replace(turn, filters=self.for_brand(turn.filters))
        for event in self._journey(turn, notes):
            if isinstance(event, Answer):
                event = replace(event, trace=notes.trace())
                self._record(event, turn)
            yield event

    def for_brand(self, filters: Filters) -> Filters:
        """Return filters that say whose documents are asked; every turn settles this, if it is not settled.

        Raises:
            BrandError: there are several brands and none is named, or none of the documents is of the one named.
        """
        return self._knowledge_base.for_brand(filters)

    def _journey(self, turn: Turn, notes: Notes) -> Iterator[Released | Answer]:
        """Take a turn from step to step; each is entered once, and is handed what the ones before it gave."""
        if len(turn.message) > LONGEST_MESSAGE:
            yield from _refuse_length(turn.message)
            return
        with notes.timed("understand"):
            understanding = self._understand(turn, notes)
        if pleasantry := asks_nothing(turn.message, understanding.language, self._settings.contact):
            yield from stating_nothing(understanding, Outcome.CLARIFY, pleasantry)
            return
        with notes.timed("search"):
            finder = Finder(self._knowledge_base, self._parts.extractive, turn.filters, self.min_answerable)
            findings = settle_premise(understanding, find(understanding, finder), finder)
        best = findings.best
        if not findings.answerable:
            yield from self._abstain(turn, understanding, findings)
            return
        question = which_is_meant(understanding, best.hits) if len(findings.parts) == 1 else ""
        if question and question != last_answer(turn.history):
            yield from stating_nothing(understanding, Outcome.CLARIFY, question, best)
            return
        reply = Reply(best.version)
        if (yield from self._state(turn, understanding, findings, reply, notes)):
            text = nothing_more(understanding, self._settings.contact)
            yield from stating_nothing(understanding, Outcome.CLARIFY, text, best)
            return
        if not reply.sentences:
            yield from self._abstain(turn, understanding, findings)
            return
        yield answered(understanding, reply, findings.hits, best)

    def _understand(self, turn: Turn, notes: Notes) -> Understanding:
        """Return what the message means; where the chat model fails at it, by rules."""
        try:
            return understand(turn.message, turn.history, self._parts.rewrite)
        except ChatModelError as error:
            notes.model, notes.fallback = self._settings.chat_model, str(error)
            return understand(turn.message, turn.history)

    def _state(
        self, turn: Turn, understanding: Understanding, findings: Findings, reply: Reply, notes: Notes
    ) -> Generator[Released, None, bool]:
        """Say what answers: the chat model's checked sentences, or quotes, which also stand in where it fails.

        Return whether nothing is said, because it was said just now.
        """
        # A model that just failed to complete the question is not waited for again.
        if self._parts.writer and understanding.wish is not Wish.WHERE and not notes.fallback:
            try:
                written = self._parts.writer.write(understanding, merged(findings.answerable), turn.history, notes)
                for statement in unopposed(written, findings.withheld):
                    if statement.kept:
                        yield reply.state(statement)
                        yield from say_goes_on(statement.quotes, understanding.language, reply)
                    else:
                        notes.rejected.append(statement)
                return False
            except ChatModelError as error:
                notes.fallback = str(error)
        with notes.timed("quote"):
            quoted = choose_quotes(understanding, findings, self._parts.extractive)
        if not reply.sentences and were_said(quoted, understanding, last_answer(turn.history)):
            return True
        yield from say_quotes(understanding, findings, quoted, reply)
        return False

    def _abstain(
        self, turn: Turn, understanding: Understanding, findings: Findings
    ) -> Iterator[Released | Answer]:
        said = last_answer(turn.history)
        text = not_found(understanding, findings.best.hits, self._settings.contact, said)
        return stating_nothing(understanding, Outcome.ABSTAINED, text, findings.best)

    def _record(self, answer: Answer, turn: Turn) -> None:
        """Keep the answer; a record that cannot be written is reported and keeps nobody waiting."""
        if self._parts.records is None:
            return
        try:
            self._parts.records.add(
                answer, turn.history, channel=turn.channel, conversation=turn.conversation,
                known=turn.known, brand=turn.filters.brand or "",
            )  # fmt: skip
        except StorageError as error:
            _log.error("an answer was not recorded: %s", error)


def _prepared(turn: Turn, today: Callable[[], date]) -> Turn:
    """Return a turn of well-formed words, with the day on which documents have to be valid."""
    filters = turn.filters
    if filters.on is None and not turn.any_day:
        filters = replace(filters, on=today())
    return replace(
        turn,
        message=well_formed(turn.message),
        history=tuple(Message(well_formed(before.role), well_formed(before.text)) for before in turn.history),
        filters=filters,
        channel=well_formed(turn.channel),
        conversation=well_formed(turn.conversation),
    )


def _refuse_length(message: str) -> Iterator[Released | Answer]:
    """Ask for fewer words; nothing of the message but its beginning is looked at or kept."""
    begun = message[:LONGEST_MESSAGE]
    language = detect_language(begun) or "en"
    text = phrase("too_long", language, length=len(message), most=LONGEST_MESSAGE)
    understanding = Understanding(message=begun, language=language, queries=(begun,))
    return stating_nothing(understanding, Outcome.CLARIFY, text)
