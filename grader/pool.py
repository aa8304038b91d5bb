"""Warm processes that grade submissions in parallel; one that is lost costs nobody anything."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Protocol

import nbformat

from grader.assignment import Assignment, Settings
from grader.engine import Engine
from grader.errors import GraderError
from grader.grading import NotGraded, as_problem, grade_submission
from grader.intake.expected import Expected
from grader.intake.submission import Submission
from grader.nursery import context, warm_start
from grader.orphans import end_pool, end_with_parent
from grader.released import Saved, hidden_texts, released_notebook, whole_notebook
from grader.results import GradeResult
from grader.sandbox.limits import Isolation, cut_short_by_the_system
from grader.sandbox.warm import IsolationError, Lost, WarmProcesses, WarmStart
from grader.stopping import ctrl_c_later
from grader.student_edition import build_student_edition
from grader.temporary import TemporaryFolder

Outcome = GradeResult | GraderError  # a verdict, or why there is none: Refused or NotGraded

_engines: list[Engine] = []  # of a worker process, one for each of the assignment's notebooks
_no_engine: GraderError | None = None  # why there are none


@dataclass(frozen=True)
class Part:
    """One notebook of an assignment: its name without the ending, as released, and its texts that are not shown."""

    notebook: str
    released: str
    whole: dict[str, str]


@dataclass(frozen=True)
class Work:
    """What a grading process is told at its start."""

    folder: Path
    settings: Settings
    parts: list[Part]
    edition: Path
    isolation: Isolation


class GradesAll(Protocol):
    """Whoever grades a class for ``batch``: this machine's processes, or a cluster's."""

    expected: list[Expected]

    @property
    def warnings(self) -> list[str]:
        """What to tell before the first is graded, a line each."""

    def grade_all(self, submissions: Iterable[Submission]) -> Iterator[tuple[Submission, Outcome]]:
        """Grade ``submissions`` as they come and yield each with its outcome, in the order of getting done."""


class Prepared:
    """An assignment made ready for grading processes; its student's edition lies in a folder until ``close``.

    Parameters
    ----------
    saved
        What the gradebook keeps of the release.
    """

    def __init__(self, assignment: Assignment, isolation: Isolation, saved: Saved | None) -> None:
        self._edition = build_student_edition(assignment)
        self.expected: list[Expected] = []
        parts = []
        for part in assignment.parts:
            whole = whole_notebook(part, saved)
            released = released_notebook(part, whole)
            self.expected.append(Expected.of(part, released, self._edition.name))
            parts.append(Part(part.notebook_name, nbformat.writes(released), hidden_texts(whole, released)))
        self.work = Work(assignment.folder, assignment.settings, parts, self._edition.path, isolation)

    def close(self) -> None:
        """Remove the student's edition."""
        self._edition.cleanup()


class Processes:
    """Worker processes for one assignment, ``jobs`` at most, started when there is work and warm until ``close``."""

    def __init__(self, work: Work, jobs: int) -> None:
        self._work, self._jobs = work, jobs
        self._folder = TemporaryFolder()  # of the workers: what one that was killed leaves goes with it
        self._pool: ProcessPoolExecutor | None = None
        self.closed = False

    def close(self) -> None:
        """End the processes, whatever they are at; another thread may wait for what they are at."""
        self.closed = True
        self._drop_pool()
        self._folder.cleanup()

    def grade_all(self, submissions: Iterable[Submission]) -> Iterator[tuple[Submission, Outcome]]:
        """Grade ``submissions`` as they come and yield each with its outcome, in the order of getting done.

        Only a few are read ahead, so that a large class is never in memory at once.
        """
        waiting = iter(submissions)
        running: dict[Future[GradeResult], Submission] = {}
        while True:
            while len(running) < 2 * self._jobs and (submission := next(waiting, None)) is not None:
                running[self._submit(submission)] = submission
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenProcessPool) for future in finished):
                # One of those running is to blame, and only that one may lose by it.
                suspects, running = list(running.items()), {}
                self._drop_pool()
                for future, submission in suspects:
                    graded = future.done() and not isinstance(future.exception(), BrokenProcessPool)
                    yield submission, _outcome(future) if graded else self._grade_alone(submission)
                continue
            for future in finished:
                yield running.pop(future), _outcome(future)

    def _submit(self, submission: Submission) -> Future[GradeResult]:
        try:
            return _hand_to(self._open_pool(), submission)
        except BrokenProcessPool as error:  # between two submissions: this one is lost like those that run
            broken: Future[GradeResult] = Future()
            broken.set_exception(error)
            return broken

    def _open_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = self._make_pool(self._jobs)
        return self._pool

    def _make_pool(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(jobs, context(), _start_worker, (self._work, self._folder.name, warm_start()))

    def _drop_pool(self) -> None:
        if self._pool is not None:
            end_pool(self._pool)
            self._pool = None

    def _grade_alone(self, submission: Submission) -> Outcome:
        """Grade a submission whose process was lost, in processes of its own: twice, then it counts as not graded."""
        reason = ""
        for _ in range(2):
            if self.closed:
                return NotGraded("the grading was stopped")
            pool = self._make_pool(1)
            try:
                grading = _hand_to(pool, submission)
                if not isinstance(grading.exception(), BrokenProcessPool):
                    return _outcome(grading)
                reason = str(grading.exception())
            except BrokenProcessPool as error:  # before it was handed over
                reason = str(error)
            finally:
                end_pool(pool)
        return NotGraded(f"the grading process was lost: {reason}")


class Graders(Processes):
    """This machine's processes for one assignment, warm until ``close``.

    Parameters
    ----------
    jobs
        Processes at most, by default one per core.
    saved
        What the gradebook keeps of the release.
    """

    def __init__(
        self,
        assignment: Assignment,
        jobs: int | None = None,
        isolation: Isolation = Isolation.sandbox,
        saved: Saved | None = None,
    ) -> None:
        self._prepared = Prepared(assignment, isolation, saved)
        self.expected = self._prepared.expected
        super().__init__(self._prepared.work, jobs or os.cpu_count() or 1)

    def __enter__(self) -> "Graders":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, whatever they are at, and remove what was prepared for them."""
        super().close()
        self._prepared.close()

    @property
    def warnings(self) -> list[str]:
        """What this system lets a process have less of than the assignment's limits."""
        return cut_short_by_the_system(self._work.settings.limits)


def _outcome(future: Future[GradeResult]) -> Outcome:
    try:
        return future.result()
    except IsolationError:  # it would be the same for everybody
        raise
    except GraderError as error:
        return error
    except Exception as error:  # in handing work or verdict over: the others' go on
        return as_problem(error)


def _hand_to(pool: ProcessPoolExecutor, submission: Submission) -> Future[GradeResult]:
    with ctrl_c_later():  # a worker may be started now
        return pool.submit(_grade, submission)


def _start_worker(work: Work, temporary: str, start: WarmStart | None) -> None:
    """Warm a worker process: load the assignment while its zygote starts."""
    global _engines, _no_engine
    end_with_parent()  # and with it its zygote
    tempfile.tempdir = temporary
    assignments = [Assignment(work.folder, notebook=part.notebook) for part in work.parts]
    for each in assignments:
        each.settings = work.settings  # which the course's own settings decide as well
    warm: WarmProcesses | None = None
    with ThreadPoolExecutor(1) as aside:
        loading = aside.submit(lambda: [(part.hidden_tests, part.mistakes) for part in assignments])
        for _ in range(2):  # in this thread: a warm process ends with the thread that started it
            try:
                sandbox = work.settings.sandbox
                warm = WarmProcesses(work.edition, work.settings.limits, work.isolation, sandbox, work.folder, start)
                break
            except IsolationError as error:  # raised here it would look like a lost process, with a traceback
                _no_engine = error
                break
            except Lost as error:
                _no_engine = NotGraded(str(error))
        loading.result()
    if warm is not None:
        _engines = [
            Engine(each, nbformat.reads(part.released, as_version=4), work.edition, work.isolation, part.whole, warm)
            for each, part in zip(assignments, work.parts, strict=True)
        ]
        Finalize(None, warm.close, exitpriority=0)


def _grade(submission: Submission) -> GradeResult:
    if not _engines:
        raise _no_engine or NotGraded("the warm process did not start")
    return grade_submission(_engines, submission)
