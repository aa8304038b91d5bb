"""Every door gives the same: our commands, nbgrader's own, and formgrader's buttons, on work of every kind."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

from grader.batch import autograde
from grader.check import check_file
from grader.course import Course
from grader.feedback import feedback
from grader.reading import Refused
from grader.release import release
from grader.released import released_notebook

from .every_kind import EVIL, HALF, REFUSED, TOTALS, hand_in_every_kind
from .gradebooks import BOTH

pytestmark = BOTH

ENVIRONMENT = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1"}


def nbgrader(course, *args):
    """Run an nbgrader command in the course folder."""
    binary = Path(sys.executable).with_name("nbgrader")
    environment = {**ENVIRONMENT, "HOME": str(course.root.parent)}
    return subprocess.run([binary, *args], cwd=course.root, capture_output=True, text=True, env=environment)


def everything_in(course):
    """Read all that grading writes into a gradebook, as values that tell two gradebooks apart."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        return {
            submission.student.id: (
                str(submission.timestamp),
                submission.score,
                submission.late_submission_penalty,
                {
                    g.name: (g.auto_score, g.manual_score, g.needs_manual_grade)
                    for n in submission.notebooks
                    for g in n.grades
                },
                {c.name: c.auto_comment for n in submission.notebooks for c in n.comments},
            )
            for submission in gradebook.assignment_submissions("tiny")
        }


def files_of(course, step):
    """Read a step's folder: content and rights of every file by path."""
    top = course.root / step
    return {
        path.relative_to(top).as_posix(): (path.read_bytes(), oct(path.stat().st_mode))
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }


def records_of(course):
    """Read the records of finished submissions, the times of grading and of files aside."""
    records = {path.name: json.loads(path.read_bytes()) for path in (course.root / ".grader" / "tiny").glob("*.json")}
    for record in records.values():
        del record["result"]["seconds"], record["look"]
    return records


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
def doors(course_template, gradebooks, assignment, tmp_path_factory):
    """One class of every kind through three doors: our command, nbgrader's, and formgrader's button for each."""
    first = gradebooks.copied(course_template, tmp_path_factory.mktemp("grader") / "course")
    with (first.root / "nbgrader_config.py").open("a") as settings:
        settings.write("c.AssignLatePenalties.plugin_class = 'late_policy.Half'\n")
    (first.root / "late_policy.py").write_text(HALF)
    with Gradebook(first.db_url, first.course_id) as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-11-25 10:00:00 UTC")
    hand_in_every_kind(first, released_notebook(assignment))
    others = {
        name: gradebooks.copied(first.root, tmp_path_factory.mktemp(name) / "course")
        for name in ("nbgrader", "formgrader")
    }
    summary = autograde("tiny", Course(first.root), jobs=2)
    ran = nbgrader(others["nbgrader"], "autograde", "tiny")
    button = subprocess.run(
        [sys.executable, "-c", BUTTON], cwd=others["formgrader"].root, capture_output=True, text=True, env=ENVIRONMENT
    )
    pressed = json.loads(button.stdout.strip().split("\n")[-1])
    assert feedback("tiny", Course(first.root), jobs=1) == {}
    pages = nbgrader(others["nbgrader"], "generate_feedback", "tiny")
    assert pages.returncode == 0, pages.stderr
    return {"grader": first, **others}, {"grader": summary, "nbgrader": ran, "formgrader": pressed}


BUTTON = """
import json
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI

if __name__ == "__main__":
    app = NbGrader()
    app.initialize([])
    api = NbGraderAPI(app.coursedir, parent=app)
    students = sorted(api.get_submitted_students("tiny"))
    print(json.dumps({student: api.autograde("tiny", student) for student in students}))
"""


def test_all_doors_give_the_same_gradebook(doors):
    """Scores, penalties, comments, times and who waits for a person are the same through every door."""
    courses, told = doors
    grader = everything_in(courses["grader"])
    assert everything_in(courses["nbgrader"]) == grader, told["nbgrader"].stderr
    assert everything_in(courses["formgrader"]) == grader
    assert {student: score - penalty for student, (_, score, penalty, *_) in grader.items()} == TOTALS
    assert read(courses["grader"])[0]["bob", "why"] == (0.0, None, False)


@pytest.mark.parametrize("door", ["nbgrader", "formgrader"])
def test_all_doors_leave_the_same_files(doors, door):
    """Graded notebooks and what lies beside them, byte for byte and with the same rights, and the records."""
    courses, _ = doors
    ours = files_of(courses["grader"], "autograded")
    theirs = files_of(courses[door], "autograded")
    assert theirs.keys() == ours.keys()
    assert [path for path in ours if theirs[path] != ours[path]] == []
    assert records_of(courses[door]) == records_of(courses["grader"])
    assert {
        "ada/tiny/timestamp.txt",
        "ada/tiny/submission_secret.txt",
        "helper/tiny/two.py",
        "zipped/tiny/two.py",
    } <= set(ours)
    assert {path.split("/")[0] for path in ours} == set(TOTALS)


def test_feedback_is_the_same_by_both_commands(doors):
    """grader feedback and nbgrader generate_feedback write the same pages and the same files beside them."""
    courses, _ = doors
    ours, theirs = files_of(courses["grader"], "feedback"), files_of(courses["nbgrader"], "feedback")
    assert theirs.keys() == ours.keys()
    assert [path for path in ours if theirs[path] != ours[path]] == []
    assert {path.split("/")[0] for path in ours if path.endswith("tiny.html")} == set(TOTALS)


def test_all_doors_say_the_same(doors):
    """Refusals, repairs and what was chosen are told in the same words through every door."""
    _, told = doors
    results = {result.student: result for result in told["grader"].results}
    assert {student for student, result in results.items() if result.problem} == REFUSED
    assert told["nbgrader"].returncode == 1
    for student, result in results.items():
        for line in [result.problem] if result.problem else result.repairs:
            assert f"{student}: {line}" in told["nbgrader"].stderr
            if student in told["formgrader"]:
                assert f"{student}: {line}" in told["formgrader"][student]["log"]
    assert {student: answer["success"] for student, answer in told["formgrader"].items()} == {
        student: student not in REFUSED for student in told["formgrader"]
    }
    assert set(told["formgrader"]) >= {*TOTALS, *REFUSED} - {"linked"}
    assert "Traceback" not in told["nbgrader"].stderr


def test_check_gives_what_the_class_got(doors):
    """grader check of a submission's folder has the scores, repairs and refusals that grading the class had."""
    courses, told = doors
    results = {result.student: result for result in told["grader"].results}
    for student in ("bob", "two", "mangled", "zipped", "garbage"):
        folder = courses["grader"].path("submitted", student, "tiny")
        if student in REFUSED:
            with pytest.raises(Refused, match=re.escape(results[student].problem)):
                check_file(folder, sources=courses["grader"].sources)
            continue
        checked = check_file(folder, sources=courses["grader"].sources)
        assert (checked.cells, checked.repairs) == (results[student].cells, results[student].repairs)


def test_all_doors_keep_the_time_of_handing_in(doors):
    """The exchange's timestamp reaches the gradebook through every door."""
    for course in doors[0].values():
        with Gradebook(course.db_url, course.course_id) as gradebook:
            assert str(gradebook.find_submission("tiny", "ada").timestamp) == "2026-11-21 10:00:00"


def test_autograded_notebooks_carry_the_verdicts(doors):
    """The notebook that nbgrader's command leaves shows the verdict under the graded cell."""
    text = (doors[0]["nbgrader"].root / "autograded" / "bob" / "tiny" / "tiny.ipynb").read_text(encoding="utf-8")
    outputs = [cell.get("outputs", []) for cell in json.loads(text)["cells"]]
    assert "The number is squared instead of doubled." in json.dumps(outputs)


def test_feedback_pages_carry_the_verdict_and_no_script(doors):
    """A page has the student's verdict, marked up, and nothing of the student's that could run."""
    pages = doors[0]["nbgrader"].root / "feedback"
    page = (pages / "bob" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert "The number is squared instead of doubled." in page
    assert '<p class="told"><b>' in page
    assert "&lt;br" not in page  # the verdict is marked up, not shown as tags
    assert EVIL not in (pages / "cleo" / "tiny" / "tiny.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("door", ["grader", "nbgrader", "formgrader"])
def test_formgrader_lists_the_submissions(doors, door):
    """The API behind formgrader's pages sees every submission as graded, with scores and who waits for a person."""
    course = doors[0][door]
    api = NbGraderAPI(course.directory(), config=course.config)
    found = {entry["student"]: entry for entry in api.get_submissions("tiny") if entry["autograded"]}
    assert {student: entry["score"] for student, entry in found.items()} == {**TOTALS, "late": 5.0}
    waiting = {student for student, entry in found.items() if entry["needs_manual_grade"]}
    assert waiting == set(TOTALS) - {"bob"}
    assert api.get_assignment("tiny")["num_submissions"] == len(TOTALS) + len(REFUSED)


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


def test_regrading_through_nbgrader_keeps_a_persons_score(doors):
    """A manual score survives nbgrader autograde --force and is flagged for another look."""
    theirs = doors[0]["nbgrader"]
    with Gradebook(theirs.db_url, theirs.course_id) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "helper")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        gradebook.db.commit()
    ran = nbgrader(theirs, "autograde", "tiny", "--student", "helper", "--force")
    assert ran.returncode == 0, ran.stderr
    assert read(theirs)[0]["helper", "why"] == (None, 3.5, True)
    with Gradebook(theirs.db_url, theirs.course_id) as gradebook:  # as it was, for the other tests
        grade = gradebook.find_grade("why", "tiny", "tiny", "helper")
        grade.manual_score = None
        gradebook.db.commit()
