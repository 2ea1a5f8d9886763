"""Runs: asked, measured, resumed, redacted, decided upon, written."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.app import build_assistant
from assistant.audit.compare.comparison import compare_runs
from assistant.audit.gate import Condition, decide
from assistant.audit.measure.metrics import rate_of
from assistant.audit.reports.html import run_page
from assistant.audit.reports.report import build_report, to_csv, to_json, to_markdown
from assistant.audit.review.labels import read_opinions
from assistant.audit.review.sheet import rows
from assistant.audit.runs.begin import Choice, gather, prepare, work
from assistant.audit.runs.cost import estimate
from assistant.audit.runs.folder import RunFolder
from assistant.audit.runs.questions import allocate, sample
from assistant.cli import app
from assistant.conversation.records import Records
from kb.errors import FaqError
from kb.knowledge_base import open_knowledge_base
from tests.assistant.audit.conftest import Company

Audit = Callable[[str], None]


def test_a_run_measures_what_is_known(company: Company, audit: Audit) -> None:
    """Quotes are faithful, the expected words and documents are found, the unanswerable is counted."""
    audit("one")
    answers = RunFolder(company.settings.home, "one").answers()
    assert len(answers) == 6
    assert rate_of(answers, "faithfulness").value == 1.0
    assert rate_of(answers, "citation_recall").value == 1.0
    by_id = {answer.id: answer for answer in answers}
    assert by_id["q1"].measures["expected_document"] == (1.0, 1.0)
    assert by_id["q1"].measures["expected_words"] == (1.0, 1.0)
    assert by_id["q1"].measures["context_recall"] == (1.0, 1.0)
    assert by_id["q4"].measures["abstention_recall"] == (0.0, 1.0)  # min_answerable is 0 here
    assert by_id["q1"].groups["topic"] == "returns"
    cited = by_id["q1"].citations[0]
    assert f"{cited.before}{cited.quote}{cited.after}".count("30 days") == 1


def test_nothing_private_is_written(company: Company, audit: Audit) -> None:
    """A customer's card number is in no file and no report; the company's own service line is."""
    rows = company.questions.read_text().replace("6, my card", "6")
    rows += json.dumps({"id": "q7", "text": "what is the service line? mail me at jo.doe@mail.example"}) + "\n"
    company.questions.write_text(rows)
    audit("one")
    folder = RunFolder(company.settings.home, "one")
    report = build_report(folder)
    written = "".join(path.read_text() for path in folder.path.iterdir())
    written += run_page(report) + to_markdown(report) + to_csv(report) + json.dumps(to_json(report))
    assert "4111 1111 1111 1111" not in written
    assert "jo.doe@mail.example" not in written
    assert "0800-555-1234" in written


def test_the_regions_of_the_settings_are_taken_out(company: Company) -> None:
    """A national number goes where its region is named, in answers and in reviewers' notes, and only there."""
    number = "03 123 45 67"
    row = json.dumps({"id": "q8", "text": f"I gave you {number} before. How long do parcels to islands take?"})
    company.questions.write_text(row + "\n")
    for region, name, kept in (("FI", "one", False), ("US", "two", True)):
        settings = company.settings.model_copy(update={"redact_regions": (region,)})
        work(prepare(settings, Choice(name=name, file=company.questions)), 1)
        folder = RunFolder(settings.home, name)
        assert (number in "".join(path.read_text() for path in folder.path.iterdir())) is kept
        (labelled,) = read_opinions(
            [{**next(rows(folder.answers(), "Ada")), "supported": "yes", "note": f"he gave {number} before"}],
            folder.answers(), None, settles=False, weights={}, regions=settings.redact_regions,
        )  # fmt: skip
        assert (number in labelled.note) is kept


def test_a_stopped_run_goes_on_where_it_was(company: Company, audit: Audit) -> None:
    """After a kill in the middle of a line, the same command asks what is left, each question once."""
    audit("whole")
    choice = Choice(name="cut", file=company.questions)
    prepared = prepare(company.settings, choice)
    whole = (RunFolder(company.settings.home, "whole").path / "answers.jsonl").read_bytes().splitlines(True)
    (prepared.folder.path / "answers.jsonl").write_bytes(b"".join(whole[:2]) + whole[2][:40])
    again = prepare(company.settings, choice)
    assert (again.done, len(again.left)) == (2, 4)
    work(again, 1)
    assert [a.id for a in again.folder.answers()] == ["q1", "q2", "q3", "q4", "q5", "q6"]


def test_another_run_of_the_same_name_is_refused(company: Company, audit: Audit) -> None:
    """A name that stands for other questions or another version is not written over."""
    audit("one")
    company.questions.write_text(company.questions.read_text().replace("kettles?", "kettles please?"))
    with pytest.raises(FaqError, match="choose another name"):
        prepare(company.settings, Choice(name="one", file=company.questions))


@pytest.mark.slow
def test_several_processes_give_the_same_run(company: Company, tmp_path: Path) -> None:
    """Two workers write the same answers in the same order as one."""
    many = tmp_path / "many.jsonl"
    rows = [json.loads(line) for line in company.questions.read_text().splitlines()]
    many.write_text(
        "".join(json.dumps({**row, "id": f"{row['id']}-{i}"}) + "\n" for i in range(6) for row in rows)
    )
    found = []
    for name, workers in (("alone", 1), ("both", 2)):
        work(prepare(company.settings, Choice(name=name, file=many)), workers)
        found.append([(a.id, a.text, a.measures) for a in RunFolder(company.settings.home, name).answers()])
    assert found[0] == found[1]


@pytest.mark.slow
def test_workers_end_with_a_killed_run(company: Company) -> None:
    """Killing an audit leaves no worker behind, and the same command goes on where it was."""
    rows = [{"id": f"r{n}", "text": f"how long is the warranty on kettles, case {n}?"} for n in range(3_000)]
    company.questions.write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-m", "assistant.cli", "audit", "run", str(company.questions), "--name", "killed"]
    folder = RunFolder(company.settings.home, "killed")
    with subprocess.Popen([*command, "--workers", "2"], stderr=subprocess.DEVNULL) as audit:
        _until(lambda: folder.exists and len(folder.answers()) > 3)
        children = Path(f"/proc/{audit.pid}/task/{audit.pid}/children").read_text().split()
        assert len(children) >= 2
        audit.kill()
    _until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    done = len(folder.answers())
    assert done < len(rows)
    left = prepare(company.settings, Choice(name="killed", file=company.questions)).left
    assert len(left) == len(rows) - done


def _until(true: Callable[[], bool], seconds: float = 300) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.2)


def test_recorded_answers_are_audited_as_given(company: Company) -> None:
    """A recorded answer is measured as it was given, also after the documents have changed."""
    with open_knowledge_base(company.settings) as knowledge_base:
        records = Records(company.settings.home)
        assistant = build_assistant(company.settings, knowledge_base, records)
        assistant.reply("how long is the warranty on kettles?", channel="web")
        records.close()
    by_topic = gather(company.settings, Choice(name="topics", file=None, recorded=True, size=1, stratify="topic"))
    assert [question.groups["topic"] for question in by_topic] == ["Warranty › Kettles"]
    company.edit("warranty.md", "2 years", "3 years")
    company.load()
    work(prepare(company.settings, Choice(name="records", file=None, recorded=True)), 1)
    (answer,) = RunFolder(company.settings.home, "records").answers()
    assert "2 years" in answer.text
    assert answer.version == 1
    assert answer.groups["channel"] == "web"
    assert answer.measures["faithfulness"][0] == answer.measures["faithfulness"][1]
    again = gather(company.settings, Choice(name="again", file=company.questions, recorded=True, again=True))
    assert len(again) == 7


def test_an_audit_is_no_conversation(company: Company, audit: Audit) -> None:
    """What an audit asks is not recorded as if a customer had asked."""
    audit("one")
    records = Records(company.settings.home)
    assert records.count() == 0
    records.close()


def test_samples_are_drawn_again_by_their_seed() -> None:
    """The same seed draws the same; strata keep their shares; a sample is no larger than what there is."""
    ids = [(f"q{i}", "zh" if i % 4 == 0 else "en") for i in range(100)]
    drawn = sample(ids, 20, 7, stratified=True)
    assert drawn == sample(ids, 20, 7, stratified=True) != sample(ids, 20, 8, stratified=True)
    assert sum(dict(ids)[i] == "zh" for i in drawn) == 5
    assert len(sample(ids, 500, 1, stratified=False)) == 100
    assert allocate({"a": 1, "b": 1, "c": 1}, 2) == {"a": 1, "b": 1, "c": 0}


def test_the_gate_decides_on_the_bound(company: Company, audit: Audit) -> None:
    """Six faithful answers do not prove 95 %; they do prove 30 %. A limit without another run is refused."""
    audit("one")
    home = company.settings.home
    strict, mild = (Condition.parse(f"faithfulness={r}", at_least=True) for r in ("95%", "0.3"))
    assert [d.passed for d in decide(home, "one", None, [strict, mild])] == [False, True]
    none_lost = Condition.parse("lost-answers=0", at_least=False)
    with pytest.raises(FaqError, match="--against RUN"):
        decide(home, "one", None, [none_lost])
    assert decide(home, "one", "one", [none_lost])[0].passed
    with pytest.raises(ValueError, match="METRIC=NUMBER"):
        Condition.parse("truth=1", at_least=True)
    with pytest.raises(ValueError, match="no rate"):
        Condition.parse("faithfulness=95", at_least=True)


def test_the_gate_waits_for_the_whole_run(company: Company) -> None:
    """A run that was stopped is not decided upon."""
    prepare(company.settings, Choice(name="begun", file=company.questions))
    with pytest.raises(FaqError, match="goes on where it was"):
        decide(company.settings.home, "begun", None, [Condition.parse("answered=0.1", at_least=True)])


def test_commands_keep_their_exit_codes(company: Company, tmp_path: Path) -> None:
    """0 for a gate that passes, 1 for one that does not or an error, 2 for a wrong condition."""
    runner = CliRunner()
    ran = runner.invoke(app, ["audit", "run", str(company.questions), "--name", "cli", "--json"])
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["run"] == "cli"
    gate = ["audit", "gate", "cli"]
    assert runner.invoke(app, [*gate, "--min", "faithfulness=0.3"]).exit_code == 0
    assert runner.invoke(app, [*gate, "--min", "faithfulness=0.99"]).exit_code == 1
    assert runner.invoke(app, [*gate, "--min", "faith=0.99"]).exit_code == 2
    assert runner.invoke(app, gate).exit_code == 2
    assert runner.invoke(app, ["audit", "report", "none"]).exit_code == 1
    page = tmp_path / "page.html"
    assert runner.invoke(app, ["audit", "report", "cli", "--out", str(page)]).exit_code == 0
    assert page.read_text().startswith("<!doctype html>")
    compared = runner.invoke(app, ["audit", "compare", "cli", "cli", "--format", "markdown"])
    assert "6 unchanged" in compared.stdout


def test_chat_models_are_estimated_before_they_are_called(company: Company) -> None:
    """Nothing is expected without a chat model; with a second judge calls, tokens and price are."""
    prepared = prepare(company.settings, Choice(name="one", file=company.questions))
    assert estimate(prepared.plan, prepared.left).calls == 0
    judged = prepare(company.settings, Choice(name="two", file=company.questions, second="openai:any"))
    expected = estimate(judged.plan, judged.left)
    assert expected.calls == 18
    assert expected.price(1.0, 2.0) == (expected.read + 2 * expected.written) / 1e6
    ran = CliRunner().invoke(
        app, ["audit", "run", str(company.questions), "--name", "three", "--second-judge", "openai:any"]
    )
    assert ran.exit_code == 1
    assert "nothing was called" in ran.stderr


def test_texts_cannot_break_out_of_the_page(company: Company, audit: Audit) -> None:
    """Markup in a question stays text: the page's data holds no tag, and its policy lets nothing be fetched."""
    row = {"id": "x", "text": "</script><img src=x onerror=alert(1)> returned days?"}
    company.questions.write_text(json.dumps(row) + "\n")
    audit("hostile")
    page = run_page(build_report(RunFolder(company.settings.home, "hostile")))
    assert "<img" not in page
    assert page.count("</script>") == 2
    assert "default-src 'none'" in page


def test_two_runs_are_paired_by_their_questions(company: Company, audit: Audit) -> None:
    """A changed document shows as a conflicting answer between two runs, the others as unchanged."""
    audit("before")
    company.edit("delivery.md", "cost 9 euros", "cost 12 euros")
    company.load()
    audit("after")
    first, second = (RunFolder(company.settings.home, name).answers() for name in ("before", "after"))
    found = compare_runs(first, second)
    assert {change.id: change.kind for change in found.changes}["q3"] == "conflicting"
    assert found.counts()["lost"] == 0
    assert found.metrics["expected_words"].worse == 1
