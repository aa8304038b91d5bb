"""No worker outlives its use: it ends with the process that started it, and when its pool is closed."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import cast

from grader.sandbox.system import die_with_parent


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
    """End a pool's processes, whatever they are at, and wait until they are gone; what they were at is lost.

    Workers at rest are killed like others: what they hold lies in the pool's temporary folder or ends with them, and
    to put it away one by one took them half a second.
    """
    workers = list((pool._processes or {}).values())
    manager = cast(threading.Thread | None, pool._executor_manager_thread)
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.kill()
    if manager is not None:
        manager.join()
