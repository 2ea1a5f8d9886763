"""One process that reads files, as its parent sees it: asked for a file, watched while it works, ended."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import re
import resource
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ingest.limits import WALL_TIMES
from ingest.loading.child import HEAD_BYTES, MAX_ANSWER_BYTES, Request
from kb.errors import LimitExceeded

# Chosen.
_POLL = 0.02  # seconds between two looks at a working process
_START_SECONDS = 60.0
_RESERVE = 60_000_000  # bytes that a process may be over what its own allocator is held to, code included
_SECRET = re.compile("KEY|TOKEN|SECRET|PASSWORD|DATABASE|CREDENTIAL", re.IGNORECASE)
_ROOT = str(Path(__file__).parents[2])
_SCRIPT = (
    "import sys; sys.path.insert(0, {root!r}); from ingest.loading.child import main; main({descriptor}, {parent})"
)


class ReadingProcess:
    """One reading process, started when it is made."""

    def __init__(self) -> None:
        """Start it, and wait until it can be asked.

        Raises:
            OSError: it cannot be started.
            EOFError: it ended at once, or says nothing.
            ValueError: it says something else than was expected.
        """
        self._channel, theirs = socket.socketpair()
        script = _SCRIPT.format(root=_ROOT, descriptor=theirs.fileno(), parent=os.getpid())
        environment = {name: value for name, value in os.environ.items() if not _SECRET.search(name)}
        # One thread is enough for what a loader multiplies, and each would reserve memory of its own. Large blocks
        # go back to the system when they are freed: reading an image then takes 470 MB at most instead of 590.
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        environment |= {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "1000000"}
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - this very program
                    [sys.executable, "-P", "-c", script],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()], start_new_session=True, env=environment,
                )  # fmt: skip
            self._line(time.monotonic() + _START_SECONDS, lambda: None)
        except BaseException:
            self._channel.close()
            raise

    def read(self, request: Request, spool: int, seconds: float) -> dict[str, object]:
        """Let the process read a file into the open file ``spool``; return what it answers.

        Raises:
            LimitExceeded: it took too long or too much memory; the process is gone.
            EOFError: the process ended by itself.
            OSError: likewise, while it was asked.
            ValueError: it answered something that is no JSON.
        """
        body = pickle.dumps(request)
        name = request.source.path.name
        begun, busy = time.monotonic(), self._seconds()
        deadline = begun + WALL_TIMES * seconds

        def look() -> None:
            if self._seconds() - busy > seconds or time.monotonic() > deadline:
                raise LimitExceeded(f"{name} was not read after {seconds:.0f} s: split it, or save it anew")
            if self._memory() > request.memory + _RESERVE:
                raise LimitExceeded(f"{name} takes over {request.memory:,} bytes of memory to read: split it")

        self._channel.settimeout(_START_SECONDS)
        socket.send_fds(self._channel, [len(body).to_bytes(HEAD_BYTES, "little")], [spool])
        self._channel.sendall(body)
        return self._line(deadline, look)

    def _line(self, deadline: float, look: Callable[[], None]) -> dict[str, object]:
        """Return the next line from the process, looking at it while it works."""
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self._channel], [], [], _POLL)
            if not ready:
                look()
                if time.monotonic() > deadline:
                    raise EOFError
                continue
            part = self._channel.recv(MAX_ANSWER_BYTES)
            line += part
            if not part or len(line) > MAX_ANSWER_BYTES:
                raise EOFError
        answer = json.loads(line)
        return answer if isinstance(answer, dict) else {}

    def _seconds(self) -> float:
        """Return CPU seconds that the process has taken; 0 where the system does not tell."""
        try:
            stat = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            return 0.0
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def _memory(self) -> int:
        """Return bytes of memory that the process takes; 0 where the system does not tell."""
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * resource.getpagesize()
        except (OSError, IndexError):
            return 0

    def kill(self) -> None:
        """Stop the process, whatever it is doing; ``end`` clears away after it."""
        self._process.kill()

    def end(self) -> int:
        """End the process; return its exit code, the negative signal where one ended it."""
        self._channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.1)
        self._process.kill()
        return self._process.wait()
