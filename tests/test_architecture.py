"""The house: imports point down, there are no circles, adapters stand alone, the default path stays light."""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"kb": set(), "ingest": {"kb"}, "assistant": {"kb"}}
MOUNTS_THE_COMMANDS = "assistant.cli"  # the one module that also imports ingest
FANS = ["kb/embedders", "kb/index/vectors", "kb/rerankers", "assistant/channels"]
SHARED = {"kb.index.vectors.chroma_collection", "kb.embedders.choose", "kb.rerankers.choose"}
HEAVY = ("torch", "transformers", "sentence_transformers", "langchain", "langchain_core")


PARTS = ("kb.embedders.e5",)  # parts of the bundled embedder


@functools.cache
def modules() -> dict[str, Path]:
    """Return our modules by name."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


@functools.cache
def imported(path: Path, *, top_only: bool = False) -> frozenset[str]:
    """Return our modules that a file imports, anywhere or only when it is imported itself."""
    known = modules()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_only else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            deeper = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (deeper & known.keys()) or {node.module}
    return frozenset(name for name in found if name.split(".")[0] in PACKAGES)


def test_imports_point_down() -> None:
    """Of ours, kb imports nothing, ingest and assistant only kb; assistant.cli mounts ingest's commands."""
    wrong = []
    for name, path in modules().items():
        package = name.split(".")[0]
        allowed = PACKAGES[package] | {package} | ({"ingest"} if name == MOUNTS_THE_COMMANDS else set())
        wrong += [f"{name} imports {other}" for other in imported(path) if other.split(".")[0] not in allowed]
    assert wrong == []


def test_there_are_no_circles() -> None:
    """No module imports, over however many others, itself."""
    edges = {name: imported(path, top_only=True) - {name} for name, path in modules().items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        if name not in done:
            for other in sorted(edges.get(name, ())):
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(edges):
        visit(name, ())


@pytest.mark.parametrize("fan", FANS)
def test_adapters_stand_alone(fan: str) -> None:
    """Files of one fan do not import each other, but for what they share and what chooses among them."""
    prefix = fan.replace("/", ".")
    wrong = []
    for name, path in modules().items():
        if name.startswith(prefix + ".") and name not in SHARED:
            siblings = {other for other in imported(path) if other.startswith(prefix + ".")}
            wrong += [
                f"{name} imports {other}" for other in siblings - SHARED - {name} if not other.startswith(PARTS)
            ]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_nouns_are_frozen_and_slotted(package: str) -> None:
    """Dataclasses in types.py cannot be changed and have slots."""
    if not (ROOT / package / "types.py").exists():
        pytest.skip("no nouns of its own")
    module = importlib.import_module(f"{package}.types")
    nouns = [v for v in vars(module).values() if isinstance(v, type) and dataclasses.is_dataclass(v)]
    assert nouns
    for noun in nouns:
        assert noun.__dataclass_params__.frozen, noun
        assert "__slots__" in vars(noun), noun


_SEARCH = """
import sys, pathlib
sys.path.insert(0, {root!r})
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from tests.conftest import WordsEmbedder, put_all
with KnowledgeBase(KnowledgeSettings(home=pathlib.Path({home!r})), WordsEmbedder()) as knowledge_base:
    put_all(knowledge_base, {{"a": "alpha"}})
    knowledge_base.search(["alpha"])
print([name for name in {heavy!r} if name in sys.modules])
"""


def test_the_default_path_stays_light(tmp_path: Path) -> None:
    """Loading and searching brings no deep learning framework and no LangChain into the process."""
    script = _SEARCH.format(root=str(ROOT), home=str(tmp_path), heavy=HEAVY)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "[]", ran.stderr
