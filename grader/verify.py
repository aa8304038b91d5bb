"""Prove an assignment fair: the reference gets all, the blank nothing, wrong code is named, right code passes."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from grader.assignment import Assignment, HiddenTest
from grader.authoring import Function
from grader.diagnosis import diagnose
from grader.engine import Engine
from grader.freezing import is_fresh, public_cases, reference_namespace, refusal
from grader.guard import Clock
from grader.hidden import Local, TestRun, run_test
from grader.release import build_student_edition, released_notebook
from nnlib._instant import FROZEN

REGRADINGS = 5  # that must give the same scores


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
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def mutation_score(self) -> float:
        """Share of mutants that some hidden test notices, those that compute the same left aside."""
        return self.killed / self.mutants if self.mutants else 1.0


def verify(assignment: Assignment, isolation: str = "sandbox", with_mutants: bool = False) -> Verdict:
    """Verify one assignment; ``with_mutants`` takes most of the time."""
    started = time.monotonic()
    verdict = Verdict(assignment.name, tests=len(assignment.hidden_tests))
    problems = verdict.problems
    for grade_id, cell in assignment.graded_cells.items():
        if not cell.metadata.nbgrader.get("solution") and not assignment.tests_of(grade_id):
            problems.append(f"cell {grade_id} has points but no hidden test")
    problems += [f"{test.name} has no claim; write its docstring" for test in assignment.hidden_tests if not test.claim]
    _verify_notebooks(assignment, isolation, problems)
    namespace = reference_namespace(assignment.source)
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
    if not is_fresh(assignment):
        problems.append(f"{FROZEN} is not what the solutions and misconceptions give; run `make notebooks`")
    cases = public_cases(assignment)
    for right in assignment.variants:
        verdict.variants += 1
        failed = [run for run in run_with(assignment, namespace, right.of, right.function) if not run.passed]
        verdict.accepted += not failed
        problems += [
            f"variant {right.name} of {right.of} is refused by {run.test.name}: {run.message}" for run in failed
        ]
        problems += [
            f"variant {right.name} of {right.of} is refused by the public case {case.name}: {told}"
            for case in cases.get(right.of, [])
            if (told := refusal(case, right.function, namespace))
        ]
    if with_mutants:
        _verify_mutants(assignment, namespace, verdict)
    verdict.seconds = time.monotonic() - started
    return verdict


def _verify_mutants(assignment: Assignment, namespace: dict[str, Any], verdict: Verdict) -> None:
    """Run the hidden tests of each exercise with every mutant of its solution."""
    from grader.mutants import mutants

    known = {(same.exercise, same.change) for same in assignment.settings.equivalents}
    for cell in assignment.source.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not about.get("solution"):
            continue
        tests = assignment.tests_of(f"test_{about.grade_id}")
        for mutant in mutants(cell.source):
            changed = dict(namespace)
            try:
                exec(compile(mutant.source, "<mutant>", "exec"), changed)
            except Exception:
                continue  # not a function any more: nobody hands that in
            survived = _survives(tests, Local(changed))
            if (about.grade_id, mutant.change) in known:
                verdict.equivalent += survived
                if not survived:
                    change = f"{about.grade_id}: {mutant.change}"
                    verdict.problems.append(f"a mutant listed as equivalent is noticed by a test: {change}")
                continue
            verdict.mutants += 1
            verdict.killed += not survived
            if survived:
                verdict.problems.append(f"survivor in {about.grade_id} ({mutant.kind}): {mutant.change}")


def _survives(tests: list[HiddenTest], functions: Local) -> bool:
    for test in tests:
        with Clock() as clock:
            run = run_test(test, functions)
        if clock.overran or not run.passed:
            return False
    return True


def _verify_notebooks(assignment: Assignment, isolation: str, problems: list[str]) -> None:
    """Grade the reference, several times, and the blank release as submissions."""
    released = released_notebook(assignment)
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released, Path(edition), isolation=isolation) as engine,
    ):
        source = nbformat.writes(assignment.source).encode()
        gradings = [engine.grade(source) for _ in range(REGRADINGS)]
        blank = engine.grade(nbformat.writes(released).encode())
    for cell in gradings[0].cells:
        for test in cell.tests:
            if not test.passed:
                problems.append(f"the reference fails {test.name}: {test.message}")
    scores = {tuple(cell.score for cell in grading.cells) for grading in gradings}
    if len(scores) > 1:
        problems.append(f"grading the reference {REGRADINGS} times gave different scores: {sorted(scores)}")
    problems += [
        f"the blank release gets {cell.score:g} points in {cell.grade_id}" for cell in blank.cells if cell.score
    ]


def run_with(assignment: Assignment, namespace: dict[str, Any], name: str, function: Function) -> list[TestRun]:
    """Run the hidden tests of the exercise ``name`` with ``function`` in its place and the reference elsewhere.

    The exercise's tests are those of its own graded cell and any other that calls it.
    """
    functions = Local({**namespace, name: function})
    own = [test for test in assignment.hidden_tests if test.grade_id == f"test_{name}"]
    runs = [run_test(test, functions) for test in own or assignment.hidden_tests]
    return [run for run in runs if any(call.name == name for call in run.calls)]
