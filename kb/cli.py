"""``faq kb``: look after the knowledge base."""

from __future__ import annotations

import difflib
import sys
from typing import Annotated

import typer

from kb.errors import IndexDamaged
from kb.knowledge_base import open_knowledge_base
from kb.settings import KnowledgeSettings
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
        if json:
            print_json(facts)
            return
        for name, value in facts.items():
            print(f"{name:13} {value}")


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
    old: Annotated[int, typer.Argument(help="A version number.")],
    new: Annotated[int | None, typer.Argument(help="A later one; the published one by default.")] = None,
    json: Json = False,
) -> None:
    """Show which documents differ between two versions, and how their text differs."""
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        catalogue = knowledge_base.catalogue
        newer = new if new is not None else knowledge_base.published().version
        for number in (old, newer):
            catalogue.version(number)
        before, after = catalogue.document_hashes(old), catalogue.document_hashes(newer)
        found = {
            "added": sorted(after.keys() - before.keys()),
            "changed": sorted(uri for uri in before.keys() & after.keys() if before[uri] != after[uri]),
            "removed": sorted(before.keys() - after.keys()),
        }
        if json:
            print_json({"old": old, "new": newer, **found})
            return
        for kind, sign in (("added", "+"), ("removed", "-"), ("changed", "~")):
            for uri in found[kind]:
                print(f"{sign} {short(uri)}")
                if kind == "changed":
                    before_text, after_text = (next(catalogue.documents(n, [uri])).text for n in (old, newer))
                    print("\n".join(_text_difference(before_text, after_text)))


def _text_difference(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1)
    return [f"    {line}" for line in list(lines)[2:]]


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
