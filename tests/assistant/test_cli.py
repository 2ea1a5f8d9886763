"""The command, as people and scripts use it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app

ROWS = [
    {
        "id": "r1",
        "question": "How long can I return a kettle?",
        "answer": "Kettles can be returned within 30 days.",
    },
    {"id": "r2", "question": "水壶坏了怎么办？", "answer": "请联系客服，一年内免费维修水壶。"},
]


@pytest.fixture
def faq(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run the command in a folder with two documents, with an embedder that needs no model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAQ_EMBEDDER", "hashing")
    monkeypatch.setenv("FAQ_MIN_ANSWERABLE", "0")
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "shipping.md").write_text("# Shipping\n\nWe ship to Canada in five days.\n")
    (documents / "faq.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS))

    def run(*arguments: str, code: int = 0, typed: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments), input=typed)
        assert result.exit_code == code, result.output
        return result

    return run


def rows(result: Result) -> list[dict[str, Any]]:
    """Return the JSON rows on stdout."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_ingest_reports_as_json(faq: Any) -> None:
    """A script sees what was added, with nothing else on stdout."""
    (report,) = rows(faq("ingest", "documents", "--json"))
    assert len(report["added"]) == 3
    assert report["version"]["number"] == 1
    assert report["failures"] == []


def test_bad_file_gives_exit_code_1_and_the_rest_is_loaded(faq: Any) -> None:
    """The failed file is named with its error on stderr."""
    Path("documents/broken.docx").write_bytes(b"PK\x03\x04nothing")
    result = faq("ingest", "documents", code=1)
    assert "broken.docx: DamagedFile" in result.stderr
    assert faq("search", "Canada", "--json").stdout


def test_dry_run_changes_nothing(faq: Any) -> None:
    """What would be added is listed on stdout, and the knowledge base stays empty."""
    result = faq("ingest", "documents", "--dry-run")
    assert "+ documents/shipping.md" in result.stdout
    assert "KnowledgeBaseEmpty" in faq("kb", "status", code=1).stderr


def test_search_row_has_the_promised_fields(faq: Any) -> None:
    """The contract of `faq search --json`."""
    faq("ingest", "documents")
    (found,) = rows(faq("search", "return a kettle", "--top-k", "2", "--json"))
    assert 0 <= found["answerable"] <= 1
    assert len(found["hits"]) == 2
    hit = found["hits"][0]
    assert {"chunk_id", "document_uri", "record_id", "page", "score", "text"} <= hit.keys()
    assert hit["record_id"] == "r1"
    assert hit["document_uri"].endswith("/documents/faq.jsonl#r1")


def test_ask_answers_with_a_citation(faq: Any) -> None:
    """The contract of `faq ask --json`: the quote stands word for word in the document."""
    faq("ingest", "documents")
    (answer,) = rows(faq("ask", "How", "long", "can", "I", "return", "a", "kettle?", "--json"))
    assert answer["outcome"] == "answered"
    assert "[1]" in answer["text"]
    (citation,) = answer["citations"]
    assert {"number", "document_uri", "record_id", "page", "quote"} <= citation.keys()
    assert citation["quote"] == ROWS[0]["answer"]


def test_batches_keep_ids_and_order(faq: Any, tmp_path: Path) -> None:
    """One row in, one row out, with the conversation of each taken into account."""
    faq("ingest", "documents")
    history = [{"role": "user", "text": "How long can I return a kettle?"}]
    questions = [
        {"id": "x", "text": "水壶坏了怎么办"},
        {"id": 7, "text": "and after that?", "history": history},
        {"id": "empty", "text": ""},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in questions))
    answers = rows(faq("ask", "--batch", str(path)))
    assert [row["id"] for row in answers] == ["x", 7, "empty"]
    assert [row["outcome"] for row in answers] == ["answered", "answered", "clarify"]
    assert answers[1]["citations"][0]["record_id"] == "r1"
    found = rows(faq("search", "--batch", str(path), "--top-k", "1"))
    assert [len(row["hits"]) for row in found] == [1, 1, 0]


def test_chat_remembers_and_shows_sources(faq: Any) -> None:
    """A follow-up is understood from the turn before, and not answered by the same words; /sources shows them."""
    faq("ingest", "documents")
    result = faq("chat", typed="How long can I return a kettle?\n/sources\nand what about that?\n/quit\n")
    assert result.stdout.count("30 days. [1]") == 1
    assert "is all that I find about this" in result.stdout
    assert "faq.jsonl#r1" in result.stdout


def test_rollback_brings_back_what_was_removed(faq: Any) -> None:
    """A load is taken back with one command, and the versions tell."""
    faq("ingest", "documents")
    Path("documents/shipping.md").unlink()
    faq("ingest", "documents")
    assert all("Canada" not in hit["text"] for hit in rows(faq("search", "Canada", "--json"))[0]["hits"])
    faq("kb", "rollback", "1")
    assert any("Canada" in hit["text"] for hit in rows(faq("search", "Canada", "--json"))[0]["hits"])
    assert "rollback to 1" in faq("kb", "versions").stdout
    assert faq("kb", "diff", "2").stdout.startswith("+ documents/shipping.md")
    assert "agree" in faq("kb", "verify").stderr


def test_diff_shows_the_lines_that_changed(faq: Any) -> None:
    """A changed document is shown with its old and new line."""
    faq("ingest", "documents")
    Path("documents/shipping.md").write_text("# Shipping\n\nWe ship to Canada in nine days.\n")
    faq("ingest", "documents")
    shown = faq("kb", "diff", "1").stdout
    assert "- We ship to Canada in five days." in shown
    assert "+ We ship to Canada in nine days." in shown
    assert faq("kb", "diff").stdout == shown
    Path("documents/shipping.md").unlink()
    faq("ingest", "documents")
    assert faq("kb", "diff").stdout == "- documents/shipping.md\n"


def test_a_folder_without_files_is_told(faq: Any) -> None:
    """Somebody who named the wrong folder learns that nothing is in it."""
    Path("empty").mkdir()
    assert "no files to load were found" in faq("ingest", "empty").stderr


def test_answers_go_on_where_they_cannot_be_recorded(faq: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A file of records that cannot be opened is reported; the customer is answered."""
    faq("ingest", "documents")
    Path(os.environ["FAQ_HOME"], "records.sqlite3").mkdir()
    assert "30 days" in faq("ask", "How long can I return a kettle?").stdout
    assert "answers are not recorded" in caplog.text


def test_usage_errors_give_exit_code_2(faq: Any) -> None:
    """Neither a question nor a batch, or both, is wrong usage."""
    faq("ask", code=2)
    faq("ask", "why?", "--batch", "questions.jsonl", code=2)


def test_our_errors_give_exit_code_1_without_a_traceback(faq: Any) -> None:
    """An error says its name and what to do next."""
    result = faq("ask", "anything", code=1)
    assert "KnowledgeBaseEmpty" in result.stderr
    assert "faq ingest" in result.stderr
    assert "Traceback" not in result.output
    assert "UnreadableFile" in faq("ingest", "nowhere", code=1).stderr


@pytest.mark.slow
def test_asking_imports_nothing_heavy(faq: Any, tmp_path: Path) -> None:
    """The default path of `faq ask` needs neither torch nor transformers nor LangChain nor Chroma."""
    code = (
        "import sys; from assistant.cli import app\n"
        "try: app(['ask', 'How long can I return a kettle?'])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'langchain', 'langchain_core', 'chromadb'}\n"
        "print(sorted(heavy & {name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    environment = {**os.environ, "FAQ_EMBEDDER": "bundled", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "assistant.cli", "ingest", "documents"]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().endswith("[]")
    assert "30 days" in done.stdout
