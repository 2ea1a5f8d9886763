"""Settings of ingestion: those of the knowledge base, the sources, and what a web site may cost."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_settings import NoDecode

from kb.errors import SettingsError
from kb.nearest import unknown_name
from kb.settings import KnowledgeSettings, config_file
from kb.types import Labels, Trust

Patterns = tuple[str, ...]


class SourceSettings(BaseModel):
    """One ``[[sources]]`` table of ``faq.toml``: a path or a url, what to take of it, what to label it.

    Attributes:
        path: file or folder; a relative one is seen from the folder of ``faq.toml``.
        url: a page, a sitemap, or several of them.
        include: patterns of what is taken, all without one: of names or paths below ``path``, or of addresses.
        exclude: patterns of what is left out, even where it is included.
        audience: label of documents that do not say their own; so are the following.
        brand: whose documents these are, where several companies, brands or shops share the installation.
        product: see above.
        language: see above, ``en`` or ``zh``.
        valid_from: first day.
        valid_until: last day, inclusive.
        trust: whose words these are, ``reviewed``, ``crawled`` or ``customers``; a path's are reviewed and a url's
            crawled where it is not said. No document can say it of itself.
        depth: links followed from the pages of ``url``, on the same site; 0 none.
        max_pages: of ``url``, at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = ""
    url: tuple[str, ...] = ()
    include: Patterns = ()
    exclude: Patterns = ()
    audience: str = ""
    brand: str = ""
    product: str = ""
    language: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    trust: Trust | None = None
    depth: int = Field(0, ge=0, le=10)
    max_pages: int = Field(500, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, table: object) -> object:
        if isinstance(table, dict):
            place = table.get("path") or table.get("url") or "no path or url"
            for name in table:
                if name not in cls.model_fields:
                    told = unknown_name(name, cls.model_fields)
                    raise SettingsError(
                        f"{config_file()}: in the source of {place!r} {told}: mend it, for it may say who may see "
                        "the documents"
                    )
        return table

    @field_validator("url", "include", "exclude", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _path_or_url(self) -> SourceSettings:
        if bool(self.path) == bool(self.url):
            raise ValueError("a source needs either path or url")
        return self

    @property
    def labels(self) -> Labels:
        """The labels that are laid on its documents."""
        trust = self.trust or (Trust.CRAWLED if self.url else Trust.REVIEWED)
        return Labels(
            audience=self.audience,
            brand=self.brand,
            product=self.product,
            language=self.language,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            trust=trust,
        )

    @property
    def folder(self) -> Path:
        """The path, absolute but for links in it."""
        return config_file().parent / Path(self.path).expanduser()


class IngestSettings(KnowledgeSettings):
    """What ingestion needs to know; each field but ``sources`` is also ``FAQ_<NAME>`` in the environment.

    Attributes:
        sources: what ``faq ingest`` without arguments keeps in sync.
        web_allow: networks that pages may be fetched from although they are private, ``10.1.0.0/16``; in the
            environment with commas between them.
        web_delay: seconds between two requests to one site; a longer one in its robots.txt is kept.
        web_timeout: seconds for one page, redirects included.
        web_max_bytes: of one page, unpacked.
        web_max_total: bytes of one site in one run.
        web_agent: what requests say they are; rules of robots.txt for a program named in it are kept.
        watch_seconds: between two looks at files with ``--watch``.
        watch_web_seconds: between two looks at web sites.
    """

    sources: tuple[SourceSettings, ...] = ()
    web_allow: Annotated[tuple[str, ...], NoDecode] = ()
    web_delay: float = Field(0.5, ge=0)
    web_timeout: float = Field(20.0, gt=0)
    web_max_bytes: int = Field(20_000_000, ge=1)
    web_max_total: int = Field(1_000_000_000, ge=1)
    web_agent: str = "faq-assistant"
    watch_seconds: float = Field(2.0, gt=0)
    watch_web_seconds: float = Field(3600.0, gt=0)

    @field_validator("sources", mode="before")
    @classmethod
    def _tables(cls, value: object) -> object:
        if isinstance(value, dict):
            raise SettingsError(f"{config_file()}: [sources] is one table: write [[sources]] above each source")
        return value

    @field_validator("web_allow", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        """Take a list, a list as JSON, or networks with commas between them."""
        if not isinstance(value, str):
            return value
        return [name for name in re.split(r"[\s,\[\]\"']+", value) if name]
