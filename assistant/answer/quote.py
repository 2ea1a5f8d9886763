"""Quotes that answer a message, and what has to be said before and between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer.extractive import Extractive
from assistant.answer.find import OTHER_LANGUAGE, Findings, Retrieved
from assistant.answer.reckon import reckoned
from assistant.answer.reply import Reply
from assistant.answer.withheld import gainsaid
from assistant.phrases import phrase
from assistant.types import Quote, Released, Statement, Understanding, Wish
from assistant.verify.yes_no import says_yes_or_no
from kb.language.text import detect_language


@dataclass(frozen=True, slots=True)
class Quoted:
    """A question of a message with its quotes.

    Attributes:
        question: of the message.
        quotes: that answer it; none where nothing does.
    """

    question: str
    quotes: tuple[Quote, ...]


def choose_quotes(understanding: Understanding, findings: Findings, extractive: Extractive) -> list[Quoted]:
    """Choose the quotes for each question; none that state another figure than the words withheld for it do."""
    brief = understanding.wish in (Wish.SHORTER, Wish.YES_OR_NO)
    most = 1 if brief or len(findings.parts) > 1 else None

    def chosen(part: Retrieved) -> tuple[Quote, ...]:
        if not part.answerable:
            return ()
        hits = part.retrieval.hits
        quotes = part.quotes or tuple(extractive.quotes(part.question, hits, most, brief=brief))
        return () if any(gainsaid(quote.words, part.withheld) for quote in quotes) else quotes

    return [Quoted(part.question, chosen(part)) for part in findings.parts]


def were_said(quoted: Sequence[Quoted], understanding: Understanding, said: str) -> bool:
    """Tell whether the quotes say nothing that the reply before did not say; a wish may want it once more."""
    texts = [quote.text for part in quoted for quote in part.quotes]
    return understanding.wish is None and bool(texts) and all(text in said for text in texts)


def say_quotes(
    understanding: Understanding, findings: Findings, quoted: Sequence[Quoted], reply: Reply
) -> Iterator[Released]:
    """Add the quotes to a reply, each once, and which question none of them answers; nothing without quotes."""
    language = understanding.language
    quotes = [quote for part in quoted for quote in part.quotes]
    if not quotes:
        return
    if not reply.sentences and (opening := _opening(understanding, findings, quotes)):
        yield reply.say(opening)
    stated = {sentence.text for sentence in reply.sentences}
    for part in quoted:
        if not part.quotes and len(quoted) > 1:
            yield reply.say(phrase("part_not_found", language, part=part.question))
        for quote in part.quotes:
            if quote.text in stated:
                continue
            stated.add(quote.text)
            if understanding.wish is Wish.WHERE:
                yield reply.state(_placed(quote, language))
                continue
            yield reply.state(Statement(text=quote.text, quotes=(quote,)))
            if total := reckoned(part.question, quote.text, language):
                yield reply.state(Statement(text=total, quotes=(quote,)))
            yield from say_goes_on((quote,), language, reply)


def say_goes_on(quotes: Sequence[Quote], language: str, reply: Reply) -> Iterator[Released]:
    """Say where the rest of a list stands that quotes give a part of."""
    for quote in quotes:
        if quote.goes_on:
            yield reply.say(phrase("goes_on", language, place=_place(quote, language)))


def _opening(understanding: Understanding, findings: Findings, quotes: Sequence[Quote]) -> str:
    """Return what has to be said before the quotes: a correction, or why they are in another language."""
    language = understanding.language
    if understanding.wish is Wish.WHERE:
        return phrase("stands", language)
    if understanding.wish is Wish.YES_OR_NO:
        return "" if says_yes_or_no(quotes[0].text) else phrase("yes_or_no", language)
    wrong = findings.premise.contradicted_by(quotes)
    foreign = detect_language(quotes[0].text) not in (language, "")
    if foreign and (understanding.wish in OTHER_LANGUAGE or not wrong):
        return phrase(
            "only_other_language" if understanding.wish in OTHER_LANGUAGE else "other_language", language
        )
    return phrase("wrong_premise", language, said=wrong) if wrong else ""


def _placed(quote: Quote, language: str) -> Statement:
    """Return a quote with where it stands."""
    return Statement(
        text=phrase("place", language, quote=quote.words, place=_place(quote, language)), quotes=(quote,)
    )


def _place(quote: Quote, language: str) -> str:
    chunk = quote.hit.chunk
    page = () if chunk.page is None else (phrase("page", language, page=chunk.page),)
    return ", ".join((chunk.title, *page, *chunk.headings))
