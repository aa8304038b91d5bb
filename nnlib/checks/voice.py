"""How much may be told of a result: at the student's desk all of it, in grading next to nothing.

A hidden test's inputs are secret, and the function that is graded has seen them: whatever it may choose of its result
and then reads in the feedback can carry them out. In grading therefore no number of a result or of an expectation is
told, and of shapes, lengths and places only what a slip explains: about 16 bits per test, which is less than half a
number in single precision.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np

from nnlib.checks.plain import describe

_SHORT = 9  # lengths that may be told: of an axis, a list, an array whose entries are counted
_MOST_AXES = 3
_ORDINALS, _COUNTS = ("first", "second", "third", "fourth"), ("", "one", "two", "three", "four")
_AWAY = 1000.0  # factors beyond are told as that

_guarded: ContextVar[bool] = ContextVar("guarded", default=False)


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Say little while a hidden test runs."""
    token = _guarded.set(True)
    try:
        yield
    finally:
        _guarded.reset(token)


def is_guarded() -> bool:
    """Whether a hidden test runs."""
    return _guarded.get()


def number(value: float) -> str:
    """Write a number with at most six significant digits; in grading only what is none, such as infinity."""
    return "a finite number" if is_guarded() and math.isfinite(value) else f"{float(value):.6g}"


def apart(got: float, expected: float) -> tuple[str, str]:
    """Write two numbers that differ with as many digits as show it, six at least."""
    for digits in range(6, 18):
        texts = f"{got:.{digits}g}", f"{expected:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def holds(what: str, expected: bool) -> str:
    """Say of a statement, or of a result that is True or False, that it is not as expected."""
    if " " not in what or what.startswith("the "):  # no statement
        return f"{what}: is {not expected}; expected {expected}."
    return f"This {'does not hold' if expected else 'must not hold'}: {what}."


def times(factor: float) -> str:
    """Say how many times too large something is; in grading with two digits."""
    if not is_guarded():
        return f"{factor:.6g} times"
    return f"{factor:.2g} times" if factor < _AWAY else "over 1000 times"


def amount(offset: float) -> str:
    """Say by how much something is too large; in grading with two digits."""
    if not is_guarded():
        return f"{offset:.6g}"
    return f"{offset:.2g}" if 1 / _AWAY < offset < _AWAY else "far" if offset > 1 else "a little"


def told_shape(shape: tuple[int, ...], like: tuple[int, ...] = ()) -> str:
    """Say what shape a result has; in grading only of short axes, or as long as one of what was expected."""
    if not is_guarded() or (
        len(shape) <= max(_MOST_AXES, len(like)) and all(length <= _SHORT or length in like for length in shape)
    ):
        return f"shape {shape}"
    return f"{len(shape)} axes" if len(shape) <= _SHORT else "many axes"


def told_length(length: int, expected: int, unit: str) -> str:
    """Say how many values or keys a result has; in grading only where they are few."""
    if is_guarded() and length > _SHORT:
        return f"too {'many' if length > expected else 'few'} {unit}"
    return f"{length} {unit}"


def told(value: Any) -> str:
    """Describe a result by type and size; in grading without what it could say by them."""
    if not is_guarded():
        return describe(value)
    kind = type(value)
    if issubclass(kind, str | np.str_):
        return "a string"
    if kind is np.ndarray and value.dtype.kind in "biufc" and value.ndim:
        return f"an array of {told_shape(value.shape)}"
    return describe(value).split(" of shape ")[0]


def wanted(value: Any) -> str:
    """Describe what was expected: an array, a string; in grading never which."""
    if is_guarded() and isinstance(value, str | bool | np.bool_):
        return "a string" if isinstance(value, str) else "True or False"
    return describe(value)


def place(index: tuple[int, ...], size: int) -> str:
    """Say where an entry is; in grading only in an array of a few entries."""
    if not index or (is_guarded() and size > _SHORT):
        return ""
    return f" at index {index if len(index) > 1 else index[0]}"


def item_of(what: str, i: int, length: int) -> str:
    """Name an item of a list; in grading only of a short one."""
    if is_guarded() and length > _SHORT:
        return f"an item of {what}"
    if what == "the result" and length <= len(_ORDINALS):
        return f"the {_ORDINALS[i]} of the {_COUNTS[length]} results" if length > 1 else "the only result"
    return f"{what}[{i}]"


def tally(count: int, size: int) -> str:
    """Say how many entries differ; in grading of many only whether all do."""
    if size <= 1:
        return ""
    if is_guarded() and size > _SHORT:
        return " All entries differ" if count == size else " Some entries differ"
    return f" {count} of {size} entries differ"


def may_name(lines: int) -> bool:
    """Whether single rows or columns may be named where there are so many."""
    return not is_guarded() or lines <= _SHORT


def roughly(value: float) -> str:
    """Write a number of a result for a hidden test's own words: two digits, where it is neither tiny nor huge."""
    if not math.isfinite(value):
        return "no finite number"
    if value and not 1 / _AWAY <= abs(value) <= _AWAY:
        return "nearly 0" if abs(value) < 1 else "over 1000"
    return f"{float(value):.2g}"
