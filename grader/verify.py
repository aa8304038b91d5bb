"""Prove an assignment fair: the reference gets all, the blank nothing, wrong code is named, right code passes."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from grader.assignment import Assignment
from grader.authoring import Function
from grader.diagnosis import diagnose
from grader.engine import Engine
from grader.hidden import Local, TestRun, run_test
from grader.release import build_student_edition, released_notebook


@dataclass
class Verdict:
    """What verification found; ``problems`` is empty where the assignment is fair."""

    assignment: str
    tests: int = 0
    misconceptions: int = 0
    caught: int = 0
    named: int = 0
    variants: int = 0
    accepted: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def verify(assignment: Assignment, isolation: str = "sandbox") -> Verdict:
    """Verify one assignment."""
    started = time.monotonic()
    verdict = Verdict(assignment.name, tests=len(assignment.hidden_tests))
    problems = verdict.problems
    for grade_id, cell in assignment.graded_cells.items():
        if not cell.metadata.nbgrader.get("solution") and not assignment.tests_of(grade_id):
            problems.append(f"cell {grade_id} has points but no hidden test")
    problems += [f"{test.name} has no claim; write its docstring" for test in assignment.hidden_tests if not test.claim]
    _verify_notebooks(assignment, isolation, problems)
    namespace = reference_namespace(assignment)
    for wrong in assignment.misconceptions:
        verdict.misconceptions += 1
        runs = run_with(assignment, namespace, wrong.of, wrong.function)
        if not runs:
            problems.append(f"misconception {wrong.name}: no hidden test calls {wrong.of}")
        elif all(run.passed for run in runs):
            problems.append(f"misconception {wrong.name} of {wrong.of} passes every hidden test")
        else:
            verdict.caught += 1
            named = [found.name for found in diagnose(runs, assignment.misconceptions)]
            if wrong.name in named:
                verdict.named += 1
            else:
                problems.append(f"misconception {wrong.name} of {wrong.of} is caught but named {named or 'nothing'}")
    for right in assignment.variants:
        verdict.variants += 1
        failed = [run for run in run_with(assignment, namespace, right.of, right.function) if not run.passed]
        verdict.accepted += not failed
        problems += [
            f"variant {right.name} of {right.of} is refused by {run.test.name}: {run.message}" for run in failed
        ]
    verdict.seconds = time.monotonic() - started
    return verdict


def _verify_notebooks(assignment: Assignment, isolation: str, problems: list[str]) -> None:
    """Grade the reference and the blank release as submissions."""
    released = released_notebook(assignment)
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released, Path(edition), isolation=isolation) as engine,
    ):
        reference = engine.grade(nbformat.writes(assignment.source).encode())
        blank = engine.grade(nbformat.writes(released).encode())
    for cell in reference.cells:
        for test in cell.tests:
            if not test.passed:
                problems.append(f"the reference fails {test.name}: {test.message}")
    problems += [
        f"the blank release gets {cell.score:g} points in {cell.grade_id}" for cell in blank.cells if cell.score
    ]


def reference_namespace(assignment: Assignment) -> dict[str, Any]:
    """Run the source notebook's solutions and what they need here: it is our own code."""
    os.environ.setdefault("MPLBACKEND", "agg")
    namespace: dict[str, Any] = {"__name__": "reference"}
    for cell in assignment.source.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and about and not about.get("grade"):
            exec(compile(cell.source, f"<{assignment.name}:{about.get('grade_id')}>", "exec"), namespace)
    return namespace


def run_with(assignment: Assignment, namespace: dict[str, Any], name: str, function: Function) -> list[TestRun]:
    """Run the hidden tests of the exercise ``name`` with ``function`` in its place and the reference elsewhere.

    The exercise's tests are those of its own graded cell and any other that calls it.
    """
    functions = Local({**namespace, name: function})
    own = [test for test in assignment.hidden_tests if test.grade_id == f"test_{name}"]
    runs = [run_test(test, functions) for test in own or assignment.hidden_tests]
    return [run for run in runs if any(call.name == name for call in run.calls)]
