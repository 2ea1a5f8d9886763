"""Findings about documents: what is there twice, contradicts itself, is out of date or was lost in loading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ingest.lint.types import Finding, LintDocument

if TYPE_CHECKING:
    from ingest.lint.languages import VectorsOf


def lint(documents: Sequence[LintDocument], today: date, vectors_of: VectorsOf | None = None) -> list[Finding]:
    """Return the findings about ``documents``, the gravest first.

    Args:
        documents: all of them.
        today: what is not in force on this day contradicts nothing.
        vectors_of: the vectors by which English statements find Chinese ones; None compares no languages.
    """
    from ingest.lint.answers import find_different_answers
    from ingest.lint.conflicts import find_conflicts
    from ingest.lint.duplicates import find_duplicates
    from ingest.lint.fidelity import find_lost
    from ingest.lint.languages import find_translated_conflicts
    from ingest.lint.statements import statements
    from ingest.lint.validity import find_outdated, in_force

    current = in_force(documents, today)
    stated = statements(current)
    found = [
        *find_conflicts(current, stated),
        *(find_translated_conflicts(current, stated, vectors_of) if vectors_of else ()),
        *find_different_answers(current),
        *find_duplicates(current),
        *find_outdated(documents, today),
        *find_lost(documents),
    ]
    return sorted(found, key=lambda finding: (-finding.severity, finding.kind, finding.quotes[0].document_uri))
