"""Run an assignment's hidden tests against a student's functions, in the trusted process."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from grader import vocabulary
from grader.assignment import Assignment
from grader.guard import Overran, clock_paused
from grader.hidden_test import HiddenTest, InputRule, fixtures_of, returns_arrays, rule_of
from grader.sandbox.failures import Died, StudentError, TimedOut
from grader.sandbox.messages import Handle, raised_by
from grader.sandbox.session import Session
from grader.sandbox.tables import is_table, taken_apart
from grader.sandbox.warm import Lost
from grader.seeds import seed_of
from grader.words import describe_error, is_unwritten, sizes_in
from nnlib.checks import CheckFailed, InputChanged, NotHeld, inputs
from nnlib.checks.calls import as_arrays, quietly, settled
from nnlib.checks.inputs import kept
from nnlib.checks.voice import guarded, told
from nnlib.checks.words import not_usable

LONGEST_MESSAGE = 1000  # characters; the longest that the tests' words give have half of it


@dataclass
class CallRecord:
    """One call of a student's function: what went in, what came out, what was changed."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any = None
    error: str | None = None
    listed: bool = False  # it gave lists of lists of numbers, which were taken for arrays
    args_after: tuple[Any, ...] = ()
    kwargs_after: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def changed(self) -> bool:
        """Whether the function, now that it has ended, changed an array or a container among its arguments."""
        return differ(self.args, self.args_after) or differ(self.kwargs, self.kwargs_after)


@dataclass
class TestRun:
    """How one hidden test went."""

    __test__ = False

    test: HiddenTest
    passed: bool
    message: str = ""
    cause: str = ""  # "", "missing", "timeout" or "died"
    unwritten: str = ""  # the function that is not there yet
    in_words: bool = False  # it failed in what its author asks for in words, not in numbers
    about_input: bool = False  # it failed since an argument was changed
    missing_name: str = ""  # what a NameError missed, by the student's process; not for students' eyes
    calls: list[CallRecord] = field(default_factory=list)
    first: list[CallRecord] = field(default_factory=list)  # of the attempt before, where that changed an argument
    unguessed: str = ""  # the message without a guess at the cause, for where this is known

    def calls_of(self, name: str) -> list[CallRecord]:
        """The calls of one function."""
        return [call for call in self.calls if call.name == name]


class Functions(Protocol):
    """Where a student's functions live: in a sandboxed process, or here, for code we trust."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...

    def value(self, name: str) -> Any: ...


class Sandboxed:
    """The student's functions in their process, as they were after one graded cell."""

    def __init__(self, session: Session, seconds: float, at: str) -> None:
        self._session, self._seconds, self._at = session, seconds, at

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the student's."""
        return self._session.call(name, args, kwargs, self._seconds, self._at)

    def value(self, name: str) -> Any:
        """Read a variable of the student's."""
        return self._session.value(name, self._seconds, self._at)


class Local:
    """Functions of this process: the reference, a misconception or a variant."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function; what it raises becomes ``StudentError`` as it would from the sandbox."""
        if name not in self._namespace:
            raise StudentError("NameError", f"name '{name}' is not defined", 0, missing_name=name)
        try:
            with quietly():
                return settled(self._namespace[name](*args, **kwargs))
        except AssertionError:
            raise
        except Exception as error:
            raise StudentError.of(raised_by(error)) from error

    def value(self, name: str) -> Any:
        """Read a variable."""
        if name not in self._namespace:
            raise StudentError("NameError", f"name '{name}' is not defined", 0, missing_name=name)
        return self._namespace[name]


class Student:
    """What a hidden test sees as ``student``: the student's functions as attributes, and ``value``.

    With ``apart``, what a function does to its arguments is kept from the test; with ``arrays``, lists of lists of
    numbers are taken for the arrays they stand for.
    """

    def __init__(self, functions: Functions, apart: bool = False, arrays: bool = False) -> None:
        self._functions = functions
        self._apart, self._arrays = apart, arrays
        self._records: list[CallRecord] = []
        self._last: CallRecord | None = None  # to end; a call may lie within another

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            record = CallRecord(name, _copies(args), _copies(kwargs))
            self._records.append(record)
            if self._apart:
                args, kwargs = kept(args), kept(kwargs)
            try:
                result = self._functions.call(name, args, kwargs)
            except (StudentError, TimedOut, Died) as error:
                record.error = error.type_name if isinstance(error, StudentError) else type(error).__name__
                raise
            except AssertionError as error:  # from a function of the test that the student's function called
                record.error = type(error).__name__
                raise
            finally:
                self._last = record
                record.args_after, record.kwargs_after = _copies(args), _copies(kwargs)
            if self._arrays:
                result, record.listed = as_arrays(result)
            record.result = _copies(result)
            return result

        call.__name__ = call.__qualname__ = name  # as the student's function sees it where a test passes it on
        return call

    def value(self, name: str) -> Any:
        """Return the value of the student's variable ``name``."""
        self._last = record = CallRecord(name, (), {})
        self._records.append(record)
        try:
            record.result = self._functions.value(name)
        except StudentError as error:
            record.error = error.type_name
            raise
        return record.result


def _copies(value: Any) -> Any:
    """Copy plain data, a pandas table as what it holds; what stays in the student's process stays what it is."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is np.ndarray and not value.dtype.hasobject:
        return value.copy(order="K")
    if is_table(value):
        return taken_apart(value)
    if kind is tuple:
        return tuple(_copies(item) for item in value)
    if isinstance(value, list):
        return [_copies(item) for item in value]
    if isinstance(value, dict):
        return {key: _copies(item) for key, item in value.items()}
    return copy.deepcopy(value) if isinstance(value, _COPIED) else value


_ATOMS = frozenset([type(None), bool, int, float, complex, str, bytes])
_COPIED = (np.ndarray, np.random.Generator, tuple, set, bytearray)


def differ(before: Any, after: Any) -> bool:
    """Whether two copies of an argument differ in anything; what cannot be compared does."""
    return inputs.differ(before, after, also=(Handle,))


def call_with_fixtures(function: Callable[..., Any], name: str, student: Any, submission: str = "") -> None:
    """Call a hidden test with those of ``student`` and ``rng`` that it takes."""
    wanted = fixtures_of(function)
    fixtures = {"student": student}
    if "rng" in wanted:
        fixtures["rng"] = np.random.default_rng(seed_of(name, submission))
    function(**{key: fixtures[key] for key in wanted})


def run_test(test: HiddenTest, functions: Functions, source: str = "", submission: str = "") -> TestRun:
    """Run one hidden test; its failure is words for the student, never a traceback.

    A function that changes its arguments is judged by what it makes of them as they came; changing them has its price,
    see ``with_rules_looked_at``, and costs it none of these tests but those that say so with ``assert_unchanged``.

    What a function gives cannot make a test end without a verdict. The system's own failures (``OSError``) and a lost
    warm process can.

    ``source`` is the student's text; names from it may appear in messages. ``submission`` is its digest, from which
    random inputs are drawn.
    """
    try:
        return _run(test, functions, source, submission)
    except (Lost, OSError):
        raise
    except Overran:
        return overran(test)
    except Exception:
        return TestRun(test, False, "What your function returned, or made of its input, could not be compared.")


def with_rules_looked_at(runs: list[TestRun], assignment: Assignment) -> list[TestRun]:
    """Add the verdicts of the rules that hold for every exercise: it leaves its inputs as they came, and gives arrays.

    Lists of lists of numbers, where a test wants arrays, are taken for the arrays they stand for. A rule that is broken
    costs ``RULE_COSTS`` of the points, the same in every exercise.

    The rule about inputs is there where the exercise was given an array or a container and gave something back. What
    tests declared ``in_place`` look at is theirs, and what the exercise is there to change is named in its file.
    """
    if not runs:
        return runs
    grade_id = runs[0].test.grade_id
    exercise = vocabulary.exercise_of(grade_id)
    if any(call.listed for run in runs for call in run.calls_of(exercise)) and not _gives_lists(assignment, grade_id):
        told = f"{exercise} returns lists of lists; an array is asked for: np.array makes one."
        runs = [*runs, TestRun(rule_of(grade_id, returns_arrays), False, told, calls=runs[0].calls_of(exercise))]
    rule = assignment.input_rules.get(grade_id)
    if rule is None:
        return runs
    calls = [
        call
        for run in runs
        if not getattr(run.test.function, "in_place", False)
        for call in (*run.first, *run.calls)  # it may behave the second time
        if call.name == exercise
    ]
    if not any(call.error is None and (_holds_data(call.args) or _holds_data(call.kwargs)) for call in calls):
        return runs
    run = TestRun(rule.test, True, calls=calls)
    if changed := next(filter(None, (_changed(call, rule) for call in calls)), ""):
        run.passed, run.about_input, run.message = False, True, str(InputChanged.of(changed))
    return [*runs, run] if not run.passed or any(other.passed for other in runs) else runs


def _gives_lists(assignment: Assignment, grade_id: str) -> bool:
    """Whether the solution gives lists of lists itself."""
    tests, solutions = assignment.tests_of(grade_id), Local(assignment.reference)
    calls = [call for test in tests for call in run_test(test, solutions).calls]
    return any(call.listed or as_arrays(call.result)[1] for call in calls)


def _changed(call: CallRecord, rule: InputRule) -> str:
    """The first parameter that a call changed and should have left alone, or an empty string."""
    try:
        if not call.changed:
            return ""
        given = dict(zip(rule.parameters, zip(call.args, call.args_after, strict=True), strict=False))
        given |= {name: (value, call.kwargs_after[name]) for name, value in call.kwargs.items()}
        return next((name for name, pair in given.items() if name not in rule.changes and differ(*pair)), "")
    except Exception:  # what cannot be compared is not as it came
        return "its input"


def _holds_data(value: Any) -> bool:
    """Whether there is an array, a list or a dict among arguments."""
    if isinstance(value, tuple):
        return any(map(_holds_data, value))
    if isinstance(value, dict) and value:
        return True
    return isinstance(value, np.ndarray | list)


def overran(test: HiddenTest, name: str = "your function") -> TestRun:
    """Say that comparing a result took too much time."""
    return TestRun(test, False, f"{name}: its result took too long to compare.", "timeout")


def _run(test: HiddenTest, functions: Functions, source: str, submission: str) -> TestRun:
    run = _attempt(test, functions, source, submission)
    if not run.passed and not run.cause and any(as_arrays(call.result)[1] for call in run.calls):
        again = _attempt(test, functions, source, submission, arrays=True)
        run = again if again.passed else run
    changed = [call.name for call in run.calls if call.changed]
    if not changed or getattr(test.function, "in_place", False) or run.cause or run.about_input:
        return run
    # What is expected of an overwritten input would be wrong.
    apart = _attempt(test, functions, source, submission, apart=True)
    apart.first = run.calls
    if run.passed and not apart.passed:
        apart.message = (
            f"{changed[0]} changes its input, and its result is not right for the input it was given. {apart.message}"
        )
    return apart


def _attempt(
    test: HiddenTest,
    functions: Functions,
    source: str,
    submission: str,
    apart: bool = False,
    arrays: bool = False,
) -> TestRun:
    student = Student(functions, apart, arrays)
    run = TestRun(test, passed=False, calls=student._records)
    try:
        with guarded():
            call_with_fixtures(test.function, test.name, student, submission)
        run.passed = True
    except CheckFailed as error:
        run.message, run.about_input = str(error), isinstance(error, InputChanged)
        run.in_words = isinstance(error, NotHeld)
        run.unguessed = error.unguessed[:LONGEST_MESSAGE]
    except StudentError as error:
        name = student._last.name if student._last else ""
        run.message = describe_error(name, error, source, sizes_in([(call.args, call.kwargs) for call in run.calls]))
        run.unwritten = name if is_unwritten(name, error) else ""
        run.cause = "missing" if run.unwritten else ""
        run.missing_name = error.missing_name
    except Overran:
        return overran(test, student._last.name if student._last else "your function")
    except TimedOut as error:
        run.message, run.cause = f"{error}.", "timeout"
    except Died as error:
        run.message, run.cause = f"{student._last.name if student._last else ''}: {error}.", "died"
    except (Lost, OSError):
        raise
    except AssertionError:
        run.message = "This does not hold for your function."
    except Exception:  # the test could not use what the function returned; the reference passes it
        last = student._last
        with guarded():
            what = f"{last.name} returned {told(last.result)}" if last else "nothing was returned"
        run.message = not_usable(what, "the test")
    finally:
        with clock_paused():  # the next student's test must not find half of it
            test.data.restore()
    run.message = run.message[:LONGEST_MESSAGE]
    return run
