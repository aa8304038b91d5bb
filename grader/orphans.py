"""Let a worker process end with the process that started it, whatever the worker is at just then."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Call this first in a worker: it is killed once the process that started it is gone, however that ended.

    On Linux by the kernel, so that a worker deep in a search of C code ends as well; elsewhere by a thread.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent.pid:  # it was gone before the kernel was asked
            os._exit(1)
        return
    threading.Thread(target=_wait_for, args=(parent,), daemon=True).start()


def _wait_for(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os._exit(1)
