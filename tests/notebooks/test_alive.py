"""What every notebook of the course offers besides its exercises."""

import os
import subprocess
import sys
from itertools import takewhile

import pytest

from grader import vocabulary
from grader.assignment import Assignment, list_assignments
from grader.student_edition import build

NAMES = list_assignments()
LONGEST_HINT = 420  # characters; what is longer is not read by who is stuck


def code_before_exercise(assignment, number):
    """The notebook's code cells above its exercise of this number, counted from 1."""
    exercises = [place for place, cell in enumerate(assignment.source.cells) if vocabulary.is_exercise(cell)]
    return [cell for cell in assignment.source.cells[: exercises[number - 1]] if cell.cell_type == "code"]


def test_the_course_has_thirteen_notebooks():
    """The tests below look at something."""
    assert len(NAMES) == 13


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_three_hints_that_hold_nothing_of_the_solution(name):
    """A nudge, a stronger one, and a worked example; no line of the solution, and none of its returns."""
    assignment = Assignment.find(name)
    for exercise, hints in assignment.hints.items():
        assert len(hints) == len(set(hints)) == 3, exercise
        assert all(0 < len(hint) <= LONGEST_HINT for hint in hints), exercise
        lines = {line.strip().removeprefix("return ") for line in assignment.solutions[exercise].split("\n")}
        given = [line for line in lines if len(line) > 12 and any(line in hint for hint in hints)]
        assert not given, exercise


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_comes_before_the_second_exercise(name):
    """Show before you ask."""
    cells = code_before_exercise(Assignment.find(name), 2)
    assert any("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs)


@pytest.mark.parametrize("name", NAMES)
def test_the_puzzle_comes_before_the_aims(name):
    """The first cell asks something, and what one will learn is said after the first picture."""
    first, *rest = Assignment.find(name).source.cells
    assert "?" in first.source
    assert "When you are done" not in first.source
    until_aims = list(takewhile(lambda cell: "When you are done" not in cell.source, rest))
    assert any("image/png" in output.get("data", {}) for cell in until_aims for output in cell.get("outputs", []))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shown_first_runs_with_the_students_edition(name, tmp_path):
    """The opening needs nothing that students are yet to write."""
    assignment = Assignment.find(name)
    build(tmp_path, assignment.settings.withhold, name)
    cells = ["import matplotlib; matplotlib.use('Agg')", *(cell.source for cell in code_before_exercise(assignment, 1))]
    (tmp_path / "opening.py").write_text("\n".join(cells), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "opening.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("name", NAMES)
def test_there_is_something_to_play_with_and_a_number_to_beat(name):
    """A cell with knobs, with what one should see folded below it; a stretch; hints and progress at hand."""
    text = "\n".join(cell.source for cell in Assignment.find(name).source.cells)
    assert "### Now you" in text
    assert "explore(" in text
    assert "<details>" in text
    assert "## Stretch" in text
    assert "`hint(" in text
    assert text.rstrip().endswith("progress()")
