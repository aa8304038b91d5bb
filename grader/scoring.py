"""Turn how a cell's hidden tests went into its score, one word for what happened, and a reason where one is due."""

from collections.abc import Mapping

from grader import vocabulary
from grader.budget import CellEnd
from grader.hidden import TestRun
from grader.hidden_test import RULE_COSTS
from grader.results import CellResult, Diagnosis, TestResult

_PRICE = f"That costs {RULE_COSTS:.0%} of the points, in this exercise as in any other."


def score_cell(
    grade_id: str,
    points: float,
    runs: list[TestRun],
    ends: Mapping[str, CellEnd],
    stopped_with: str,
    all_or_nothing: bool,
    diagnosis: list[Diagnosis],
) -> CellResult:
    """Score one graded cell.

    Parameters
    ----------
    ends
        By grade_id, how cells ended that did not end by themselves.
    stopped_with
        The error that ended the exercise's own cell, or an empty string.
    all_or_nothing
        Whether the cell gives its points for all tests passed and none otherwise.
    """
    share = share_passed(runs)
    if all_or_nothing and share < 1:
        share = 0.0
    status = status_of(runs)
    reason = ""
    if not runs:
        reason = "no hidden test is written for this cell"
    elif status in ("timeout", "died"):
        reason = next(run.message for run in runs if run.cause == status)
    elif status == "missing":
        status, reason = _why_missing(vocabulary.exercise_of(grade_id), runs[0].message, ends, stopped_with)
    elif status == "partial" and not share_of_tests(runs) and not all_or_nothing:
        reason = "The tests passed so far ask little: they count once another test passes, too."
    priced = bool(share_of_tests(runs)) and not all_or_nothing
    tests = [TestResult(run.test.name, run.passed, _said(run, diagnosis, priced), run.test.claim) for run in runs]
    return CellResult(grade_id, points * share, points, status, reason, tests, diagnosis)


def _said(run: TestRun, diagnosis: list[Diagnosis], priced: bool) -> str:
    """What a test says; beside a mistake that has a name, it does not guess at another. A rule names its price."""
    said = run.unguessed or run.message if diagnosis else run.message
    return f"{said} {_PRICE}" if priced and run.test.is_rule and not run.passed else said


def share_passed(runs: list[TestRun]) -> float:
    """The share of an exercise's points that its tests give, less the price of each rule that it breaks."""
    broken = sum(run.test.is_rule and not run.passed for run in runs)
    return max(0.0, share_of_tests(runs) - RULE_COSTS * broken)


def share_of_tests(runs: list[TestRun]) -> float:
    """The share of the tests' weights that passed; 0 where there is no test, or none passed but easy ones."""
    total = sum(run.test.weight for run in runs)
    passed = [run.test for run in runs if run.passed]
    if all(test.easy for test in passed):
        return 0.0
    return sum(test.weight for test in passed) / total if total else 0.0


def status_of(runs: list[TestRun]) -> str:
    """One word for how all tests of a cell went; see ``CellResult``."""
    failed = [run.cause for run in runs if not run.passed]
    if not runs:
        return "failed"
    if not failed:
        return "passed"
    if len(failed) < len(runs):
        return "partial"
    if "timeout" in failed:
        return "timeout"
    if "died" in failed:
        return "died"
    return "missing" if all(cause == "missing" for cause in failed) else "failed"


def _why_missing(exercise: str, told: str, ends: Mapping[str, CellEnd], stopped_with: str) -> tuple[str, str]:
    """Say why a function is not there: its cell did not end, stopped with an error, or holds nothing yet."""
    if exercise in ends:
        return ends[exercise].kind, ends[exercise].of(exercise)
    if stopped_with:
        return "missing", f"The cell of {exercise} stopped with {stopped_with}, so {exercise} is not defined."
    return "missing", told
