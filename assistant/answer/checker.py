"""A draft's sentences against the chunks they cite: kept, mended, replaced by the quote, or held back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.limits import dropped_limit, with_context
from assistant.answer.prompt import Source
from assistant.answer.sentence_stream import Written
from assistant.types import Quote, Statement, Verdict
from assistant.verify import Verifier, split_claims
from assistant.verify.evidence import taken_apart
from assistant.verify.polarity import contradiction
from assistant.verify.sums import is_sum
from assistant.verify.verifier import quoted_verdict
from kb.guard.marks import Guard
from kb.language.facts import agree, facts
from kb.language.overlap import containment
from kb.language.text import asks, detect_language, fold, sentence_spans, terms
from kb.language.wording import negations

# Chosen; bench_misbehaving.py measures what of a lying model's replies is kept (ADR 0009).
_ABOUT_IT = 0.1  # support from which on the source's own words stand in for a sentence that is wrong about them
_LIKE_WORDS = 0.5  # or share of a claim's terms in them: what contradicts it has little support
_FEWEST_TERMS = 2  # of a sentence that states something
_NO_CLAIM = "it states nothing that the documents could support"
_LINK = re.compile(
    r"https?://\S+|www\.\S+|\b[\w.+-]+@[\w-]+\.[\w.]+|\b[\w-]+\.(?:com|net|org|io|xyz|cn"
    r"|example)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:guarantee[ds]?|promise[ds]?|refund(?:s|ed)?|reimburse[ds]?|compensat\w+|waive[ds]?"
    r"|free of charge|for free"
    r"|we will|we'll|you will (?:get|receive)|entitled)\b|保证|承诺|退款|赔偿|补偿|免费|全额|我们会|我们将|减免",
    re.IGNORECASE,
)
_CASE = re.compile(r"^\s*[（(][一二三四五六七八九十\d]{1,3}[)）].*的\s*[;；。]?\s*$")
"""One of the cases that a rule lists, "（二）未经许可的；": without its head it states nothing. Only quoted."""
_POLAR = re.compile(
    r"^\s*(?:yes|no|sure|certainly|of course|absolutely|是的|不是|可以的|不可以|不行|好的"
    r"|当然)\s*[,，.。!！:：;；]\s*",
    re.IGNORECASE,
)


class Checker:
    """Checks the sentences of one draft."""

    def __init__(
        self, verifier: Verifier, sources: Sequence[Source], guard: Guard = Guard(), asked: str | None = None
    ) -> None:
        """Take the parts; ``asked`` are the customer's words, whose amounts a sum may rest on."""
        self._verifier, self._sources, self._guard = verifier, list(sources), guard
        self._asked = asked

    def check(self, written: Written) -> list[Statement]:
        """Return what becomes of a sentence: itself, or itself held back and perhaps the quote in its place."""
        text = _POLAR.sub("", written.text)
        claims = split_claims(text)
        if not claims or (len(set(terms(text))) < _FEWEST_TERMS and not facts(text)):
            return [
                _held_back(written, (Verdict(claim=written.text, supported=False, support=0.0, reason=_NO_CLAIM),))
            ]
        verdicts, quotes = self._verify(claims, written.numbers)
        reason = self._objection(text, verdicts, quotes) or ("" if written.complete else "it breaks off")
        if not reason:
            text = text[:1].upper() + text[1:]
            return [
                Statement(text=text, quotes=tuple(q for q in quotes if q), verdicts=verdicts, joint=written.joint)
            ]
        if all(v.supported for v in verdicts):
            verdicts = (
                *verdicts,
                Verdict(claim=text, supported=False, support=0.0, quote=verdicts[0].quote, reason=reason),
            )
        held = _held_back(written, verdicts)
        instead = self._instead(verdicts, quotes)
        return [held, Statement(text=instead.text, quotes=(instead,), joint=written.joint)] if instead else [held]

    def _verify(
        self, claims: Sequence[str], numbers: Sequence[int]
    ) -> tuple[tuple[Verdict, ...], list[Quote | None]]:
        """Return verdict and quote of each claim: by the chunks it cites, else by the others that were found.

        Another chunk vouches for a claim only if its words are as near to the claim's as those that were cited:
        what a cited document denies does not become true by a sentence about something like it. A chunk that has
        the claim word for word is what was meant, whatever was cited.
        """
        cited = [source for source in self._sources if source.number in numbers]
        others = [source for source in self._sources if source not in cited]
        found = self._against(claims, cited)
        for place, claim in enumerate(claims):
            quoted = None if found[place][0].support == 1.0 else self._quoted(claim, others)
            found[place] = quoted or found[place]
        open_claims = [place for place, (verdict, _) in enumerate(found) if not verdict.supported]
        if open_claims and others:
            again = self._against([claims[place] for place in open_claims], others)
            for place, other in zip(open_claims, again, strict=True):
                nearer = _likeness(claims[place], other[0].quote) >= _likeness(
                    claims[place], found[place][0].quote
                )
                if not cited or (other[0].supported and nearer):
                    found[place] = other
        return tuple(verdict for verdict, _ in found), [quote for _, quote in found]

    def _quoted(self, claim: str, sources: Sequence[Source]) -> tuple[Verdict, Quote | None] | None:
        """Return verdict and quote of a claim that stands in one of the sources word for word."""
        verdict = quoted_verdict(claim, [source.text for source in sources])
        return None if verdict is None else (verdict, _quote(sources[verdict.evidence or 0], verdict))

    def _against(self, claims: Sequence[str], sources: Sequence[Source]) -> list[tuple[Verdict, Quote | None]]:
        if not sources:
            return [
                (Verdict(claim=claim, supported=False, support=0.0, reason="it cites no source"), None)
                for claim in claims
            ]
        verdicts = self._verifier.verify_all(claims, [source.text for source in sources], self._asked)
        return [(v, _quote(sources[v.evidence], v) if v.evidence is not None else None) for v in verdicts]

    def _objection(self, text: str, verdicts: Sequence[Verdict], quotes: Sequence[Quote | None]) -> str:
        """Return why a sentence must not go out as it is written; empty if it may."""
        if reason := next((v.reason or "not supported" for v in verdicts if not v.supported), ""):
            return reason
        if any(quote is None for quote in quotes):
            return "the words that support it cannot be found in the document"
        if any(quote and _asks(quote) for quote in quotes):
            return "the document only asks it"
        if _CASE.match(text) and any(v.support < 1.0 for v in verdicts):
            return "it is a case from a list, in other words than the document's"
        evidence = [quote.words for quote in quotes if quote]
        said = fold(" ".join(quote.hit.chunk.text for quote in quotes if quote))
        for link in _LINK.findall(text):
            if fold(link).rstrip(".,;。，") not in said:
                return f"the source does not give {link}"
        if len(negations(text)) > sum(len(negations(words)) for words in set(evidence)):
            return "the source does not negate it"
        for claim, words in zip((v.claim for v in verdicts), evidence, strict=True):
            if is_sum(claim):
                continue
            if not _stands_in_full(claim, words) and self._denied_elsewhere(claim, words):
                return "another sentence that is nearer to it says otherwise"
            if word := dropped_limit(text, _POLAR.sub("", words)):
                return f"the source limits it ({word.strip()})"
            if _PROMISE.search(claim) or facts(claim):
                stated = [fact for sentence in evidence for fact in facts(sentence)]
                missing = [f for f in facts(claim) if not any(agree(f, other) for other in stated)]
                if missing:
                    return f"the source does not say {claim[missing[0].start : missing[0].end]} there"
        return ""

    def _denied_elsewhere(self, claim: str, words: str) -> bool:
        """Tell whether a sentence of any source is nearer to a claim than its quote and says the opposite."""
        wanted = set(terms(claim))
        passages = [taken_apart(source.text) for source in self._sources]
        near = [
            sentence
            for passage in passages
            for sentence, there in zip(passage.sentences, passage.sentence_terms, strict=True)
            if len(wanted & there) >= _LIKE_WORDS * len(wanted) and not asks(sentence)
        ]
        language = detect_language(claim)
        alike = [s for s in dict.fromkeys([words, *near]) if detect_language(s) == language]
        return bool(contradiction(claim, alike))

    def _instead(self, verdicts: Sequence[Verdict], quotes: Sequence[Quote | None]) -> Quote | None:
        """Return the source's own words about what a sentence is wrong about; None where it has none."""
        about = [
            (max(v.support, _likeness(v.claim, q.words)), q)
            for v, q in zip(verdicts, quotes, strict=False)
            if q
            and not _asks(q)
            and (v.supported or v.support >= _ABOUT_IT or _likeness(v.claim, q.words) >= _LIKE_WORDS)
        ]
        if not about:
            return None
        quote = max(about, key=lambda pair: pair[0])[1]
        return _with_limits(quote, self._guard)


def _likeness(claim: str, words: str) -> float:
    """Return the share of a claim's terms, 0-1, that stand in a quote."""
    return containment(set(terms(claim)), set(terms(words)))


def _asks(quote: Quote) -> bool:
    """Tell whether a quote is a question, or a part of the stored one: it states nothing."""
    asked = quote.hit.chunk.question
    return asks(quote.words) or (
        bool(asked) and quote.hit.chunk.text.startswith(f"{asked}\n") and quote.end <= len(asked or "")
    )


def _stands_in_full(claim: str, words: str) -> bool:
    return fold(claim).strip(" .。;；") in fold(words)


def _held_back(written: Written, verdicts: Sequence[Verdict]) -> Statement:
    return Statement(text=written.text, quotes=(), verdicts=tuple(verdicts), kept=False, joint=written.joint)


def _quote(source: Source, verdict: Verdict) -> Quote | None:
    """Return the sentence of the chunk that the verdict rests on; None where it is not in the chunk."""
    chunk = source.hit.chunk
    start = chunk.text.find(verdict.quote) if verdict.quote else -1
    if start < 0:
        start = _squeezed_find(chunk.text, verdict.quote)
    if start < 0:
        return None
    spans = [(a, b) for a, b in sentence_spans(chunk.text) if a < start + len(verdict.quote) and b > start]
    if not spans:
        return None
    begin, end = spans[0][0], spans[-1][1]
    return Quote(hit=source.hit, start=begin, end=end, text=chunk.text[begin:end])


def _squeezed_find(text: str, words: str) -> int:
    """Return where words stand in a text if case and white space do not count; -1 if nowhere."""
    pattern = r"\s*".join(re.escape(character) for character in "".join(words.split()).rstrip(".。!！;；"))
    found = re.search(pattern, text, re.IGNORECASE) if pattern else None
    return found.start() if found else -1


def _with_limits(quote: Quote, guard: Guard) -> Quote:
    """Return a quote grown by the sentences that belong to it."""
    text = quote.hit.chunk.text
    spans, planted = guard.places(quote.hit.chunk)
    inside = [place for place, (start, end) in enumerate(spans) if start >= quote.start and end <= quote.end]
    if not inside:
        return quote
    texts = [text[a:b] for a, b in spans]
    first, last = with_context(texts, inside[0], inside[-1], planted)
    start, end = spans[first][0], spans[last][1]
    return Quote(hit=quote.hit, start=start, end=end, text=text[start:end])
