"""The second judge: a chat model whose words are only read as verdicts."""

from __future__ import annotations

import pytest

from assistant.audit.measure.chat_judge import ChatJudge, open_chat_judge
from assistant.chat_model import ChatModel
from assistant.settings import Settings
from kb.errors import ChatModelError

pytestmark = pytest.mark.slow  # the chat extra


def _model(*replies: str, seconds: float = 10, sleep: float | None = None) -> ChatModel:
    fakes = pytest.importorskip("langchain_core.language_models.fake_chat_models", reason="the extra chat")
    fake = fakes.FakeListChatModel(responses=list(replies), sleep=sleep)
    return ChatModel("fake", lambda: fake, seconds=seconds, tokens=2000, retries=0)


def test_verdicts_are_read_out_of_a_reply() -> None:
    """A list among other words is found; a claim without evidence is rejected and nothing is asked."""
    said = 'Here: [{"supported": true, "reason": "same"}, {"supported": false, "reason": "30, not 90"}] done'
    judge = ChatJudge(_model(said))
    first, second = judge.verdicts(["30 days", "90 days"], ["Returns within 30 days."])
    assert first.supported
    assert not second.supported
    assert second.reason == "30, not 90"
    assert judge.verdicts([], ["x"]) == []
    assert not judge.verdicts(["30 days"], [])[0].supported


@pytest.mark.parametrize("said", ["yes", "[]", '[{"supported": "true"}]', '[{"ok": true}]', "]["])
def test_a_reply_that_is_no_verdict_is_an_error(said: str) -> None:
    """What is not the list that was asked for is asked again once, then named."""
    with pytest.raises(ChatModelError, match="JSON list of 1 verdicts"):
        ChatJudge(_model(said, said)).verdicts(["30 days"], ["Returns within 30 days."])


def test_a_second_try_counts() -> None:
    """Garbage once is forgiven."""
    judge = ChatJudge(_model("hm", '[{"supported": true}]'))
    assert judge.verdicts(["30 days"], ["Returns within 30 days."])[0].supported


def test_an_unknown_model_is_named() -> None:
    """A name that no provider knows is an error that says how to name one."""
    pytest.importorskip("langchain", reason="the extra chat")
    with pytest.raises(ChatModelError, match="provider:model"):
        open_chat_judge(Settings.load(), "nobody-knows-this")


def test_a_judge_that_never_ends_is_an_error() -> None:
    """A model that takes longer than the settings allow for an answer does not hold up an audit."""
    judge = ChatJudge(_model('[{"supported": true}]', seconds=0.3, sleep=0.2))
    with pytest.raises(ChatModelError, match=r"not done after 0\.3 seconds"):
        judge.verdicts(["30 days"], ["Returns within 30 days."])
