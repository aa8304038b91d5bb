"""How long the grader waits for a student's code."""

import time
from collections.abc import Callable

from grader.sandbox.proc import Process

GRACE_SECONDS = 1.0  # between asking a cell to stop and ending its process
STRETCH = 3  # times a limit that a process on a busy machine may take
LOOK_SECONDS = 0.2  # between two looks at a process that is at work


class Patience:
    """The time of one request: a deadline, then an interrupt, then the end.

    Time the process spent waiting for a processor is not held against it, up to ``STRETCH`` times the limit.

    Parameters
    ----------
    seconds
        The limit.
    process
        The student's process, which is interrupted past the deadline.
    look
        Called every ``LOOK_SECONDS`` while there is nothing to receive.
    """

    def __init__(self, seconds: float, process: Process, look: Callable[[], None]) -> None:
        self.seconds = seconds
        self.interrupted = False
        self._process, self._look = process, look
        self._began, self._cpu_began = time.monotonic(), process.cpu_seconds()
        self._until = self._began + seconds
        self._next_look = self._began + LOOK_SECONDS

    @property
    def wakes(self) -> float:
        """When to wait no further without asking ``wake``, on the monotonic clock."""
        return min(self._until, self._next_look)

    def wake(self) -> None:
        """Look after the process if it is time; past the deadline interrupt it, then ``TimeoutError``."""
        now = time.monotonic()
        if now >= self._next_look:
            self._look()
            self._next_look = time.monotonic() + LOOK_SECONDS
        if now < self._until:
            return
        if self.interrupted:
            raise TimeoutError
        latest = self._began + STRETCH * self.seconds
        waited = self.seconds - (self._process.cpu_seconds() - self._cpu_began)
        if waited > 0.1 * self.seconds and self._until < latest:
            self._until = min(now + waited, latest)
            return
        self.interrupted = True
        self._until = now + GRACE_SECONDS
        self._process.interrupt()
