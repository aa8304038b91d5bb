"""``check(...)``: how a function does on the public cases of its exercise, said at once.

``public_cases.json`` beside the notebook holds what the course's solution and every known mistake return, so that
neither the solution nor the mistakes have to be there.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnlib.checks.badge import badge
from nnlib.checks.cases import CASES, Case, Outcome, compiled, load_cases, outcome_of, recorded
from nnlib.checks.compare import InputChanged, explain, is_telling, same
from nnlib.checks.frozen import thaw
from nnlib.checks.in_errors import TELLING
from nnlib.checks.naming import Evidence, Fit
from nnlib.checks.natural import natural_slip
from nnlib.checks.plain import describe, numbers, plain, plain_array
from nnlib.checks.progress import keep
from nnlib.checks.seen import functions_in
from nnlib.checks.words import calls_failing, not_written

FROZEN = "public_cases.json"
CHANGES = "changes"  # in FROZEN: parameters that an exercise is there to change
_MOST_POSSIBLE = 3  # mistakes that come to the same; of more it helps nobody to be told
_MOST_SHOWN = 16  # entries of an array that are printed
_WIDTH = 96
_IPYTHONS = re.compile(r"_+|_i+|_i?\d+|_[iod]h|__\w+__|In|Out")  # names that the shell keeps for itself


@dataclass(frozen=True)
class Report:
    """What ``check`` says, which exercise it is about, and whether every case passed."""

    text: str
    passed: bool = False
    exercise: str = ""


def check(function: Callable[..., Any]) -> None:
    """Try a function on the public cases of its exercise and print how it does.

    Parameters
    ----------
    function
        The student's function itself, such as ``check(softmax)``. The cases and what should come out lie beside
        the notebook, in ``public_cases.py`` and ``public_cases.json``; nothing else is needed.

    Notes
    -----
    Prints that all cases pass, or for the first that does not: what was tried, how the result differs, and, where
    it is what a known mistake gives, the mistake and a hint. Raises nothing, so that the notebook runs on. A tick or
    a cross stands before it where colours are shown.

    What does not pass is printed to stderr, which is how nbgrader's Validate tells failed cells from passed ones;
    what the function itself writes there goes to stdout.
    """
    scope, folder = sys._getframe(1).f_globals, Path.cwd()
    with contextlib.redirect_stderr(sys.stdout):
        report = verdict(function, scope, folder)
    sys.stdout.flush()  # what the function printed stands above the verdict
    stream = sys.stdout if report.passed else sys.stderr
    print(f"{badge(report.passed, stream, folder)}{report.text}", file=stream)
    if report.passed:
        exercises = [name for name, parts in parsed((folder / FROZEN).read_bytes()).items() if isinstance(parts, dict)]
        if told := keep(report.exercise, function, exercises, scope, folder):
            print(told)


def verdict(function: Any, scope: Mapping[str, Any], folder: Path) -> Report:
    """Say in a few lines how ``function`` does on the public cases of its exercise in ``folder``."""
    lost = [name for name in (CASES, FROZEN) if not (folder / name).is_file()]
    if lost:
        return Report(
            f"check needs {lost[0]} beside the notebook and found none in {folder}. Unpack the release again."
        )
    exercises = load_cases(folder / CASES)
    name = exercise_of(function, exercises, scope)
    if not name:
        return Report(takes_functions("check", function, exercises))
    of_all = parsed((folder / FROZEN).read_bytes())
    frozen = of_all.get(name, {"expected": {}, "mistakes": []})
    cases = [case for case in exercises[name] if case.name in frozen["expected"]]
    outcomes = {case.name: outcome_of(case, function, scope) for case in cases}
    if all(outcome.unwritten == name for outcome in outcomes.values()):
        return Report(not_written(name))
    problems = _problems(cases, outcomes, frozen["expected"])
    if right := not problems:
        problems = {
            case.name: {"Case": case.says, **wrong}
            for case in cases
            if (wrong := problem_with_input(outcomes[case.name], frozen.get(CHANGES, ())))
        }
    if not problems:
        count = "the case passes" if len(cases) == 1 else f"all {len(cases)} cases pass"
        return Report(f"{name}: {count}. Grading tries other inputs.", True, name)
    some = "the case fails" if len(cases) == 1 else f"{len(problems)} of {len(cases)} cases fail"
    first = next(case for case in cases if case.name in problems)
    lines = problems[first.name]
    mistake, partly = (None, None) if right else _known_mistake(frozen, cases, outcomes, set(problems))
    inputs = [problem_with_input(outcomes[case], frozen.get(CHANGES, ())) for case in problems]
    said = [each["Problem"] for each in (*problems.values(), *filter(None, inputs))]
    own, text = getattr(function, "__name__", name), _text_of(function)
    slip = natural_slip(text, own, said, rules=TELLING)
    if slip is None and mistake is None:
        slip = natural_slip(text, own, said, _data_in(scope), functions_in(scope))
    if slip is not None:
        mistake = slip._asdict()
    elif mistake is None:
        mistake = partly
    if mistake is not None:
        known = problem_of(first, outcomes[first.name], thaw(frozen["expected"][first.name]), guess=False)
        lines |= {**(known or {}), "Mistake": mistake["says"], "Hint": mistake["hint"]}
    if failing := _failing_helpers(function, exercises, of_all, scope):
        lines = {"First": calls_failing(name, failing), **lines}
    return Report("\n".join([f"{name}: {some}.", *(_labelled(label, text) for label, text in lines.items())]))


def _problems(
    cases: list[Case], outcomes: Mapping[str, Outcome], expected: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """What is wrong with the outcomes of cases, as lines by label, by case."""
    found = {}
    for case in cases:
        if problem := problem_of(case, outcomes[case.name], thaw(expected[case.name])):
            found[case.name] = {"Case": case.says, **problem}
    return found


def _failing_helpers(
    function: Any, exercises: Mapping[str, list[Case]], frozen: Mapping[str, Any], scope: Mapping[str, Any]
) -> list[str]:
    """The exercises that a function calls, itself or through others of the notebook, and that fail their own cases."""
    reached, todo = list[str](), [function]
    while todo:
        code = getattr(todo.pop(), "__code__", None)
        for name in getattr(code, "co_names", ()):
            if name not in reached and callable(scope.get(name)) and scope[name] is not function:
                reached.append(name)
                todo.append(scope[name])
    failing = []
    for name in exercises:
        cases = [case for case in exercises[name] if case.name in frozen.get(name, {"expected": {}})["expected"]]
        if name in reached and cases:
            outcomes = {case.name: outcome_of(case, scope[name], scope) for case in cases}
            if _problems(cases, outcomes, frozen[name]["expected"]):
                failing.append(name)
    return failing


def _text_of(function: Any) -> str:
    """The text of a student's function; empty where there is none, as for one that was made by another."""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""


def _data_in(scope: Mapping[str, Any]) -> set[str]:
    """Names of a notebook's data."""
    kinds = (np.ndarray, int, float, list, tuple, dict)
    return {name for name, value in scope.items() if isinstance(value, kinds) and not _IPYTHONS.fullmatch(name)}


def exercise_of(function: Any, exercises: Collection[str], scope: Mapping[str, Any]) -> str:
    """The exercise that a function answers, by its own name or the notebook's; empty if none."""
    name = getattr(function, "__name__", "")
    if name in exercises:
        return str(name)
    return next((known for known in exercises if callable(function) and scope.get(known) is function), "")


def takes_functions(what: str, function: Any, exercises: Collection[str]) -> str:
    """Say that ``what`` takes one of the notebook's exercises and what came instead."""
    got = f"{getattr(function, '__name__', 'a function')}" if callable(function) else describe(function)
    return f"{what} takes one of this notebook's functions, not its result: {', '.join(exercises)}. It got {got}."


@functools.lru_cache(maxsize=2)
def parsed(frozen: bytes) -> dict[str, Any]:
    """Read ``public_cases.json``, once for all checks of a notebook."""
    made: dict[str, Any] = json.loads(frozen)
    return made


def read_ahead(folder: Path) -> None:
    """Read the cases in ``folder`` now; a check of the same ones then need not, wherever they lie."""
    with contextlib.suppress(OSError, ValueError, SyntaxError):  # check says what is wrong with them
        parsed((folder / FROZEN).read_bytes())
        compiled((folder / CASES).read_bytes(), CASES)


def problem_of(case: Case, outcome: Outcome, expected: Any, guess: bool = True) -> dict[str, str] | None:
    """Say how an outcome differs from the expected value, as lines by label; None if they agree.

    Without ``guess`` nothing is said of the cause, where it is known.
    """
    if outcome.error:
        return {"Problem": outcome.message}
    got, what = plain(outcome.value), "the result"
    while isinstance(expected, dict) and type(got) is dict:  # name the part that differs, and show that alone
        wrong = [key for key in expected if key not in got or explain(got[key], expected[key], **case.tolerances)]
        if not wrong and len(got) == len(expected):
            return None
        if not wrong or wrong[0] not in got:
            break
        got, expected, what = plain(got[wrong[0]]), expected[wrong[0]], str(wrong[0])
    message = explain(got, expected, what=what, guess=guess, **case.tolerances)
    return None if message is None else {"Problem": message, **_shown(got, expected)}


def problem_with_input(outcome: Outcome, changes: Collection[str]) -> dict[str, str] | None:
    """Say which argument was written into that is none of ``changes``, as ``problem_of`` does."""
    wrong = [name for name in outcome.changed if name not in changes]
    return {"Problem": str(InputChanged.of(wrong[0]))} if wrong else None


def _known_mistake(
    frozen: Mapping[str, Any], cases: list[Case], outcomes: Mapping[str, Outcome], failed: set[str]
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Find the mistake that fits everywhere, else the first that does wherever the function failed.

    Several that fit everywhere are said as possibilities, if they are not many.

    Beside it, what to say where neither is there and nothing else has a name: the mistake that fits what passed, the
    first case that failed, and half of all that did; another slip may hide it in the rest. Of a single case of several
    it is said as a possibility.

    Errors in all cases are no evidence: many slips raise the same.
    """
    if all(outcome.error for outcome in outcomes.values()):
        return None, None
    second, partly, most, same_all_over = None, None, 0, list[dict[str, Any]]()
    first = next(case.name for case in cases if case.name in failed)
    wrong = {case.name: _wrong_part(outcomes[case.name].value, thaw(frozen["expected"][case.name])) for case in cases}
    for mistake in frozen["mistakes"]:
        known = {name: recorded(outcome) for name, outcome in mistake["outcomes"].items()}
        evidence, explained = Evidence(), set[str]()
        for case in cases:
            if case.success:  # that something does badly has many causes
                continue
            outcome, its = outcomes[case.name], known.get(case.name)
            if case.name not in failed:
                evidence.add(its is None, passed=True)  # a case that is not listed is one that the mistake passes
            elif case.name not in mistake.get("unsteady", ()):  # there round-off decides, which says nothing
                alike = its is not None and outcome.same_as(its, case)
                evidence.add(alike, passed=False, telling=is_telling(outcome.value))
                explained |= {case.name} if alike and is_telling(wrong[case.name]) else set()
        if evidence.fit is Fit.EVERYWHERE and mistake["says"] not in [each["says"] for each in same_all_over]:
            same_all_over.append(mistake)
        if evidence.fit is Fit.WHERE_FAILED:
            second = second or mistake
        if evidence.fits_where_passed and first in explained and len(explained) > most:
            partly, most = mistake, len(explained)
    if same_all_over:
        return _one_of(same_all_over), None
    if partly is not None and 2 * most < len(failed):
        partly = None
    elif partly is not None and most == 1:
        partly = {**partly, "says": f"Perhaps: {partly['says']}"}
    return second, partly


def _one_of(mistakes: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What to say where several mistakes come to the same in all cases."""
    if len(mistakes) > _MOST_POSSIBLE:
        return None
    says, hint = (" Or: ".join(each[part] for each in mistakes) for part in ("says", "hint"))
    return {"says": says if len(mistakes) == 1 else f"Perhaps: {says}", "hint": hint}


def _wrong_part(got: Any, expected: Any) -> Any:
    """Of a result in parts by name those that differ."""
    if not isinstance(got, dict) or not isinstance(expected, dict):
        return got
    return [part for name, part in got.items() if name not in expected or not same(part, expected[name])]


def _shown(got: Any, expected: Any) -> dict[str, str]:
    """Print both sides where they are small."""
    arrays = []
    for value in (got, expected):
        array = plain_array(value)
        if array is None and type(value) in (list, tuple):
            array = numbers(value)
        if array is None or array.ndim == 0 or array.size > _MOST_SHOWN:
            return {}
        arrays.append(array)
    for digits in range(4, 17):
        texts = [np.array2string(array, precision=digits, max_line_width=_WIDTH - 12) for array in arrays]
        if texts[0] != texts[1]:
            break
    return dict(zip(("Got", "Expected"), texts, strict=True))


def _labelled(label: str, text: str) -> str:
    indent = " " * 12
    lines = text.split("\n") if "\n" in text else textwrap.wrap(text, _WIDTH - len(indent)) or [""]
    return f"  {label:<10}" + f"\n{indent}".join(lines)
