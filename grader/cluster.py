"""Grade a class on a Dask cluster: the workers of a scheduler in the place of this machine's processes.

A submission travels as bytes and its result comes back; no disk is shared. The assignment travels once to a worker,
which keeps processes warm for it (``cluster_worker``). Which worker gets what is decided here, not by the scheduler:
only workers that were asked and found fit get anything, and what a lost worker had is told apart from the rest.
"""

import contextlib
import hashlib
import logging
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from grader import cluster_worker
from grader.assignment import Assignment, Settings
from grader.cluster_fit import PACKAGE, find_fit, first_line, other_version
from grader.errors import GraderError
from grader.grading import NotGraded, as_problem
from grader.intake.submission import Submission
from grader.pool import Outcome, Part, Prepared, Work
from grader.released import Saved
from grader.sandbox.limits import Isolation
from grader.stopping import GO_ON

CONNECT_SECONDS = 10  # for the scheduler to answer
LOOK_SECONDS = 1.0  # between two looks at which workers there are
WAIT_SECONDS = 60.0  # for a worker to come where there is none
STOP_SECONDS = 5  # for workers to hear that nobody waits any more
FETCH_SECONDS = 30  # for a result that is there to come
TRIES = 3  # of a submission whose worker was lost, as many as the local pool gives one whose process was lost
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}


@dataclass(frozen=True)
class Cargo:
    """An assignment on its way to a worker: what ``pool.Work`` says, with files by path in the place of folders."""

    name: str
    files: dict[str, bytes]
    edition: dict[str, bytes]
    settings: Settings
    parts: list[Part]
    isolation: Isolation


class ClusterError(GraderError):
    """The cluster cannot be reached, or cannot grade."""


class Cluster:
    """A connection to a Dask scheduler, until ``close``.

    Parameters
    ----------
    address
        Such as ``tcp://10.0.0.5:8786``; certificates for ``tls://`` are of Dask's own settings.
    say
        Is told which workers are not used, and why.
    """

    def __init__(self, address: str, isolation: Isolation, say: Callable[[str], object]) -> None:
        try:
            from distributed import Client
            from distributed.versions import VersionMismatchWarning
        except ImportError:
            raise ClusterError(
                f"Grading on a cluster needs Dask's distributed; install it: pip install '{PACKAGE}[cluster]'"
            ) from None
        if "://" not in address:
            raise ClusterError(f"--scheduler is an address with its protocol, tcp://HOST:PORT, got {address!r}.")
        self.address, self._isolation, self._say = address, isolation, say
        self._graders: list[ClusterGraders] = []
        for logger in ("distributed", "distributed.client"):  # a lost worker or scheduler is told in our words
            logging.getLogger(logger).setLevel(logging.CRITICAL)
        warnings.simplefilter("ignore", VersionMismatchWarning)  # so is what is installed on workers
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, name="grader")
        except Exception as error:
            with contextlib.suppress(ValueError):  # it came to no client
                Client.current().close(timeout=STOP_SECONDS)  # a half-made one, collected later, can block the next
            raise ClusterError(
                f"The scheduler at {address} was not reached in {CONNECT_SECONDS} s "
                f"({first_line(error.__cause__ or error)}). Is it running, and open to this machine?"
            ) from None
        if why := other_version(self._version_of_scheduler()):
            self.close()
            raise ClusterError(f"The scheduler at {address} cannot be used: {why}")

    def _version_of_scheduler(self) -> object:
        try:
            return self._client.run_on_scheduler(version, PACKAGE)
        except Exception as error:
            return error

    def graders(self, assignment: Assignment, saved: Saved) -> "ClusterGraders":
        """Let the cluster grade an assignment; ``batch.autograde`` takes this as its ``graders``."""
        made = ClusterGraders(self._client, self.address, assignment, self._isolation, saved, self._say)
        self._graders.append(made)
        return made

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Call back what is out, and leave."""
        for graders in self._graders:
            graders.close()
        with contextlib.suppress(OSError, CancelledError, RuntimeError):  # the scheduler is gone, perhaps
            self._client.close(timeout=STOP_SECONDS)


@dataclass
class _Worker:
    """A worker that is fit: how many submissions it grades at a time, and how many it has."""

    slots: int
    has: int = 0
    suspect: bool = False  # among them one that may be to blame for the loss of another worker: it is there alone


@dataclass
class _Sent:
    """A submission that is out, or was, and the address where."""

    submission: Submission
    worker: str = ""
    tries: int = 0


class ClusterGraders:
    """A cluster's workers for one assignment."""

    def __init__(
        self,
        client: Any,
        address: str,
        assignment: Assignment,
        isolation: Isolation,
        saved: Saved,
        say: Callable[[str], object],
    ) -> None:
        self._client, self._address, self._say = client, address, say
        prepared = Prepared(assignment, isolation, saved)
        self.expected, self._cargo = prepared.expected, _packed(prepared.work)
        prepared.close()
        self._trial = prepared.work.settings.limits, prepared.work.settings.sandbox, isolation
        self._run = uuid.uuid4().hex
        self._workers: dict[str, _Worker] = {}
        self._refused: set[str] = set()
        self._running: dict[Any, _Sent] = {}  # by Dask's future
        self._suspects: deque[_Sent] = deque()
        self._next_look = 0.0

    def close(self) -> None:
        """Call back what is out, which nobody waits for any more."""
        if not self._running:
            return
        for future in self._running:
            future.release()
        self._running.clear()
        with contextlib.suppress(OSError, CancelledError, RuntimeError):  # who is not reached ends by its own limits
            there = list(self._workers)
            self._client.run(
                *(cluster_worker.stop, self._run), workers=there, on_error="ignore", callback_timeout=STOP_SECONDS
            )

    @property
    def warnings(self) -> list[str]:
        """Nothing: this machine's limits do not matter, and what workers say is told when they are asked."""
        return []

    def grade_all(self, submissions: Iterable[Submission]) -> Iterator[tuple[Submission, Outcome]]:
        """Grade ``submissions`` as they come and yield each with its outcome, in the order of getting done.

        A few for each worker are out at a time, so that a large class is never in the scheduler's memory at once.
        Those that may be to blame for the loss of a worker come last, each on a worker that has nothing else.
        """
        waiting = iter(submissions)
        following = next(waiting, None)
        while following or self._running or self._suspects:
            yield from self._look_after_workers(is_last=not following)
            while following and (address := self._with_room()):
                self._send(_Sent(following), address)
                following = next(waiting, None)
            while not following and self._suspects and (address := self._with_nothing()):
                self._send(self._suspects.popleft(), address)
                self._workers[address].suspect = True
            yield from self._finished()

    # -- what is out -------------------------------------------------------------------------------------------------

    def _with_room(self) -> str | None:
        """A worker that can take one more than it grades at a time: what it has next is then there already."""
        free = {address: each.has / each.slots for address, each in self._workers.items() if not each.suspect}
        address = min(free, key=free.__getitem__, default=None)
        return address if address and self._workers[address].has <= self._workers[address].slots else None

    def _with_nothing(self) -> str | None:
        return next((address for address, each in self._workers.items() if not each.has), None)

    def _send(self, sent: _Sent, address: str) -> None:
        digest, _ = self._cargo
        sent.worker, sent.tries = address, sent.tries + 1
        one = sent.submission
        packed = msgspec.msgpack.encode(Submission(one.student, one.notebooks, one.files, one.notes))
        with self._reaching(), warnings.catch_warnings(action="ignore"):  # Dask finds 10 MB large
            future = self._client.submit(
                *(cluster_worker.grade, digest, self._run, packed),
                key=f"grade-{uuid.uuid4().hex}",  # no name of a student's on the scheduler's pages
                workers=[address],
                allow_other_workers=False,
            )
        self._running[future] = sent
        self._workers[address].has += 1

    def _finished(self) -> Iterator[tuple[Submission, Outcome]]:
        """Wait until something is done, or for the next look at the workers, and yield what came."""
        from distributed import wait

        if not self._running:
            if not self._workers:
                time.sleep(LOOK_SECONDS)
            return
        with self._reaching():
            try:
                done = wait(list(self._running), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                return
        for future in done:
            if future not in self._running:  # taken back from a lost worker meanwhile
                continue
            with self._reaching():
                try:
                    outcome = self._fetch(future)
                except TimeoutError:  # its worker is lost, perhaps, which the next look shows
                    continue
            sent = self._running[future]
            if outcome is None:
                yield from self._lose(sent.worker)
                continue
            worker = self._workers[sent.worker]
            worker.has, worker.suspect = worker.has - 1, False
            del self._running[future]
            future.release()
            yield sent.submission, outcome

    def _fetch(self, future: Any) -> Outcome | None:
        """Get a result; None where the worker began anew at its address, or Dask gave it up before we did."""
        from distributed import KilledWorker

        try:
            outcome: Outcome | None = future.result(timeout=FETCH_SECONDS)
        except (OSError, CancelledError):
            raise
        except KilledWorker:
            return None
        except Exception as error:  # in handing work or verdict over: the others' go on
            return as_problem(error)
        return outcome

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        """Say in a line that the scheduler is gone, where it is."""
        try:
            yield
        except (OSError, CancelledError, RuntimeError):  # all of them from Dask, as things stand
            raise ClusterError(f"The scheduler at {self._address} was lost. {GO_ON}") from None

    # -- workers -----------------------------------------------------------------------------------------------------

    def _look_after_workers(self, is_last: bool) -> Iterator[tuple[Submission, Outcome]]:
        """Ask those that are new, and take back what lost ones had; with none left, wait for one to come."""
        if time.monotonic() < self._next_look:
            return
        is_first, until = not self._next_look, 0.0
        while True:
            with self._reaching():
                there: dict[str, int] = self._client.nthreads()
            for address in self._workers.keys() - there.keys():
                yield from self._lose(address)
            self._refused &= there.keys()
            if new := {address: there[address] for address in there.keys() - self._workers.keys() - self._refused}:
                with self._reaching():
                    fit = find_fit(self._client, set(new), self._trial, self._cargo, self._say)
                self._refused |= new.keys() - fit
                self._workers |= {address: _Worker(new[address]) for address in fit}
            self._next_look = time.monotonic() + LOOK_SECONDS
            if self._workers:
                return
            if there and is_first:
                raise ClusterError(f"No worker at {self._address} can grade this, for the reasons above.")
            if not until:
                self._say(f"No worker is at {self._address}; waiting up to {WAIT_SECONDS:g} s for one to come.")
                until = time.monotonic() + WAIT_SECONDS
            elif time.monotonic() > until:
                break
            time.sleep(LOOK_SECONDS)
        if not is_last:
            raise ClusterError(
                f"No worker has come in {WAIT_SECONDS:g} s; start one (dask worker {self._address}). {GO_ON}"
            )
        while self._suspects:
            yield self._suspects.popleft().submission, NotGraded("its worker was lost, and no other is there")

    def _lose(self, address: str) -> Iterator[tuple[Submission, Outcome]]:
        """Take back what a lost worker had; one of these may be to blame, and only that one may lose by it."""
        self._workers.pop(address, None)
        for future, sent in [(future, sent) for future, sent in self._running.items() if sent.worker == address]:
            del self._running[future]
            future.release()
            if sent.tries < TRIES:
                self._suspects.append(sent)
            else:
                yield sent.submission, NotGraded(f"the worker it was graded on was lost, {TRIES} times")


def _packed(work: Work) -> tuple[str, bytes]:
    """Pack what travels; return its digest as well."""
    folders = _read(work.folder), _read(work.edition)
    packed = msgspec.msgpack.encode(Cargo(work.folder.name, *folders, work.settings, work.parts, work.isolation))
    return hashlib.sha256(packed).hexdigest(), packed


def _read(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder, by path from there."""
    paths = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {str(name): path.read_bytes() for name, path in paths.items() if LEFT_OUT.isdisjoint(name.parts)}
