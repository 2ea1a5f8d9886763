"""Settings of the knowledge base: ``faq.toml`` and ``FAQ_*`` environment variables, read once."""

from __future__ import annotations

import os
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


def default_home() -> Path:
    """Return ``$XDG_DATA_HOME/faq``, by default ``~/.local/share/faq``."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "faq"


def config_file() -> Path:
    """Return the ``faq.toml`` to read: ``$FAQ_CONFIG``, else the one in the working directory."""
    return Path(os.environ.get("FAQ_CONFIG") or "faq.toml")


class KnowledgeSettings(BaseSettings):
    """What the knowledge base needs to know; each field is also ``FAQ_<NAME>`` in the environment.

    Attributes:
        home: folder of all state.
        database: SQLAlchemy URL; empty means SQLite in ``home``.
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
        """Arguments win over the environment, the environment over ``faq.toml``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())

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
                f"mend it in {config_file()} or in the environment variable FAQ_{name.upper()}"
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
        return self.database or f"sqlite:///{self.home / 'catalogue.sqlite3'}"
