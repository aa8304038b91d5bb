"""What a run would keep silent about is told, through our command and through nbgrader's button alike."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.apps.api import NbGraderAPI

from grader.batch import autograde
from grader.course import Course, CourseError
from grader.release import release

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
        "The source of tiny is not what was released, and the gradebook counts by the release: points of test_double "
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
