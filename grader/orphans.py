"""No worker outlives its use: it ends with the process that started it, and when its pool is closed."""

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from typing import cast

from grader.nursery import nursery
from grader.sandbox.system import call_process, die_with_parent


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
        call_process("grader-worker")
        if os.getppid() != (nursery() or parent.pid):  # it was gone before the kernel was asked
            os._exit(1)
        return
    threading.Thread(target=_wait_for, args=(parent,), daemon=True).start()


def _wait_for(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os._exit(1)


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
