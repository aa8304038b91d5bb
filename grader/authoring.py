"""What authors of an assignment write: misconceptions, variants, and weights of hidden tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nnlib.checks import assert_unchanged

Function = Callable[..., Any]


@dataclass(frozen=True)
class Misconception:
    """A wrong implementation that students really hand in, with what a good TA says to it."""

    of: str
    name: str
    says: str
    hint: str
    function: Function


@dataclass(frozen=True)
class Variant:
    """A correct implementation written differently from the reference; refusing it is a bug of ours."""

    of: str
    name: str
    function: Function


def misconception(*, of: str, says: str, hint: str) -> Callable[[Function], Misconception]:
    """Declare the decorated function a wrong implementation of exercise ``of``.

    Parameters
    ----------
    of
        The exercise: the name of the function the student writes.
    says
        What is wrong, one sentence, as the student reads it.
    hint
        How to find the right way, without giving the solution.
    """

    def declare(function: Function) -> Misconception:
        return Misconception(of=of, name=function.__name__, says=says, hint=hint, function=function)

    return declare


def variant(*, of: str) -> Callable[[Function], Variant]:
    """Declare the decorated function a correct implementation of exercise ``of``."""

    def declare(function: Function) -> Variant:
        return Variant(of=of, name=function.__name__, function=function)

    return declare


def weight(value: float) -> Callable[[Function], Function]:
    """Let a hidden test count ``value`` times (default 1) in the share that gives its cell's score."""
    if not value > 0:
        raise ValueError(f"The weight of a hidden test must be positive, got {value}; delete the test instead.")

    def mark(function: Function) -> Function:
        function.weight = value  # type: ignore[attr-defined]
        return function

    return mark


def easy(function: Function) -> Function:
    """Declare that a function which looks at nothing may pass this hidden test, such as one that returns zeros.

    It counts where another test of its cell, one that asks more, passes as well.
    """
    function.easy = True  # type: ignore[attr-defined]
    return function


def in_place(function: Function) -> Function:
    """Declare that this hidden test is about what a call does to its arguments.

    Such as an optimizer's step, which must change them, or a call that is made again with the same cache. Other tests
    are judged, too, with what a function did to its arguments kept from them: else a function could make its input
    zero, where the answer is easy, and be compared with the answer to that.
    """
    function.in_place = True  # type: ignore[attr-defined]
    return function


def leaves_alone(call: Function, names: Sequence[str], *given: Any) -> Any:
    """Make a call and require that the arrays ``given``, called ``names``, stay as they came; return its result."""
    before = [value.copy() for value in given]
    result = call(*given)
    for name, after, value in zip(names, given, before, strict=True):
        assert_unchanged(after, value, what=name)
    return result
