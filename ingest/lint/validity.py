"""Documents past their time, replaced by others, or naming others that are not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ingest.lint.types import Finding, FindingKind, LintDocument, Quote, Severity
from kb.identity import document_id
from kb.store.supersession import Named, Successor, replaced_by


def may_meet(one: LintDocument, other: LintDocument) -> bool:
    """Tell whether one customer may be shown both documents on one day."""
    for a, b in ((one.labels, other.labels), (other.labels, one.labels)):
        if a.valid_until and b.valid_from and a.valid_until < b.valid_from:
            return False
    products = {one.labels.product, other.labels.product} - {""}
    audiences = {one.labels.audience, other.labels.audience} - {""}
    brands = {one.labels.brand, other.labels.brand} - {""}
    return len(products) < 2 and len(audiences) < 2 and len(brands) < 2


def successors(documents: Sequence[LintDocument]) -> list[Successor]:
    """Return the documents that name others which they replace."""
    return [
        Successor(
            document_id=document_id(d.uri),
            uri=d.uri,
            file_uri=d.file_uri,
            supersedes=d.labels.supersedes,
            audience=d.labels.audience,
            brand=d.labels.brand,
            valid_from=d.labels.valid_from,
            valid_until=d.labels.valid_until,
        )
        for d in documents
        if d.labels.supersedes
    ]


def in_force(documents: Sequence[LintDocument], today: date) -> list[LintDocument]:
    """Return the documents that may be served today or later: neither expired nor replaced."""
    new = successors(documents)
    brands = {document_id(d.uri): d.labels.brand for d in documents}
    gone = _replaced_now(new, replaced_by(new, _named(documents)), brands, today)
    return [
        d
        for d in documents
        if document_id(d.uri) not in gone and not (d.labels.valid_until and d.labels.valid_until < today)
    ]


def _named(documents: Sequence[LintDocument]) -> list[Named]:
    return [(document_id(d.uri), d.uri, d.file_uri, d.title, d.labels.brand) for d in documents]


def _replaced_now(
    new: Sequence[Successor], replaced: Mapping[str, frozenset[str]], brands: Mapping[str, str], today: date
) -> set[str]:
    """Return what nobody is shown any longer: what one brand replaces for itself alone, the others still see."""
    holding = [s for s in new if s.holds(today, s.audience or None, s.brand or None)]
    return {old for s in holding for old in replaced.get(s.document_id, ()) if s.brand in ("", brands[old])}


def find_outdated(documents: Sequence[LintDocument], today: date) -> list[Finding]:
    """Return findings on expired, superseded and never valid documents, and on successors of nothing."""
    found = []
    for document in documents:
        labels = document.labels
        if labels.valid_from and labels.valid_until and labels.valid_until < labels.valid_from:
            sentence = (
                f"valid until {labels.valid_until}, but only from {labels.valid_from}: correct one of the dates"
            )
            found.append(_finding(FindingKind.NEVER_VALID, Severity.ERROR, sentence, document))
        elif labels.valid_until and labels.valid_until < today:
            sentence = f"expired on {labels.valid_until}: remove it, or load what replaces it"
            found.append(_finding(FindingKind.EXPIRED, Severity.WARNING, sentence, document))
    return found + _superseded(documents, today)


def _superseded(documents: Sequence[LintDocument], today: date) -> list[Finding]:
    new = successors(documents)
    by_id = {document_id(d.uri): d for d in documents}
    replaced = replaced_by(new, _named(documents))
    found = []
    for successor in new:
        document = by_id[successor.document_id]
        for old in sorted(replaced.get(successor.document_id, ())):
            sentence = "is replaced by another document: remove it when nobody needs to look back"
            if successor.holds(today, successor.audience or None, successor.brand or None):
                quotes = (_quote(by_id[old]), _quote(document))
                found.append(Finding(FindingKind.SUPERSEDED, Severity.INFO, sentence, quotes))
        for name in successor.supersedes:
            alone = Successor(
                document_id=successor.document_id,
                uri=successor.uri,
                file_uri=successor.file_uri,
                supersedes=(name,),
                audience="",
                brand="",
                valid_from=None,
                valid_until=None,
            )
            if not replaced_by([alone], _named(documents)):
                sentence = f"supersedes {name!r}, which is no document here: correct the name, or leave it out"
                found.append(_finding(FindingKind.UNKNOWN_SUPERSEDED, Severity.WARNING, sentence, document))
    return found


def _finding(kind: FindingKind, severity: Severity, sentence: str, document: LintDocument) -> Finding:
    return Finding(kind, severity, sentence, (_quote(document),))


def _quote(document: LintDocument) -> Quote:
    return Quote(document.uri, document.file_uri, None, document.title)
