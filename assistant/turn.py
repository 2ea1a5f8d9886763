"""One customer message becomes one answer: the journey, read from top to bottom."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from assistant.answer.abstain import asks_nothing, not_found, options
from assistant.answer.extractive import Extractive
from assistant.answer.notes import Notes
from assistant.answer.premise import without_premise, wrong_premise
from assistant.answer.reply import Reply
from assistant.answer.threshold import least_answerable
from assistant.answer.withheld import gainsaid, hidden_words
from assistant.answer.writer import ChatWriter
from assistant.conversation.records import Records
from assistant.phrases import listed, phrase
from assistant.settings import Settings
from assistant.types import (
    LONGEST_MESSAGE,
    Answer,
    Message,
    Outcome,
    Quote,
    Released,
    Statement,
    Understanding,
    Wish,
)
from assistant.understand.understanding import Rewrite, understand
from kb.calibration.calibration import kept_threshold
from kb.errors import ChatModelError, StorageError
from kb.knowledge_base import KnowledgeBase
from kb.language.characters import well_formed
from kb.language.text import detect_language
from kb.search.search import Retrieval
from kb.types import Filters, Hit

_HITS = 10  # searched for a turn
_WITHHELD = 10  # hits that planted words close, above the first readable one, before it is given up
_OTHER_LANGUAGE = {Wish.CHINESE: "zh", Wish.ENGLISH: "en"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What an assistant is made of; ``assistant.app`` puts them together.

    Attributes:
        extractive: chooses quotes.
        writer: lets a chat model write; None: answers are quotes.
        rewrite: completes follow-ups.
        records: where answers are kept; None: nowhere.
        today: the day on which documents have to be valid.
    """

    extractive: Extractive
    rewrite: Rewrite
    writer: ChatWriter | None = None
    records: Records | None = None
    today: Callable[[], date] = date.today


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for one question of a message.

    Attributes:
        question: of the message.
        retrieval: what was found.
        answerable: whether that is likely enough to answer it.
        withheld: words of better hits that planted words keep from being quoted.
    """

    question: str
    retrieval: Retrieval
    answerable: bool
    withheld: str = ""


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
        """Answer one message of a customer: ``stream`` read to its end."""
        for event in self.stream(
            message, history, filters, any_day=any_day, channel=channel, conversation=conversation, known=known
        ):
            if isinstance(event, Answer):
                return event
        raise AssertionError("unreachable: a stream ends with its answer")  # pragma: no cover

    def stream(
        self,
        message: str,
        history: Sequence[Message] = (),
        filters: Filters = Filters(),
        *,
        any_day: bool = False,
        channel: str = "",
        conversation: str = "",
        known: Mapping[str, str] | Iterable[str] = (),
    ) -> Iterator[Released | Answer]:
        """Yield pieces of the answer as they may be shown, then the answer, whose text they are.

        Args:
            message: as typed.
            history: the conversation so far, oldest first.
            filters: what this customer may see; without a day documents have to be valid today.
            any_day: whether the filters, having no day, mean documents of whatever day.
            channel: where the message came from, for the record.
            conversation: its id, for the record.
            known: what the customer's account says, ``{"name": "Mei Tan", "address": …}``: kept out of the record.
        """
        notes = Notes()
        message = well_formed(message)
        history = [Message(well_formed(said.role), well_formed(said.text)) for said in history]
        if filters.on is None and not any_day:
            filters = replace(filters, on=self._parts.today())
        for event in self._turn(message, history, filters, notes):
            if isinstance(event, Answer):
                event = replace(event, trace=notes.trace())
                self._record(event, history, well_formed(channel), well_formed(conversation), known)
            yield event

    def _turn(
        self, message: str, history: Sequence[Message], filters: Filters, notes: Notes
    ) -> Iterator[Released | Answer]:
        if len(message) > LONGEST_MESSAGE:
            yield from self._refuse_length(message)
            return
        with notes.timed("understand"):
            understanding = self._understand(message, history, notes)
        if said := asks_nothing(message, understanding.language):
            yield from self._without(understanding, Outcome.CLARIFY, said, None)
            return
        with notes.timed("search"):
            found = self._find(understanding, filters)
        best = max((f.retrieval for f in found), key=lambda r: r.answerable)
        if not any(f.answerable for f in found):
            yield from self._abstain(understanding, best)
            return
        if not understanding.wish and len(found) == 1 and (several := options(understanding, best.hits)):
            text = phrase("which", understanding.language, topics=listed(several, understanding.language))
            yield from self._without(understanding, Outcome.CLARIFY, text, best)
            return
        reply = Reply(best.version)
        yield from self._state(understanding, found, history, reply, notes)
        if not reply.sentences:
            yield from self._abstain(understanding, best)
            return
        yield Answer(
            Outcome.ANSWERED, reply.text, tuple(reply.citations), best.answerable, understanding.language,
            understanding, _merged(found), best.version, tuple(reply.sentences),
        )  # fmt: skip

    def _understand(self, message: str, history: Sequence[Message], notes: Notes) -> Understanding:
        """Return what the message means; where the chat model fails at it, by rules."""
        try:
            return understand(message, history, self._parts.rewrite)
        except ChatModelError as error:
            notes.model, notes.fallback = self._settings.chat_model, str(error)
            return understand(message, history)

    def _find(self, understanding: Understanding, filters: Filters) -> list[_Found]:
        """Search the message, or each of the questions in it."""
        wanted = _OTHER_LANGUAGE.get(understanding.wish) if understanding.wish else None
        asked: list[tuple[str, ...]] = [(part,) for part in understanding.parts] or [understanding.wordings]
        found = []
        for queries in asked:
            own = self._search(queries, filters)
            if wanted and own.answerable:  # what was not answered is not said over again
                translated = self._search(queries, replace(filters, language=wanted))
                if translated.answerable:
                    found.append(replace(translated, question=understanding.context or translated.question))
                    continue
            found.append(self._without_premise(own, understanding, filters))
        return found

    def _without_premise(self, found: _Found, understanding: Understanding, filters: Filters) -> _Found:
        """Return what is found without a wrong value taken for granted, if that says the right one."""
        plain = without_premise(understanding.message, found.retrieval.hits)
        if not plain or understanding.wish or understanding.parts:
            return found
        again = self._search((plain,), filters)
        hits = again.retrieval.hits
        quotes = self._parts.extractive.quotes(plain, hits) if again.answerable else []
        return again if quotes and wrong_premise(understanding.message, quotes, hits) else found

    def _search(self, queries: Sequence[str], filters: Filters) -> _Found:
        """Search, and where the best hit may not be quoted at all, ask again as if it were not there."""
        retrieval = self._knowledge_base.search(queries, _HITS, filters)
        withheld: list[Hit] = []
        while (closed := self._closed(retrieval)) and len(withheld) < _WITHHELD:
            withheld += closed
            without = frozenset(hit.chunk.id for hit in withheld)
            retrieval = self._knowledge_base.search(queries, _HITS, filters, without)
        enough = bool(retrieval.hits) and not closed and retrieval.answerable >= self.min_answerable
        return _Found(queries[-1], retrieval, enough, hidden_words(withheld))

    def _closed(self, retrieval: Retrieval) -> list[Hit]:
        """Return the hits above the first one of which anything may be quoted."""
        return list(takewhile(lambda hit: not self._parts.extractive.readable(hit), retrieval.hits))

    def _state(
        self,
        understanding: Understanding,
        found: Sequence[_Found],
        history: Sequence[Message],
        reply: Reply,
        notes: Notes,
    ) -> Iterator[Released]:
        """Say what answers: the chat model's checked sentences, or quotes, which also stand in where it fails."""
        # A model that just failed to complete the question is not waited for again.
        if self._parts.writer and understanding.wish is not Wish.WHERE and not notes.fallback:
            try:
                hits = _merged([f for f in found if f.answerable])
                withheld = "\n".join(f.withheld for f in found)
                for statement in self._parts.writer.write(understanding, hits, history, notes):
                    if any(gainsaid(quote.words, withheld) for quote in statement.quotes):
                        statement = replace(statement, kept=False)
                    if statement.kept:
                        yield reply.state(statement)
                    else:
                        notes.rejected.append(statement)
                return
            except ChatModelError as error:
                notes.fallback = str(error)
        with notes.timed("quote"):
            quoted = self._quotes(understanding, found)
        yield from self._quoted(understanding, quoted, reply)

    def _quotes(self, understanding: Understanding, found: Sequence[_Found]) -> list[tuple[_Found, list[Quote]]]:
        most = 1 if understanding.wish is Wish.SHORTER or len(found) > 1 else None
        brief = understanding.wish is Wish.SHORTER
        quoted: list[tuple[_Found, list[Quote]]] = []
        for f in found:
            choose = self._parts.extractive.quotes
            quotes = choose(f.question, f.retrieval.hits, most, brief=brief) if f.answerable else []
            quoted.append((f, [] if any(gainsaid(quote.words, f.withheld) for quote in quotes) else quotes))
        return quoted

    def _quoted(
        self, understanding: Understanding, quoted: Sequence[tuple[_Found, list[Quote]]], reply: Reply
    ) -> Iterator[Released]:
        language = understanding.language
        quotes = [quote for _, its in quoted for quote in its]
        if not quotes:
            return
        if not reply.sentences:
            yield from self._opening(understanding, quotes, _merged([f for f, _ in quoted]), reply)
        stated = {sentence.text for sentence in reply.sentences}
        for asked, its in quoted:
            if not its and len(quoted) > 1:
                yield reply.say(phrase("part_not_found", language, part=asked.question))
            for quote in its:
                if quote.text not in stated:
                    stated.add(quote.text)
                    yield reply.state(
                        _placed(quote, language) if understanding.wish is Wish.WHERE else _stated(quote)
                    )
                    if quote.goes_on and understanding.wish is not Wish.WHERE:
                        yield reply.say(phrase("goes_on", language, place=_place(quote, language)))

    def _opening(
        self, understanding: Understanding, quotes: Sequence[Quote], hits: Sequence[Hit], reply: Reply
    ) -> Iterator[Released]:
        """Say what has to be said before the quotes: a correction, or why they are in another language."""
        language = understanding.language
        if understanding.wish is Wish.WHERE:
            yield reply.say(phrase("stands", language))
        elif understanding.wish in _OTHER_LANGUAGE and detect_language(quotes[0].text) not in (language, ""):
            yield reply.say(phrase("only_other_language", language))
        elif said := wrong_premise(understanding.message, quotes, hits):
            yield reply.say(phrase("wrong_premise", language, said=said))

    def _refuse_length(self, message: str) -> Iterator[Released | Answer]:
        """Ask for fewer words; nothing of the message but its beginning is looked at or kept."""
        begun = message[:LONGEST_MESSAGE]
        language = detect_language(begun) or "en"
        text = phrase("too_long", language, length=len(message), most=LONGEST_MESSAGE)
        return self._without(Understanding(begun, language, (begun,)), Outcome.CLARIFY, text, None)

    def _abstain(self, understanding: Understanding, retrieval: Retrieval) -> Iterator[Released | Answer]:
        text = not_found(understanding, retrieval.hits, self._settings.contact)
        return self._without(understanding, Outcome.ABSTAINED, text, retrieval)

    def _without(
        self, understanding: Understanding, outcome: Outcome, text: str, retrieval: Retrieval | None
    ) -> Iterator[Released | Answer]:
        """Give an answer that states nothing."""
        yield Released(text)
        yield Answer(
            outcome, text, (), retrieval.answerable if retrieval else 0.0, understanding.language, understanding,
            retrieval.hits if retrieval else (), retrieval.version if retrieval else 0,
        )  # fmt: skip

    def _record(
        self,
        answer: Answer,
        history: Sequence[Message],
        channel: str,
        conversation: str,
        known: Mapping[str, str] | Iterable[str],
    ) -> None:
        """Keep the answer; a record that cannot be written is reported and keeps nobody waiting."""
        if self._parts.records is None:
            return
        try:
            self._parts.records.add(answer, history, channel=channel, conversation=conversation, known=known)
        except StorageError as error:
            _log.error("an answer was not recorded: %s", error)


def _stated(quote: Quote) -> Statement:
    return Statement(quote.text, (quote,))


def _placed(quote: Quote, language: str) -> Statement:
    """Return a quote with where it stands."""
    return Statement(phrase("place", language, quote=quote.words, place=_place(quote, language)), (quote,))


def _place(quote: Quote, language: str) -> str:
    chunk = quote.hit.chunk
    page = () if chunk.page is None else (phrase("page", language, page=chunk.page),)
    return ", ".join((chunk.title, *page, *chunk.headings))


def _merged(found: Sequence[_Found]) -> tuple[Hit, ...]:
    """Return the hits of all questions, the best of each first, none twice."""
    if len(found) == 1:
        return found[0].retrieval.hits
    ranked: dict[str, Hit] = {}
    for rank in range(_HITS):
        for hits in (f.retrieval.hits for f in found):
            if rank < len(hits):
                ranked.setdefault(hits[rank].chunk.id, hits[rank])
    return tuple(ranked.values())
