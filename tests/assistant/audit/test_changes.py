"""How one answer changed between two runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.audit.compare.comparison import CHANGES, compare_runs
from assistant.audit.reports.html import comparison_page
from assistant.audit.types import AuditedAnswer

Measures = dict[str, tuple[float, float]]
ANSWERED = AuditedAnswer(
    id="q1",
    question="Is the sauna free?",
    groups={},
    outcome="answered",
    text="The sauna costs 9 euros. [1]",
    confidence=0.8,
    version=1,
)
SILENT = replace(ANSWERED, outcome="abstained", text="I could not find an answer.", measures={})


@pytest.mark.parametrize(
    ("measures", "kind", "told"),
    [
        ({"abstention_recall": (0.0, 1.0)}, "gone", "the documents do not answer it"),
        ({"expected_words": (0.0, 1.0), "document_if_answered": (1.0, 1.0)}, "gone", "without the expected words"),
        ({"document_if_answered": (0.0, 1.0)}, "gone", "another document"),
        ({"faithfulness": (1.0, 3.0)}, "gone", "faithfulness 0.33"),
        ({"expected_words": (1.0, 1.0), "document_if_answered": (0.0, 1.0)}, "lost", "rightly"),
        ({"document_if_answered": (1.0, 1.0)}, "lost", "from an expected document"),
        ({"faithfulness": (3.0, 3.0)}, "lost", "nothing tells"),
        ({}, "lost", "nothing tells"),
    ],
)
def test_bad_answers_that_are_gone_are_told_from_good_ones_that_are_lost(
    measures: Measures, kind: str, told: str
) -> None:
    """Expectations decide where there are any, else what an answer was supported by; no sign at all is a loss."""
    (change,) = compare_runs([replace(ANSWERED, measures=measures)], [SILENT]).changes
    assert change.kind == kind
    assert told in change.why


def test_what_is_gone_is_counted_apart() -> None:
    """The summary counts both, and what is lost comes first."""
    bad = replace(ANSWERED, id="q2", measures={"abstention_recall": (0.0, 1.0)})
    found = compare_runs([bad, ANSWERED], [replace(SILENT, id="q2"), SILENT])
    assert (found.counts()["lost"], found.counts()["gone"]) == (1, 1)
    assert CHANGES.index("lost") < CHANGES.index("gone")
    page = comparison_page("a", "b", found)
    assert "1 lost" in page
    assert "1 gone" in page
