"""What functions that look at nothing would earn: returning zeros, None or their input passes some hidden tests."""

import copy
from typing import Any

import numpy as np

from grader import vocabulary
from grader.assignment import Assignment
from grader.authoring import Function
from grader.guard import Clock
from grader.hidden import Local, TestRun, run_test, with_rules_looked_at
from grader.results import points as number

LITTLE = 0.2  # share of a cell's points that a placeholder may get: a test that asks for a shape is worth having


class Zeros:
    """Gives zeros in the place of every number that a right function gives; knows whether one of those was another."""

    def __init__(self, right: Function) -> None:
        self._right, self.differs = right, False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the zeros; a function among the arguments is not called, which would look at more than shapes."""
        if any(callable(value) for value in (*args, *kwargs.values())):
            self.differs = True
            return None
        return self._zeros(self._right(*copy.deepcopy(args), **copy.deepcopy(kwargs)))

    def _zeros(self, value: Any) -> Any:
        if type(value) in (tuple, list):
            return type(value)(self._zeros(item) for item in value)
        if type(value) is dict:
            return {key: self._zeros(item) for key, item in value.items()}
        if isinstance(value, np.ndarray | np.number):
            self.differs |= bool(np.any(value != 0))
            return np.zeros_like(value)
        self.differs |= bool(value)
        return type(value)(0) if isinstance(value, bool | int | float) else None


def _first(*args: Any, **kwargs: Any) -> Any:
    return next(iter((*args, *kwargs.values())), None)


def given_away(assignment: Assignment) -> list[str]:
    """Say where a placeholder gets more than ``LITTLE`` of an exercise's points, and by which tests."""
    found: dict[tuple[str, str], list[str]] = {}  # placeholders by what is said of them
    for exercise in assignment.exercises:
        grade_id = vocabulary.graded_cell_of(exercise.name)
        if grade_id in assignment.settings.all_or_nothing or exercise.name not in assignment.reference:
            continue
        zeros = Zeros(assignment.reference[exercise.name])
        placeholders: dict[str, Function] = {
            "None": lambda *args, **kwargs: None,
            "0.0": lambda *args, **kwargs: 0.0,
            "its first argument": _first,
            "zeros of the right shape": zeros,
        }
        for what, placeholder in placeholders.items():
            runs = _runs(assignment, exercise.name, grade_id, placeholder)
            if placeholder is zeros and not zeros.differs:
                continue  # zeros are right
            passed = [run.test for run in runs if run.passed and run.calls_of(exercise.name)]
            share = sum(test.weight for test in passed) / max(sum(run.test.weight for run in runs), 1e-12)
            if share > LITTLE and not all(test.easy for test in passed):
                points = float(vocabulary.about(assignment.graded_cells[grade_id]).get("points", 0))
                tests = ", ".join(test.name for test in passed if not test.easy)
                gain = f"gives {number(share * points)} of {number(points)} points, by {tests}"
                found.setdefault((f"{exercise.path}: {exercise.name}", gain), []).append(what)
    return [
        f"{exercise}: to return {' or '.join(placeholders)} {gain}. "
        "Let the test ask for more, or mark it @easy, so that it counts beside another only."
        for (exercise, gain), placeholders in found.items()
    ]


def _runs(assignment: Assignment, name: str, grade_id: str, function: Function) -> list[TestRun]:
    functions, runs = Local({**assignment.reference, name: function}), []
    for test in assignment.tests_of(grade_id):
        with Clock(), np.errstate(all="ignore"):
            runs.append(run_test(test, functions))
    return with_rules_looked_at(runs, assignment)
