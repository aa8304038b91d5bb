"""What wakes asyncio's loop while grading: an eventfd, since a pair of sockets is refused to a student's process."""

import asyncio.selector_events
import contextlib
import os
from typing import Any


class Bell:
    """An eventfd with what asyncio asks of the two sockets by which another thread wakes its loop."""

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def fileno(self) -> int:
        """Return the descriptor, which can be read once it was rung."""
        return self._fd

    def send(self, data: bytes) -> int:
        """Ring."""
        os.eventfd_write(self._fd, 1)
        return len(data)

    def recv(self, _: int) -> bytes:
        """Return a byte if it was rung; ``BlockingIOError`` otherwise."""
        os.eventfd_read(self._fd)
        return b"\0"

    def close(self) -> None:
        """Close it; both ends do."""
        with contextlib.suppress(OSError):
            os.close(self._fd)
        self._fd = -1


def hang() -> None:
    """Let every new loop of asyncio be woken by a bell, where the system has eventfds."""
    if hasattr(os, "eventfd"):
        asyncio.selector_events.BaseSelectorEventLoop._make_self_pipe = _make_bell  # type: ignore[attr-defined]


def _make_bell(loop: Any) -> None:
    loop._ssock = loop._csock = Bell()
    loop._internal_fds += 1
    loop._add_reader(loop._ssock.fileno(), loop._read_from_self)
