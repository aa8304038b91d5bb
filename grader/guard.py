"""Bound what the trusted process spends on a student's answers: they are data, but may be data of a nasty size."""

import contextlib
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

MEMORY_BYTES = 4 * 2**30  # that a test may take on top of what the process has
CPU_SECONDS = 10.0  # of this process; waiting for the student's is not counted


class Overran(Exception):
    """A hidden test took too much of the grader's own time with what the student's function returned."""


@contextlib.contextmanager
def memory_bounded() -> Iterator[None]:
    """Let allocations beyond ``MEMORY_BYTES`` fail with ``MemoryError``, where the system can."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        old = resource.getrlimit(resource.RLIMIT_AS)
        most = pages * resource.getpagesize() + MEMORY_BYTES
        soft = min([most, *(limit for limit in old if limit != resource.RLIM_INFINITY)])
        resource.setrlimit(resource.RLIMIT_AS, (soft, old[1]))
    except (OSError, ValueError):  # no /proc, or a system that bounds no address space
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, old)


@contextlib.contextmanager
def clock_paused() -> Iterator[None]:
    """Let a running ``Clock`` stand still in the block: what runs there is our own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    left, interval = signal.setitimer(signal.ITIMER_PROF, 0)
    try:
        yield
    finally:
        if left:
            signal.setitimer(signal.ITIMER_PROF, left, interval)


class Clock:
    """Raises ``Overran`` in the block once it has used ``CPU_SECONDS``, and every second from then on.

    Signals reach the main thread only; in another thread, as on a cluster, nothing is bounded.
    """

    def __init__(self) -> None:
        self.overran = False

    def __enter__(self) -> "Clock":
        self._armed = threading.current_thread() is threading.main_thread()
        if self._armed:
            self._old = signal.signal(signal.SIGPROF, self._ring)
            signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS, 1.0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._armed:
            self._armed = False  # a last signal, on its way already, must not raise outside the block
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._old)

    def _ring(self, _: int, __: FrameType | None) -> None:
        self.overran = True
        if self._armed:
            raise Overran(f"took over {CPU_SECONDS:g} s to look at")
