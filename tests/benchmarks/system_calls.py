"""Stop a process at one of its system calls, by ptrace: nothing in it knows of that, be it Python, SQLite or Rust.

Linux on x86-64 only. The traced process and all its threads are stopped at every call; the calls that change files
are counted, and the process is killed at the one that was chosen, before or after the kernel has done it.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

CHANGING = {
    1: "write", 18: "pwrite64", 20: "writev", 26: "msync", 74: "fsync", 75: "fdatasync", 77: "ftruncate",
    82: "rename", 87: "unlink", 263: "unlinkat", 264: "renameat", 296: "pwritev", 316: "renameat2",
}  # fmt: skip
"""Number of a system call -> its name."""

_TRACE_ME, _PEEK_USER, _SYSCALL, _SET_OPTIONS = 0, 3, 24, 0x4200
_SYSTEM_GOOD, _CLONE, _FORK, _EXIT_KILL = 0x1, 0x8, 0x2, 0x100000
_CALL_NUMBER = 15 * 8  # orig_rax in the user area
_WALL = 0x40000000  # threads too
_TRAP = signal.SIGTRAP | 0x80

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.restype = ctypes.c_long
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class NotPermitted(Exception):
    """This system does not let a process trace another."""


def run_to_call(
    work: Callable[[], None], number: int, *, after: bool, begun: Callable[[], bool] = lambda: True
) -> int:
    """Run ``work`` in a forked process up to a call; return how many calls that change files were counted.

    Args:
        work: what the process does.
        number: 1-based number of the call at which it is killed; 0 lets it end.
        after: kill when the call is done, not before it.
        begun: asked at each such call, while the process stands still, until it says that counting begins.
    """
    child = os.fork()
    if child == 0:
        if _libc.ptrace(_TRACE_ME, 0, None, None) != 0:
            os._exit(3)
        os.kill(os.getpid(), signal.SIGSTOP)
        work()
        os._exit(0)
    _, status = os.waitpid(child, _WALL)
    if not os.WIFSTOPPED(status):
        raise NotPermitted
    options = _SYSTEM_GOOD | _CLONE | _FORK | _EXIT_KILL
    if _libc.ptrace(_SET_OPTIONS, child, None, options) != 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, _WALL)
        raise NotPermitted
    return _follow(child, number, after, begun)


def _follow(child: int, number: int, after: bool, begun: Callable[[], bool]) -> int:
    """Let the process and its threads run from call to call; return the count of those that change files."""
    count = 0
    inside: set[int] = set()  # threads that are within a call
    doomed = 0  # the thread whose call is the one
    _libc.ptrace(_SYSCALL, child, None, None)
    while True:
        thread, status = os.waitpid(-1, _WALL)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if thread == child:
                return count
            continue
        stop, passed_on = os.WSTOPSIG(status), 0
        if stop == _TRAP:
            if thread in inside:
                inside.discard(thread)
                if thread == doomed:
                    os.kill(child, signal.SIGKILL)
                    continue
            else:
                inside.add(thread)
                if _libc.ptrace(_PEEK_USER, thread, _CALL_NUMBER, None) in CHANGING:
                    count += bool(count) or begun()
                    if count == number > 0 and after:
                        doomed = thread
                    elif count == number > 0:
                        os.kill(child, signal.SIGKILL)
                        continue
        elif stop not in (signal.SIGTRAP, signal.SIGSTOP):
            passed_on = stop
        _libc.ptrace(_SYSCALL, thread, None, passed_on)
