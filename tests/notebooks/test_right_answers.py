"""Right answers in styles that no solution and no variant of ours has: nobody who writes so may lose a point."""

import re
from pathlib import Path

import numpy as np
import pytest

from grader import vocabulary
from grader.assignment import Assignment, list_assignments
from grader.freezing import public_cases, refusal
from grader.hidden import Local, run_test, with_rules_looked_at

ANSWERS = Path(__file__).parent / "right_answers"  # a file per assignment; an answer begins with "## exercise: style"


def answers_to(name):
    """Pairs of an exercise's name and a text that defines it."""
    parts = re.split(r"(?m)^## (\w+): .*\n", (ANSWERS / f"{name[:2]}.txt").read_text(encoding="utf-8"))
    return list(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", list_assignments())
def test_a_right_answer_in_an_unusual_style_is_right(name):
    """Loops, einsum, classes, lists, walrus, other formulas: check passes them and grading gives all points."""
    assignment, refused = Assignment.find(name), []
    cases = public_cases(assignment)
    for exercise, text in answers_to(name):
        scope = dict(assignment.reference)
        exec(text, scope)
        functions = Local(scope)
        with np.errstate(all="ignore"):
            runs = [run_test(test, functions) for test in assignment.tests_of(vocabulary.graded_cell_of(exercise))]
            runs = with_rules_looked_at(runs, assignment)
            changes, others = assignment.changes[exercise], dict(assignment.reference)
            at_the_desk = [refusal(case, scope[exercise], others, changes) for case in cases[exercise]]
        refused += [(exercise, text, run.message) for run in runs if not run.passed]
        refused += [(exercise, text, said) for said in at_the_desk if said]
    assert refused == []
