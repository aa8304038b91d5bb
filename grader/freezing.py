"""Freeze what students' instant checks compare with: the solutions' and the known mistakes' results on public cases.

Only what holds still is frozen: what comes again, nearer than a comparison looks, where inputs are a few ulps away
and sums and products are taken in another order. So no other processor gives another result.
"""

import contextlib
import hashlib
import json
import random
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from grader import vocabulary
from grader.assignment import SETTINGS, Assignment
from grader.authoring import Function
from grader.errors import AssignmentError
from grader.exercises import FOLDER, Form, forms, line_of, load_exercises
from grader.files import code_files, write_atomically
from grader.reference import reference_namespace
from grader.reordering import Compiler, plainly, reordered
from grader.roundoff import Roundoff
from nnlib.checks.cases import CASES, Case, Outcome, load_cases, outcome_of, recorded
from nnlib.checks.frozen import freeze
from nnlib.checks.hints import HINTS
from nnlib.checks.instant import CHANGES, FROZEN, problem_of, problem_with_input

SEEDS = (1, 2)  # of the machines on which results must come again
RECOGNISED = {"rtol": 1e-6, "atol": 1e-12}  # tolerances of Outcome.same_as
_FINE = {"rtol": 1e-6, "atol": 1e-6}  # above stand tolerances of statistics, which say nothing about round-off
_NEAR = 0.1  # share of the tolerances within which a result must come again to be frozen
_MADE_FROM = "made_from"  # beside the exercises: the digest of what the file was made from


def public_cases(assignment: Assignment) -> dict[str, list[Case]]:
    """The public cases by exercise; ``AssignmentError`` where the file cannot be loaded."""
    path = assignment.folder / CASES
    if not path.is_file():
        return {}
    try:
        return load_cases(path)
    except Exception as error:
        where = f", line {line}" if (line := line_of(error, path.name)) else ""
        said = error.msg if isinstance(error, SyntaxError) else str(error).rstrip(".")
        raise AssignmentError(f"{path}{where} cannot be loaded: {type(error).__name__}: {said}.") from error


def refreshed(assignment: Assignment) -> str | None:
    """Return the text of ``public_cases.json``; write the file where it is not made from what stands beside it.

    None where the assignment has no public cases. A folder that cannot be written to is left as it is.
    """
    path = assignment.folder / FROZEN
    if not (assignment.folder / CASES).is_file():
        return None
    made_from = _sources(assignment)
    with contextlib.suppress(OSError, ValueError):
        text = path.read_text(encoding="utf-8")
        if json.loads(text).get(_MADE_FROM) == made_from:
            return text
    frozen = frozen_cases(assignment)
    with contextlib.suppress(OSError):  # an installed course may belong to somebody else
        write_atomically(path, frozen)
    return frozen


def _sources(assignment: Assignment) -> str:
    """Digest what the frozen cases are made from: solutions, cases, mistakes, and the two packages."""
    seen = hashlib.sha256()
    for cell in assignment.source.cells:
        if cell.cell_type == "code" and vocabulary.grade_id(cell):
            seen.update(cell.source.encode())
    own = [assignment.folder / CASES, assignment.folder / SETTINGS, *(assignment.folder / FOLDER).glob("*.py")]
    for path in sorted(own) + sorted(code_files().values()):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()


def frozen_cases(assignment: Assignment) -> str:
    """Return what ``public_cases.json`` is to hold."""
    cases = public_cases(assignment)
    here, elsewhere = Machine(assignment, plainly), [Machine(assignment, reordered, seed) for seed in SEEDS]
    frozen: dict[str, Any] = {}
    for exercise, its_cases in cases.items():
        if exercise not in here.scope:
            path = assignment.folder / CASES
            raise AssignmentError(
                f"{path}: {its_cases[0].name} takes {exercise}, which is no function of the notebook."
            )
        right, expected = _solution(assignment, exercise, here, elsewhere)
        mistakes = _mistakes(assignment, exercise, right, here, elsewhere)
        frozen[exercise] = {"expected": expected, HINTS: assignment.hints.get(exercise, []), "mistakes": mistakes}
        frozen[exercise][CHANGES] = sorted(assignment.changes.get(exercise, ()))
    return _text(_sources(assignment), frozen)


class Machine:
    """Solutions, public cases and known mistakes as one machine runs them: this one, or one that ``seed`` chooses."""

    def __init__(self, assignment: Assignment, compiled: Compiler, seed: int | None = None) -> None:
        self._path = assignment.folder / CASES
        self._exact = {entry.name for entry in assignment.settings.exact}
        self._roundoff = None if seed is None else Roundoff(seed)
        self._cases = compiled(self._path.read_text(encoding="utf-8"), str(self._path))
        self.scope = reference_namespace(assignment.source, compiled, assignment.notebook_path)
        self._wrong = forms(load_exercises(assignment.folder, compiled), assignment.solutions, self.scope)

    def solution(self, exercise: str) -> dict[str, Outcome]:
        """What the solution gives in each public case of its exercise."""
        return self._outcomes(exercise, self.scope[exercise])

    def mistakes(self, exercise: str) -> list[tuple[Form, dict[str, Outcome]]]:
        """What each form of the known mistakes gives in each public case of its exercise."""
        return [(wrong, self._outcomes(exercise, wrong.function)) for wrong in self._wrong if wrong.of == exercise]

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
    assignment: Assignment, exercise: str, here: Machine, elsewhere: list[Machine]
) -> tuple[dict[str, Outcome], dict[str, Any]]:
    """What the solution gives, and this frozen; ``AssignmentError`` where it fails a case or does not hold still."""
    right, path = here.solution(exercise), assignment.folder / CASES
    others, frozen = [machine.solution(exercise) for machine in elsewhere], {}
    for case in public_cases(assignment)[exercise]:
        if right[case.name].error:
            raise AssignmentError(f"{path}: the solution fails {case.name}: {right[case.name].message}")
        frozen[case.name] = _frozen(case, right[case.name])["value"]
        if not all(right[case.name].same_as(other[case.name], _nearly(case)) for other in others):
            raise AssignmentError(
                f"{path}: round-off decides what the solution gives in {case.name}, so another processor would give "
                "something else. Choose other numbers, or say in assignment.toml under [[exact]] why none is rounded."
            )
    return right, frozen


def refusal(case: Case, function: Function, scope: dict[str, Any], changes: Collection[str] = ()) -> str | None:
    """Say how a public case refuses ``function``, or None where it accepts it; ``changes`` as an exercise declares."""
    expected = outcome_of(case, scope[case.exercise], scope).value
    outcome = outcome_of(case, function, scope)
    problem = problem_of(case, outcome, expected) or problem_with_input(outcome, changes)
    return problem["Problem"] if problem else None


def _mistakes(
    assignment: Assignment,
    exercise: str,
    right: dict[str, Outcome],
    here: Machine,
    elsewhere: list[Machine],
) -> list[dict[str, Any]]:
    """What each known mistake gives in the cases that it fails, with its words; one seen in no case is left out.

    A case in which what it gives does not hold still, or that asks for success alone, is named as ``unsteady``: it says
    nothing for or against.
    """
    mistakes: list[dict[str, Any]] = []
    cases = public_cases(assignment)[exercise]
    by_name = {case.name: case for case in cases}
    for (wrong, came), *others in zip(*(machine.mistakes(exercise) for machine in (here, *elsewhere)), strict=True):
        told_apart, unsteady = {}, []
        for case in cases:
            given, value = came[case.name], right[case.name].value
            problem = problem_of(case, given, value)
            holds_still = all(given.same_as(other[case.name], _nearly(case)) for _, other in others)
            if not holds_still or (problem and case.success):
                unsteady.append(case.name)
            elif problem:
                told_apart[case.name] = _frozen(case, given)
        mistake = {"says": wrong.says, "hint": wrong.hint, "outcomes": told_apart}
        mistake |= {"unsteady": unsteady} if unsteady else {}
        if told_apart and not any(_alike(known, mistake, by_name) for known in mistakes):
            mistakes.append(mistake)  # one mistake may stand in several forms, for other caches or draws
    return mistakes


def _alike(known: dict[str, Any], other: dict[str, Any], cases: dict[str, Case]) -> bool:
    """Whether two frozen forms are one mistake with the same outcomes."""
    words = [(form["says"], form["hint"], form.get("unsteady"), list(form["outcomes"])) for form in (known, other)]
    return words[0] == words[1] and all(
        recorded(known["outcomes"][name]).same_as(recorded(outcome), cases[name])
        for name, outcome in other["outcomes"].items()
    )


def _nearly(case: Case) -> Case:
    """The case with the share of its tolerances within which a result must come again."""
    limits = RECOGNISED | case.tolerances
    return replace(case, **{name: _NEAR * min(limit, _FINE[name]) for name, limit in limits.items()})


def _frozen(case: Case, outcome: Outcome) -> dict[str, Any]:
    try:
        return {"raises": outcome.error} if outcome.error else {"value": freeze(outcome.value)}
    except TypeError as error:
        raise AssignmentError(f"{CASES}: {case.name}: {error}") from error


def _text(made_from: str, frozen: dict[str, Any]) -> str:
    """Write JSON with a line for each result, so that two can be compared."""
    exercises = [f"{_json(_MADE_FROM)}: {_json(made_from)}"]
    for exercise, parts in frozen.items():
        expected = ",\n".join(f"{_json(name)}: {_json(value)}" for name, value in parts["expected"].items())
        short = ", ".join(f'"{name}": {_json(parts[name])}' for name in (HINTS, CHANGES))
        mistakes = ",\n".join(map(_json, parts["mistakes"]))
        exercises.append(
            f'{_json(exercise)}: {{"expected": {{\n{expected}\n}}, {short}, "mistakes": [\n{mistakes}\n]}}'
        )
    return "{\n" + ",\n".join(exercises) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
