"""Name a student's mistake: with which known wrong implementation do the hidden tests go the same way?"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader import vocabulary
from grader.assignment import Assignment
from grader.exercises import Form
from grader.guard import clock_paused
from grader.hidden import CallRecord, Local, TestRun, differ, run_test, with_rules_looked_at
from grader.hidden_test import HiddenTest
from grader.results import Diagnosis
from nnlib.checks import is_telling, same
from nnlib.checks.naming import Evidence

MOST = 2  # names given for one cell; more would not help
FEW = 3  # tests of a cell, from which on a mistake that fits a single one is only a possibility
_NUMBER = re.compile(r"\d+(\.\d+)?")
_LINE = re.compile(r" in line \d+ of its cell")
# f_forward returns (out, cache) and a step (w, state): what the second holds is the business of who wrote it.
OWN_SECOND_RESULT = re.compile(r"(^|_)(forward|step)(_|$)")


class Replays:
    """Hidden tests as they go with a known mistake in its exercise's place and the solutions elsewhere.

    Each goes once, whoever made the mistake: inputs are those drawn for no submission in particular.
    """

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self._runs: dict[tuple[int, str], TestRun] = {}

    def run(self, wrong: Form, test: HiddenTest) -> TestRun:
        """Run one hidden test with ``wrong`` in its exercise's place, or recall how it went."""
        key = (id(wrong), test.name)
        if key in self._runs:
            return self._runs[key]
        if test.is_rule:
            runs = [self.run(wrong, other) for other in self.assignment.tests_of(test.grade_id)]
            looked_at = {run.test.name: run for run in with_rules_looked_at(runs, self.assignment)}
            run = looked_at.get(test.name, TestRun(test, True))
            if all(other.cause != "timeout" for other in runs):
                self._runs[key] = run
            return run
        with clock_paused():  # the clock is for what students returned
            run = run_test(test, Local({**self.assignment.reference, wrong.of: wrong.function}))
        if run.cause != "timeout":  # an alarm that was on its way already
            self._runs[key] = run
        return run


def diagnose(runs: list[TestRun], replays: Replays) -> list[Diagnosis]:
    """Compare the calls in a cell's tests with what each mistake known in its exercise makes of the same tests.

    A mistake that goes the same way in every test explains the most; else one that does in all failed tests;
    else one that does in at least one, with numbers that no other mistake would give by chance. What fits a single
    test of several is said as a possibility: of such names most were false. Where no calls go the same way, the words
    of the tests may.
    """
    failed = [run for run in runs if may_be_named(run)]
    if not failed:
        return []
    own = {vocabulary.exercise_of(run.test.grade_id) for run in runs}
    candidates = replays.assignment.mistakes
    # In the cell of an exercise that uses another, the other's mistakes explain nothing unless it has no own.
    candidates = [candidate for candidate in candidates if candidate.of in own] or candidates
    scored = []
    for order, candidate in enumerate(candidates):
        level, explained = _explains(candidate, runs, failed, replays)
        if level is not None:
            scored.append((level, len(explained), -order, candidate, explained))
    scored.sort(key=lambda entry: entry[:3], reverse=True)
    if not scored:
        return _named_by_what_tests_say(runs, candidates, replays)
    best_level, _, _, best, seen = scored[0]
    found = [(best, best_level, seen)]
    for level, _, _, other, explained in scored[1:]:  # a second mistake shows in tests the first leaves open
        told = any(other.says == one.says for one, _, _ in found)
        if level == best_level < 3 and explained - seen and len(found) < MOST and not told:
            found.append((other, level, explained))
            seen = seen | explained
    return [
        Diagnosis(one.name, one.says, one.hint, sure=level == 3 or len(explained) > 1 or len(runs) < FEW)
        for one, level, explained in found
    ]


def _named_by_what_tests_say(runs: list[TestRun], candidates: Sequence[Form], replays: Replays) -> list[Diagnosis]:
    """Name the one mistake for which every test says the same, in words; or, as a possibility, every test that failed.

    Where much is a student's own choice, such as a whole training, no two give the same numbers.
    """
    asked = [run for run in runs if not getattr(run.test.function, "success", False)]
    wrong = [run for run in asked if may_be_named(run)]
    if not any(map(_has_words, wrong)) or len(wrong) < len([run for run in asked if not run.passed]):
        return []
    fits = [one for one in candidates if all(_say_alike(run, replays.run(one, run.test)) for run in wrong)]
    passed = [run for run in asked if run.passed]
    everywhere = [one for one in fits if all(_say_alike(run, replays.run(one, run.test)) for run in passed)]
    if len({one.says for one in everywhere or fits}) != 1:
        return []
    one = (everywhere or fits)[0]
    sure = bool(everywhere) and (len(runs) < FEW or sum(map(_has_words, wrong)) > 1)
    return [Diagnosis(one.name, one.says, one.hint, sure)]


def _has_words(run: TestRun) -> bool:
    """Whether a test failed by what it asks in words, or by an error that a function raised."""
    return run.in_words or any(call.error is not None for call in run.calls)


def _say_alike(run: TestRun, other: TestRun) -> bool:
    """Whether a test went the same way and said the same, whatever numbers and lines are in it."""
    said = [_NUMBER.sub("0", _LINE.sub("", each.message)) for each in (run, other)]
    return run.passed == other.passed and run.cause == other.cause and said[0] == said[1]


def may_be_named(run: TestRun) -> bool:
    """Whether a test failed in a way that a known mistake may explain."""
    return not run.passed and run.cause not in ("missing", "timeout", "died")


def _explains(
    candidate: Form, runs: list[TestRun], failed: list[TestRun], replays: Replays
) -> tuple[int | None, set[str]]:
    """Return how well a known mistake explains the runs, None for not at all, and which failed tests it does."""
    explained: set[str] = set()
    evidence = Evidence()
    for run in sorted(runs, key=lambda run: run.passed):  # the failed ones rule out most candidates
        if run.passed and not evidence.may_fit:
            break
        calls = run.calls_of(candidate.of)
        if not calls:
            continue
        replay = replays.run(candidate, run.test)
        alike = run.passed == replay.passed and _go_alike(calls, replay.calls_of(candidate.of))
        explains = not replay.passed and any(call.error is None for call in calls)
        telling = alike and any(is_telling(call.result) for call in calls)
        evidence.add(alike, passed=run.passed, nameable=run in failed, explains=explains, telling=telling)
        if alike and explains and run in failed:
            explained.add(run.test.name)
    return evidence.fit, explained


def _go_alike(calls: list[CallRecord], others: list[CallRecord]) -> bool:
    return len(calls) == len(others) and all(map(_gives_alike, calls, others))


def _gives_alike(call: CallRecord, other: CallRecord) -> bool:
    """Whether two functions gave the same: error, result, and what became of their arguments."""
    if call.error is not None or other.error is not None:
        return call.error == other.error
    if not same(_public(call), _public(other)):
        return False
    pairs = zip(call.args, call.args_after, other.args, other.args_after, strict=False)
    return all(_changed_alike(*pair) for pair in pairs)


def _public(call: CallRecord) -> Any:
    """The part of a result whose form the exercise prescribes."""
    if OWN_SECOND_RESULT.search(call.name) and isinstance(call.result, tuple | list) and len(call.result) == 2:
        return call.result[0]
    return call.result


def _changed_alike(before: Any, after: Any, other_before: Any, other_after: Any) -> bool:
    if isinstance(after, np.ndarray) and isinstance(other_after, np.ndarray):
        return same(after, other_after)
    if isinstance(after, dict | list) and isinstance(other_after, dict | list):
        if differ(before, after) != differ(other_before, other_after):
            return False
        alike = isinstance(after, dict) and isinstance(other_after, dict) and after.keys() == other_after.keys()
        return not alike or same(after, other_after)  # with other keys it is a state of the student's own
    return True
