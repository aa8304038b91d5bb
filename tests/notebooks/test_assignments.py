"""Every assignment of the course keeps the promises that make it fair and reviewable."""

import nbformat
import pytest

from grader.assignment import Assignment, list_assignments
from grader.sync import problems, scripts
from grader.verify import Verdict, verify

ASSIGNMENTS = list_assignments()


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def verdict(request: pytest.FixtureRequest) -> Verdict:
    """What ``grader verify`` finds about one assignment."""
    return verify(Assignment.find(request.param))


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.parent.name)
def test_a_notebook_is_the_executed_twin_of_its_script(script):
    """The notebook has the script's cells, was executed, and ended in no error."""
    assert problems(script) == []


def test_every_script_belongs_to_an_assignment_that_can_be_graded():
    """No folder of notebooks/ is left half made."""
    assert sorted(path.parent.name for path in scripts()) == ASSIGNMENTS


def test_an_assignment_is_fair(verdict):
    """The reference gets all, the blank nothing, each mistake is caught and named, each variant passes.

    Neither what is frozen nor a hidden test depends on round-off.
    """
    assert verdict.problems == []
    assert verdict.mistakes > 0
    assert verdict.variants > 0


def test_check_sees_nearly_every_known_mistake_at_once(verdict):
    """Of the known mistakes at most one in seven gives the right result in all public cases."""
    assert verdict.seen_at_once >= 0.85 * verdict.mistakes


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_under_every_exercise_stands_its_check_and_the_solution_passes_it(name):
    """A graded code cell is ``check(EXERCISE)``, and in the executed notebook it says that all cases pass."""
    assignment = Assignment.find(name)
    for grade_id, cell in assignment.graded_cells.items():
        if not cell.metadata.nbgrader.get("solution"):
            exercise = grade_id.removeprefix("test_")
            assert cell.source == f"check({exercise})"
            told = "".join(output.text for output in cell.outputs)
            assert told.startswith(f"{exercise}: ")
            assert told.endswith("pass. Grading tries other inputs.\n") or "the case passes" in told


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_exercise_has_mistakes_and_variants(name):
    """No graded function goes without five known wrong implementations and three right ones."""
    assignment = Assignment.find(name)
    called = {test.grade_id.removeprefix("test_") for test in assignment.hidden_tests}
    wrong = [form.of for form in assignment.mistakes]
    right = [variant.of for variant in assignment.variants]
    functions = called & {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in assignment.source.cells}
    assert {function for function in functions if wrong.count(function) < 5} == set()
    assert {function for function in functions if right.count(function) < 3} == set()


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_notebook_tells_what_it_is_about_and_asks_for_words_too(name):
    """It opens with a title, says how long it takes, and has written questions for people to grade."""
    assignment = Assignment.find(name)
    text = "\n".join(cell.source for cell in assignment.source.cells if cell.cell_type == "markdown")
    assert text.startswith("# ")
    assert "minutes" in text
    manual = [cell for cell in assignment.graded_cells.values() if cell.metadata.nbgrader.get("solution")]
    assert len(manual) >= 2


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_pictures_are_in_the_executed_notebook(name):
    """Somebody who reads the notebook on the web sees the pictures."""
    shown = [
        output
        for cell in nbformat.read(Assignment.find(name).notebook_path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert shown
