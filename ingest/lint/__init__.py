"""Findings about documents: what is there twice, contradicts itself, is out of date or was lost in loading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingest.lint.types import Finding, LintDocument


def lint(documents: Sequence[LintDocument], today: date) -> list[Finding]:
    """Return the findings about ``documents``, the gravest first; what is not in force contradicts nothing."""
    from ingest.lint.answers import find_different_answers
    from ingest.lint.conflicts import find_conflicts
    from ingest.lint.duplicates import find_duplicates
    from ingest.lint.fidelity import find_lost
    from ingest.lint.statements import statements
    from ingest.lint.validity import find_outdated, in_force

    current = in_force(documents, today)
    found = [
        *find_conflicts(current, statements(current)),
        *find_different_answers(current),
        *find_duplicates(current),
        *find_outdated(documents, today),
        *find_lost(documents),
    ]
    return sorted(found, key=lambda finding: (-finding.severity, finding.kind, finding.quotes[0].document_uri))
