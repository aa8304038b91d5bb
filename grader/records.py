"""What grading leaves in a course folder: graded notebooks with the student's files, scores, and a record of it."""

import hashlib
import logging
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
from nbgrader.converters import Autograde

from grader.assignment import Assignment
from grader.course import Course, CourseError
from grader.files import replace_folder, write_atomically
from grader.gradebook import GradebookWriter, Written
from grader.history import Step, add, now_graded, read, steps
from grader.intake.beside import harmless_files, usable_files
from grader.intake.submission import Submission
from grader.results import GradeResult

_Kind = TypeVar("_Kind")


class Record(msgspec.Struct):
    """One finished submission: fingerprints of what was handed in and of the assignment, and the result."""

    submission: str
    assignment: str
    result: GradeResult
    look: str = ""  # of the folder that was handed in; see ``intake.tree.outward``
    notebooks: list[str] = []  # that were handed in


class Problem(msgspec.Struct):
    """Why the newest that a student handed in has no grade."""

    student: str
    why: str


class _Heading(msgspec.Struct):
    """The part of a record that says what was graded."""

    assignment: str
    look: str = ""
    notebooks: list[str] = []


def load_results(course: Course, assignment: str) -> list[GradeResult]:
    """Read the results that earlier runs recorded."""
    paths = sorted(_folder(course, assignment).glob("*.json"))
    return [record.result for path in paths if (record := _read(path, Record)) is not None]


def load_problems(course: Course, assignment: str) -> dict[str, str]:
    """Read why the last run could not grade what is handed in, by student."""
    paths = (_folder(course, assignment) / "problems").glob("*.json")
    return {found.student: found.why for path in paths if (found := _read(path, Problem)) is not None}


def load_result(course: Course, assignment: str, student: str) -> GradeResult | None:
    """Read the result that the last grading of a student's work recorded; None where there is none."""
    record = _read(_folder(course, assignment) / f"{_file_name(student)}.json", Record)
    return None if record is None else record.result


class Records:
    """Keeps the results of one assignment in a course folder."""

    def __init__(self, course: Course, assignment: Assignment, writer: GradebookWriter) -> None:
        self._course, self._assignment, self._writer = course, assignment, writer
        self.root = course.root
        self._version = assignment.fingerprint
        self._known = writer.graded(assignment.name)  # records outlive a gradebook that was moved away
        self._nbgrader = Autograde(coursedir=course.directory(), config=course.config)
        self._nbgrader.log = logging.getLogger("grader.nbgrader")

    def is_as_it_was(self, student: str, look: str) -> bool:
        """Whether a folder that looks like this was graded by just these tests, and what is kept of it is there."""
        if not look or student not in self._known:
            return False
        heading = _read(self._path(student), _Heading)
        if heading is None or (heading.assignment, heading.look) != (self._version, look):
            return False
        return self._are_kept(student, heading.notebooks)

    def is_up_to_date(self, submission: Submission) -> bool:
        """Whether just this work was graded by just these tests, and what is kept of it is there.

        The next time it need not be read to know that.
        """
        student = submission.student
        if student not in self._known:
            return False
        record = _read(self._path(student), Record)
        if record is None or (record.submission, record.assignment) != (submission.digest, self._version):
            return False
        if not self._are_kept(student, submission.notebooks):
            return False
        if submission.look and submission.look != record.look:
            record.look, record.notebooks = submission.look, list(submission.notebooks)
            self._write(student, record)
        return True

    def _are_kept(self, student: str, notebooks: Iterable[str]) -> bool:
        folder = self._graded_folder(student)
        return all((folder / name).exists() for name in notebooks)

    def _write(self, student: str, record: Record) -> None:
        write_atomically(self._path(student), msgspec.json.format(msgspec.json.encode(record), indent=1))

    def keep(self, submission: Submission, result: GradeResult) -> None:
        """Write the graded notebook and files, the scores and, last, the record that this submission is done."""
        usable, _ = usable_files(submission.files, self._assignment.guarded_files)  # the result tells of the others
        files, left_out = harmless_files(usable)
        files |= submission.exchange_files
        folder = self._graded_folder(submission.student)
        replace_folder(folder, {**files, **result.notebooks})
        self._nbgrader.set_permissions(self._assignment.name, submission.student)
        names = [part.notebook_name for part in self._assignment.parts]
        written = self._writer.write(result, names, submission.submitted)
        self._remember(submission, result, written)
        graded = msgspec.structs.replace(result, notebooks={}, spent={})
        names = list(submission.notebooks)
        self._write(submission.student, Record(submission.digest, self._version, graded, submission.look, names))
        self.forget_problem(submission.student)
        # Not in the record: due date, people's scores and installed packages may change.
        result.repairs = [*written.notes, *result.repairs, *left_out]

    def keep_problem(self, result: GradeResult) -> None:
        """Write down why there is no grade; a grade of an earlier submission stays as it is."""
        with suppress(OSError):  # of a disk that is full, perhaps; the run says it, and so will the next
            write_atomically(
                self._problem_path(result.student), msgspec.json.encode(Problem(result.student, result.problem))
            )

    def forget_problem(self, student: str) -> None:
        """What is handed in now is graded."""
        self._problem_path(student).unlink(missing_ok=True)

    def _problem_path(self, student: str) -> Path:
        return _folder(self._course, self._assignment.name) / "problems" / f"{_file_name(student)}.json"

    def _remember(self, submission: Submission, result: GradeResult, written: Written) -> None:
        """Add this grading to the student's history, which outlives the record."""
        cells = {cell.grade_id: cell.score for cell in result.cells if cell.status != "manual"}
        points = sum(cell.points for cell in result.cells)
        graded = now_graded(submission.digest, self._assignment, cells, points, written.by_hand, written.penalty)
        add(history_path(self._course, self._assignment.name, submission.student), graded)

    def _graded_folder(self, student: str) -> Path:
        return self._course.path("autograded", student, self._assignment.name)

    def _path(self, student: str) -> Path:
        return _folder(self._course, self._assignment.name) / f"{_file_name(student)}.json"


def history_path(course: Course, assignment: str, student: str) -> Path:
    """Where the gradings of one student's assignment are kept."""
    return _folder(course, assignment) / "history" / f"{_file_name(student)}.jsonl"


def histories(course: Course, student: str, name: str | None = None) -> dict[str, list[Step]]:
    """Tell how a student's scores came about, by assignment; ``CourseError`` where nothing was ever graded."""
    names = (
        [course.assignment(name).name] if name else sorted(path.name for path in (course.root / ".grader").glob("*/"))
    )
    found: dict[str, list[Step]] = {}
    with GradebookWriter(course.db_url, course.course_id) as gradebook:
        for each in names:
            if gradings := list(read(history_path(course, each, student))):
                now = gradebook.by_person(each, student) if gradebook.knows(each) else (gradings[-1].by_hand, 0.0)
                found[each] = steps(gradings, *now)
    if not found:
        of = f" of {names[0]}" if name else ""
        raise CourseError(f"Nothing{of} by {student} was graded in this course; ids are the folders in submitted/.")
    return found


def _file_name(student: str) -> str:
    return student if len(student.encode()) < 200 else hashlib.sha256(student.encode()).hexdigest()


def _folder(course: Course, assignment: str) -> Path:
    return course.root / ".grader" / assignment


def _read(path: Path, kind: type[_Kind]) -> _Kind | None:
    """Read a record, or its heading; None where there is none, or a damaged one."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
