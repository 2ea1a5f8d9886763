"""Settings of the knowledge base: ``faq.toml`` and ``FAQ_*`` environment variables, read once."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableSetting

from kb.errors import SettingsError
from kb.nearest import nearest, unknown_name

NAMES: Mapping[str, tuple[str, ...]] = {
    "kb": (
        "home", "database", "brand", "embedder", "embedder_base_url", "embedder_api_key", "reranker",
        "rerank_hits", "vector_index", "chroma_url", "exact_limit", "lock_timeout",
    ),
    "ingest": (
        "sources", "web_allow", "web_delay", "web_timeout", "web_max_bytes", "web_max_total", "web_agent",
        "watch_seconds", "watch_web_seconds",
    ),
    "assistant": (
        "min_answerable", "max_quotes", "chat_model", "chat_base_url", "chat_api_key", "chat_seconds",
        "chat_tokens", "chat_sources", "chat_retries", "contact", "record", "redact_regions",
    ),
}  # fmt: skip
"""Every setting there is, by the package that reads it: one file holds them all, so every reading knows all names.
A package is told of a mistyped name also where it is another package's."""

_ALL = tuple(name for names in NAMES.values() for name in names)
_OTHER_VARIABLES = (
    "config",
    "eval_data",
    "peer_model",
    "peers",
    "documents",
)  # of this command, and of benchmarks
_OF_KUBERNETES = re.compile(r"(?:service_|port)")  # which tells every pod of a service named faq where that is
_log = logging.getLogger(__name__)


def default_home() -> Path:
    """Return ``$XDG_DATA_HOME/faq``, by default ``~/.local/share/faq``."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "faq"


def config_file() -> Path:
    """Return the ``faq.toml`` to read: ``$FAQ_CONFIG``, else the one in the working directory."""
    return Path(os.environ.get("FAQ_CONFIG") or "faq.toml")


CATALOGUE_FILE = "catalogue.sqlite3"
"""Name of the database in ``home``, where the settings name no other one."""


class KnowledgeSettings(BaseSettings):
    """What the knowledge base needs to know; each field is also ``FAQ_<NAME>`` in the environment.

    Attributes:
        home: folder of all state.
        database: SQLAlchemy URL; empty means SQLite in ``home``.
        brand: whose documents are asked where a question does not say it; empty: the one brand there is.
        embedder: ``bundled``, ``sentence-transformers:NAME_OR_FOLDER``, ``openai:MODEL`` or ``hashing``.
        embedder_base_url: of an OpenAI-compatible server, for ``openai:MODEL``.
        embedder_api_key: for ``openai:MODEL``.
        reranker: ``cross-encoder:NAME_OR_FOLDER``; empty: none.
        rerank_hits: the best hits of a search that a reranker reads.
        vector_index: ``auto`` searches exactly up to ``exact_limit`` vectors and by Chroma's HNSW graph
            above; ``exact`` and ``chroma`` choose one; ``chroma-server`` uses the server at ``chroma_url``.
        chroma_url: ``http://host:port`` of a Chroma server.
        exact_limit: number of vectors up to which all of them are compared.
        lock_timeout: seconds that a writer waits for another one.
    """

    model_config = SettingsConfigDict(env_prefix="FAQ_", frozen=True, extra="ignore")

    home: Path = Field(default_factory=default_home)
    database: str = Field("", repr=False)  # may hold a password
    brand: str = ""
    embedder: str = "bundled"
    embedder_base_url: str = ""
    embedder_api_key: str = Field("", repr=False)
    reranker: str = ""
    rerank_hits: int = Field(30, ge=1)
    vector_index: Literal["auto", "exact", "chroma", "chroma-server"] = "auto"
    chroma_url: str = "http://127.0.0.1:8000"
    exact_limit: int = Field(100_000, ge=0)
    lock_timeout: float = Field(10.0, ge=0)

    @field_validator("home")
    @classmethod
    def _expand(cls, home: Path) -> Path:
        return home.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over ``faq.toml``.

        Raises:
            SettingsError: the file that was named is not there, it has a name that no setting has, or the
                environment nearly the name of one.
        """
        _check_named(os.environ.get("FAQ_CONFIG", ""))
        file = TomlConfigSettingsSource(settings_cls, config_file())
        _check_file(file.toml_data)
        _check_environment(os.environ)
        return init_settings, env_settings, file

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Raise TypeError for a setting that ``NAMES`` lacks: another package would take it for mistyped."""
        if missing := sorted(cls.model_fields.keys() - set(_ALL)):
            raise TypeError(f"{cls.__name__} reads {', '.join(missing)}: list them in kb.settings.NAMES")

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Read file and environment; raise SettingsError that names what is wrong and where."""
        try:
            return cls(**overrides)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise SettingsError(
                f"setting {name!r} is {first.get('input')!r}, but {first['msg'].lower()}: "
                f"mend it in {config_file()} or in the environment variable FAQ_{str(first['loc'][0]).upper()}"
            ) from error
        except UnreadableSetting as error:  # of the environment, which holds lists and tables as JSON
            name = str(error).partition('field "')[2].partition('"')[0]
            raise SettingsError(
                f"FAQ_{name.upper()} in the environment is no JSON: write {name!r} in {config_file()} instead"
            ) from error
        except ValueError as error:
            raise SettingsError(f"{config_file()} is not valid TOML ({error}): mend that line") from error
        except OSError as error:
            raise SettingsError(f"{config_file()} cannot be read ({error}): mend its permissions") from error

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database or f"sqlite:///{self.home / CATALOGUE_FILE}"


def _check_named(place: str) -> None:
    """Refuse a file of settings that was named and is none; without a name there need be no file."""
    if place and (Path(place).is_dir() or not Path(place).exists()):
        seen = "is a folder" if Path(place).is_dir() else "is not there"
        raise SettingsError(f"FAQ_CONFIG names {place}, which {seen}: name a faq.toml, or unset it")


def _check_file(names: Iterable[str]) -> None:
    for name in names:
        if name not in _ALL:
            raise SettingsError(f"{config_file()}: {unknown_name(name, _ALL)}: mend it or take it out")


def _check_environment(environment: Iterable[str]) -> None:
    """Refuse a variable that is nearly a setting's; another one may be another program's, and is only told."""
    for variable in environment:
        name = variable.casefold().removeprefix("faq_")
        if name == variable.casefold() or name in _ALL or name in _OTHER_VARIABLES or _OF_KUBERNETES.match(name):
            continue
        if meant := nearest(name, _ALL):
            raise SettingsError(
                f"{variable} in the environment is no setting; FAQ_{meant.upper()} was meant? Mend it, or unset it"
            )
        _log.warning("%s in the environment is no setting of faq and is not looked at: unset it", variable)
