"""What grading on a cluster does inside a Dask worker: benches of warm processes, one for each assignment.

The scheduler imports this module as well, when a task passes through it: it loads nothing at its top that takes time or
that only workers have installed.
"""

import asyncio
import hashlib
import multiprocessing
import platform
import threading
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.cluster import Cargo
    from grader.pool import Outcome, Processes
    from grader.sandbox.limits import Imports, Isolation, Limits

KEPT = 4  # assignments whose processes a worker keeps warm

_benches: "dict[str, Bench]" = {}  # by the digest of what travelled, the one used last at the end
_stopped: set[str] = set()  # runs that ended before all was done
_turn = threading.Lock()  # held while these are changed


@dataclass(frozen=True)
class Facts:
    """What a worker is; ``unfit`` says why students' code cannot be confined there as asked."""

    code: str
    python: str
    numpy: str
    unfit: str
    warnings: list[str]


def code_digest() -> str:
    """A digest of this project's own code, which its version does not tell while it is worked on."""
    from grader.files import code_files

    seen = hashlib.sha256()
    for name, path in code_files().items():
        seen.update(name.encode() + path.read_bytes())
    return seen.hexdigest()


async def describe(limits: "Limits", imports: "Imports", isolation: "Isolation") -> Facts:
    """Say what this worker is, after a trial with a process for students' code."""
    unfit, warnings = await asyncio.to_thread(_try, limits, imports, isolation)
    return Facts(code_digest(), platform.python_version(), version("numpy"), unfit, warnings)


def _try(limits: "Limits", imports: "Imports", isolation: "Isolation") -> tuple[str, list[str]]:
    from grader.sandbox.environment import NotInstalled
    from grader.sandbox.limits import cut_short_by_the_system
    from grader.sandbox.warm import WarmProcess

    try:
        WarmProcess(None, limits, isolation, imports).close()
    except NotInstalled as missing:
        return f"{missing.name}, which the assignment needs, is not installed there: pip install {missing.name}", []
    except Exception as error:  # whatever it is, nothing can be graded here
        return str(error) or type(error).__name__, []
    return "", cut_short_by_the_system(limits)


async def install(digest: str, packed: bytes) -> str:
    """Put an assignment on this worker, unless it is there; return why that failed, or nothing.

    Not raised: Dask would write the arguments, and with them hidden tests, into the worker's log.
    """
    return await asyncio.to_thread(_install, digest, packed)


def _install(digest: str, packed: bytes) -> str:
    import msgspec

    from grader.cluster import Cargo

    with _turn:
        if not _benches:
            # A worker under Dask's nanny may have no children, lest they outlive it; ours end with it by themselves.
            multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
            Finalize(None, _close_all, exitpriority=0)
        try:
            bench = _benches.pop(digest, None) or Bench(msgspec.msgpack.decode(packed, type=Cargo))
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        idle = [key for key, each in _benches.items() if not each.busy]
        for key in idle[: max(0, len(_benches) + 1 - KEPT)]:
            _benches.pop(key).close()
        _benches[digest] = bench
        return ""


def grade(digest: str, run: str, packed: bytes) -> "Outcome | None":
    """Grade one submission, the task that travels; None where the assignment is not here, as after a restart.

    By the rules of this machine's own pool, in a process that no other submission is in.

    Parameters
    ----------
    run
        Of ``grader autograde``, by which ``stop`` knows its work.
    packed
        The submission in MessagePack.
    """
    import msgspec

    from grader.grading import as_problem
    from grader.intake.submission import Submission

    with _turn:
        bench = _benches.get(digest)
        if bench is None or run in _stopped:
            return None
        processes = bench.take(run)
    try:
        [(_, outcome)] = processes.grade_all([msgspec.msgpack.decode(packed, type=Submission)])
        return outcome
    except Exception as error:  # a confinement that worked before, or a stop
        return as_problem(error)
    finally:
        with _turn:
            bench.put_back(processes)


async def stop(run: str) -> None:
    """End what this worker grades for a run, which nobody waits for any more."""
    await asyncio.to_thread(_stop, run)


def _stop(run: str) -> None:
    with _turn:
        _stopped.add(run)
        ours = [each for bench in _benches.values() for each, owner in bench.busy.items() if owner == run]
    for processes in ours:
        processes.close()


def _close_all() -> None:
    while _benches:
        _benches.popitem()[1].close()


class Bench:
    """One assignment on a worker, in a folder that its user alone may read, and its warm processes."""

    def __init__(self, cargo: "Cargo") -> None:
        from grader.files import write_files
        from grader.pool import Work
        from grader.temporary import TemporaryFolder

        self._folder = TemporaryFolder("grader-cluster-")
        folder, edition = self._folder.path / "source" / cargo.name, self._folder.path / "edition"
        for place, files in ((folder, cargo.files), (edition, cargo.edition)):
            place.mkdir(parents=True)
            write_files(place, files)
        self._work = Work(folder, cargo.settings, cargo.parts, edition, cargo.isolation)
        self._free: list[Processes] = []
        self.busy: dict[Processes, str] = {}  # and for which run

    def take(self, run: str) -> "Processes":
        """Take processes that nobody uses; there are never more than Dask lets this worker do at a time."""
        from grader.pool import Processes

        processes = self._free.pop() if self._free else Processes(self._work, 1)
        self.busy[processes] = run
        return processes

    def put_back(self, processes: "Processes") -> None:
        """Keep processes warm for the next, unless they were ended meanwhile."""
        del self.busy[processes]
        if not processes.closed:
            self._free.append(processes)

    def close(self) -> None:
        """End all processes and remove the folder."""
        for processes in [*self._free, *self.busy]:
            processes.close()
        self._folder.cleanup()
