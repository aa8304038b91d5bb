"""No worker outlives its use: it ends with the process that started it, and when its pool is closed."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import cast

from grader.sandbox.system import die_with_parent

_GRACE_SECONDS = 1.0  # for workers at rest to end by themselves, and to put away what they hold


def end_with_parent() -> None:
    """Call this first in a worker: it is killed once the process that started it is gone, however that ended.

    On Linux by the kernel, so that a worker deep in a search of C code ends as well; elsewhere by a thread.
    Ctrl+C in the terminal is left to the parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])  # a student's process must hear it
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        die_with_parent()
        if os.getppid() != parent.pid:  # it was gone before the kernel was asked
            os._exit(1)
        return
    threading.Thread(target=_wait_for, args=(parent,), daemon=True).start()


def _wait_for(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os._exit(1)


@contextlib.contextmanager
def ctrl_c_later() -> Iterator[None]:
    """Keep Ctrl+C back in the block, and from workers started in it until they call ``end_with_parent``."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def end_pool(pool: ProcessPoolExecutor) -> None:
    """End a pool's processes and wait until they are gone, whatever they are at; what they were at is lost."""
    workers = list((pool._processes or {}).values())
    manager = cast(threading.Thread | None, pool._executor_manager_thread)
    pool.shutdown(wait=False, cancel_futures=True)
    until = time.monotonic() + _GRACE_SECONDS
    while workers and (left := until - time.monotonic()) > 0:
        ended = wait([worker.sentinel for worker in workers], left)
        workers = [worker for worker in workers if worker.sentinel not in ended]
    for worker in workers:
        worker.kill()
    if manager is not None:
        manager.join()
