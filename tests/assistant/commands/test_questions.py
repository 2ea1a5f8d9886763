"""What people type, pipe and send: empty, endless, in bytes that are no UTF-8."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.types import LONGEST_MESSAGE
from tests.assistant.commands.conftest import ROOT


def test_a_dash_reads_the_question_from_standard_input(faq: Any) -> None:
    """What another program writes can be asked, several lines of it too."""
    faq("ingest", "documents")
    assert "30 days" in faq("ask", "-", typed="How long can I\nreturn a kettle?\n").stdout
    assert "Canada" in faq("search", "-", typed="Canada").stdout


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("typed", ["", "  \n", "a" * 100_000])
def test_an_empty_or_endless_question_is_wrong_usage(faq: Any, command: str, typed: str) -> None:
    """It is refused with its reason before anything is opened, however it comes."""
    for result in (faq(command, typed, code=2), faq(command, "-", typed=typed, code=2)):
        assert "100,000 characters" in result.stderr or "question is empty" in result.stderr


def test_an_endless_message_of_a_conversation_is_refused_in_its_language(faq: Any) -> None:
    """A prompt and a batch go on after it; the customer is told how long a message may be."""
    faq("ingest", "documents")
    typed = f"{'why ' * 30_000}\nHow long can I return a kettle?\n"
    told = faq("chat", typed=typed).stdout
    assert f"at most {LONGEST_MESSAGE:,}" in told
    assert "30 days" in told
    Path("batch.jsonl").write_text(json.dumps({"id": 1, "text": "为什么" * LONGEST_MESSAGE}))
    row = json.loads(faq("ask", "--batch", "batch.jsonl").stdout)
    assert row["outcome"] == "clarify"
    assert str(LONGEST_MESSAGE) in row["text"]


def test_bytes_that_are_no_utf8_get_a_reply(faq: Any, process: Any) -> None:
    """On standard input and at the prompt, in a locale without UTF-8 too; what was wrong is told on stderr."""
    faq("ingest", "documents")
    question = b"How long can I return a \xff kettle?"
    asked = process("ask", "-", typed=question)
    talked = process("chat", typed=question + b"\n\xe9\n/sources\n", LC_ALL="C")
    for done in (asked, talked):
        assert done.returncode == 0, done.stderr
        assert b"30 days" in done.stdout
        assert b"Traceback" not in done.stderr
    assert b"no UTF-8" in asked.stderr


def test_arguments_that_are_no_utf8_get_a_reply(faq: Any) -> None:
    """A shell hands such bytes on as halves of characters: in a question, and in a filter."""
    faq("ingest", "documents")
    half = os.fsdecode(b"\xff")
    for command in ("ask", "search"):
        result = faq(command, f"How long can I return a {half} kettle?", "--audience", half)
        assert "30 days" in result.stdout
        assert "no UTF-8" in result.stderr
    assert "not a day" in faq("ask", "kettle", "--on", half, code=2).stderr


def test_half_characters_in_a_batch_get_a_reply(faq: Any) -> None:
    """In id, text, role and history; the id comes back as it was sent."""
    faq("ingest", "documents")
    row = {"id": "\ud83d", "text": "return a kettle \udc00?", "history": [{"role": "\udfff", "text": "\ud83d"}]}
    Path("batch.jsonl").write_text(json.dumps(row))
    for command in ("ask", "search"):
        (line,) = faq(command, "--batch", "batch.jsonl").stdout.splitlines()
        assert json.loads(line)["id"] == "\ud83d"
        assert "30 days" in line


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"id": 1, "text": "caf\xe9"}', "line 2 of batch.jsonl is no UTF-8 (byte 0xe9"),
        (b"[" * 100_000, "line 2 of batch.jsonl is no JSON"),
        (b'{"id": 1, "text": 7}', "row 2 of batch.jsonl has no text"),
        (b'{"id": 1, "text": "why?", "history": "because"}', "row 2 of batch.jsonl: history is 'because'"),
        (b'{"id": 1, "text": "why?", "history": [{"text": "a"}]}', "message 1 of the history"),
    ],
)
def test_a_bad_row_is_named_before_any_is_answered(faq: Any, line: bytes, told: str) -> None:
    """The reason names the row; no row was answered, so that nothing is answered twice."""
    faq("ingest", "documents")
    Path("batch.jsonl").write_bytes(b'\xef\xbb\xbf{"id": 0, "text": "Canada"}\n' + line)
    result = faq("ask", "--batch", "batch.jsonl", code=1)
    assert told in result.stderr
    assert result.stdout == ""


def test_a_batch_can_be_piped(faq: Any) -> None:
    """``--batch -`` reads the rows from standard input."""
    faq("ingest", "documents")
    assert json.loads(faq("ask", "--batch", "-", typed='{"id": "a", "text": "Canada"}\n').stdout)["id"] == "a"


def test_a_file_whose_name_is_no_utf8_is_named(faq: Any) -> None:
    """It fails alone, in a folder and by itself, at the first load and at the next one."""
    Path(os.fsdecode(b"documents/caf\xe9.md")).write_text("# Coffee\n\nThe bar opens at nine.\n")
    for arguments in (["documents"], ["documents"], [os.fsdecode(b"documents/caf\xe9.md")]):
        report = json.loads(faq("ingest", *arguments, "--json", code=1).stdout)
        assert [failure["error"] for failure in report["failures"]] == ["UnreadableFile"]
        assert "no UTF-8" in report["failures"][0]["message"]
        assert report["failures"][0]["uri"].endswith("caf\udce9.md")
    assert "30 days" in faq("ask", "How long can I return a kettle?").stdout


def test_half_characters_in_records_are_loaded(faq: Any) -> None:
    """In an id, a text, a label or a field of one's own; the records beside them are loaded too."""
    rows = [
        {
            "id": "\ud800",
            "question": "Do you sell \udfff lamps?",
            "answer": "Yes, \ud800 lamps.",
            "product": "\udc00",
        },
        {"id": "\udbff", "question": "Do you sell desks?", "answer": "No desks.", "shelf\ud800": "\udc00"},
    ]
    Path("documents/odd.jsonl").write_text("\n".join(map(json.dumps, rows)))
    report = json.loads(faq("ingest", "documents", "--json").stdout)
    assert report["failures"] == []
    assert len(report["added"]) == 4
    assert "No desks." in faq("ask", "Do you sell desks?").stdout


def test_chat_sees_what_its_options_let_it_see(faq: Any) -> None:
    """``faq chat`` takes the filters that ``faq ask`` takes, and ``any`` day means any."""
    Path("documents/staff.md").write_text("---\naudience: staff\n---\n# Gates\n\nThe gate opens at six.\n")
    Path("documents/old.md").write_text("---\nvalid_until: 2020-01-01\n---\n# Lamps\n\nLamps burn oil.\n")
    faq("ingest", "documents")
    gate, lamps = "When does the gate open?", "What do lamps burn?"
    assert "six" not in faq("chat", typed=f"{gate}\n").stdout
    assert "six" in faq("chat", "--audience", "staff", typed=f"{gate}\n").stdout
    assert "oil" not in faq("chat", typed=f"{lamps}\n").stdout
    for options in (["--on", "any"], ["--on", "2019-12-31"]):
        assert "oil" in faq("chat", *options, typed=f"{lamps}\n").stdout
        assert "oil" in faq("ask", lamps, *options).stdout


def test_the_version_is_told(faq: Any) -> None:
    """``faq --version`` names the release."""
    assert faq("--version").stdout.startswith("faq 0.")


@pytest.mark.parametrize(
    ("shell", "asking"),
    [
        ("bash", {"COMP_WORDS": "faq se", "COMP_CWORD": "1"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "faq se"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "faq se", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_shells_complete_commands(shell: str, asking: dict[str, str]) -> None:
    """Each shell gets the script that asks, and the answer."""
    script = "import sys; sys.argv[0] = 'faq'; from assistant.cli import main; main()"

    def told(**environment: str) -> str:
        environment |= {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", script]
        return subprocess.run(command, capture_output=True, text=True, env=environment).stdout

    assert "complete" in told(_FAQ_COMPLETE=f"source_{shell}")
    assert "search" in told(_FAQ_COMPLETE=f"complete_{shell}", **asking)
