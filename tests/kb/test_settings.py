"""Settings from arguments, environment and file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import Settings
from ingest.settings import IngestSettings
from kb.errors import SettingsError
from kb.settings import NAMES, KnowledgeSettings


def test_arguments_win_over_environment_over_file(own_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument beats the environment, which beats faq.toml, which beats the default."""
    own_settings.write_text('embedder = "file"\nexact_limit = 1\nlock_timeout = 3\nweb_delay = 1\n')
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
def test_a_bad_setting_is_named(own_settings: Path, line: str, named: str) -> None:
    """The message names the setting, or the file when it is no TOML."""
    own_settings.write_text(line)
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


def test_a_file_that_is_named_has_to_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAQ_CONFIG that names nothing, or a folder, is an error that says so; without it there need be no file."""
    for place, told in ((tmp_path / "fak.toml", "fak.toml, which is not there"), (tmp_path, "is a folder")):
        monkeypatch.setenv("FAQ_CONFIG", str(place))
        with pytest.raises(SettingsError, match=told):
            KnowledgeSettings.load()
    monkeypatch.delenv("FAQ_CONFIG")
    monkeypatch.chdir(tmp_path)
    assert KnowledgeSettings.load().embedder == "bundled"


def test_settings_are_frozen_and_keep_secrets() -> None:
    """Settings cannot be set afterwards, and do not show keys and passwords when printed."""
    settings = KnowledgeSettings(embedder_api_key="sesame", database="postgresql://me:sesame@db/faq")
    with pytest.raises(ValidationError):
        settings.embedder = "other"
    assert "sesame" not in repr(settings)
    assert "sesame" not in str(settings)


@pytest.mark.parametrize("kind", [KnowledgeSettings, IngestSettings, Settings])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('embeder = "hashing"', "'embeder' is unknown, 'embedder' was meant"),
        ('Home = "/tmp"', "'home' was meant"),
        ('[[source]]\npath = "documents"', "'sources' was meant"),
        ("[web]\ndelay = 1", "'web' is unknown"),
        ("zzz = 1", "Known are home, database"),
    ],
)
def test_an_unknown_name_in_the_file_is_an_error(
    own_settings: Path, kind: type[KnowledgeSettings], text: str, told: str
) -> None:
    """Whoever reads the file, a key or a section that no package knows is named with the nearest one."""
    own_settings.write_text(text)
    with pytest.raises(SettingsError, match=told):
        kind.load()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[sources]]\npath = "documents"\naudiance = "staff"', "'documents'.*'audience' was meant"),
        ('[sources]\npath = "documents"', r"write \[\[sources\]\]"),
    ],
)
def test_an_unknown_name_in_a_source_is_an_error(own_settings: Path, text: str, told: str) -> None:
    """Its source is named, for it may have said who may see the documents."""
    own_settings.write_text(text)
    with pytest.raises(SettingsError, match=told):
        IngestSettings.load()


@pytest.mark.parametrize("kind", [KnowledgeSettings, IngestSettings, Settings])
def test_a_mistyped_variable_is_an_error(kind: type[KnowledgeSettings], monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is nearly a setting's is named with the setting; every package's own are known to all."""
    for name, names in NAMES.items():
        assert names, name
        monkeypatch.setenv(f"FAQ_{names[-1].upper()}", "CN" if names[-1] == "redact_regions" else "1")
    assert kind.load().home
    monkeypatch.setenv("FAQ_CHATMODEL", "openai:x")
    with pytest.raises(SettingsError, match=r"FAQ_CHATMODEL .* FAQ_CHAT_MODEL was meant"):
        kind.load()


def test_variables_of_other_programs_are_told_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is far from every setting is left alone but told of; what Kubernetes sets for a service is not told."""
    monkeypatch.setenv("FAQ_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("FAQ_PORT_80_TCP_ADDR", "10.0.0.1")
    KnowledgeSettings.load()
    assert caplog.text == ""
    monkeypatch.setenv("FAQ_QQQ", "1")
    KnowledgeSettings.load()
    assert "FAQ_QQQ" in caplog.text


def test_every_setting_is_listed_with_its_package() -> None:
    """The names that are known are those that are read, no more and no fewer."""
    own = set(KnowledgeSettings.model_fields)
    assert set(NAMES["kb"]) == own
    assert set(NAMES["ingest"]) == set(IngestSettings.model_fields) - own
    assert set(NAMES["assistant"]) == set(Settings.model_fields) - own
    with pytest.raises(TypeError, match=r"kb\.settings\.NAMES"):

        class Forgotten(KnowledgeSettings):
            colour: str = ""


def test_every_setting_is_in_the_readme() -> None:
    """The table of settings leaves none out."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert [
        name for names in NAMES.values() for name in names if f"`{name}`" not in readme and name != "sources"
    ] == []
