"""Ctrl-C during long work: the process ends within two seconds, whatever its threads and libraries are doing."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

GRACE = 1.5  # seconds that the main thread has to end by itself, releasing its lock and clearing away; chosen


class Interrupted(KeyboardInterrupt):
    """An interrupt of work whose state can be told.

    Attributes:
        message: what was published, what was kept, and what to do next.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@contextmanager
def ends_soon(message: str) -> Iterator[None]:
    """Let an interrupt end the process ``GRACE`` seconds later at most, with exit code 130 and one line on stderr.

    An interrupt raises ``KeyboardInterrupt`` in the main thread, but only once it is back from a library's code,
    and Python waits for other threads before it ends. So a thread waits for the signal too, and ends the process
    where the main thread has not. State is as after a kill: what is not published is undone by the next load, and
    processes that read files end with this one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals come to the main thread alone
        return
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    over = threading.Event()

    def watch() -> None:
        with ours:
            while signal.SIGINT not in (seen := ours.recv(64)):
                if not seen:
                    return
        if not over.wait(GRACE):
            sys.stderr.write(message + "\n")
            sys.stderr.flush()
        else:
            threading.Event().wait(GRACE)  # the line is told; only other threads may still be waited for
        os._exit(130)

    watching = threading.Thread(target=watch, daemon=True, name="interrupt")
    watching.start()
    try:
        yield
    except KeyboardInterrupt:
        over.set()
        raise Interrupted(message) from None
    finally:
        signal.set_wakeup_fd(before)
        if not over.is_set():
            theirs.close()
            watching.join(GRACE)
