"""How a score came about: every grading is kept with what it changed and why."""

import json

import pytest
from nbgrader.api import Gradebook

from grader.batch import autograde
from grader.course import CourseError
from grader.history import Graded, add, read
from grader.records import histories, history_path

from .gradebooks import BOTH

pytestmark = BOTH

WRONG = "def double(x):\n    return 3.5 * x"


def told(course, student="ada"):
    """Say of each step the scores and the reason."""
    return [(step.before, step.after, step.why) for step in histories(course, student)["tiny"]]


def by_hand(course, score):
    """Let a person score the written answer, as formgrader does."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score = score
        gradebook.db.commit()


def test_each_change_of_a_score_has_its_reason(course, submit):
    """Handed in, handed in again, graded by changed tests, scored by a person: each is a line with what changed."""
    submit("ada", double=WRONG)
    autograde("tiny", course, jobs=1)
    submit("ada")
    autograde("tiny", course, jobs=1)
    hidden = course.own_source / "tiny" / "exercises" / "double.py"
    hidden.write_text(hidden.read_text() + "\n# the same tests, with a remark\n")
    autograde("tiny", course, jobs=1)
    by_hand(course, 1.0)
    assert told(course) == [
        (None, 4.0, "handed in"),
        (4.0, 5.0, "handed in again"),
        (5.0, 5.0, "the assignment was changed: exercises/double.py"),
        (5.0, 6.0, "scores by hand"),
    ]
    steps = histories(course, "ada")["tiny"]
    assert [step.cells for step in steps] == [{}, {"test_double": (1.0, 2.0)}, {}, {"why": (None, 1.0)}]
    assert [step.at is None for step in steps] == [False, False, False, True]
    submit("ada", double=WRONG)
    autograde("tiny", course, jobs=1)
    assert told(course)[-1] == (5.0, 5.0, "handed in again; scores by hand")


def test_a_run_without_news_adds_nothing(course, submit):
    """Nothing graded is nothing to remember, and --force says that it was only graded again."""
    submit("ada")
    autograde("tiny", course, jobs=1)
    autograde("tiny", course, jobs=1)
    assert len(told(course)) == 1
    autograde("tiny", course, jobs=1, force=True)
    assert len(told(course)) == 1


def graded(score):
    """Make an entry."""
    return Graded("2026-11-27T12:00:00Z", "s", "a", "0.1", {"test_double": score}, 5.0)


def test_a_line_that_a_kill_tore_costs_no_other(tmp_path):
    """Half a line at the end is passed over, and the next one stands on its own."""
    path = tmp_path / "history" / "ada.jsonl"
    add(path, graded(1.0))
    add(path, graded(2.0))
    path.write_bytes(path.read_bytes()[:-20])
    assert [entry.cells["test_double"] for entry in read(path)] == [1.0]
    add(path, graded(3.0))
    assert [entry.cells["test_double"] for entry in read(path)] == [1.0, 3.0]
    add(path, graded(3.0))  # a kill after the line and before the record: graded once more
    assert len(list(read(path))) == 2


def test_the_command_shows_it_and_names_who_has_none(course, submit, cli):
    """A table for people, an object a line for programs, and one line where there is nothing."""
    submit("ada")
    autograde("tiny", course, jobs=1)
    code, said, _ = cli("history", "ada", "--course", course.root)
    assert (code, "5 / 5" in said or "5 /" in said, "handed in" in said) == (0, True, True)
    _, said, _ = cli("history", "ada", "tiny", "--course", course.root, "--json")
    assert json.loads(said)["why"] == "handed in"
    with pytest.raises(CourseError, match="Nothing of tiny by bob was graded in this course"):
        histories(course, "bob", "tiny")


def test_a_students_id_names_a_file_in_the_folder(course):
    """However long an id is, its history has a name that a disk takes."""
    assert len(history_path(course, "tiny", "x" * 300).name) < 255
    assert history_path(course, "tiny", "ada").name == "ada.jsonl"
