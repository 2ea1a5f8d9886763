"""A chat model that cannot be opened is an error of the settings."""

from __future__ import annotations

import pytest

from assistant.chat_model import open_chat_model
from kb.errors import SettingsError


@pytest.mark.parametrize("name", ["openai:small", "nobody:small", "small"])
def test_a_model_that_cannot_be_opened_is_an_error_of_the_settings(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider without its key, one that nobody knows, and none: each names the setting."""
    pytest.importorskip("langchain_openai", reason="the extra chat")
    for variable in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.delenv(variable, raising=False)
    model = open_chat_model(name, base_url="", api_key="", seconds=1, tokens=8, retries=0)
    with pytest.raises(SettingsError, match=f"FAQ_CHAT_MODEL is '{name}'"):
        model.open()
    with pytest.raises(SettingsError, match=f"FAQ_CHAT_MODEL is '{name}'"):
        list(model.stream([("human", "Hello")]))
