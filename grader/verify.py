"""Prove an assignment fair: the reference gets all, the blank nothing, wrong code is named, right code passes."""

import copy
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

from grader import vocabulary
from grader.assignment import SETTINGS, Assignment
from grader.authoring import Function
from grader.diagnosis import Replays, diagnose
from grader.engine import Engine
from grader.errors import AssignmentError
from grader.freezing import SEEDS, public_cases, refreshed, refusal
from grader.guard import Clock
from grader.hidden import Local, TestRun, run_test, with_rules_looked_at
from grader.hidden_test import HiddenTest
from grader.placeholders import given_away
from grader.proofreading import faults
from grader.reference import reference_namespace
from grader.released import released_notebook
from grader.reordering import reordered
from grader.results import GradeResult
from grader.results import points as number
from grader.roundoff import Roundoff
from grader.sandbox.limits import Isolation
from grader.student_edition import build_student_edition
from grader.watch import Watch

REGRADINGS = 5  # that must give the same scores, right ones whatever inputs are drawn; two without the mutants


@dataclass
class Verdict:
    """What verification found; ``problems`` is empty where the assignment is fair."""

    assignment: str
    tests: int = 0
    mistakes: int = 0
    caught: int = 0
    named: int = 0
    seen_at_once: int = 0  # mistakes that differ from the solution in a public case, so that check() sees them
    variants: int = 0
    accepted: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def steps(assignment: Assignment, with_mutants: bool) -> int:
    """How many steps ``verify`` takes: the mistakes, the variants, the gradings, and the mutants of each exercise."""
    try:
        return 3 + (len(_solution_cells(assignment)) if with_mutants else 0)
    except AssignmentError:  # which verify tells
        return 3


def verify(
    assignment: Assignment,
    isolation: Isolation = Isolation.sandbox,
    with_mutants: bool = False,
    watch: Watch | None = None,
) -> Verdict:
    """Verify one assignment; ``with_mutants`` takes most of the time."""
    started = time.monotonic()
    watch = watch or Watch()
    left = steps(assignment, with_mutants)
    verdict = Verdict(assignment.name, problems=faults(assignment))
    if not verdict.problems:
        try:
            for _ in _verify(assignment, isolation, with_mutants, verdict):
                watch.step()
                left -= 1
        except AssignmentError as error:
            verdict.problems.append(str(error))
    for _ in range(left):  # that a fault made vain
        watch.step()
    verdict.seconds = time.monotonic() - started
    return verdict


def _verify(assignment: Assignment, isolation: Isolation, with_mutants: bool, verdict: Verdict) -> Iterator[None]:
    """Add to ``verdict`` what is found, and yield after each step."""
    verdict.tests = len(assignment.hidden_tests)
    verdict.problems += decided_by_roundoff(assignment)
    verdict.problems += given_away(assignment)
    namespace = assignment.reference
    _verify_mistakes(assignment, verdict)
    yield
    _verify_variants(assignment, namespace, verdict)
    yield
    wrong: dict[str, str] = {}
    for cell in _solution_cells(assignment) if with_mutants else []:
        if (noticed := _verify_mutants(assignment, cell, namespace, verdict)) is not None:
            wrong[vocabulary.grade_id(cell)] = noticed
        yield
    _verify_notebooks(assignment, isolation, wrong, REGRADINGS if with_mutants else 2, verdict.problems)
    yield


def _solution_cells(assignment: Assignment) -> list[nbformat.NotebookNode]:
    return [cell for cell in assignment.source.cells if cell.cell_type == "code" and vocabulary.is_solution(cell)]


def _verify_mistakes(assignment: Assignment, verdict: Verdict) -> None:
    """Run the hidden tests and the diagnosis on every known mistake, and count those that check() would see."""
    replays = Replays(assignment)
    for wrong in assignment.mistakes:
        verdict.mistakes += 1
        runs = [replays.run(wrong, test) for test in tests_for(assignment, wrong.of)]
        runs = [run for run in with_rules_looked_at(runs, assignment) if run.calls_of(wrong.of)]
        if not runs:
            verdict.problems.append(f"no hidden test calls {wrong.of}, so no mistake in it is caught")
        elif all(run.passed for run in runs):
            verdict.problems.append(f"the mistake {wrong} passes every hidden test")
        else:
            verdict.caught += 1
            named = [found.says for found in diagnose(runs, replays)]
            verdict.named += wrong.says in named
            if wrong.says not in named:
                verdict.problems.append(f"the mistake {wrong} is caught but named {named or 'nothing'}")
    frozen = json.loads(refreshed(assignment) or "{}")
    told = {name: [form["says"] for form in frozen[name]["mistakes"]] for name in frozen.keys() & assignment.solutions}
    verdict.seen_at_once = sum(wrong.says in told.get(wrong.of, ()) for wrong in assignment.mistakes)


def _verify_variants(assignment: Assignment, namespace: dict[str, Any], verdict: Verdict) -> None:
    """Run hidden tests and public cases on every correct implementation."""
    cases = public_cases(assignment)
    for right in assignment.variants:
        verdict.variants += 1
        runs = run_with(assignment, namespace, right.of, right.function)
        if not runs:
            verdict.problems.append(f"no hidden test calls {right.of}, so nothing is known of its variant {right.name}")
            continue
        refusals = {run.test.name: run.message for run in runs if not run.passed}
        for case in cases.get(right.of, []):
            if told := refusal(case, right.function, namespace, assignment.changes.get(right.of, ())):
                refusals[f"the public case {case.name}"] = told
        verdict.accepted += not refusals
        verdict.problems += [
            f"variant {right.name} of {right.of} is refused by {who}: {why}" for who, why in refusals.items()
        ]


def decided_by_roundoff(assignment: Assignment) -> list[str]:
    """Say which hidden tests the reference fails on another machine: inputs nudged, sums in another order."""
    exact = {entry.name for entry in assignment.settings.exact}
    problems: list[str] = []
    namespace = reference_namespace(assignment.source, reordered, assignment.notebook_path)
    for seed in SEEDS:
        fed = Roundoff(seed).fed
        nudged = Local({name: fed(value) if callable(value) else value for name, value in namespace.items()})
        for test in assignment.hidden_tests:
            run = run_test(test, Local(namespace) if test.name in exact else nudged)
            if not run.passed:
                problems.append(f"round-off decides {test.name}, so the reference fails elsewhere: {run.message}")
    return sorted(problems)


def _verify_mutants(
    assignment: Assignment, cell: nbformat.NotebookNode, namespace: dict[str, Any], verdict: Verdict
) -> str | None:
    """Run the hidden tests of an exercise with every mutant of its solution; return one that is noticed, if any."""
    from grader.mutants import mutants

    known = {(same.exercise, same.change) for same in assignment.settings.equivalents}
    noticed = None
    exercise = vocabulary.grade_id(cell)
    tests = assignment.tests_of(vocabulary.graded_cell_of(exercise))
    for mutant in mutants(cell.source):
        changed = dict(namespace)
        try:
            exec(compile(mutant.source, "<mutant>", "exec"), changed)
        except Exception:
            continue  # not a function any more: nobody hands that in
        survived = _survives(assignment, tests, Local(changed))
        if (exercise, mutant.change) in known:
            verdict.equivalent += survived
            if not survived:
                change = f"{exercise}: {mutant.change}"
                verdict.problems.append(f"a mutant listed as equivalent is noticed by a test: {change}")
            continue
        verdict.mutants += 1
        verdict.killed += not survived
        if survived:
            verdict.problems.append(f"survivor in {exercise} ({mutant.kind}): {mutant.change}")
        elif tests and noticed is None:
            noticed = mutant.source
    return noticed


def _survives(assignment: Assignment, tests: list[HiddenTest], functions: Local) -> bool:
    runs = []
    for test in tests:
        with Clock() as clock:
            run = run_test(test, functions)
        if clock.overran or not run.passed:
            return False
        runs.append(run)
    return all(run.passed for run in with_rules_looked_at(runs, assignment))


def _verify_notebooks(
    assignment: Assignment, isolation: Isolation, wrong: dict[str, str], times: int, problems: list[str]
) -> None:
    """Grade, several times, the reference, the blank release and one that holds ``wrong`` solutions by grade_id."""
    released = released_notebook(assignment)
    mistaken = nbformat.reads(nbformat.writes(assignment.source), as_version=4)
    for cell in mistaken.cells:
        cell.source = wrong.get(vocabulary.grade_id(cell), cell.source)
    submissions = {"the reference": assignment.source, "the blank release": released, "a wrong submission": mistaken}
    if not wrong:
        del submissions["a wrong submission"]
    gradings: dict[str, list[GradeResult]] = {}
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released, Path(edition), isolation=isolation) as engine,
    ):
        for name, notebook in submissions.items():
            # A right one must not depend on the inputs that are drawn; a wrong one may, but not on the day.
            others = [_another(notebook, 0 if name == "a wrong submission" else number) for number in range(times)]
            gradings[name] = [engine.grade(nbformat.writes(other).encode()) for other in others]
    for name, gradings_of_one in gradings.items():
        scores = {tuple(cell.score for cell in grading.cells) for grading in gradings_of_one}
        if len(scores) > 1:
            problems.append(f"grading {name} {times} times gave different scores: {sorted(scores)}")
    firsts = {name: gradings_of_one[0] for name, gradings_of_one in gradings.items()}
    for cell in firsts["the reference"].cells:
        told = {f"in {cell.grade_id}": cell.reason} if cell.reason else {}
        told = told or {test.name: test.message for test in cell.tests if not test.passed}
        problems += [
            f"{assignment.folder / SETTINGS}: the solution fails in the sandbox alone, {where}: {message} "
            "Raise the limit that it exceeds, or let it do without what is not there."
            for where, message in told.items()
            if not all(test.passed for test in cell.tests)
        ]
    problems += [
        f"the reference gets {number(cell.score)} of {number(cell.points)} points in {cell.grade_id}"
        for cell in firsts["the reference"].cells
        if cell.status == "passed" and cell.score != cell.points
    ]
    problems += [
        f"the blank release gets {number(cell.score)} points in {cell.grade_id}"
        for cell in firsts["the blank release"].cells
        if cell.score
    ]
    if wrong:
        problems += [
            f"a wrong {exercise} gets all points in the sandbox"
            for exercise in wrong
            for cell in firsts["a wrong submission"].cells
            if cell.grade_id == vocabulary.graded_cell_of(exercise) and cell.score == cell.points
        ]


def _another(notebook: nbformat.NotebookNode, number: int) -> nbformat.NotebookNode:
    """Copy a submission such that its tests draw other inputs."""
    other = copy.deepcopy(notebook)
    other.cells.append(new_code_cell(f"# submission {number}"))
    return other


def tests_for(assignment: Assignment, exercise: str) -> list[HiddenTest]:
    """List the hidden tests of an exercise's own graded cell, or all where it has none."""
    return assignment.tests_of(vocabulary.graded_cell_of(exercise)) or assignment.hidden_tests


def run_with(assignment: Assignment, namespace: dict[str, Any], name: str, function: Function) -> list[TestRun]:
    """Run the hidden tests of the exercise ``name`` with ``function`` in its place and the reference elsewhere."""
    functions = Local({**namespace, name: function})
    runs = [run_test(test, functions) for test in tests_for(assignment, name)]
    return [run for run in with_rules_looked_at(runs, assignment) if run.calls_of(name)]
