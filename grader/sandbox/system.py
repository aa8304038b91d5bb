"""The C library, for what Python has no words for."""

import ctypes
import os
import signal
import sys

libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


def call(result: int, what: str) -> None:
    """Raise ``OSError`` where a call of the C library failed."""
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def die_with_parent() -> None:
    """Let the kernel kill this process when the thread that started it is gone; only Linux can."""
    if sys.platform == "linux":
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def call_process(name: str) -> None:
    """Give this process a name of up to 15 characters for lists of processes."""
    if sys.platform == "linux":
        libc.prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)
