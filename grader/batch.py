"""Grade a class: many submissions over processes, each result written as it comes, every problem one line."""

import hashlib
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import nbformat
from sqlalchemy.exc import SQLAlchemyError

from grader.assignment import Assignment
from grader.course import Course
from grader.engine import Engine
from grader.files import write_atomically
from grader.gradebook import GradebookWriter
from grader.release import build_student_edition, release, released_notebook
from grader.results import CellResult, GradeResult
from grader.sandbox.session import IsolationError, Lost
from grader.submission import Submission, read_submission

_engine: Engine | None = None
_isolation_error: IsolationError | None = None


def load_results(course: Course, assignment: str) -> list[GradeResult]:
    """Read the results that earlier runs recorded."""
    found = []
    for path in sorted((course.root / ".grader" / assignment).glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))["result"]
        found.append(msgspec.convert({**record, "notebook": b""}, GradeResult))
    return found


@dataclass
class Summary:
    """What one run of a batch did."""

    results: list[GradeResult] = field(default_factory=list)
    up_to_date: int = 0

    @property
    def problems(self) -> list[GradeResult]:
        """Submissions without a grade."""
        return [result for result in self.results if result.problem]


def autograde(
    name: str,
    course: Course,
    jobs: int | None = None,
    isolation: str = "sandbox",
    force: bool = False,
    students: list[str] | None = None,
    started: Callable[[int], None] = lambda total: None,
    done: Callable[[GradeResult], None] = lambda result: None,
    say: Callable[[str], None] = lambda line: None,
) -> Summary:
    """Grade all submissions of an assignment that are new or changed, and write them into the gradebook.

    Parameters
    ----------
    jobs
        Processes, by default one a core.
    force
        Grade unchanged submissions again.
    started, done, say
        Told the number of submissions to grade, each result as it is written, and lines for the user.
    """
    assignment = course.assignment(name)
    with GradebookWriter(course.db_url, course.course_id) as writer:
        if not writer.knows(assignment.name):
            say(f"{assignment.name} was not released into this gradebook; releasing it now.")
            release(assignment.name, course)
        version = _version(assignment)
        known = writer.graded(assignment.name)  # records outlive a gradebook that was moved away
        summary = Summary()
        waiting: list[tuple[str, Path]] = []
        for student, folder in course.submissions(assignment.name):
            if students and student not in students:
                continue
            submission = read_submission(student, folder, f"{assignment.notebook_name}.ipynb")
            if not force and student in known and _graded_already(course, assignment, submission, version):
                summary.up_to_date += 1
            else:
                waiting.append((student, folder))
        started(len(waiting))
        if not waiting:
            return summary
        released = released_notebook(assignment)
        for submission, result in _grade_all(assignment, released, waiting, jobs or os.cpu_count() or 1, isolation):
            if not result.problem:
                try:
                    _record(writer, course, assignment, released, submission, result, version)
                except (OSError, SQLAlchemyError) as error:
                    reason = str(error).split("\n")[0]
                    result = _infrastructure(assignment, submission, f"the grade could not be written ({reason})")
            result.notebook = b""  # it is on disk; all of a large class's would not fit in memory
            summary.results.append(result)
            done(result)
    return summary


def _grade_all(
    assignment: Assignment, released: nbformat.NotebookNode, waiting: list[tuple[str, Path]], jobs: int, isolation: str
) -> Iterator[tuple[Submission, GradeResult]]:
    """Grade over a pool, a few submissions ahead, so that a large class is never in memory at once."""
    with build_student_edition(assignment) as edition:
        settings = (str(assignment.folder), nbformat.writes(released), edition, isolation)
        jobs = min(jobs, len(waiting))
        queue = iter(waiting)
        while True:
            running: dict[Future[GradeResult], Submission] = {}
            with _open_pool(jobs, settings) as pool:
                try:
                    while True:
                        while len(running) < 2 * jobs and (task := _next(queue, assignment)) is not None:
                            if task.problem:
                                yield task, _refused(assignment, task)
                                continue
                            running[_submit(pool, task)] = task
                        if not running:
                            return
                        finished, _ = wait(running, return_when=FIRST_COMPLETED)
                        for future in finished:
                            result = future.result()
                            yield running.pop(future), result
                except BrokenProcessPool:
                    pass  # one of those running is to blame, and only that one may lose by it
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
            for submission in running.values():
                yield submission, _grade_alone(assignment, submission, settings)


def _open_pool(jobs: int, settings: tuple[str, str, str, str]) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")  # fork would copy the gradebook's connection
    return ProcessPoolExecutor(jobs, context, _start_worker, settings)


def _next(queue: Iterator[tuple[str, Path]], assignment: Assignment) -> Submission | None:
    for student, folder in queue:
        return read_submission(student, folder, f"{assignment.notebook_name}.ipynb")
    return None


def _submit(pool: ProcessPoolExecutor, submission: Submission) -> Future[GradeResult]:
    try:
        return pool.submit(_grade_one, submission)
    except BrokenProcessPool as error:  # between two submissions: this one is lost like those that run
        broken: Future[GradeResult] = Future()
        broken.set_exception(error)
        return broken


def _grade_alone(assignment: Assignment, submission: Submission, settings: tuple[str, str, str, str]) -> GradeResult:
    """Grade a submission whose process was lost, in processes of its own: twice, then it is told as not graded."""
    reason = ""
    for _ in range(2):
        with _open_pool(1, settings) as pool:
            try:
                return pool.submit(_grade_one, submission).result()
            except BrokenProcessPool as error:
                reason = str(error)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return _infrastructure(assignment, submission, f"the grading process was lost: {reason}")


def _start_worker(folder: str, released: str, edition: str, isolation: str) -> None:
    """Warm a worker process: load the assignment while its zygote starts."""
    global _engine, _isolation_error
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that writes
    threading.Thread(target=_end_with_the_writer, daemon=True).start()
    assignment = Assignment(Path(folder))
    notebook = nbformat.reads(released, as_version=4)
    with ThreadPoolExecutor(1) as starting:
        engine = starting.submit(Engine, assignment, notebook, Path(edition), isolation=isolation)
        _ = assignment.hidden_tests, assignment.misconceptions
    try:
        _engine = engine.result()
    except IsolationError as error:  # raised here it would look like a lost process
        _isolation_error = error


def _end_with_the_writer() -> None:
    """End this worker, and with it its zygote, when the process that writes was killed and cannot say so."""
    writer = multiprocessing.parent_process()
    if writer is not None:
        writer.join()
        os._exit(1)


def _grade_one(submission: Submission) -> GradeResult:
    if _isolation_error is not None:
        raise _isolation_error
    assert _engine is not None
    try:
        try:
            result = _engine.grade(submission.notebook, submission.student, submission.files)
        except Lost:  # the engine starts another warm process
            result = _engine.grade(submission.notebook, submission.student, submission.files)
    except Exception as error:  # ours, not the student's: no verdict, no points, no zero
        return _infrastructure(_engine.assignment, submission, f"{type(error).__name__}: {error}")
    if result.problem:
        submission.problem = result.problem
        return _refused(_engine.assignment, submission)
    result.repairs[:0] = submission.notes
    return result


def _infrastructure(assignment: Assignment, submission: Submission, reason: str) -> GradeResult:
    problem = f"not graded, through no fault of the student: {reason}. Run again."
    return _without_verdict(assignment, submission, "infrastructure", problem)


def _refused(assignment: Assignment, submission: Submission) -> GradeResult:
    return _without_verdict(assignment, submission, "missing", submission.problem)


def _without_verdict(assignment: Assignment, submission: Submission, status: str, problem: str) -> GradeResult:
    cells = [
        CellResult(grade_id, 0.0, float(cell.metadata.nbgrader.points), status, problem)
        for grade_id, cell in assignment.graded_cells.items()
        if not cell.metadata.nbgrader.get("solution")
    ]
    return GradeResult(assignment.name, submission.student, cells, submission.notes, 0.0, problem=problem)


def _version(assignment: Assignment) -> str:
    """Fingerprint what a grade depends on besides the submission."""
    seen = hashlib.sha256()
    for path in sorted(assignment.folder.iterdir()):
        if path.suffix in (".py", ".ipynb", ".toml"):
            seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()


def _record_path(course: Course, assignment: str, student: str) -> Path:
    name = student if len(student.encode()) < 200 else hashlib.sha256(student.encode()).hexdigest()
    return course.root / ".grader" / assignment / f"{name}.json"


def _graded_already(course: Course, assignment: Assignment, submission: Submission, version: str) -> bool:
    path = _record_path(course, assignment.name, submission.student)
    notebook = course.path("autograded", submission.student, assignment.name) / f"{assignment.notebook_name}.ipynb"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        same = record["submission"] == submission.digest and record["assignment"] == version
    except (OSError, ValueError, TypeError, KeyError):  # no record, or a damaged one
        return False
    return same and notebook.exists()


def _record(
    writer: GradebookWriter,
    course: Course,
    assignment: Assignment,
    released: nbformat.NotebookNode,
    submission: Submission,
    result: GradeResult,
    version: str,
) -> None:
    """Write notebook, gradebook and, last, the record that this submission is done."""
    folder = course.path("autograded", submission.student, assignment.name)
    for name, data in submission.files.items():
        write_atomically(folder / name, data)
    write_atomically(folder / f"{assignment.notebook_name}.ipynb", result.notebook)
    writer.write(result, assignment.notebook_name, submission.submitted, blank_answers(result, released))
    record = {"submission": submission.digest, "assignment": version, "result": json.loads(result.to_json(True))}
    write_atomically(_record_path(course, assignment.name, submission.student), json.dumps(record, indent=1))


def blank_answers(result: GradeResult, released: nbformat.NotebookNode) -> frozenset[str]:
    """Find the cells for people in which the student wrote nothing."""
    asked = {
        cell.metadata.nbgrader.grade_id: cell.source.strip()
        for cell in released.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    graded = nbformat.reads(result.notebook.decode(), as_version=4)
    return frozenset(
        cell.metadata.nbgrader.grade_id
        for cell in graded.cells
        if "nbgrader" in cell.metadata and asked.get(cell.metadata.nbgrader.grade_id) == cell.source.strip()
    )
