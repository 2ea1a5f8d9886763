"""Settings from arguments, environment and file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from ingest.settings import IngestSettings
from kb.errors import SettingsError
from kb.settings import KnowledgeSettings


def test_arguments_win_over_environment_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument beats the environment, which beats faq.toml, which beats the default."""
    (tmp_path / "faq.toml").write_text('embedder = "file"\nexact_limit = 1\nlock_timeout = 3\nunknown_to_kb = 1\n')
    monkeypatch.setenv("FAQ_EMBEDDER", "environment")
    monkeypatch.setenv("FAQ_EXACT_LIMIT", "2")
    settings = KnowledgeSettings.load(embedder="argument")
    assert (settings.embedder, settings.exact_limit, settings.lock_timeout) == ("argument", 2, 3.0)
    assert settings.vector_index == "auto"


def test_home_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAQ_HOME, else XDG_DATA_HOME as it is now, else ~/.local/share; a tilde is expanded."""
    assert KnowledgeSettings.load().home == tmp_path / "home"
    monkeypatch.delenv("FAQ_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert KnowledgeSettings.load().home == tmp_path / "xdg" / "faq"
    assert KnowledgeSettings.load(home="~/faq").home == Path.home() / "faq"


def test_the_database_is_in_the_home_unless_named(tmp_path: Path) -> None:
    """Without a URL it is SQLite in the home."""
    assert KnowledgeSettings(home=tmp_path).database_url == f"sqlite:///{tmp_path}/catalogue.sqlite3"
    assert KnowledgeSettings(database="postgresql://db/faq").database_url == "postgresql://db/faq"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('vector_index = "fast"', "FAQ_VECTOR_INDEX"),
        ("exact_limit = -1", "FAQ_EXACT_LIMIT"),
        ('lock_timeout = "soon"', "FAQ_LOCK_TIMEOUT"),
        ("exact_limit = ", "not valid TOML"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, line: str, named: str) -> None:
    """The message names the setting, or the file when it is no TOML."""
    (tmp_path / "faq.toml").write_text(line)
    with pytest.raises(SettingsError, match=named):
        KnowledgeSettings.load()


@pytest.mark.parametrize("written", ["10.0.0.0/8, 127.0.0.1", '["10.0.0.0/8", "127.0.0.1"]'])
def test_networks_are_named_in_the_environment(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAQ_WEB_ALLOW takes what an operator would type, and a list as JSON."""
    monkeypatch.setenv("FAQ_WEB_ALLOW", written)
    assert IngestSettings.load().web_allow == ("10.0.0.0/8", "127.0.0.1")


def test_a_table_in_the_environment_that_is_no_json_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message blames the environment, not faq.toml."""
    monkeypatch.setenv("FAQ_SOURCES", "docs")
    with pytest.raises(SettingsError, match="FAQ_SOURCES in the environment is no JSON"):
        IngestSettings.load()


def test_settings_are_frozen_and_keep_secrets() -> None:
    """Settings cannot be set afterwards, and do not show keys and passwords when printed."""
    settings = KnowledgeSettings(embedder_api_key="sesame", database="postgresql://me:sesame@db/faq")
    with pytest.raises(ValidationError):
        settings.embedder = "other"
    assert "sesame" not in repr(settings)
    assert "sesame" not in str(settings)
