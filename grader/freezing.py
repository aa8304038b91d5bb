"""Freeze what students' instant checks compare with: the solutions' and the known mistakes' results on public cases."""

import json
import random
from typing import Any

import numpy as np
from nbformat import NotebookNode

from grader.assignment import Assignment, AssignmentError
from grader.authoring import Function, Misconception
from nnlib._frozen import freeze
from nnlib._instant import CASES, FROZEN, Case, Outcome, load_cases, outcome_of, problem_of


def reference_namespace(notebook: NotebookNode) -> dict[str, Any]:
    """Run a source notebook's solutions and what they need here: it is our own code."""
    import matplotlib

    matplotlib.use("agg")  # here alone: in the environment it would take the pictures from notebooks executed later
    namespace: dict[str, Any] = {"__name__": "reference"}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and about and not about.get("grade"):
            exec(compile(cell.source, f"<solution of {about.get('grade_id')}>", "exec"), namespace)
    return namespace


def public_cases(assignment: Assignment) -> dict[str, list[Case]]:
    """The public cases by exercise; ``AssignmentError`` where the file cannot be loaded."""
    path = assignment.folder / CASES
    if not path.is_file():
        return {}
    try:
        return load_cases(path)
    except Exception as error:
        raise AssignmentError(f"{path} cannot be loaded: {type(error).__name__}: {error}.") from error


def frozen_cases(assignment: Assignment, notebook: NotebookNode | None = None) -> str | None:
    """Return the text of ``public_cases.json``, or None where the assignment has no public cases.

    ``notebook`` stands for the assignment's source where that is about to be written.
    """
    cases = public_cases(assignment)
    if not cases:
        return None
    scope = reference_namespace(notebook or assignment.source)
    frozen = {}
    for exercise, its_cases in cases.items():
        if exercise not in scope:
            path = assignment.folder / CASES
            raise AssignmentError(
                f"{path}: {its_cases[0].name} takes {exercise}, which is no function of the notebook."
            )
        right = {case.name: outcome_of(case, scope[exercise], scope) for case in its_cases}
        for case in its_cases:
            if right[case.name].error:
                told = right[case.name].message
                raise AssignmentError(f"{assignment.folder / CASES}: the solution fails {case.name}: {told}")
        expected = {case.name: _frozen(case, right[case.name])["value"] for case in its_cases}
        wrong = [mistake for mistake in assignment.misconceptions if mistake.of == exercise]
        frozen[exercise] = {"expected": expected, "mistakes": _mistakes(assignment, wrong, right, scope)}
    return _text(frozen)


def refusal(case: Case, function: Function, scope: dict[str, Any]) -> str | None:
    """Say how a public case refuses ``function``, or None where it accepts it."""
    expected = outcome_of(case, scope[case.exercise], scope).value
    problem = problem_of(case, outcome_of(case, function, scope), expected)
    return problem["Problem"] if problem else None


def is_fresh(assignment: Assignment, frozen: str | None) -> bool:
    """Whether ``public_cases.json`` holds ``frozen``, from :func:`frozen_cases`, the last digits of numbers aside."""
    path = assignment.folder / FROZEN
    if frozen is None or not path.is_file():
        return frozen is None and not path.exists()
    return _alike(json.loads(path.read_text(encoding="utf-8")), json.loads(frozen))


def _mistakes(
    assignment: Assignment, misconceptions: list[Misconception], right: dict[str, Outcome], scope: dict[str, Any]
) -> list[dict[str, Any]]:
    """What each known mistake gives in the cases that it fails, with its words; one seen in no case is left out."""
    mistakes: list[dict[str, Any]] = []
    for wrong in misconceptions:
        cases = public_cases(assignment)[wrong.of]  # anew: the last mistake may have written into their arrays
        came = {case.name: _steady_outcome(case, wrong.function, scope) for case in cases}
        told_apart = {
            case.name: _frozen(case, outcome)
            for case in cases
            if (outcome := came[case.name]) and problem_of(case, outcome, right[case.name].value)
        }
        mistake = {"says": wrong.says, "hint": wrong.hint, "outcomes": told_apart}
        if told_apart and mistake not in mistakes:  # one mistake may stand in several forms, for other caches or draws
            mistakes.append(mistake)
    return mistakes


def _steady_outcome(case: Case, function: Function, scope: dict[str, Any]) -> Outcome | None:
    """What comes of a mistake, if it comes again: one that draws from nowhere in particular cannot be recognised."""
    outcomes = []
    for _ in range(2):
        np.random.seed(0)  # noqa: NPY002 # for mistakes that draw from the global generators
        random.seed(0)
        outcomes.append(outcome_of(case, function, scope))
    return outcomes[0] if outcomes[0].same_as(outcomes[1], case) else None


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


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_alike(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_alike, a, b))
    if isinstance(a, float) and isinstance(b, float) and a != b:
        return (a != a and b != b) or abs(a - b) <= 1e-9 * max(abs(a), abs(b)) + 1e-13
    return bool(a == b)
