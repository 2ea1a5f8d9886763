"""Paths whose ending, looked at by a loader in a reading process, does what a hostile file might make it do."""

from __future__ import annotations

import ctypes
import mmap
import os
import socket
from pathlib import PosixPath
from typing import Any


class Misbehaving(PosixPath):
    """Does what its stem says; the parent process never asks for its ending."""

    @property
    def suffix(self) -> str:
        """Never return."""
        deed: Any = getattr(self, f"_{self.stem}")
        deed()
        return ".txt"

    def _crash(self) -> None:
        ctypes.string_at(0)

    def _exit(self) -> None:
        os._exit(0)

    def _loop(self) -> None:
        while True:
            pass

    def _memory(self) -> None:
        held = []
        while True:
            held.append(bytes(10_000_000))

    def _shared(self) -> None:
        """Take memory that the allocator's limit does not hold."""
        held = mmap.mmap(-1, 4_000_000_000)
        for place in range(0, 4_000_000_000, 4096):
            held[place] = 1

    def _recursion(self) -> None:
        self._recursion()

    def _network(self) -> None:
        socket.create_connection(("127.0.0.1", 9))
