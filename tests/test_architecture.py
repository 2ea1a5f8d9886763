"""The house: imports point down, there are no circles, adapters stand alone, the default path stays light."""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"kb": set(), "ingest": {"kb"}, "assistant": {"kb"}}
MOUNTS_THE_COMMANDS = "assistant.cli"  # the one module that also imports ingest
FANS = ["kb/embedders", "kb/index/vectors", "kb/rerankers", "assistant/channels"]
SHARED = {"kb.index.vectors.chroma_collection", "kb.embedders.choose", "kb.rerankers.choose"}
HEAVY = ("torch", "transformers", "sentence_transformers", "langchain", "langchain_core")
PARTS = ("kb.embedders.e5",)  # parts of the bundled embedder
MOST_FILES = 20  # in a folder: as many as are taken in at a look

FLOORS = {
    "kb": """
        types errors closing settings extras identity terminal interrupt nearest remembered trained language brands
        embedders rerankers options own_files
        store answerable
        guard index
        search
        knowledge_base
        calibration backup langchain
        cli
    """,
    "ingest": """
        types settings limits progress
        text
        structure
        formats
        loading sources lint
        rehearsal
        gather terminal
        watch
        cli
    """,
    "ingest.formats": """
        recognise independent markup office pages
        . images markdown opendocument records slides
        containers plain sheets word pdf
    """,
    "assistant": """
        types settings phrases chat_model
        guard table
        verify
        understand conversation
        answer
        turn
        app channels
        audit
        commands
        cli
    """,
    "assistant.audit": """
        types
        statistics
        measure
        runs
        review compare
        reports
        options
        gate sampled terminal
        review_cli
        cli
    """,
}
"""Package -> its rooms, a floor a line, the ground first: a room imports only from floors below its own, and from
its neighbours on its floor without a circle. ``.`` is what stands in the package's own ``__init__``."""

NEVER = {"assistant.channels": "assistant.actions", "ingest.loading": "ingest.lint"}
"""Room -> room that it must not reach, over however many others: only a turn may cause an effect, and a load knows
nothing of what is found in documents."""
SPEAKING = {"cli", "review_cli", "terminal", "progress", "commands"}  # names of what may print
TALKS = ("print", "input", "say", "print_json", "Console")
ENDS_THE_PROCESS = ("kb.interrupt",)  # nobody is left to return to
_FEW = 4  # fields of a noun that may be given by place


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


@functools.cache
def _floors(package: str) -> dict[str, int]:
    """Return the floor of every room of a package."""
    lines = FLOORS[package].strip().splitlines()
    return {room: floor for floor, line in enumerate(lines) for room in line.split()}


def _room(package: str, module: str) -> str:
    """Return the room of a package that a module stands in, empty for one elsewhere."""
    if module != package and not module.startswith(package + "."):
        return ""
    return module.removeprefix(package).removeprefix(".").partition(".")[0] or "."


def _between_rooms(package: str) -> set[tuple[str, str, str]]:
    """Return the imports within a package that lead from room to room: two rooms, and the files."""
    found = set()
    for name, path in modules().items():
        here = _room(package, name)
        for other in imported(path):
            there = _room(package, other)
            if here and there and here != there:
                found.add((here, there, f"{name} imports {other}"))
    return found


@pytest.mark.parametrize("package", FLOORS)
def test_every_room_has_a_floor(package: str) -> None:
    """The drawing names every room that there is, and none that there is not."""
    rooms = {_room(package, name) for name in modules()} - {"", "."}
    assert set(_floors(package)) - {"."} == rooms


@pytest.mark.parametrize("package", FLOORS)
def test_no_arrow_runs_back_up(package: str) -> None:
    """No room imports from a floor above its own, at the top of a file or in a function."""
    floors = _floors(package)
    arrows = _between_rooms(package)
    assert sorted(told for here, there, told in arrows if floors.get(there, 0) > floors.get(here, 99)) == []


@pytest.mark.parametrize("package", FLOORS)
def test_rooms_form_no_circle(package: str) -> None:
    """No room needs itself over another one, though no two of their files may form a circle."""
    edges: dict[str, set[str]] = {}
    for here, there, _ in _between_rooms(package):
        edges.setdefault(here, set()).add(there)
    assert [room for room in edges if room in _reached(edges, room)] == []


def _reached(edges: Mapping[str, Collection[str]], start: str) -> set[str]:
    """Return all that can be reached from a place by one step or more."""
    seen: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            waiting += edges.get(place, ())
    return seen


def test_no_folder_is_crowded() -> None:
    """A folder holds no more files than are taken in at a look."""
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in modules().values())
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


@pytest.mark.parametrize(("room", "forbidden"), NEVER.items())
def test_what_must_not_be_reached_is_not(room: str, forbidden: str) -> None:
    """No module of a room reaches the forbidden one, over however many imports; ``turn`` stands between them."""
    edges = {name: imported(path) - {name} for name, path in modules().items() if name != "assistant.turn"}
    starts = [name for name in edges if name == room or name.startswith(room + ".")]
    assert starts
    wrong = [name for name in starts for other in _reached(edges, name) if other.startswith(forbidden)]
    assert wrong == []


def test_what_is_named_here_exists() -> None:
    """An exception for a file that is gone would wait for another one of its name."""
    named = {MOUNTS_THE_COMMANDS, *SHARED, *(fan.replace("/", ".") for fan in FANS), *PARTS, *FLOORS, *NEVER}
    assert named - modules().keys() == set()
    ignored = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["per-file-ignores"]
    assert [pattern for pattern in ignored if not any(ROOT.glob(pattern))] == []


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


def declared_nouns(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Yield name, number of fields and whether they are given by name, of every dataclass in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            for decorator in map(ast.unparse, node.decorator_list):
                if decorator.partition("(")[0] in ("dataclass", "dataclasses.dataclass"):
                    annotated = [part for part in node.body if isinstance(part, ast.AnnAssign)]
                    yield node.name, len(annotated), "kw_only=True" in decorator


def test_wide_nouns_are_built_by_name() -> None:
    """No two values of a noun of more than four fields can be swapped unseen: its fields are given by name."""
    nouns = [(name, *noun) for name, path in modules().items() for noun in declared_nouns(path)]
    assert ("kb.types", "Chunk", 15, True) in nouns
    assert [f"{module}.{name}" for module, name, fields, named in nouns if fields > _FEW and not named] == []


def printed(path: Path) -> Iterator[str]:
    """Yield what a file does to write to the terminal, or to ask there."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in TALKS or name.startswith(("sys.stdout.", "sys.stderr.", "typer.echo", "typer.confirm")):
                yield f"line {node.lineno}: {name}"


def test_only_the_command_prints() -> None:
    """What is no command, terminal or bar of progress returns what it has to say."""
    wrong = []
    for name, path in modules().items():
        if SPEAKING.isdisjoint(name.split(".")) and name not in ENDS_THE_PROCESS:
            wrong += [f"{name} {what}" for what in printed(path)]
    assert wrong == []
    assert any(True for _ in printed(ROOT / "kb" / "cli.py"))


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
