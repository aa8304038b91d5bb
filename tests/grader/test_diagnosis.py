"""Diagnosis: the known mistake that explains a student's results is named, and nothing else."""

import numpy as np
import pytest

from grader.assignment import Assignment
from grader.diagnosis import diagnose
from grader.hidden import Local, run_test

from . import tiny


@pytest.fixture
def named(assignment):
    """Run an exercise's hidden tests on a function and name its mistakes."""

    def run(name, function, of=assignment):
        runs = [run_test(test, Local({name: function})) for test in of.tests_of(f"test_{name}")]
        return [found.name for found in diagnose(runs, of.misconceptions)]

    return run


@pytest.mark.parametrize("number", range(2))
def test_misconceptions_name_themselves(assignment, named, number):
    """A submission that makes a known mistake is told which, with its words and hint."""
    wrong = assignment.misconceptions[number]
    assert named(wrong.of, wrong.function) == [wrong.name]


def test_same_mistake_written_differently(named):
    """The mistake is told by what the function gives, not by how it is written."""
    assert named("double", lambda x: np.power(x, 2.0)) == ["squares_instead"]


def test_right_function_has_no_mistake(named):
    """A function that passes is not told a mistake."""
    assert named("double", lambda x: 2 * x) == []


def test_unknown_mistake_is_not_named(named):
    """A mistake that nobody described gets no name, rather than a wrong one."""
    assert named("double", lambda x: x + 17) == []


def test_blank_is_not_a_misconception(named):
    """A function that is not written made no mistake yet."""

    def stub(x):
        raise NotImplementedError

    assert named("double", stub) == []


def test_mistakes_of_another_exercise_do_not_count(named):
    """A misconception is compared with calls of its own exercise only."""
    assert named("center", lambda x: x * x) == []


def test_error_alone_is_no_evidence_against_other_results(named):
    """A function that raises where the misconception gives numbers is not taken for it."""

    def raises(x):
        raise ValueError

    assert named("double", raises) == []


def test_in_place_mistake_is_told_from_one_that_copies(tmp_path, named):
    """Two misconceptions with the same results differ in what they did to their input."""
    text = """
from grader.authoring import misconception


@misconception(of="double", says="The number is squared.", hint="No.")
def squares(x):
    return x * x


@misconception(of="double", says="The input itself is squared.", hint="No.")
def squares_in_place(x):
    x *= x
    return x
"""
    assignment = Assignment(tiny.write(tmp_path / "tiny", misconceptions=text))

    def in_place(x):
        np.multiply(x, x, out=x)
        return x

    assert named("double", in_place, assignment) == ["squares_in_place"]
    assert named("double", lambda x: x**2, assignment) == ["squares"]


def test_misconceptions_do_not_change_what_is_compared(tmp_path, named):
    """A misconception that writes into its input does not spoil the comparison of the next one."""
    text = """
from grader.authoring import misconception


@misconception(of="double", says="It is emptied.", hint="No.")
def empties(x):
    x[...] = 0
    return x + 1


@misconception(of="double", says="It is squared.", hint="No.")
def squares(x):
    return x * x
"""
    assignment = Assignment(tiny.write(tmp_path / "tiny", misconceptions=text))
    assert named("double", lambda x: x * x, assignment) == ["squares"]


def test_misconception_explains_a_death_or_timeout_never(assignment):
    """What did not end cannot be explained by results that it did not give."""
    from grader.sandbox.session import TimedOut

    class Endless:
        def call(self, name, args, kwargs):
            raise TimedOut("double did not end in 1 s")

        def value(self, name):
            raise AssertionError

    runs = [run_test(test, Endless()) for test in assignment.tests_of("test_double")]
    assert {run.cause for run in runs} == {"timeout"}
    assert diagnose(runs, assignment.misconceptions) == []
