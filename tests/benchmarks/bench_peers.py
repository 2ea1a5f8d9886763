"""CPU seconds of loading a folder, beside LangChain's quick start with the same weights on the same folder.

``python tests/benchmarks/bench_peers.py FOLDER --model MODEL [--peers FOLDER] [--rounds 3]``: MODEL is the folder
for sentence-transformers that ``make_model.py`` of the peers makes from the weights that are bundled here, and the
peers' folder holds ``peers/langchain_peer.py`` (``FAQ_PEERS``). In each round both
load the folder from nothing, one after the other, each in a process of its own; CPU seconds are those of the
process and of its children that read files, from the moment at which its model is open and warm. Passes over what
is not there.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench_ingest import load, timed
from tests.benchmarks.elsewhere import PEERS

NEEDED = ("langchain_chroma", "langchain_classic", "langchain_community", "langchain_huggingface", "rank_bm25")


def ours(folder: Path, home: Path) -> tuple[int, float]:
    """Return chunks and CPU seconds of a first load."""
    from kb.knowledge_base import open_knowledge_base
    from kb.settings import KnowledgeSettings

    with open_knowledge_base(KnowledgeSettings.load(home=home)) as opened:
        opened.embedder.embed_documents(["warm"])
        report, _, cpu = timed(lambda: load(opened, [folder]))
        return report.chunks, cpu


def langchain(folder: Path, home: Path, model: str, peers: str) -> tuple[int, float]:
    """Return chunks and CPU seconds of a first load by the peer."""
    sys.path.insert(0, peers)
    from peers.langchain_peer import Peer

    peer = Peer(model, ["chroma"])
    peer.open(str(home))
    peer.embeddings.embed_documents(["warm"])
    counts, _, cpu = timed(lambda: peer.ingest(folder))
    return counts["chunks"], cpu


def in_process(name: str, arguments: argparse.Namespace) -> tuple[int, float]:
    """Run one side in a process of its own."""
    command = [sys.executable, __file__, str(arguments.folder), "--model", arguments.model, "--side", name]
    command += ["--peers", str(arguments.peers)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if ran.returncode != 0:
        raise SystemExit(f"{name} failed:\n{ran.stderr[-2000:]}")
    chunks, cpu = json.loads(ran.stdout.splitlines()[-1])
    return chunks, cpu


def main() -> None:
    """Measure in rounds, print each and the ratio of the sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2] / "data")
    parser.add_argument("--model", default=os.environ.get("FAQ_PEER_MODEL", ""))
    parser.add_argument("--peers", type=Path, default=PEERS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", choices=("ours", "langchain"))
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    if arguments.side:
        with tempfile.TemporaryDirectory() as home:
            if arguments.side == "ours":
                print(json.dumps(ours(folder, Path(home))))
            else:
                print(json.dumps(langchain(folder, Path(home), arguments.model, str(arguments.peers))))
        return
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing or not arguments.model or not arguments.peers.is_dir():
        print(f"passed over: no {', '.join(missing) or 'model (--model) or peers (--peers)'}")
        return
    rows = []
    for _ in range(arguments.rounds):
        (chunks, cpu), (their_chunks, their_cpu) = (in_process(name, arguments) for name in ("ours", "langchain"))
        rows.append((cpu, their_cpu))
        print(f"{chunks} chunks in {cpu:.1f} s of CPU; LangChain {their_chunks} in {their_cpu:.1f} s", flush=True)
    ratio = statistics.median(cpu / their_cpu for cpu, their_cpu in rows)
    print(f"CPU seconds / those of LangChain's quick start on the same text: {ratio:.2f}")


if __name__ == "__main__":
    main()
