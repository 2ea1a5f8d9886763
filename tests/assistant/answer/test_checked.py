"""A draft's sentences against their sources: which source vouches, and what cannot be said by itself."""

from __future__ import annotations

from assistant.answer.checker import Checker
from assistant.answer.prompt import sources_of
from assistant.answer.sentence_stream import Written, written_sentences
from assistant.verify import Verifier
from kb.embedders.hashing import HashingEmbedder
from kb.types import Hit
from tests.conftest import one_chunk

PROSE = "经批准设立分支机构的银行，由管理机构颁发许可证。"
CASES = "有下列情形之一的，责令改正：\n（一）未经批准设立分支机构的；\n（二）违反规定提高利率的。"


def checked(sentence: str, *texts: str) -> tuple[list[str], list[str]]:
    """Return what goes out of a sentence that cites the first text, and the documents that it then cites."""
    chunks = [one_chunk(f"/{number}", text)[3][0] for number, text in enumerate(texts)]
    checker = Checker(Verifier(HashingEmbedder()), sources_of([Hit(chunk, 1.0) for chunk in chunks], 4000))
    kept = [statement for statement in checker.check(Written(sentence, (1,), "")) if statement.kept]
    return [s.text for s in kept], [q.hit.chunk.document_uri for s in kept for q in s.quotes]


def test_the_source_with_the_very_words_vouches() -> None:
    """A sentence that stands word for word in another source than the cited one goes out with that source."""
    sentence = "Members may lose points."
    late = "Members who pay late may after a month lose points."
    assert checked(sentence, late, "Points are yours. Members may lose points.") == ([sentence], ["/1"])


def test_a_case_of_a_list_is_only_quoted() -> None:
    """A case without its head states nothing, so in other words than the document's it does not go out."""
    assert "（一）经批准设立分支机构的；" not in checked("（一）经批准设立分支机构的；", PROSE)[0]
    assert checked("（一）未经批准设立分支机构的；", CASES)[0] == ["（一）未经批准设立分支机构的；"]


def test_items_in_one_line_are_sentences_of_their_own() -> None:
    """Of several items in one line each is checked for itself, with the marks behind it."""
    draft = "有下列情形的：（一）未付款的； [1] （二）迟到的； [2]（三）退货的。 [3]"
    found = [(written.text, written.numbers) for written in written_sentences([draft])]
    assert found == [("有下列情形的：（一）未付款的；", (1,)), ("（二）迟到的；", (2,)), ("（三）退货的。", (3,))]
