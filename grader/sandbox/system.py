"""The C library, for what Python has no words for."""

import ctypes
import os
import signal
import sys

libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def call(result: int, what: str) -> None:
    """Raise ``OSError`` where a call of the C library failed."""
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def die_with_parent() -> None:
    """Let the kernel kill this process when the thread that started it is gone; only Linux can."""
    if sys.platform == "linux":
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
