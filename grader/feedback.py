"""Feedback pages, ours or nbgrader's own: over processes that lose only the page they are at."""

import contextlib
import importlib
import io
import logging
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path

import jinja2
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback

from grader.assignment import Assignment
from grader.connection import open_gradebook
from grader.course import Course, CourseError
from grader.feedback_index import INDEX, write_indexes
from grader.feedback_page import FeedbackPages
from grader.files import write_atomically
from grader.intake.submission import EXCHANGE_FILES
from grader.nursery import PAGES, context
from grader.orphans import end_with_parent
from grader.records import load_result
from grader.results import GradeResult
from grader.stopping import ctrl_c_later
from grader.watch import Watch

PAGE_SECONDS = 60  # for one page; the slowest that the filters let through takes a fraction of it
START_SECONDS = 120  # for a process to load nbgrader, on a machine that is busy


def feedback(
    name: str,
    course: Course,
    jobs: int | None = None,
    only_new: bool = False,
    watch: Watch | None = None,
    seconds: float = PAGE_SECONDS,
    chosen: Callable[[str], bool] = lambda student: True,
    nbgraders: bool = False,
) -> dict[str, str]:
    """Write ``feedback/STUDENT/ASSIGNMENT/`` for every autograded submission; return the problems by student.

    With ``only_new`` pages of the graded notebooks as they are stay, whatever a person changed in the gradebook.
    Only ``chosen`` students get a page. ``nbgraders`` pages, which show the whole notebook, are written where they are
    asked for here or by the course, and for work that nbgrader itself graded. A list of pages that could not be written
    is a problem under its file's name.
    """
    assignment = course.assignment(name)
    top = course.path("autograded", ".", ".")
    folders = sorted(top.iterdir()) if top.is_dir() else []
    graded = [folder for folder in folders if _pages(course, folder.name, assignment)]
    if not graded:
        raise CourseError(f"Nothing of {assignment.name} is graded yet: grader autograde {assignment.name}")
    _require_gradebook(course)
    names = [folder.name for folder in graded if chosen(folder.name)]
    students = [student for student in names if _needs_page(course, student, assignment, only_new)]
    watch = watch or Watch()
    watch.start(len(students))
    problems: dict[str, str] = {}
    waiting = iter(students)
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(students)))
    writers = [
        _Writer(course.root, assignment.name, nbgraders or course.nbgraders_pages)
        for _ in range(jobs if students else 0)
    ]
    try:
        while writers:
            for writer in writers:
                if writer.student is None and (student := next(waiting, None)) is not None:
                    writer.begin(student, seconds)
            for writer in [writer for writer in writers if writer.student is None]:
                writers.remove(writer)
                writer.close()
            wait([writer.answers for writer in writers], max(0.0, _next_deadline(writers) - time.monotonic()))
            for writer in writers:
                if (outcome := writer.outcome()) is not None:
                    student, problem = outcome
                    if problem:
                        problems[student] = problem
                        _require_gradebook(course)
                    watch.step()
    finally:
        for writer in writers:
            writer.close()
    told = {student: problems[student] for student in students if student in problems}
    try:
        write_indexes(course, students)
    except OSError as error:
        told[INDEX] = f"the lists of pages are not up to date: {error.strerror}"
    return told


def _require_gradebook(course: Course) -> None:
    """Stop in one line where no page could be written, for the scores on them cannot be read."""
    open_gradebook(course.db_url, course.course_id).close()


def _next_deadline(writers: "list[_Writer]") -> float:
    return min((writer.deadline for writer in writers), default=0.0)


class _Writer:
    """A process that writes one page after another, and its successor where it had to be ended."""

    def __init__(self, root: Path, assignment: str, nbgraders: bool) -> None:
        self._told = (str(root), assignment, nbgraders)
        self.student: str | None = None
        self.deadline = 0.0
        self._seconds = 0.0
        self._problem = ""  # of the first attempt at the page
        self._start()

    def _start(self) -> None:
        self.answers, theirs = multiprocessing.Pipe()
        self._process = context().Process(target=_write_pages, args=(theirs, *self._told), daemon=True)
        with ctrl_c_later():
            self._process.start()
        self._ready = False
        theirs.close()

    def begin(self, student: str, seconds: float, problem: str = "") -> None:
        """Ask for a page; after a ``problem`` for one that shows everything as it was typed."""
        self.student, self._seconds, self._problem = student, seconds, problem
        self.deadline = time.monotonic() + seconds + (0 if self._ready else START_SECONDS)
        with contextlib.suppress(OSError):  # the process is gone: outcome() tells
            self.answers.send((student, bool(problem)))

    def outcome(self) -> tuple[str, str] | None:
        """Tell the student and the problem, if any, once the page is written or given up."""
        assert self.student is not None
        problem = self._answer()
        if problem is None:
            return None
        if problem and not self._problem:
            self.begin(self.student, self._seconds, problem)
            return None
        if self._problem:
            problem = f"{self._problem}; the page " + (
                "is left out." if problem else "shows the work as it was typed instead."
            )
        student, self.student = self.student, None
        return student, problem

    def _answer(self) -> str | None:
        """What came of the page: nothing wrong, a problem, or None while it is being written."""
        try:
            if self.answers.poll():
                answer = self.answers.recv()
                if answer is not None:
                    return str(answer)
                self._ready, self.deadline = True, time.monotonic() + self._seconds
            if time.monotonic() < self.deadline:
                return None
            problem = f"laying out the page took over {self._seconds:g} s"
        except (EOFError, OSError):
            problem = "the process that laid out the page ended"
        self.close()
        self._start()
        return problem

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.join()
        self.answers.close()


def _write_pages(asked: Connection, root: str, assignment: str, nbgraders: bool) -> None:
    end_with_parent()
    for module in PAGES:
        importlib.import_module(module)  # which takes seconds that are not a page's
    os.chdir(root)  # nbconvert looks for templates, which are programs, in the current folder
    course = Course(Path(root))
    with open_gradebook(course.db_url, course.course_id) as gradebook:
        writer = _PageWriter(course, course.assignment(assignment), gradebook, nbgraders)
        asked.send(None)
        with contextlib.suppress(EOFError):
            while True:
                asked.send(writer.write(*asked.recv()))


class _PageWriter:
    """Writes pages, ours where our record of the grading is there."""

    def __init__(self, course: Course, assignment: Assignment, gradebook: Gradebook, nbgraders: bool) -> None:
        self._course, self._assignment, self._nbgraders = course, assignment, nbgraders
        self._pages = FeedbackPages(course, assignment, gradebook)
        self._permissions = GenerateFeedback(coursedir=course.directory(), config=course.config)
        self._permissions.log = logging.getLogger("grader.nbgrader")

    def write(self, student: str, plain: bool) -> str:
        """Write one student's pages; return what went wrong, if anything.

        A ``plain`` page shows what the student wrote as it was typed.
        """
        result = None if self._nbgraders else load_result(self._course, self._assignment.name, student)
        if result is None:
            problem = _write_nbgraders(self._course, self._assignment.name, student, plain)
        else:
            problem = self._write_own(result, plain)
        if not problem:
            _mark_done(self._course, student, self._assignment)
        return problem

    def _write_own(self, result: GradeResult, plain: bool) -> str:
        folder = self._course.path("feedback", result.student, self._assignment.name)
        try:
            for name, page in self._pages.write(result, plain).items():
                write_atomically(folder / f"{name}.html", page)
            for name in EXCHANGE_FILES:  # by which nbgrader's exchange finds whose page it is
                graded = self._course.path("autograded", result.student, self._assignment.name) / name
                if graded.is_file():
                    write_atomically(folder / name, graded.read_bytes())
        except (OSError, ValueError, RecursionError, jinja2.TemplateError) as error:
            return f"{type(error).__name__}: {str(error)[:200]}"
        self._permissions.set_permissions(self._assignment.name, result.student)
        return ""


def _needs_page(course: Course, student: str, assignment: Assignment, only_new: bool) -> bool:
    pages = _pages(course, student, assignment).items()
    done = all(page.exists() and page.stat().st_mtime_ns == notebook.stat().st_mtime_ns for notebook, page in pages)
    return not (only_new and done)


def _pages(course: Course, student: str, assignment: Assignment) -> dict[Path, Path]:
    """The page of each graded notebook of a student."""
    notebooks = course.path("autograded", student, assignment.name)
    pages = course.path("feedback", student, assignment.name)
    names = [part.notebook_name for part in assignment.parts]
    return {
        notebooks / f"{name}.ipynb": pages / f"{name}.html" for name in names if (notebooks / f"{name}.ipynb").exists()
    }


def _write_nbgraders(course: Course, assignment: str, student: str, plain: bool) -> str:
    """Write one student's page with nbgrader's converter; return what went wrong, if anything."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.converters.base import BaseConverter, NbGraderException

    from grader.page_exporter import PageExporter

    class OnePage(GenerateFeedback):  # type: ignore[misc]
        """Takes an id for a name, not for a pattern."""

        def _format_source(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
            source = super()._format_source(assignment_id, student_id, escape)
            return f"(?s){source}" if escape else source  # a pattern for folders' names, in which a line may end

        def init_notebooks(self) -> None:
            folder = Path(self._format_source(assignment, student))
            self.assignments = {str(folder): [str(notebook) for notebook in folder.glob("*.ipynb")]}

    directory = course.directory(assignment_id=assignment, student_id=student)
    config = course.config
    config.CleanNotebook.plain = plain
    converter = OnePage(coursedir=directory, config=config)
    converter.force = True
    if converter.exporter_class is HTMLExporter:  # and none of the course's own
        converter.exporter_class = PageExporter
    log = io.StringIO()
    converter.log = logging.getLogger("grader.nbgrader.feedback")
    converter.log.handlers = [logging.StreamHandler(log)]
    converter.log.setLevel(logging.ERROR)
    converter.log.propagate = False
    try:
        with contextlib.redirect_stderr(log):
            BaseConverter.start(converter)
    except NbGraderException as error:
        lines = log.getvalue().strip().split("\n")
        return next((line for line in reversed(lines) if "Error" in line), str(error))
    return ""


def _mark_done(course: Course, student: str, assignment: Assignment) -> None:
    """Give a finished page the time of its notebook: half a page has another, and so has one of another notebook."""
    for notebook, page in _pages(course, student, assignment).items():
        made = notebook.stat().st_mtime_ns
        os.utime(page, ns=(made, made))
