"""Hidden tests are fair whatever inputs a submission draws."""

import pytest

from grader.assignment import Assignment, list_assignments
from grader.hidden import Local, run_test, with_rules_looked_at
from grader.reference import reference_namespace
from grader.verify import tests_for as those_for

SUBMISSIONS = ("A", "B", "C")


@pytest.mark.parametrize("name", list_assignments())
def test_the_solutions_pass_whatever_is_drawn(name):
    """The solutions get everything with the inputs of other submissions, too."""
    assignment = Assignment.find(name)
    functions = Local(reference_namespace(assignment.source))
    drawing = [(test, submission) for test in assignment.hidden_tests if test.draws for submission in SUBMISSIONS]
    runs = [run_test(test, functions, "", submission) for test, submission in drawing]
    assert [(run.test.name, run.message) for run in runs if not run.passed] == []


@pytest.mark.parametrize("name", list_assignments())
def test_known_mistakes_are_caught_whatever_is_drawn(name):
    """Every known mistake fails a test with the inputs of another submission, too."""
    assignment = Assignment.find(name)
    namespace = reference_namespace(assignment.source)
    uncaught = []
    for wrong in assignment.mistakes:
        functions = Local({**namespace, wrong.of: wrong.function})
        runs = [run_test(test, functions, "", "B") for test in those_for(assignment, wrong.of)]
        if all(run.passed for run in with_rules_looked_at(runs, assignment)):
            uncaught.append(str(wrong))
    assert uncaught == []
