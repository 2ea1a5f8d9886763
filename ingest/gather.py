"""From what somebody names, or what ``faq.toml`` lists, to what is to be loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ingest.settings import IngestSettings, SourceSettings
from ingest.sources.files import below, find_configured, find_sources, wanted
from ingest.types import SourceFile, Sources, UnreachedPage
from kb.errors import LoadError, SettingsError
from kb.types import Labels, Trust

if TYPE_CHECKING:
    from ingest.sources.web.crawl import Follower, Site


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is to be loaded.

    Attributes:
        sources: the files.
        roots: absolute paths that were named; what vanished below them is removed.
        note: kept with the version.
    """

    sources: Sources
    roots: tuple[str, ...]
    note: str


def _shown(url: str) -> str:
    from ingest.sources.web.address import shown_url  # with httpx, which files do not need

    return shown_url(url)


def is_url(argument: str) -> bool:
    """Tell whether an argument is a web address."""
    return argument.casefold().startswith(("http://", "https://"))


def gather(
    arguments: Sequence[str],
    settings: IngestSettings,
    follower: Follower | None = None,
    depth: int = 0,
    *,
    web: bool = True,
    trust: Trust | None = None,
    distrusted: Mapping[str, Trust] = MappingProxyType({}),
) -> Gathered:
    """Find the files of paths and addresses; without arguments those of all configured sources.

    A configured source lays its labels on files that are named one by one, too: else a document for staff could
    become one for everyone by being named.

    Args:
        arguments: paths and web addresses.
        settings: with the configured sources.
        follower: of crawls.
        depth: links to follow from named addresses.
        web: whether to look at web sites; without, what was loaded of them stays.
        trust: whose words the arguments hold; None: as their sources say, else files are reviewed, pages crawled.
        distrusted: uris of files that were loaded as less than reviewed; they do not rise unless somebody says so.

    Raises:
        SettingsError: there are neither arguments nor configured sources, or a file would be trusted more than
            before without a word.
        UnreadableFile: a named path is missing.
        UnsupportedFormat: a named file has no loader.
        ForbiddenAddress: a named address is none.
    """
    if not arguments:
        return _configured(settings, follower, web)
    paths = [Path(argument) for argument in arguments if not is_url(argument)]
    found = [find_sources(paths)] if paths else []
    found = [replace(found[0], files=tuple(_labelled(file, settings) for file in found[0].files))] if found else []
    urls = tuple(argument for argument in arguments if is_url(argument))
    if urls:
        from ingest.sources.web.crawl import Site

        # Each address is a site of its own, so that what it consists of is remembered whatever it was named with.
        sites = [
            Site(urls=(url,), depth=depth, max_bytes=settings.web_max_total, labels=_labels_of_page(url, settings))
            for url in urls
        ]
        found += _crawled(sites, settings, follower)
    if trust is not None:
        found = [replace(part, files=tuple(_trusted(file, trust) for file in part.files)) for part in found]
    else:
        _refuse_to_rise(found, settings, distrusted)
    roots = [Path(os.path.abspath(path)).as_posix() for path in paths]
    return Gathered(_joined(found), tuple(roots), "ingest " + " ".join([*roots, *map(_shown, urls)]))


def _labels_of_page(url: str, settings: IngestSettings) -> Labels:
    """Return the labels of the first configured source that names an address."""
    return next((s.labels for s in settings.sources if url in s.url), Labels(trust=Trust.CRAWLED))


def _trusted(file: SourceFile, trust: Trust) -> SourceFile:
    return replace(file, labels=replace(file.labels, trust=trust))


def _refuse_to_rise(
    gathered: Sequence[Sources], settings: IngestSettings, distrusted: Mapping[str, Trust]
) -> None:
    """Refuse files that were loaded as less than reviewed, are now, and in no source of ``faq.toml``."""
    files = (file for part in gathered for file in part.files if file.labels.trust is Trust.REVIEWED)
    for file in files:
        before = distrusted.get(file.uri)
        if before is not None and _source_of(file, settings) is None:
            raise SettingsError(
                f"{file.uri} was loaded with --trust {before}, which was not said this time: say it again, "
                " or --trust reviewed if somebody has read it, or put its folder into [[sources]] of faq.toml"
            )


def _configured(settings: IngestSettings, follower: Follower | None, web: bool) -> Gathered:
    if not settings.sources:
        raise SettingsError(
            "no path was named and faq.toml lists no sources: name a path, or add [[sources]] with path or url"
        )
    found, roots, sites = [], [], []
    for source in settings.sources:
        if source.url:
            sites += [_site(source, settings)] if web else []
            continue
        root = Path(os.path.abspath(source.folder)).as_posix()
        try:
            found.append(find_configured(source))
            roots.append(root)
        except LoadError as error:  # the others are kept in sync; nothing below this one is taken for removed
            found.append(Sources((), unreached=(UnreachedPage(root, type(error).__name__, str(error)),)))
    return Gathered(_joined([*found, *_crawled(sites, settings, follower)]), tuple(roots), "ingest all sources")


def _site(source: SourceSettings, settings: IngestSettings) -> Site:
    from ingest.sources.web.crawl import Site

    return Site(
        urls=source.url,
        depth=source.depth,
        include=source.include,
        exclude=source.exclude,
        max_pages=source.max_pages,
        max_bytes=settings.web_max_total,
        labels=source.labels,
    )


def _crawled(sites: Sequence[Site], settings: IngestSettings, follower: Follower | None) -> list[Sources]:
    if not sites:
        return []
    from ingest.sources.web.crawl import crawl
    from ingest.sources.web.fetch import Fetcher
    from ingest.sources.web.store import PageStore

    with ExitStack() as stack:
        store = stack.enter_context(PageStore(settings.home / "web"))
        fetcher = stack.enter_context(Fetcher(settings))
        return [crawl(site, store, fetcher, follower) for site in sites]


def _joined(parts: Sequence[Sources]) -> Sources:
    """Return all files, each once: the first source that has one decides on its labels."""
    files: dict[str, SourceFile] = {}
    for part in parts:
        for file in part.files:
            files.setdefault(file.uri, file)
    skipped = {entry.uri: entry for part in parts for entry in part.skipped if entry.uri not in files}
    gone = {uri for part in parts for uri in part.gone} - files.keys()
    unreached = [page for part in parts for page in part.unreached]
    return Sources(tuple(files.values()), tuple(skipped.values()), tuple(sorted(gone)), tuple(unreached))


def _labelled(file: SourceFile, settings: IngestSettings) -> SourceFile:
    """Return a named file with the labels of the first configured source that it belongs to."""
    source = _source_of(file, settings)
    return file if source is None else replace(file, labels=source.labels)


def _source_of(file: SourceFile, settings: IngestSettings) -> SourceSettings | None:
    for source in settings.sources:
        if source.url:
            continue
        root = Path(os.path.abspath(source.folder))
        inside = root in (file.path, *file.path.parents)
        if inside and wanted(below(file.uri, root), source.include, source.exclude):
            return source
    return None
