"""nbgrader's own commands and formgrader's API in a course folder of ours: the same engine, the same scores."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from grader.batch import autograde
from grader.course import Course
from grader.release import release

from . import tiny

EVIL = "<script>document.title='owned'</script>"
CLASS = {
    "ada": {},
    "bob": {"double": "def double(x):\n    return x * x", "why": None},
    "cleo": {"double": None, "why": EVIL},
    "dan": {"center": "import os\nos._exit(1)"},
}


def nbgrader(course, *args):
    """Run an nbgrader command in the course folder."""
    binary = Path(sys.executable).with_name("nbgrader")
    environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "HOME": str(course.root.parent)}
    return subprocess.run([binary, *args], cwd=course.root, capture_output=True, text=True, env=environment)


def read(course):
    """Read every grade as (automatic, manual, needs a person), and the submissions' totals."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        submissions = gradebook.assignment_submissions("tiny")
        grades = {
            (submission.student.id, grade.name): (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for submission in submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
        return grades, {submission.student.id: submission.score for submission in submissions}


@pytest.fixture(scope="module")
def both(course_template, assignment, tmp_path_factory):
    """The same class graded by ``nbgrader autograde`` and by ``grader autograde``, in two course folders."""
    import nbformat

    from grader.release import released_notebook

    ours = Course(shutil.copytree(course_template, tmp_path_factory.mktemp("ours") / "course"))
    for student, answers in CLASS.items():
        notebook = released_notebook(assignment)
        for grade_id, source in ({"double": tiny.DOUBLE, "center": tiny.CENTER, "why": tiny.WHY} | answers).items():
            if source is not None:
                tiny.cell_of(notebook, grade_id).source = source
        folder = ours.path("submitted", student, "tiny")
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_bytes(nbformat.writes(notebook).encode())
        (folder / "timestamp.txt").write_text("2026-11-21 10:00:00 UTC")
    theirs = Course(shutil.copytree(ours.root, tmp_path_factory.mktemp("theirs") / "course"))
    graded = nbgrader(theirs, "autograde", "tiny")
    pages = nbgrader(theirs, "generate_feedback", "tiny")
    autograde("tiny", ours, jobs=1)
    return ours, theirs, graded, pages


def test_both_doors_give_the_same_gradebook(both):
    """nbgrader autograde and grader autograde write the same grades and totals for everybody."""
    ours, theirs, graded, _ = both
    assert graded.returncode == 0, graded.stderr
    assert read(theirs) == read(ours)
    assert read(ours)[1] == {"ada": 5.0, "bob": 4.0, "cleo": 3.0, "dan": 2.0}
    assert read(ours)[0]["bob", "why"] == (0.0, None, False)


def test_both_doors_keep_the_time_of_handing_in(both):
    """The exchange's timestamp reaches the gradebook through either door."""
    for course in both[:2]:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            assert str(gradebook.find_submission("tiny", "ada").timestamp) == "2026-11-21 10:00:00"


def test_autograded_notebooks_carry_the_verdicts(both):
    """The notebook that nbgrader's command leaves shows the verdict under the graded cell."""
    text = (both[1].root / "autograded" / "bob" / "tiny" / "tiny.ipynb").read_text(encoding="utf-8")
    outputs = [cell.get("outputs", []) for cell in json.loads(text)["cells"]]
    assert "The number is squared instead of doubled." in json.dumps(outputs)


def test_generate_feedback_writes_pages(both):
    """nbgrader generate_feedback writes a page a student, verdict in, the student's script out."""
    _, theirs, _, pages = both
    assert pages.returncode == 0, pages.stderr
    assert {path.parent.parent.name for path in theirs.root.glob("feedback/*/tiny/tiny.html")} == set(CLASS)
    page = (theirs.root / "feedback" / "bob" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert "The number is squared instead of doubled." in page
    assert 'style="color:' in page
    assert "&lt;br" not in page  # the verdict is marked up, not shown as tags
    assert EVIL not in (theirs.root / "feedback" / "cleo" / "tiny" / "tiny.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("door", [0, 1], ids=["grader", "nbgrader"])
def test_formgrader_lists_the_submissions(both, door):
    """The API behind formgrader's pages sees every submission as graded, with scores and who waits for a person."""
    course = both[door]
    config = Config(course.config)
    config.CourseDirectory.root = str(course.root)
    api = NbGraderAPI(course.directory(), config=config)
    found = {entry["student"]: entry for entry in api.get_submissions("tiny")}
    assert {student: entry["score"] for student, entry in found.items()} == {
        "ada": 5.0, "bob": 4.0, "cleo": 3.0, "dan": 2.0,
    }  # fmt: skip
    assert {entry["autograded"] for entry in found.values()} == {True}
    assert {student for student, entry in found.items() if entry["needs_manual_grade"]} == {"ada", "cleo", "dan"}
    assert api.get_assignment("tiny")["num_submissions"] == 4


def test_generate_assignment_releases_as_we_do(course):
    """nbgrader generate_assignment leaves the same folder and zip as grader release."""
    before = release("tiny", course).archive.read_bytes()
    shutil.rmtree(course.root / "release")
    ran = nbgrader(course, "generate_assignment", "tiny", "--force")
    assert ran.returncode == 0, ran.stderr
    assert (course.root / "release" / "tiny.zip").read_bytes() == before
    assert (course.root / "release" / "tiny" / "nnlib" / "__init__.py").exists()


def test_generate_assignment_stops_at_a_misspelt_marker(course):
    """Through nbgrader's own command, too, a misspelt marker stops the release and leaves nothing behind."""
    path = course.root / "source" / "tiny" / "tiny.ipynb"
    path.write_text(path.read_text().replace("### END SOLUTION", "### END SOLUTOIN", 1))
    shutil.rmtree(course.root / "release")
    ran = nbgrader(course, "generate_assignment", "tiny", "--force")
    assert ran.returncode != 0
    assert "looks like a marker but is not" in ran.stderr
    assert list(course.root.glob("release/*")) == []


def test_problem_student_does_not_stop_nbgraders_class(course, submit):
    """Through nbgrader's door, too, who cannot be graded gets no grade, and the others theirs."""
    submit("ada")
    submit("bob", data=json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode())
    ran = nbgrader(course, "autograde", "tiny")
    assert "another assignment's notebook" in ran.stderr
    assert read(course)[0]["ada", "test_double"] == (2.0, None, False)
    assert not (course.root / "autograded" / "bob" / "tiny").exists()
    assert not any(student == "bob" and grade[0] is not None for (student, _), grade in read(course)[0].items())


def test_regrading_through_nbgrader_keeps_a_persons_score(both):
    """A manual score survives nbgrader autograde --force and is flagged for another look."""
    theirs = both[1]
    with Gradebook(theirs.db_url, theirs.course_id) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        gradebook.db.commit()
    ran = nbgrader(theirs, "autograde", "tiny", "--student", "ada", "--force")
    assert ran.returncode == 0, ran.stderr
    assert read(theirs)[0]["ada", "why"] == (None, 3.5, True)
