"""Bound what the trusted process spends on what a student wrote: it is data, but may be data of a nasty size.

Reading and writing a submission is ``bounded``, so is each hidden test by a ``Clock``. A clock cannot interrupt a
search of C code: what is searched has a bound on its size, and patterns take a time in proportion to it.
"""

import contextlib
import resource
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from grader.errors import GraderError
from grader.reading import Refused

MEMORY_BYTES = 4 * 2**30  # that a test may take on top of what the process has
CPU_SECONDS = 10.0  # of this process; waiting for the student's is not counted


class Overran(BaseException):
    """Something of a student's took too much of the grader's own time.

    Not an ``Exception``: on its way to who set the clock, nobody must take it for a failure of something else.
    """


@contextlib.contextmanager
def bounded(name: str, step: str) -> Iterator[None]:
    """Do a step that a submission's bytes alone decide, within time and memory; ``Refused`` where that fails.

    It would fail at every run, so no later run could put it right. What the system refuses (``OSError``), one could.

    Parameters
    ----------
    name
        Of the file that is to blame.
    step
        What is done to it, such as ``"reading"``.
    """
    try:
        with memory_bounded(), Clock():
            yield
    except (GraderError, OSError):
        raise
    except (Overran, MemoryError) as error:
        what = f"{CPU_SECONDS:g} s" if isinstance(error, Overran) else f"{MEMORY_BYTES >> 30} GB of memory"
        reason = f"{step} it took over {what}"
    except Exception as error:
        reason = f"{step} it ended in {type(error).__name__}"
    else:
        return
    raise Refused(f"{name}: {reason}; open it in JupyterLab, take out what is not part of the work, and save it.")


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
    began = time.thread_time()
    try:
        yield
    finally:
        Clock.paused += time.thread_time() - began
        if left:
            signal.setitimer(signal.ITIMER_PROF, left, interval)


class Clock:
    """Raises ``Overran`` in the block once its thread has used ``CPU_SECONDS``, and every second from then on.

    The threads in which NumPy multiplies are not counted: where others compute as well, they mostly wait, busily.
    Signals reach the main thread only; in another thread, as of a test, nothing is bounded.
    """

    paused = 0.0  # seconds of the main thread in which one stood still

    def __init__(self) -> None:
        self.overran = False

    def __enter__(self) -> "Clock":
        self._armed = threading.current_thread() is threading.main_thread()
        self._until = time.thread_time() - Clock.paused + CPU_SECONDS
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
        if (left := self._until + Clock.paused - time.thread_time()) > 0:  # the timer counts all threads
            signal.setitimer(signal.ITIMER_PROF, max(left, 0.01), 1.0)
            return
        self.overran = True
        if self._armed:
            raise Overran(f"took over {CPU_SECONDS:g} s to compare")
