"""What ``grader verify`` says about an assignment's own faults."""

import pytest

from grader.assignment import Assignment
from grader.verify import decided_by_roundoff

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
    (told,) = decided_by_roundoff(write(exact + exact.replace("whole", "hole")))
    assert told.startswith("assignment.toml calls test_double_of_a_hole_number exact, which is no hidden test")
