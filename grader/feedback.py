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
from grader.orphans import end_with_parent
from grader.watch import Watch


def feedback(
    name: str,
    course: Course,
    jobs: int | None = None,
    only_new: bool = False,
    watch: Watch | None = None,
) -> dict[str, str]:
    """Write ``feedback/STUDENT/ASSIGNMENT/`` for every autograded submission; return the problems by student.

    With ``only_new`` pages that are newer than the graded notebook stay, whatever a person changed in the gradebook.
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
    with ProcessPoolExecutor(workers, context, end_with_parent) as pool:
        tasks = {
            student: pool.submit(write_feedback, str(course.root), assignment.name, student) for student in students
        }
        for student, task in tasks.items():
            if problem := task.result():
                problems[student] = problem
            watch.step()
    return problems


def _needs_page(course: Course, student: str, assignment: Assignment, only_new: bool) -> bool:
    notebook = course.path("autograded", student, assignment.name) / assignment.notebook_file
    page = course.path("feedback", student, assignment.name) / f"{assignment.notebook_name}.html"
    if not notebook.exists():
        return False
    return not (only_new and page.exists() and page.stat().st_mtime >= notebook.stat().st_mtime)


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
    return ""
