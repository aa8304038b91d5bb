"""Freeze what students' instant checks compare with: the solutions' and the known mistakes' results on public cases.

Only what holds still is frozen: what comes again, nearer than a comparison looks, where inputs are a few ulps away
and sums and products are taken in another order. So no other processor gives another result.
"""

import json
import random
from dataclasses import replace
from typing import Any

import numpy as np
from nbformat import NotebookNode

from grader.assignment import Assignment, AssignmentError
from grader.authoring import Function
from grader.reference import reference_namespace
from grader.reordering import plainly, reordered, reordered_module
from grader.roundoff import Roundoff
from nnlib.checks.cases import CASES, Case, Outcome, load_cases, outcome_of, recorded
from nnlib.checks.frozen import freeze
from nnlib.checks.instant import FROZEN, problem_of

SEEDS = (1, 2)  # of the machines on which results must come again
RECOGNISED = {"rtol": 1e-6, "atol": 1e-12}  # tolerances of Outcome.same_as
_FINE = {"rtol": 1e-6, "atol": 1e-6}  # above stand tolerances of statistics, which say nothing about round-off
_NEAR = 0.1  # share of the tolerances within which a result must come again to be frozen
STILL_NEAR = 1.0  # and to stay so; between the two lies what decides alike on every machine


def public_cases(assignment: Assignment) -> dict[str, list[Case]]:
    """The public cases by exercise; ``AssignmentError`` where the file cannot be loaded."""
    path = assignment.folder / CASES
    if not path.is_file():
        return {}
    try:
        return load_cases(path)
    except Exception as error:
        raise AssignmentError(f"{path} cannot be loaded: {type(error).__name__}: {error}.") from error


def frozen_cases(assignment: Assignment, notebook: NotebookNode | None = None, near: float = _NEAR) -> str | None:
    """Return the text of ``public_cases.json``, or None where the assignment has no public cases.

    ``notebook`` stands for the assignment's source where that is about to be written. ``near`` is ``STILL_NEAR``
    where the text is not to be written but compared with the file's.
    """
    cases = public_cases(assignment)
    if not cases:
        return None
    notebook = notebook or assignment.source
    here, elsewhere = Machine(assignment, notebook), [Machine(assignment, notebook, seed) for seed in SEEDS]
    frozen = {}
    for exercise, its_cases in cases.items():
        if exercise not in here.scope:
            path = assignment.folder / CASES
            raise AssignmentError(
                f"{path}: {its_cases[0].name} takes {exercise}, which is no function of the notebook."
            )
        right, expected = _solution(assignment, exercise, here, elsewhere, near)
        frozen[exercise] = {
            "expected": expected,
            "mistakes": _mistakes(assignment, exercise, right, (here, elsewhere), near),
        }
    return _text(frozen)


class Machine:
    """Solutions, public cases and known mistakes as one machine runs them: this one, or one that ``seed`` chooses."""

    def __init__(self, assignment: Assignment, notebook: NotebookNode, seed: int | None = None) -> None:
        self._path = assignment.folder / CASES
        self._exact = {entry.name for entry in assignment.settings.exact}
        self._roundoff = None if seed is None else Roundoff(seed)
        compiled = plainly if seed is None else reordered
        self._cases = compiled(self._path.read_text(encoding="utf-8"), str(self._path))
        self.scope = reference_namespace(notebook, compiled)
        wrong = {wrong.name: wrong for wrong in assignment.misconceptions}
        if wrong and self._roundoff:
            module = vars(reordered_module(assignment.folder / "misconceptions.py"))
            wrong = {name: module[name] for name in wrong}
        self._wrong = wrong

    def solution(self, exercise: str) -> dict[str, Outcome]:
        """What the solution gives in each public case of its exercise."""
        return self._outcomes(exercise, self.scope[exercise])

    def mistake(self, name: str) -> dict[str, Outcome]:
        """What a known mistake gives in each public case of its exercise."""
        return self._outcomes(self._wrong[name].of, self._wrong[name].function)

    def _outcomes(self, exercise: str, function: Function) -> dict[str, Outcome]:
        cases = load_cases(self._path, self._cases)  # anew: the last function may have written into their arrays
        return {case.name: self._outcome(case, function) for case in cases[exercise]}

    def _outcome(self, case: Case, function: Function) -> Outcome:
        np.random.seed(0)  # noqa: NPY002 # for mistakes that draw from the global generators
        random.seed(0)
        scope, nudge = self.scope, self._roundoff
        if nudge is not None and case.name not in self._exact:
            needed = {name: scope[name] for name in case.needs if name in scope}
            scope = {name: nudge.answering(value) if callable(value) else value for name, value in needed.items()}
            function = nudge.fed(function)
        return outcome_of(case, function, scope)


def _solution(
    assignment: Assignment, exercise: str, here: Machine, elsewhere: list[Machine], near: float
) -> tuple[dict[str, Outcome], dict[str, Any]]:
    """What the solution gives, and this frozen; ``AssignmentError`` where it fails a case or does not hold still."""
    right, path = here.solution(exercise), assignment.folder / CASES
    others, frozen = [machine.solution(exercise) for machine in elsewhere], {}
    for case in public_cases(assignment)[exercise]:
        if right[case.name].error:
            raise AssignmentError(f"{path}: the solution fails {case.name}: {right[case.name].message}")
        frozen[case.name] = _frozen(case, right[case.name])["value"]
        if not all(right[case.name].same_as(other[case.name], _within(case, near)) for other in others):
            raise AssignmentError(
                f"{path}: round-off decides what the solution gives in {case.name}, so another processor would give "
                "something else. Choose other numbers, or say in assignment.toml under [[exact]] why none is rounded."
            )
    return right, frozen


def refusal(case: Case, function: Function, scope: dict[str, Any]) -> str | None:
    """Say how a public case refuses ``function``, or None where it accepts it."""
    expected = outcome_of(case, scope[case.exercise], scope).value
    problem = problem_of(case, outcome_of(case, function, scope), expected)
    return problem["Problem"] if problem else None


def is_fresh(assignment: Assignment, frozen: str | None) -> bool:
    """Whether ``public_cases.json`` holds ``frozen``, from :func:`frozen_cases`, but for what another machine does.

    What the file calls unsteady may have held still here.
    """
    path = assignment.folder / FROZEN
    if frozen is None or not path.is_file():
        return frozen is None and not path.exists()
    have, want = json.loads(path.read_text(encoding="utf-8")), json.loads(frozen)
    cases = {case.name: case for its_cases in public_cases(assignment).values() for case in its_cases}
    return list(have) == list(want) and all(_exercise_alike(have[name], want[name], cases) for name in want)


def _exercise_alike(have: dict[str, Any], want: dict[str, Any], cases: dict[str, Case]) -> bool:
    expected = [{name: {"value": value} for name, value in side["expected"].items()} for side in (have, want)]
    return (
        _values_alike(expected[0], expected[1], cases)
        and len(have["mistakes"]) == len(want["mistakes"])
        and all(_alike(*both, cases) for both in zip(have["mistakes"], want["mistakes"], strict=True))
    )


def _alike(have: dict[str, Any], want: dict[str, Any], cases: dict[str, Case]) -> bool:
    """Whether two frozen mistakes are one, leaving aside the cases that the first calls unsteady."""
    unknown = set(have.get("unsteady", ()))
    if (have["says"], have["hint"]) != (want["says"], want["hint"]) or not unknown.issuperset(want.get("unsteady", ())):
        return False
    listed = {name: outcome for name, outcome in want["outcomes"].items() if name not in unknown}
    return _values_alike(have["outcomes"], listed, cases)


def _values_alike(have: dict[str, Any], want: dict[str, Any], cases: dict[str, Case]) -> bool:
    return list(have) == list(want) and all(
        recorded(have[name]).same_as(recorded(want[name]), _within(cases[name], STILL_NEAR)) for name in want
    )


def _mistakes(
    assignment: Assignment,
    exercise: str,
    right: dict[str, Outcome],
    machines: tuple[Machine, list[Machine]],
    near: float,
) -> list[dict[str, Any]]:
    """What each known mistake gives in the cases that it fails, with its words; one seen in no case is left out.

    A case in which what it gives does not hold still is named as ``unsteady``: it says nothing for or against.
    """
    mistakes: list[dict[str, Any]] = []
    cases = public_cases(assignment)[exercise]
    by_name = {case.name: case for case in cases}
    for wrong in assignment.misconceptions:
        if wrong.of != exercise:
            continue
        here, elsewhere = machines
        came, others = here.mistake(wrong.name), [machine.mistake(wrong.name) for machine in elsewhere]
        told_apart, unsteady = {}, []
        for case in cases:
            given, value = came[case.name], right[case.name].value
            if not all(given.same_as(other[case.name], _within(case, near)) for other in others):
                unsteady.append(case.name)
            elif problem_of(case, given, value):
                told_apart[case.name] = _frozen(case, given)
        mistake = {"says": wrong.says, "hint": wrong.hint, "outcomes": told_apart}
        mistake |= {"unsteady": unsteady} if unsteady else {}
        if told_apart and not any(_alike(known, mistake, by_name) for known in mistakes):
            mistakes.append(mistake)  # one mistake may stand in several forms, for other caches or draws
    return mistakes


def _within(case: Case, share: float) -> Case:
    """The case with a share of the tolerances by which results are recognised."""
    limits = RECOGNISED | case.tolerances
    return replace(case, **{name: share * min(limit, _FINE[name]) for name, limit in limits.items()})


def _frozen(case: Case, outcome: Outcome) -> dict[str, Any]:
    try:
        return {"raises": outcome.error} if outcome.error else {"value": freeze(outcome.value)}
    except TypeError as error:
        raise AssignmentError(f"{CASES}: {case.name}: {error}") from error


def _text(frozen: dict[str, Any]) -> str:
    """Write JSON with a line for each result, so that a change can be reviewed."""
    exercises = []
    for exercise, parts in frozen.items():
        expected = ",\n".join(f"{_json(name)}: {_json(value)}" for name, value in parts["expected"].items())
        mistakes = ",\n".join(map(_json, parts["mistakes"]))
        exercises.append(f'{_json(exercise)}: {{"expected": {{\n{expected}\n}}, "mistakes": [\n{mistakes}\n]}}')
    return "{\n" + ",\n".join(exercises) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
