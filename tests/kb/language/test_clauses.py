"""Clauses named by their number."""

from __future__ import annotations

import pytest

from kb.language.clauses import is_clause, named_clause


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("What does clause 2.2 say?", "2.2"),
        ("Please read section 4 (b) to me", "4(b)"),
        ("§ 12", "12"),
        ("Show me Article No. 7.", "7"),
        ("第 十二 条说了什么？", "12"),
        ("第3款的内容是什么", "3"),
        ("附件甲", "甲"),
        ("第一百零二條規定什麼", "102"),
        ("Is clause 2.2 fair?", ""),
        ("第十二条适用于学生吗", ""),
        ("What does it say?", ""),
    ],
)
def test_a_question_for_the_words_of_a_clause_names_it(question: str, number: str) -> None:
    """The number comes in digits; a question for anything else of a clause names none."""
    assert named_clause(question) == number


@pytest.mark.parametrize(
    ("line", "number", "begins"),
    [
        ("2.2 A berth", "2.2", True),
        ("## Clause 4 (b): berths", "4(b)", True),
        ("## 4(b): berths", "4(b)", True),
        ("2.21 A berth", "2.2", False),
        ("第十二条 期限", "12", True),
        ("第十二條 期限", "12", True),
        ("十二、期限", "12", True),
        ("第三十二条 期限", "12", False),
        ("See 2.2 for berths", "2.2", False),
    ],
)
def test_a_line_begins_with_the_number_of_its_clause(line: str, number: str, begins: bool) -> None:
    """In digits or Chinese numerals, behind the marks of a heading, and not where it is only referred to."""
    assert is_clause(line, number) is begins
