"""``faq kb``: look after the knowledge base."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kb.calibration.calibration import Calibration, kept_calibration
from kb.errors import IndexDamaged, StorageError
from kb.knowledge_base import open_knowledge_base
from kb.settings import KnowledgeSettings
from kb.store.catalogue import Catalogue
from kb.terminal import JSON_HELP, exit_codes, plain, print_json, say, short
from kb.types import Version

app = typer.Typer(no_args_is_help=True, help="Look after the knowledge base: versions, rollback, checks, repair.")
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command()
def status(json: Json = False) -> None:
    """Show what is published: version, documents, chunks, embedder, place and size."""
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        published = knowledge_base.published()
        version = knowledge_base.catalogue.version(published.version)
        home = knowledge_base.settings.home
        size = sum(p.stat().st_size for p in home.rglob("*") if p.is_file())
        facts = {**plain(version), "home": str(home), "index": published.folder, "bytes": size}
        brands = knowledge_base.brands(published.version)
        shared = version.documents - sum(brands.values())
        facts |= {"brands": brands, "shared": shared} if json else {"brands": tell_brands(brands, shared)}
        facts["calibration"] = tell_calibration(kept_calibration(knowledge_base))
        if json:
            print_json(facts)
            return
        for name, value in facts.items():
            print(f"{name:13} {value}")


def tell_brands(brands: Mapping[str, int], shared: int) -> str:
    """Return one line about how many documents each brand has, and how many all of them share."""
    if not brands:
        return "none"
    return ", ".join([*(f"{name} {count}" for name, count in brands.items()), f"shared by all {shared}"])


def tell_calibration(kept: Calibration | None) -> str:
    """Return one line about the calibration in force."""
    if kept is None:
        return "none"
    stale = f", stale: {kept.changed:.0%} changed, run `faq calibrate`" if kept.stale else ""
    return f"answers from {kept.threshold:.3f} on, {kept.bound:.1%} wrong at most, version {kept.version}{stale}"


@app.command()
def versions(json: Json = False) -> None:
    """List the versions that can still be searched, newest first."""
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        known = knowledge_base.versions()
        if json:
            print_json(known)
            return
        for v in reversed(known):
            changes = f"+{v.added} ~{v.changed} -{v.removed}"
            print(
                f"{v.number:4}  {v.published_at:%Y-%m-%d %H:%M}  {v.documents:6} documents  {changes:14}  {v.note}"
            )


@app.command()
def diff(
    old: Annotated[
        int | None, typer.Argument(help="A version number; by default that before the published one.")
    ] = None,
    new: Annotated[int | None, typer.Argument(help="A later one; the published one by default.")] = None,
    json: Json = False,
) -> None:
    """Show which documents differ between two versions, and how their text differs."""
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        catalogue = knowledge_base.catalogue
        newer = new if new is not None else knowledge_base.published().version
        older = old if old is not None else _before(newer, knowledge_base.versions())
        for number in (older, newer):
            catalogue.version(number)
        before, after = catalogue.document_hashes(older), catalogue.document_hashes(newer)
        changed = sorted(uri for uri in before.keys() & after.keys() if before[uri] != after[uri])
        found = {
            "added": sorted(after.keys() - before.keys()),
            "changed": changed,
            "removed": sorted(before.keys() - after.keys()),
        }
        if json:
            differences = {uri: _difference(catalogue, uri, older, newer) for uri in changed}
            print_json({"old": older, "new": newer, **found, "differences": differences})
            return
        for kind, sign in (("added", "+"), ("removed", "-"), ("changed", "~")):
            for uri in found[kind]:
                print(f"{sign} {short(uri)}")
                if kind == "changed":
                    print("\n".join(f"    {line}" for line in _difference(catalogue, uri, older, newer)))


def _before(number: int, known: Sequence[Version]) -> int:
    """Return the newest version before a version, itself where there is none."""
    return max((version.number for version in known if version.number < number), default=number)


def _difference(catalogue: Catalogue, uri: str, old: int, new: int) -> list[str]:
    from kb.store.difference import document_difference

    before, after = (next(catalogue.documents(number, [uri])) for number in (old, new))
    return document_difference(before, after)


def _tell(version: Version, json: bool) -> None:
    if json:
        print_json(version)
    else:
        say(f"published version {version.number}: {version.documents} documents, {version.chunks} chunks")


@app.command()
def rollback(version: Annotated[int, typer.Argument(help="See `faq kb versions`.")], json: Json = False) -> None:
    """Publish the state of an older version again."""
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        _tell(knowledge_base.rollback(version), json)


@app.command()
def compact(
    keep: Annotated[int, typer.Option(min=1, help="How many of the newest versions to keep.")] = 1,
    json: Json = False,
) -> None:
    """Forget older versions: what was removed is deleted from the database and the indexes for good."""
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        _tell(knowledge_base.compact(keep), json)


@app.command()
def rebuild(
    embed: Annotated[
        bool, typer.Option("--embed", help="Also embed everything with the embedder in force.")
    ] = False,
    json: Json = False,
) -> None:
    """Make the indexes anew from the database."""
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        _tell(knowledge_base.rebuild(embed), json)


@app.command()
def verify(json: Json = False) -> None:
    """Compare database and indexes in full; exit code 1 if they disagree anywhere."""
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        found = knowledge_base.disagreements()
        if json:
            print_json({"agree": not found, "disagreements": found})
        elif not found:
            say("database and indexes agree")
        if found:
            if json:
                sys.exit(1)
            raise IndexDamaged("; ".join(found))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    json: Json = False,
) -> None:
    """Write everything to one file, also while others load and search."""
    from kb.backup import back_up

    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        written = back_up(knowledge_base, file, force=force)
        if json:
            print_json(written)
        else:
            say(f"wrote version {written.version}: {written.documents} documents, {written.bytes:,} bytes")
            say(f"SHA-256 {written.sha256}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="Written by `faq kb backup`.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a knowledge base that is not empty.")] = False,
    json: Json = False,
) -> None:
    """Put a backup in the place of what is there; nothing is touched before all of it has been checked."""
    from kb.backup import restore as put_back

    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        restored = put_back(knowledge_base, file, force=force)
        if json:
            print_json(restored)
        else:
            say(f"restored version {restored.version}: {restored.documents} documents, {restored.chunks} chunks")


@app.command()
def marked(
    clear: Annotated[
        list[str] | None,
        typer.Option("--clear", help="Id of a sentence that you have read and that may be quoted; repeatable."),
    ] = None,
    mark: Annotated[
        list[str] | None, typer.Option("--mark", help="Id of a sentence that was cleared and shall not be.")
    ] = None,
    json: Json = False,
) -> None:
    """List the sentences that are never quoted, since they read as if they spoke to a machine; clear some."""
    from kb.guard.marks import all_marks, clear_marks, cleared_marks, restore_marks

    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        catalogue = knowledge_base.catalogue
        version = knowledge_base.published().version
        known = {m.id: m for m in all_marks(catalogue.all_chunks(version), cleared_marks(catalogue.engine))}
        if unknown := [name for name in (*(clear or ()), *(mark or ())) if name not in known]:
            raise StorageError(f"no sentence has the id {unknown[0]}: `faq kb marked` lists them")
        if clear:
            clear_marks(catalogue.engine, [known[name] for name in clear])
        if mark:
            restore_marks(catalogue.engine, mark)
        cleared = cleared_marks(catalogue.engine)
        found = [replace(m, cleared=m.id in cleared) for m in known.values()]
        if json:
            print_json(found)
            return
        for m in found:
            print(f"{m.id}  {'cleared' if m.cleared else m.trust}  {short(m.uri)}\n    {m.words}")
        say(f"{sum(not m.cleared for m in found)} sentences are never quoted, {len(cleared)} were cleared")
