"""Name a student's mistake: which known wrong implementation gives the same results?"""

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from grader.authoring import Misconception
from grader.hidden import CallRecord, TestRun, _copies
from grader.results import Diagnosis
from nnlib.checks import same

MOST = 2  # names given for one cell; more would not help


def diagnose(runs: list[TestRun], misconceptions: Iterable[Misconception]) -> list[Diagnosis]:
    """Compare the calls of a cell's tests with every misconception of the functions called.

    A misconception that repeats every call explains the most; else one that repeats all calls of the failed
    tests; else one that repeats all calls of at least one failed test with a number, not just an error.
    """
    failed = [run for run in runs if not run.passed and run.cause not in ("missing", "timeout", "died")]
    if not failed:
        return []
    scored = []
    for order, candidate in enumerate(misconceptions):
        explained: set[int] = set()
        everything = plausible = True
        for number, run in enumerate(runs):
            calls = [call for call in run.calls if call.name == candidate.of]
            if not calls:
                continue
            if all(_repeats(candidate, call) for call in calls):
                if run in failed and any(call.error is None for call in calls):
                    explained.add(number)
            elif run.passed:
                everything = False
            else:
                everything = plausible = False
        if explained:
            scored.append((2 * everything + plausible, len(explained), -order, candidate, explained))
        elif everything and plausible and any(call.name == candidate.of for run in failed for call in run.calls):
            scored.append((3, 0, -order, candidate, explained))
    scored.sort(key=lambda entry: entry[:3], reverse=True)
    if not scored:
        return []
    level, _, _, best, seen = scored[0]
    names = [best]
    for other_level, _, _, other, explained in scored[1:]:  # a second mistake shows in tests the first leaves open
        if other_level == level < 3 and explained - seen and len(names) < MOST:
            names.append(other)
            seen = seen | explained
    return [Diagnosis(found.name, found.says, found.hint) for found in names]


def _repeats(candidate: Misconception, call: CallRecord) -> bool:
    """Whether the misconception gives what the student's function gave: result, error, and changed arguments."""
    args, kwargs = _copies(call.args), _copies(call.kwargs)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            result: Any = candidate.function(*args, **kwargs)
    except Exception as error:
        return call.error == type(error).__name__
    if call.error is not None:
        return False
    return same(call.result, result) and same(_data(call.args_after), _data(args))


def _data(values: tuple[Any, ...]) -> list[Any]:
    return [value for value in values if isinstance(value, np.ndarray)]
