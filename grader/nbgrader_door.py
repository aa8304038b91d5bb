"""The second door: nbgrader's own commands and formgrader's buttons go the way of ``grader``'s commands.

nbgrader has settings for the steps of a conversion and none for what stands around them: what is read, copied,
tried again, refused and left behind. So in a process that loads a course of ours, ``start`` of three of its converters
is replaced, on the classes, since commands and buttons hold on to these.
"""

import atexit
import logging
import sys
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.assignment import Assignment
from grader.batch import autograde
from grader.connection import add_unnamed_course, open_gradebook
from grader.course import Course, is_wired
from grader.errors import GraderError
from grader.feedback import feedback as write_pages
from grader.markers import check_markers
from grader.nbgrader_collect import without_links
from grader.pool import Graders
from grader.release import release
from grader.released import Saved
from grader.results import GradeResult, points
from grader.stopping import STOPPED, Stopped, stoppable
from grader.watch import Watch

_graders: dict[
    tuple[str, str], tuple[tuple[str, Saved], Graders]
] = {}  # by folder and isolation: the version, and warm processes


def open_door() -> None:
    """Let nbgrader's converters in this process go our way, for courses that are wired."""
    ours = {
        Autograde: _autograde,
        GenerateAssignment: _generate_assignment,
        GenerateFeedback: _generate_feedback,
    }
    for converter, start in ours.items():
        if not hasattr(converter.start, "stock"):
            converter.start = _instead_of(converter.start, start)
    if not hasattr(ExchangeCollect.do_copy, "stock"):
        ExchangeCollect.do_copy = _where_wired(ExchangeCollect.do_copy, without_links(ExchangeCollect.do_copy))
    if not hasattr(Gradebook.check_course, "stock"):
        Gradebook.check_course = _with_unnamed_course(Gradebook.check_course)


def _instead_of(stock: Callable[[Any], None], ours: Callable[[Any, Course], None]) -> Callable[[Any], None]:
    def start(converter: Any) -> None:
        try:
            with stoppable():
                ours(converter, Course(Path(converter.coursedir.root), converter.config))
        except Stopped as stopped:
            _close_all()  # at exit Python would first wait for what they are at
            converter.log.error(STOPPED)
            sys.exit(stopped.exit_code)
        except GraderError as error:
            converter.log.error("%s", error)
            raise NbGraderException(str(error)) from None

    return _where_wired(stock, start)


def _where_wired(stock: Callable[..., None], ours: Callable[..., None]) -> Callable[..., None]:
    def method(this: Any, *args: Any, **kwargs: Any) -> None:
        (ours if is_wired(this.config) else stock)(this, *args, **kwargs)

    method.stock = stock  # type: ignore[attr-defined]
    return method


def _with_unnamed_course(stock: Callable[..., Any]) -> Callable[..., Any]:
    def check_course(gradebook: Gradebook, course_id: str = "default_course", **kwargs: Any) -> Any:
        course = stock(gradebook, course_id, **kwargs)
        if course_id == "":
            add_unnamed_course(gradebook)
        return course

    check_course.stock = stock  # type: ignore[attr-defined]
    return check_course


def _generate_assignment(converter: Any, course: Course) -> None:
    """Do what ``grader release`` does; without ``--force`` a release that is there stays, as nbgrader has it."""
    assignment = course.assignment(converter.coursedir.assignment_id)
    if course.path("release", ".", assignment.name).is_dir() and not converter.force:
        converter.log.info("%s was released already; add --force to release it again.", assignment.name)
        return
    released = release(assignment.name, course, converter.log.info)
    converter.log.info("Released %s and %s", released.folder, released.archive)


def _autograde(converter: Any, course: Course) -> None:
    """Do what ``grader autograde`` does, for the students that nbgrader's options choose."""
    assignment = course.assignment(converter.coursedir.assignment_id)
    students = _chosen(converter, course, assignment)
    summary = autograde(
        assignment.name,
        course,
        force=converter.force,
        students=students,
        watch=_Log(converter.log),
        graders=lambda assignment, saved: _warm_graders(assignment, saved, course),
    )
    if summary.is_empty:
        converter.log.warning("%s", course.nothing_handed_in(assignment.name))
    for misfiled in summary.misfiled:
        converter.log.error("%s", misfiled.line)
    if summary.absence:
        converter.log.warning("%s", summary.absence)
    if summary.problems or summary.misfiled:
        count = len(summary.problems) + len(summary.misfiled)
        raise NbGraderException(f"{count} of the submissions could not be graded; the lines above say why.")


def _generate_feedback(converter: Any, course: Course) -> None:
    """Do what ``grader feedback`` does, for the students that nbgrader's options choose."""
    try:
        assignment = course.assignment(converter.coursedir.assignment_id)
    except GraderError:  # one that was graded before the course was wired
        GenerateFeedback.start.stock(converter)
        return
    graded = [folder.name for folder in course.path("autograded", ".", ".").glob("*")]
    students = set(_matching(converter, graded))
    problems = write_pages(assignment.name, course, only_new=not converter.force, chosen=students.__contains__)
    for student, problem in problems.items():
        converter.log.error("%s: %s", student, problem)
    if problems:
        raise NbGraderException(f"{len(problems)} of the pages are not as they should be; the lines above say why.")


def _matching(converter: Any, students: list[str]) -> list[str]:
    """Choose students by the names and patterns of nbgrader's options."""
    pattern = converter.coursedir.student_id
    excluded = set(filter(None, converter.coursedir.student_id_exclude.split(",")))
    exact = [student for student in students if student == pattern != "*"]  # formgrader names a student so: [a]
    students = exact or [student for student in students if fnmatchcase(student, pattern)]
    return [student for student in students if student not in excluded]


def _chosen(converter: Any, course: Course, assignment: Assignment) -> list[str] | None:
    """Choose students with work by nbgrader's options; None for all."""
    pattern = converter.coursedir.student_id
    if pattern == "*" and not converter.coursedir.student_id_exclude and converter.create_student:
        return None
    students = _matching(converter, [student for student, _ in course.submissions(assignment.name)])
    if not converter.create_student:
        with open_gradebook(course.db_url, course.course_id) as gradebook:
            known = {student.id for student in gradebook.students}
        for student in set(students) - known:
            converter.log.error("%s is not in the gradebook; add the student or leave out --no-create.", student)
        students = [student for student in students if student in known]
    return students or [pattern]


class _Log(Watch):
    """Tells nbgrader's log how the batch goes; formgrader shows the log."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log

    def step(self, result: GradeResult | None = None) -> None:
        if result is None:
            self._log.info("One submission is unchanged since it was graded.")
        elif result.problem:
            self._log.error("%s: %s", result.student, result.problem_line)
        else:
            for line in result.repairs:
                self._log.warning("%s: %s", result.student, line)
            self._log.info("%s: %s of %s points", result.student, points(result.score), points(result.points))

    def say(self, line: str) -> None:
        self._log.info("%s", line)


def _warm_graders(assignment: Assignment, saved: Saved, course: Course) -> Graders:
    """Keep the processes of an assignment warm for the next press of the button, until the assignment changes."""
    key, version = (str(assignment.folder), course.isolation), (assignment.fingerprint, saved)
    if key in _graders and _graders[key][0] == version:
        return _graders[key][1]
    if key in _graders:
        _graders.pop(key)[1].close()
    if not _graders:
        atexit.register(_close_all)
    graders = Graders(assignment, isolation=course.isolation, saved=saved)
    _graders[key] = version, graders
    return graders


def _close_all() -> None:
    while _graders:
        _graders.popitem()[1][1].close()


class CheckMarkers(NbGraderPreprocessor):  # type: ignore[misc]
    """Stops a release whose solution markers nbgrader would not find."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Check all cells of ``nb``; it is returned as it came."""
        about = resources["nbgrader"]
        check_markers(nb, Path(about["assignment"]) / f"{about['notebook']}.ipynb")
        return nb, resources
