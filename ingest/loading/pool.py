"""Reading files in processes of their own: whatever a file does, the answer is its documents or a named error."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from ingest.limits import memory_allowed, seconds_allowed
from ingest.loading.child import Request
from ingest.loading.frames import MAX_FRAME_BYTES, BrokenFrame, Frame, read_frame
from ingest.loading.plan import file_digest
from ingest.loading.process import ReadingProcess
from ingest.types import SourceFile
from kb import errors
from kb.closing import Closing
from kb.errors import DamagedFile, DamagedRecords, LimitExceeded, LoadError, StorageError, UnreadableFile

MOST = 2  # processes: embedding takes the rest of the machine
_AHEAD_FILES, _AHEAD_BYTES = 16, 64_000_000  # files read, or being read, before their turn


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a file before it is read.

    Attributes:
        hashes: uri -> content hash of the documents that the catalogue holds of it.
        records: what ``ingest.loading.memo`` kept.
    """

    hashes: Mapping[str, str]
    records: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How reading a file ended.

    Attributes:
        source: the file.
        stored: what was known of it.
        frames: what differs from the stored documents, in order, nothing when it failed; to be used before the
            next outcome is asked for.
        unchanged: number of documents that are as they are stored.
        records: for ``ingest.loading.memo`` to keep.
        error: why it failed, None when it did not; ``DamagedRecords`` when some of its records are lost.
        size: bytes of the file before it was read.
        modified_ns: time of its last change before it was read, nanoseconds since 1970.
        sha256: of its bytes, hexadecimal.
    """

    source: SourceFile
    stored: Stored
    frames: Iterator[Frame]
    unchanged: int
    records: bytes
    error: LoadError | None
    size: int
    modified_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """An outcome that waits for its turn: the frames are in a temporary file."""

    outcome: Outcome
    spool: BinaryIO


class Workers(Closing):
    """A few reading processes, started when the first file comes and replaced when a file takes one down."""

    def __init__(self, count: int = MOST) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="read")
        self._of_thread = threading.local()
        self._all: set[ReadingProcess] = set()
        self._closed = False
        self._lock = threading.Lock()

    def read_all(
        self, sources: Iterable[SourceFile], stored: Callable[[SourceFile], Stored]
    ) -> Generator[Outcome, None, None]:
        """Yield how each file ended, in order, while the next ones are being read.

        Raises:
            StorageError: no process can be started, or the temporary folder cannot be written.
        """
        waiting: deque[tuple[int, Future[_Reading]]] = deque()
        ahead = 0
        try:
            for source in sources:
                size = _size(source)
                waiting.append((size, self._threads.submit(self._read, source, stored(source))))
                ahead += size
                while len(waiting) > _AHEAD_FILES or (ahead > _AHEAD_BYTES and len(waiting) > MOST):
                    ahead -= waiting[0][0]
                    yield from _outcome(waiting.popleft()[1])
            while waiting:
                yield from _outcome(waiting.popleft()[1])
        finally:
            for _, future in waiting:
                future.add_done_callback(_discard)

    def _read(self, source: SourceFile, stored: Stored) -> _Reading:
        """Read one file; runs in a thread of its process."""
        try:
            spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who uses the frames
        except OSError as error:
            raise StorageError(
                f"no temporary file can be made ({error}): let TMPDIR name a folder that may be written and has "
                "space, and load again"
            ) from error
        try:
            size, modified_ns, sha256 = _look_at(source)
            answer = self._ask(source, stored, size, spool.fileno())
            count, unchanged = _number(answer, "count"), _number(answer, "unchanged")
            lost = DamagedRecords(str(answer["lost"])) if answer.get("lost") else None
            spool.seek(0)
            for _ in _frames(spool, count, source):  # all or none: the last one may be broken
                pass
            records = spool.read()
            spool.seek(0)
            frames = _frames(spool, count, source)
            return _Reading(
                Outcome(
                    source=source,
                    stored=stored,
                    frames=frames,
                    unchanged=unchanged,
                    records=records,
                    error=lost,
                    size=size,
                    modified_ns=modified_ns,
                    sha256=sha256,
                ),
                spool,
            )
        except LoadError as error:
            return _Reading(
                Outcome(
                    source=source,
                    stored=stored,
                    frames=iter(()),
                    unchanged=0,
                    records=b"",
                    error=error,
                    size=0,
                    modified_ns=0,
                    sha256="",
                ),
                spool,
            )
        except BaseException:
            spool.close()
            raise

    def _ask(self, source: SourceFile, stored: Stored, size: int, spool: int) -> dict[str, object]:
        """Return what the thread's process answers; raise its error."""
        request = Request(source, stored.hashes, stored.records, memory_allowed(source.uri, size))
        worker = self._worker()
        try:
            answer = worker.read(request, spool, seconds_allowed(source.uri, size))
        except LimitExceeded:
            self._end(worker)
            raise
        except (OSError, EOFError, ValueError, RecursionError) as error:
            raise _ended(source, self._end(worker)) from error
        if answer.get("retire"):
            self._end(worker)
        if "error" in answer:
            raise _named(str(answer["error"]), str(answer.get("message", "")))
        return answer

    def _worker(self) -> ReadingProcess:
        worker: ReadingProcess | None = getattr(self._of_thread, "worker", None)
        if worker is None:
            try:
                worker = ReadingProcess()
            except (OSError, EOFError, ValueError) as error:
                raise StorageError(
                    f"no process to read files can be started ({type(error).__name__}: {error}): look whether "
                    "memory, open files or processes are exhausted, and load again"
                ) from error
            with self._lock:
                self._all.add(worker)
                if self._closed:  # while it was started
                    worker.kill()
            self._of_thread.worker = worker
        return worker

    def _end(self, worker: ReadingProcess) -> int:
        self._of_thread.worker = None
        with self._lock:
            self._all.discard(worker)
        return worker.end()

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            for worker in self._all:
                worker.kill()
        self._threads.shutdown()
        for worker in list(self._all):
            worker.end()


def _outcome(future: Future[_Reading]) -> Iterator[Outcome]:
    """Yield the one outcome, and close what its documents waited in."""
    reading = future.result()
    with reading.spool:
        yield reading.outcome


def _discard(future: Future[_Reading]) -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().spool.close()


def _frames(spool: BinaryIO, count: int, source: SourceFile) -> Iterator[Frame]:
    for _ in range(count):
        line = spool.readline(MAX_FRAME_BYTES + 1)
        try:
            yield read_frame(line, source.uri)
        except BrokenFrame as error:
            raise DamagedFile(
                f"{source.path.name}: the process that read it wrote {error}: look at the file"
            ) from error


def _look_at(source: SourceFile) -> tuple[int, int, str]:
    """Return size, time of last change and SHA-256: taken before the file is read, so that a change is seen."""
    try:
        status = source.path.stat()
        if not os.path.isfile(source.path):
            return 0, 0, ""  # the loader says what it is
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            f"{source.path.name} cannot be opened ({error}): check the path and load again"
        ) from error
    return status.st_size, status.st_mtime_ns, file_digest(source).hex()


def _size(source: SourceFile) -> int:
    try:
        return source.path.stat().st_size
    except (OSError, ValueError):
        return 0


def _number(answer: Mapping[str, object], name: str) -> int:
    value = answer.get(name)
    return value if isinstance(value, int) and value >= 0 else 0


def _named(name: str, message: str) -> Exception:
    """Return the error that a process named, if it is one of those that a file may end in."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, LoadError | StorageError):
        return kind(message)
    return DamagedFile(message)


def _ended(source: SourceFile, code: int) -> LoadError:
    """Return the error of a file whose process ended by itself."""
    name = source.path.name
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        return LimitExceeded(f"the system ended the process that read {name}, short of memory: split it")
    how = f"crashed ({signal.Signals(-code).name})" if code < 0 else f"ended itself (exit code {code})"
    return DamagedFile(f"{name}: the process that read it {how}: open it in its own program and save it again")
