"""Feedback pages: nbgrader's own, one student a task, over processes."""

import contextlib
import io
import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from grader.assignment import Assignment
from grader.course import Course, CourseError
from grader.orphans import ctrl_c_later, end_pool, end_with_parent
from grader.watch import Watch


def feedback(
    name: str,
    course: Course,
    jobs: int | None = None,
    only_new: bool = False,
    watch: Watch | None = None,
) -> dict[str, str]:
    """Write ``feedback/STUDENT/ASSIGNMENT/`` for every autograded submission; return the problems by student.

    With ``only_new`` pages of the graded notebooks as they are stay, whatever a person changed in the gradebook.
    """
    assignment = course.assignment(name)
    top = course.path("autograded", ".", ".")
    folders = sorted(top.iterdir()) if top.is_dir() else []
    graded = [folder for folder in folders if (folder / assignment.name / assignment.notebook_file).exists()]
    if not graded:
        raise CourseError(f"Nothing of {assignment.name} is graded yet: grader autograde {assignment.name}")
    students = [folder.name for folder in graded if _needs_page(course, folder.name, assignment, only_new)]
    watch = watch or Watch()
    watch.start(len(students))
    problems = {}
    context = multiprocessing.get_context("spawn")
    workers = max(1, min(jobs or os.cpu_count() or 1, len(students)))
    pool = ProcessPoolExecutor(workers, context, end_with_parent)
    try:
        with ctrl_c_later():
            tasks = {
                student: pool.submit(write_feedback, str(course.root), assignment.name, student) for student in students
            }
        for student, task in tasks.items():
            if problem := task.result():
                problems[student] = problem
            watch.step()
    finally:
        end_pool(pool)
    return problems


def _needs_page(course: Course, student: str, assignment: Assignment, only_new: bool) -> bool:
    notebook, page = _notebook_and_page(course, student, assignment)
    if not notebook.exists():
        return False
    return not (only_new and page.exists() and page.stat().st_mtime_ns == notebook.stat().st_mtime_ns)


def _notebook_and_page(course: Course, student: str, assignment: Assignment) -> tuple[Path, Path]:
    notebook = course.path("autograded", student, assignment.name) / assignment.notebook_file
    return notebook, course.path("feedback", student, assignment.name) / f"{assignment.notebook_name}.html"


def write_feedback(root: str, assignment: str, student: str) -> str:
    """Write one student's page with nbgrader's converter; return what went wrong, if anything."""
    from nbgrader.converters import GenerateFeedback
    from nbgrader.converters.base import NbGraderException

    os.chdir(root)  # nbconvert looks for templates, which are programs, in the current folder
    course = Course(Path(root))
    directory = course.directory(assignment_id=assignment, student_id=student)
    converter = GenerateFeedback(coursedir=directory, config=course.config)
    converter.force = True
    log = io.StringIO()
    converter.log = logging.getLogger("grader.nbgrader.feedback")
    converter.log.handlers = [logging.StreamHandler(log)]
    converter.log.setLevel(logging.ERROR)
    converter.log.propagate = False
    try:
        with contextlib.redirect_stderr(log):
            converter.start()
    except NbGraderException as error:
        lines = log.getvalue().strip().split("\n")
        return next((line for line in reversed(lines) if "Error" in line), str(error))
    _mark_done(course, student, course.assignment(assignment))
    return ""


def _mark_done(course: Course, student: str, assignment: Assignment) -> None:
    """Give a finished page the time of its notebook: half a page has another, and so has one of another notebook."""
    notebook, page = _notebook_and_page(course, student, assignment)
    made = notebook.stat().st_mtime_ns
    os.utime(page, ns=(made, made))
