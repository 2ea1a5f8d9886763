"""The process that reads files: one request after the other, until its parent hangs up.

It trusts no file: a loader may crash it, loop or eat memory, and only this process is lost. What it writes is read
back as JSON and checked (``ingest.loading.frames``); requests come from the parent and are trusted.
"""

from __future__ import annotations

import ctypes
import json
import os
import pickle
import resource
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from ingest.limits import MAX_OUTPUT_BYTES, data_allowed
from ingest.loading.chunks import cut
from ingest.loading.completeness import Completeness, Loss
from ingest.loading.frames import MAX_FRAME_BYTES, Frame, Fresh, Gone, Warned, write_frame
from ingest.loading.plan import READER
from ingest.structure.recall import Recall
from ingest.types import SourceFile
from kb.errors import DamagedFile, DamagedRecords, EmptyDocument, LimitExceeded, LoadError, StorageError
from kb.identity import content_hash
from kb.types import Omission, Omitted

HEAD_BYTES = 8  # of the length before a request
MAX_ANSWER_BYTES = 16_000
_MAX_MESSAGE = 2_000  # characters of an error's message
_RETIRE_BYTES = 150_000_000  # a process that holds more after a file is replaced: freed memory seldom goes back
_PARENT_DIED = 1  # PR_SET_PDEATHSIG of Linux
_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")


@dataclass(frozen=True, slots=True)
class Request:
    """A file to be read.

    Attributes:
        source: the file.
        stored: uri -> content hash of the documents that the catalogue holds of it.
        records: pairs that ``ingest.structure.recall`` gave of its records.
        memory: bytes that the process may take.
    """

    source: SourceFile
    stored: Mapping[str, str]
    records: bytes
    memory: int


def main(descriptor: int, parent: int) -> None:
    """Answer requests that come over the socket ``descriptor`` until the process ``parent`` closes it or dies."""
    _confine(parent)
    channel = socket.socket(fileno=descriptor)
    channel.sendall(b"{}\n")
    for request, spool in _requests(channel):
        most = resource.getrlimit(resource.RLIMIT_DATA)[1]
        wanted = data_allowed(request.source.uri, request.memory)
        soft = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, most))
        answer = _answer(request, spool)
        answer["retire"] = _resident() > _RETIRE_BYTES or answer.get("error") == LimitExceeded.__name__
        channel.sendall(json.dumps(answer).encode() + b"\n")


def _confine(parent: int) -> None:
    """Give up what reading a file does not need: to outlive the parent, core dumps, network, other programs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's to act on
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES))

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise DamagedFile(f"reading it reached for {event}, which no document needs: look at the file")

    sys.addaudithook(refuse)


def _requests(channel: socket.socket) -> Iterator[tuple[Request, BinaryIO]]:
    while True:
        head, descriptors, _, _ = socket.recv_fds(channel, HEAD_BYTES, 1)
        while head and len(head) < HEAD_BYTES:
            head += channel.recv(HEAD_BYTES - len(head))
        if not head:
            return
        with channel.makefile("rb", buffering=0) as stream:
            body = bytearray()
            while len(body) < int.from_bytes(head, "little"):
                body += stream.read(int.from_bytes(head, "little") - len(body)) or b""
        yield pickle.loads(body), os.fdopen(descriptors[0], "wb")  # noqa: S301 - written by the parent


def _answer(request: Request, spool: BinaryIO) -> dict[str, Any]:
    """Read one file into ``spool``; return what ``_read`` does, or the error's name and message."""
    try:
        with spool:
            return _read(request, spool)
    except (LoadError, StorageError) as error:
        return {"error": type(error).__name__, "message": str(error)[:_MAX_MESSAGE]}
    except MemoryError:
        name = request.source.path.name
        return {
            "error": LimitExceeded.__name__,
            "message": f"{name} takes over {request.memory:,} bytes of memory to read: split it",
        }
    except RecursionError:
        return {
            "error": LimitExceeded.__name__,
            "message": f"{request.source.path.name} is nested too deeply to be read: simplify it",
        }
    except UnicodeEncodeError:
        return {
            "error": DamagedFile.__name__,
            "message": "the file's name or a record's is no valid text: rename it",
        }
    except Exception as error:  # cutting what a loader made of a broken file may stumble as the loader may
        told = f"{type(error).__name__}: {error}"[:_MAX_MESSAGE]
        return {
            "error": DamagedFile.__name__,
            "message": f"{request.source.path.name} could not be read ({told}): save it again",
        }


def _read(request: Request, spool: BinaryIO) -> dict[str, Any]:
    """Write frames, then what ``ingest.structure.recall`` shall be given again.

    Returns:
        count: number of frames; unchanged: number of documents that are as they are stored; lost: why records are
        missing, None when none is.
    """
    from ingest.formats import load

    source, stored = request.source, request.stored
    count, unchanged, lost, seen = 0, 0, None, set()
    held = Completeness()
    recall = Recall(f"{READER}\n{source!r}\n", request.records, stored)
    try:
        for document in load(replace(source, recall=recall)):
            omitted = tuple(replace(omission, text="") for omission in document.omitted)
            held.add(document)
            if not document.sections:  # a draft: what was published of it before goes
                count += _write(Warned(document.uri, document.warnings, omitted), spool, source)
                continue
            seen.add(document.uri)
            content = content_hash(document)
            recall.became(document.uri, content)
            if content != stored.get(document.uri):
                count += _write(Fresh(replace(document, omitted=omitted), tuple(cut(document))), spool, source)
                continue
            unchanged += 1
            if document.warnings or omitted:
                count += _write(Warned(document.uri, document.warnings, omitted), spool, source)
    except DamagedRecords as error:
        lost = str(error)[:_MAX_MESSAGE]  # which records are missing is not known, so none is taken for removed
    except EmptyDocument:
        if not recall.unchanged:
            raise
    if lost is None and not recall.unchanged and (loss := _loss(source, held)):
        omitted = (Omission(Omitted.LOST, loss.words),)
        count += _write(Warned(source.uri, (loss.sentence,), omitted), spool, source)
    if lost is None:
        for uri in sorted(stored.keys() - seen - recall.unchanged):
            count += _write(Gone(uri), spool, source)
    spool.write(recall.pairs)
    return {"count": count, "unchanged": unchanged + len(recall.unchanged), "lost": lost}


def _loss(source: SourceFile, held: Completeness) -> Loss | None:
    """Return what another reader finds in a file and its documents have not."""
    from ingest.formats.independent import stretches

    try:
        return held.compare(stretches(source.path, source.path.suffix))
    except Exception:  # the loader has read the file; that another reader stumbles says nothing about it
        return None


def _write(frame: Frame, spool: BinaryIO, source: SourceFile) -> int:
    """Write one frame, return 1.

    Raises:
        LimitExceeded: it is too long, or no more fits.
        OSError: the disk is full.
    """
    line = write_frame(frame)
    if len(line) > MAX_FRAME_BYTES or spool.tell() + len(line) > MAX_OUTPUT_BYTES:
        raise LimitExceeded(
            f"the text of {source.path.name} takes over {MAX_FRAME_BYTES:,} bytes in one document, or "
            f"{MAX_OUTPUT_BYTES:,} in all: split it"
        )
    try:
        spool.write(line)
    except OSError as error:
        raise StorageError(
            f"the temporary folder cannot be written ({error}): free some space, or set TMPDIR to another folder"
        ) from error
    return 1


def _resident() -> int:
    """Return how much memory this process takes now, in bytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * resource.getpagesize()
