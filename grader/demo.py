"""The whole path on a sample class: init, release, hand in, autograde, feedback, report."""

import shutil
from pathlib import Path

from grader.batch import autograde
from grader.course import Course, CourseError
from grader.errors import AssignmentError
from grader.feedback import feedback
from grader.records import load_results
from grader.release import release
from grader.report import gather, write_report
from grader.sandbox.limits import Isolation
from grader.sandbox.warm import isolation_offered
from grader.screen import class_table, err, out, progress_bar

ASSIGNMENT = "02-softmax-and-losses"


def find_sample_class() -> Path:
    """Find the sample class: in ``data/`` of a clone, inside the package in an installed wheel."""
    package = Path(__file__).resolve().parent
    for folder in (package.parent / "data" / "sample_class", package / "course" / "sample_class"):
        if folder.is_dir():
            return folder
    raise AssignmentError("The sample class was not found; install the wheel again or use a clone.")


def run_demo(folder: Path, jobs: int | None) -> None:
    """Make ``folder`` a course with a graded sample class and say where its pages are.

    A second run finds everything graded and shows it again.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "nbgrader_config.py").exists():
        raise CourseError(f"{folder} holds something else; name an empty folder for the demo.")
    isolation = isolation_offered()
    if isolation is Isolation.process:
        err.print("This system offers no sandbox; the demo goes on, because its submissions are ours.")
    course = Course.init(folder)
    with err.status("Releasing"):
        made = release(ASSIGNMENT, course)
    for handed_in in sorted(path for path in find_sample_class().iterdir() if path.is_dir()):
        shutil.copytree(handed_in, course.path("submitted", handed_in.name, ASSIGNMENT), dirs_exist_ok=True)
    with progress_bar("Grading") as watch:
        summary = autograde(ASSIGNMENT, course, jobs, isolation, watch=watch)
    with progress_bar("Writing feedback") as watch:
        problems = feedback(ASSIGNMENT, course, jobs, only_new=True, watch=watch)
    with err.status("Writing the report"):
        page = write_report(gather(ASSIGNMENT, course), course)
    out.print(class_table([*load_results(course, ASSIGNMENT), *summary.problems]))
    out.print()
    out.print(f"Released   {made.folder} and {made.archive.name}", soft_wrap=True)
    out.print(f"Graded     {course.path('autograded', 'STUDENT', ASSIGNMENT)}", soft_wrap=True)
    out.print(f"Feedback   {course.path('feedback', 'STUDENT', ASSIGNMENT)}: open a page in a browser", soft_wrap=True)
    out.print(f"Report     {page}: the class on one page", soft_wrap=True)
    out.print(f"Gradebook  {course.root / 'gradebook.db'}: nbgrader formgrader reads it as it is", soft_wrap=True)
    for student, problem in problems.items():
        err.print(f"{student}: {problem}", soft_wrap=True, markup=False)
