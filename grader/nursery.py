"""What grading needs, loaded before there is anything to grade: while the command itself still loads.

Two processes, of which others are copies: the nursery of this command's workers, and the start of warm processes. A
copy is there in milliseconds, where each of its own would load the same libraries again. Only Linux has them:
elsewhere copies of a process that uses the system's libraries fail now and then.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any

from grader.sandbox.system import call_process, die_with_parent
from grader.sandbox.warm import WarmStart
from grader.stopping import ctrl_c_later
from grader.temporary import TemporaryFolder

WORKERS = ("grader.pool", "nnlib")  # what they use, of no one assignment
PAGES = ("grader.feedback_page", "grader.page_exporter", "nbconvert.filters.markdown_mistune", "latex2mathml.converter")

_forks = False  # whether workers are copies of the nursery
_start: WarmStart | None = None
_nursery: int | None = None  # its process id, in itself and in its copies


@contextmanager
def loading_ahead(modules: tuple[str, ...] = (), warm: bool = False) -> Iterator[None]:
    """Start one or both, in the main thread of a command, whose end is then theirs.

    Parameters
    ----------
    modules
        What the workers use; no nursery is needed where there are none.
    warm
        Whether there will be warm processes.
    """
    global _forks, _start
    if sys.platform != "linux":
        yield
        return
    with ExitStack() as stack:
        if modules and _open_nursery(stack.enter_context(TemporaryFolder("n-")), modules):
            stack.callback(_close_nursery)
            _forks = True
        if warm:
            _start = stack.enter_context(WarmStart())
        try:
            yield
        finally:
            _forks, _start = False, None


def _open_nursery(folder: str, modules: tuple[str, ...]) -> bool:
    """Start the nursery, with its socket in ``folder``; not where that is too deep for a socket's address."""
    multiprocessing.current_process()._config["tempdir"] = folder  # type: ignore[attr-defined]
    multiprocessing.get_context("forkserver").set_forkserver_preload(["grader.nursery_begins", *modules])
    try:
        with ctrl_c_later():  # for good: it ends with the command
            forkserver.ensure_running()
    except OSError:
        return False
    return True


def _close_nursery() -> None:
    server: Any = forkserver._forkserver
    os.kill(server._forkserver_pid, signal.SIGKILL)  # or it would wait for the last of its copies
    server._stop()
    multiprocessing.current_process()._config["tempdir"] = None  # type: ignore[attr-defined]


def context() -> SpawnContext | ForkServerContext:
    """How workers are started here: never by a fork of this process, which would copy the gradebook's connection."""
    return multiprocessing.get_context("forkserver") if _forks else multiprocessing.get_context("spawn")


def warm_start() -> WarmStart | None:
    """What this command's warm processes are copies of, if anything."""
    return _start


def become_nursery() -> None:
    """Let this process be the one that workers are copied from."""
    global _nursery
    die_with_parent()
    call_process("grader-nursery")
    _nursery = os.getpid()


def nursery() -> int | None:
    """The id of the process that this one is a copy of, if it is one."""
    return _nursery
