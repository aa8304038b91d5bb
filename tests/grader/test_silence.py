"""What a run would keep silent about is told, through our command and through nbgrader's button alike."""

import json
import shutil

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

from grader.batch import Summary, autograde
from grader.course import Course, CourseError
from grader.gradebook import GradebookWriter
from grader.intake.misfiled import Misfiled
from grader.records import load_results
from grader.release import release
from grader.results import Standing

from . import tiny


@pytest.fixture
def press(course):
    """Grade through nbgrader's door: what formgrader's button answers, for a student or for all."""

    def run(student="*", force=False):
        fresh = Course(course.root)
        return NbGraderAPI(fresh.directory(), config=fresh.config).autograde("tiny", student, force=force)

    return run


@pytest.fixture
def edit(course):
    """Change the source notebook after the release."""

    def run(change):
        notebook = tiny.source_notebook()
        change(notebook)
        nbformat.write(notebook, course.own_source / "tiny" / "tiny.ipynb")

    return run


def gives_eight(notebook):
    """Let the first exercise give 8 points, 2 before."""
    tiny.cell_of(notebook, "test_double").metadata.nbgrader.points = 8


# -- points that were not released ---------------------------------------------------------------------------------


def test_points_that_were_not_released_stop_grading(course, submit, edit, scores_in, press):
    """Other points than the release's are one line with cell, both points and what to do; no score is written."""
    submit("ada")
    edit(gives_eight)
    line = (
        "The source of tiny is not what was released, and the gradebook goes by the release: points of test_double "
        "(release 2, source 8). Nothing was graded; release it again, then grade: grader release tiny"
    )
    with pytest.raises(CourseError) as told:
        autograde("tiny", course, jobs=1)
    assert str(told.value) == line
    pressed = press("ada")
    assert not pressed["success"]
    assert line in pressed["log"]
    assert scores_in() == {}


def test_after_the_release_the_new_points_count(course, submit, edit, scores_in):
    """What the line advises is enough: work that was graded before is graded again by the new points."""
    submit("ada")
    autograde("tiny", course, jobs=1)
    edit(gives_eight)
    release("tiny", course)
    assert [result.points for result in autograde("tiny", course, jobs=1).results] == [11.0]
    assert scores_in()["ada"]["test_double"] == (8.0, None, False)


def without_the_question(notebook):
    """Take the written question away."""
    notebook.cells.remove(tiny.cell_of(notebook, "why"))


def with_a_task(notebook):
    """Add a task for people to grade."""
    notebook.cells.append(new_markdown_cell("Draw.", metadata=tiny.about("draw", task=True, points=1.5)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_the_question, r"release: points of why \(release 4, source none\)\. Nothing"),
        (with_a_task, r"release: points of draw \(release none, source 1\.5\)\. Nothing"),
    ],
)
def test_cells_that_came_or_went_stop_grading(course, submit, edit, change, words):
    """A cell with points that only the source or only the release has is named."""
    submit("ada")
    edit(change)
    with pytest.raises(CourseError, match=words):
        autograde("tiny", course, jobs=1)


def test_a_renamed_notebook_stops_grading(course, submit):
    """Scores of a notebook that the gradebook does not know would be written nowhere."""
    submit("ada")
    (course.own_source / "tiny" / "tiny.ipynb").rename(course.own_source / "tiny" / "other.ipynb")
    with pytest.raises(CourseError, match=r"the notebook's name \(release tiny, source other\)"):
        autograde("tiny", course, jobs=1)


def test_the_courses_header_is_part_of_a_release(course, submit):
    """A question in the course's header has points in the gradebook and none in the source: no difference."""
    question = tiny.about("honest", grade=True, solution=True, points=1)
    nbformat.write(new_notebook(cells=[new_markdown_cell("Mine alone?", metadata=question)]), course.root / "top.ipynb")
    with (course.root / "nbgrader_config.py").open("a") as settings:
        settings.write(f"c.IncludeHeaderFooter.header = {str(course.root / 'top.ipynb')!r}\n")
    course = Course(course.root)
    release("tiny", course)
    submit("ada")
    assert autograde("tiny", course, jobs=1).results[0].score == 5.0


# -- an earlier grade that stands ----------------------------------------------------------------------------------


def set_by_hand(course, student, **scores):
    """Set manual scores in the gradebook, as formgrader does."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for cell, score in scores.items():
            gradebook.find_grade(cell, "tiny", "tiny", student).manual_score = score
        gradebook.db.commit()


def test_the_grade_of_an_earlier_submission_that_stands_is_told(cli, course, submit, press):
    """Who is graded already and then hands in what cannot be read keeps the grade, and the line says which."""
    submit("ada")
    submit("bob", data=b"%PDF")
    cli("autograde", "tiny", "--course", course.root, "--jobs", 1)
    set_by_hand(course, "ada", why=3)
    submit("ada", data=b"%PDF")
    stands = "; the grade of the earlier submission, 8 of 9, stands."
    code, out, err = cli("autograde", "tiny", "--course", course.root, "--jobs", 1)
    lines = {line.split(":")[0]: line for line in err.splitlines()}
    assert code == 1
    assert lines["ada"].startswith("ada: tiny.ipynb: the file is not a notebook")
    assert lines["ada"].endswith(stands)
    assert "stands" not in lines["bob"]
    assert "8 of 9, stands" in " ".join(out.split())
    assert stands in press("ada")["log"]
    assert "stands" not in press("bob")["log"]
    code, out, _ = cli("autograde", "tiny", "--course", course.root, "--jobs", 1, "--json")
    reports = {report["student"]: report for report in map(json.loads, out.splitlines())}
    assert reports["ada"]["standing"] == {
        "score": 8.0,
        "points": 9.0,
        "penalty": 0.0,
        "waits": False,
        "scored": True,
    }
    assert "standing" not in reports["bob"]


def test_the_grade_that_stands_is_less_its_late_penalty(course, submit):
    """A grade that stands is what nbgrader exports: without the points taken off."""
    with (course.root / "nbgrader_config.py").open("a") as settings:
        settings.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    (submit("ada") / "timestamp.txt").write_text("2026-11-22 10:00:00 UTC")
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-11-20 10:00:00 UTC")
    autograde("tiny", Course(course.root), jobs=1)
    submit("ada", data=b"%PDF")
    (lost,) = autograde("tiny", Course(course.root), jobs=1).problems
    assert lost.standing == Standing(0.0, 9.0, penalty=5.0, waits=True)


def test_a_grade_that_could_not_be_written_leaves_the_earlier_one(course, submit, monkeypatch):
    """Where our part fails, too, the line says that the earlier grade stands."""
    submit("ada")
    autograde("tiny", course, jobs=1)
    submit("ada", double=None)

    def fails(*args):
        raise OSError("disk full")

    monkeypatch.setattr(GradebookWriter, "write", fails)
    (lost,) = autograde("tiny", course, jobs=1).problems
    assert lost.problem_line == (
        "not graded, through no fault of the student: the grade could not be written (disk full). Run again; "
        "the grade of the earlier submission, 5 of 9, stands."
    )


# -- scores that a person set --------------------------------------------------------------------------------------


def test_scores_set_by_hand_are_told_when_the_work_is_graded_anew(cli, course, submit, press):
    """A tested cell whose score a person set is named with that score and the automatic one; a written answer is not.

    Neither is anybody else's cell, nor is it said before a person set anything.
    """
    submit("ada")
    submit("bob")
    first = {result.student: result.repairs for result in autograde("tiny", course, jobs=1).results}
    assert first == {"ada": [], "bob": []}
    set_by_hand(course, "ada", test_double=1.5, why=3)
    submit("ada", double=None)
    note = "scores set by hand stand: test_double 1.5 of 2 (automatic score now 0)"
    _, out, _ = cli("autograde", "tiny", "--course", course.root, "--jobs", 1, "--force")
    rows = " ".join(out.split()).split(" bob ")
    assert all(word in rows[0] for word in note.split())
    assert "by hand" not in rows[1]
    assert f"ada: {note}" in press("ada", force=True)["log"]
    results = {result.student: result for result in autograde("tiny", course, jobs=1, force=True).results}
    assert results["ada"].repairs == [note]
    assert results["bob"].repairs == []
    assert "by hand" not in str(load_results(course, "tiny"))  # it may change until the record is read


# -- who did not hand in -------------------------------------------------------------------------------------------


@pytest.fixture
def enrol(course):
    """Put students into the gradebook, as nbgrader db student import does."""

    def run(*students):
        with Gradebook(course.db_url, course.course_id) as gradebook:
            for student in students:
                gradebook.add_student(student)

    return run


def test_who_handed_in_nothing_is_named_after_a_run_over_the_class(cli, course, submit, enrol, press):
    """Students of the gradebook without a submission are named; misfiled work is named apart; the exit code stays."""
    enrol("ada", "w1", "zoe", "cho")
    submit("ada")
    line = "2 of 4 students in the gradebook handed in nothing: cho, zoe"
    submit("w1").rename(course.path("submitted", "w1", "Tiny"))
    code, out, _ = cli("autograde", "tiny", "--course", course.root, "--jobs", 1)
    assert code == 1  # for the work in the wrong place
    assert out.endswith(f"{line}; in the wrong place: w1.\n")
    assert f"{line}; in the wrong place: w1." in press()["log"]
    code, out, _ = cli("autograde", "tiny", "--course", course.root, "--json")
    assert json.loads(out) == {"not_handed_in": ["cho", "zoe"], "misfiled": ["w1"]}
    course.path("submitted", "w1", "Tiny").rename(course.path("submitted", "w1", "tiny"))
    code, out, _ = cli("autograde", "tiny", "--course", course.root, "--jobs", 1)
    assert (code, out.splitlines()[-1]) == (0, f"{line}.")


def test_nobody_is_missed_in_a_run_for_one_student(cli, course, submit, enrol, press):
    """A run for some students, by either door, says nothing of the others."""
    enrol("ada", "zoe")
    submit("ada")
    code, out, _ = cli("autograde", "tiny", "--course", course.root, "--jobs", 1, "--student", "ada")
    assert (code, "handed in nothing" in out) == (0, False)
    pressed = press("ada")
    assert pressed["success"]
    assert "handed in nothing" not in pressed["log"]


def test_nobody_is_missed_without_a_roster_nor_for_work_that_cannot_be_read(course, submit, enrol):
    """An empty gradebook misses nobody; what cannot be read was handed in."""
    submit("ada", data=b"%PDF")
    for students in (["ada"], []):
        summary = autograde("tiny", course, jobs=1)
        assert (summary.absent, summary.absence, summary.to_json()) == ([], "", "")
        enrol(*students)


def test_who_has_a_grade_is_not_missed(course, submit, enrol):
    """Work that was graded and is no longer there was handed in."""
    enrol("zoe")
    submit("bob")
    autograde("tiny", course, jobs=1)
    shutil.rmtree(course.submitted / "bob")
    assert autograde("tiny", course, jobs=1).absent == ["zoe"]


def test_of_many_who_handed_in_nothing_some_are_named(cli, course, enrol):
    """Twenty are named and the rest counted; JSON has all; where nobody handed in, that line is enough."""
    names = [f"student{number:02}" for number in range(23)]
    enrol(*names)
    misfiled = [Misfiled("somebody.zip", "")]
    summary = Summary(misfiled=misfiled, roster=set(names), absent=names)
    shown = ", ".join(names[:20])
    assert summary.absence == f"23 of 23 students in the gradebook handed in nothing: {shown} and 3 more."
    assert json.loads(cli("autograde", "tiny", "--course", course.root, "--json")[1])["not_handed_in"] == names
    code, out, _ = cli("autograde", "tiny", "--course", course.root)
    assert (code, "student00" in out) == (0, False)
    assert "Nothing was handed in" in out
