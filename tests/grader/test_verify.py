"""What ``grader verify`` says about an assignment's own faults."""

import pytest

from grader.assignment import Assignment
from grader.placeholders import given_away
from grader.proofreading import faults
from grader.verify import decided_by_roundoff, verify

from . import tiny

ON_AN_EDGE = '''
import numpy as np
from nnlib.checks import assert_close, require


def test_double_of_a_whole_number(student):
    """Twice 3 is at least 6."""
    x = np.array([3.0, 3.1, 3.2, 3.3])
    require(bool(np.all(student.double(x) >= [6.0, 6.2, 6.4, 6.6])), "Too small.")


def test_center_of_columns(student, rng):
    """Every column's mean is zero, bit by bit."""
    x = rng.normal(size=(5, 3))
    assert_close(student.center(x), x - x.mean(axis=0), rtol={rtol}, atol=0.0)
'''


@pytest.fixture
def write(tmp_path):
    """Write the tiny assignment with hidden tests and settings of its own."""

    def write(settings: str = "", rtol: float = 1e-9) -> Assignment:
        tests = ON_AN_EDGE.replace("{rtol}", str(rtol))
        return Assignment(tiny.write(tmp_path / "tiny", hidden_tests=tests, assignment=tiny.SETTINGS + settings))

    return write


def test_a_hidden_test_that_round_off_decides_is_a_problem(write):
    """A comparison on an edge is found by nudges, one bit by bit by the order of a sum."""
    found = decided_by_roundoff(write())
    assert {problem.split(",")[0] for problem in found} == {"round-off decides test_double_of_a_whole_number"}
    assert "Too small." in found[0]
    assert any("test_center_of_columns" in problem for problem in decided_by_roundoff(write(rtol=0.0)))


def test_a_test_may_be_declared_exact(write):
    """Nothing is nudged there; a name that is no test's and no case's is told."""
    exact = '[[exact]]\nname = "test_double_of_a_whole_number"\nwhy = "A product with 2 is exact."\n'
    assert decided_by_roundoff(write(exact)) == []
    (told,) = faults(write(exact + exact.replace("whole", "hole")))
    assert "[[exact]] names 'test_double_of_a_hole_number', which is no hidden test or public case. Did you" in told


GIVEN_AWAY = '''
import numpy as np
from grader.authoring import easy
from nnlib.checks import assert_close, require


def test_double_of_numbers(student, rng):
    """Twice the numbers comes back."""
    x = rng.normal(size=3)
    assert_close(student.double(x), 2 * x)


{mark}
def test_double_keeps_the_shape(student):
    """The result is of the input's shape."""
    require(np.shape(student.double(np.ones((3, 2)))) == (3, 2), "Another shape.")


def test_center_of_one_row(student):
    """A single row becomes zeros."""
    assert_close(student.center(np.array([[4.0, 5.0]])), np.zeros((1, 2)))
'''


def test_a_test_that_a_placeholder_passes_is_a_problem(tmp_path):
    """To look at no number must not earn points: the placeholder, the points and the test are named with a remedy.

    A test marked easy gives nothing away, and zeros are no placeholder where they are right.
    """

    def found(mark: str) -> list[str]:
        return given_away(Assignment(tiny.write(tmp_path / "t", hidden_tests=GIVEN_AWAY.replace("{mark}", mark))))

    told = found("")
    assert [line.split("double.py: ")[1] for line in told] == [
        "double: to return its first argument or zeros of the right shape gives 1 of 2 points, by "
        "test_double_keeps_the_shape. Let the test ask for more, or mark it @easy, so that it counts beside another "
        "only."
    ]
    assert found("@easy") == []


def test_a_variant_that_no_test_calls_is_not_accepted(tmp_path):
    """What nothing was tried on is no proof of fairness."""
    tests = tiny.HIDDEN_TESTS.replace("test_double_of", "test_center_of")
    tests = tests.replace("student.double(x)\n    assert_unch", "student.center(x)\n    assert_unch")
    tests = tests.replace("size=4)", "size=(4, 1))")
    verdict = verify(Assignment(tiny.write(tmp_path / "t", hidden_tests=tests)))
    assert verdict.accepted == 0
    assert "no hidden test calls double, so nothing is known of its variant adds_twice" in verdict.problems


def test_a_limit_that_the_solution_exceeds_is_told_as_that(tmp_path):
    """The line names the settings, what happened, and what to do."""
    notebook = tiny.source_notebook()
    body = tiny.solution("big = bytes(300_000_000)", "return 2 * x")
    tiny.cell_of(notebook, "double").source = f"def double(x):\n{body}"
    settings = tiny.SETTINGS + "memory_mb = 100\n"
    found = verify(Assignment(tiny.write(tmp_path / "t", notebook, assignment=settings))).problems
    told = [line for line in found if "in the sandbox alone" in line]
    assert told
    assert all(line.startswith(str(tmp_path / "t" / "assignment.toml")) for line in told)
    assert all(
        line.endswith("Raise the limit that it exceeds, or let it do without what is not there.") for line in told
    )
