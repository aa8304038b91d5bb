"""Compare a result with what was expected, and say in words how it differs.

What is compared may come from anyone, so nothing of it runs: only plain data is looked into.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnlib._validate import Array
from nnlib.checks.calls import as_arrays
from nnlib.checks.plain import holds_no_numbers, numbers, plain, plain_array
from nnlib.checks.reading import Reader
from nnlib.checks.voice import (
    apart,
    holds,
    is_guarded,
    item_of,
    number,
    place,
    tally,
    told,
    told_length,
    told_shape,
    wanted,
)

_SIZE_READ = 1 << 22  # entries; above, the readings would take longer than the tests
_FLOAT32_RTOL, _FLOAT16_RTOL = 2e-4, 1e-2
_NEAR = 0.01  # of the largest entry
_STATISTIC = 1e-3  # tolerance from which on numbers are those of a draw, in which any factor may come by chance
_FEW = 4  # whole numbers in a row that may be a shape, of which no slip can be read off
_Sizes = Mapping[str, int] | None  # None: no guess at the cause
_NUMBERS = (np.ndarray, np.number, np.bool_, int, float)


class CheckFailed(AssertionError):
    """A result is not what it should be; the message is for the student.

    ``unguessed`` is the same without a guess at the cause, for where the cause is known.
    """

    def __init__(self, message: str, unguessed: str = "") -> None:
        super().__init__(message)
        self.unguessed = unguessed or message


class NotHeld(CheckFailed):
    """What a test's author asks for in words does not hold."""


class InputChanged(CheckFailed):
    """A function changed what it was given and should have left as it was."""

    @classmethod
    def of(cls, what: str) -> InputChanged:
        """Say it of the input called ``what``."""
        return cls(f"{what} was changed; it must stay as it was. Work on a copy, e.g. x.copy().")


def explain(
    got: object,
    expected: object,
    *,
    rtol: float = 1e-5,
    atol: float = 1e-8,
    what: str = "the result",
    sizes: Mapping[str, int] | None = None,
    guess: bool = True,
) -> str | None:
    """Say in at most three short sentences how ``got`` differs from ``expected``.

    Parameters
    ----------
    got
        What was submitted: anything at all. Never executed, changed or printed whole.
    expected
        Array, number, string, bool, None, or lists, tuples and dicts of these.
        Lists and tuples stand for each other, and so do numbers, NumPy scalars and 0-d arrays.
        NaN matches NaN and infinity itself.
    rtol, atol
        Relative and absolute tolerance, widened where either side is float32 or float16.
    what
        What to call the result in the message.
    sizes
        Names of dimensions that a constant factor may equal, e.g. ``{"N": 7, "C": 4}``.
    guess
        Whether to guess at the cause, such as a missing factor; never done of statistics, which have wide tolerances.

    Returns
    -------
    str or None
        None if they agree.
    """
    try:
        with np.errstate(all="ignore"):
            return _explain(got, expected, rtol, atol, what, (sizes or {}) if guess else None)
    except Exception as error:  # whatever was submitted, the verdict is a sentence
        return f"{what}: could not be compared ({type(error).__name__}); expected {wanted(expected)}."


def explain_shape(got: object, shape: tuple[int, ...], what: str) -> str | None:
    """Say what is wrong with the shape of a result; None where it is right, whatever the numbers are."""
    array = plain_array(plain(got))
    if array is None:
        return f"{what}: returned {told(got)}; expected an array of shape {shape}."
    return None if array.shape == shape else _wrong_shape(array.shape, shape, what)


def same(got: Any, expected: Any, rtol: float = 1e-6, atol: float = 1e-12) -> bool:
    """Whether two results are the same work, such as a student's and a known mistake's.

    Stricter than :func:`explain` and without words: numbers must be of one kind, and close.
    """
    try:
        with np.errstate(all="ignore"):
            return _same(got, expected, rtol, atol)
    except (RecursionError, MemoryError):  # nested beyond the stack, or too large to be compared
        return False


def _same(got: Any, expected: Any, rtol: float, atol: float) -> bool:
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        return len(got) == len(expected) and all(_same(a, b, rtol, atol) for a, b in zip(got, expected, strict=True))
    if isinstance(expected, dict) and isinstance(got, dict):
        return got.keys() == expected.keys() and all(_same(got[key], expected[key], rtol, atol) for key in expected)
    if isinstance(expected, _NUMBERS) and isinstance(got, _NUMBERS):
        a, b = plain_array(plain(got)), plain_array(plain(expected))
        if a is None or b is None or a.shape != b.shape or (a.ndim and a.dtype.kind != b.dtype.kind):
            return False
        single = any(array.dtype.kind == "f" and array.dtype.itemsize < 8 for array in (a, b))
        rtol = max(rtol, _FLOAT32_RTOL) if single else rtol
        if a.dtype.kind == b.dtype.kind == "f" and np.isfinite(a).all() and np.isfinite(b).all():
            return bool(_near(a, b, rtol, atol).all())  # as allclose, in a third of its time
        return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))
    return explain(got, expected, rtol=rtol, atol=atol) is None


def is_telling(result: Any, depth: int = 4) -> bool:
    """Whether a result holds a number that another mistake would hardly give too: True, 0 and 1 come easily."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, tuple | list):
        return depth > 0 and any(is_telling(item, depth - 1) for item in result)
    if not isinstance(result, np.ndarray | np.floating | float):
        return False
    entries = np.asarray(result)
    return entries.dtype.kind == "f" and bool(np.any(np.isfinite(entries) & (entries != np.round(entries))))


def _explain(got: Any, expected: Any, rtol: float, atol: float, what: str, sizes: _Sizes) -> str | None:
    got, expected = plain(got), plain(expected)
    if expected is None:
        return None if got is None else f"{what}: returned {told(got)}; expected None."
    if got is None:
        return f"{what}: returned nothing: is a return missing? Expected {wanted(expected)}."
    if isinstance(expected, str):
        return _compare_strings(got, expected, what)
    if isinstance(expected, bool | np.bool_):
        return _compare_bools(got, bool(expected), what)
    if isinstance(expected, Mapping):
        return _compare_dicts(got, expected, rtol, atol, what, sizes)
    if isinstance(expected, list | tuple):
        flat = numbers(expected)
        if flat is None or type(got) not in (list, tuple, np.ndarray) or holds_no_numbers(got):
            return _compare_sequences(got, expected, rtol, atol, what, sizes)
        if type(got) is not np.ndarray:
            if len(got) != len(expected):
                return _wrong_length(len(got), len(expected), what)
            listed = numbers(got)
            if listed is None:
                return _compare_sequences(got, expected, rtol, atol, what, sizes)
            got = listed
        expected = flat
    array = plain_array(expected)  # as what was returned is read: NumPy would make objects of integers beyond 64 bits
    return _compare_arrays(got, np.asarray(expected) if array is None else array, rtol, atol, what, sizes)


def _compare_strings(got: Any, expected: str, what: str) -> str | None:
    if type(got) is not str:
        return f"{what}: returned {told(got)}; expected a string."
    if got == expected:
        return None
    if is_guarded():
        return f"{what}: is not the string expected."
    return f"{what}: returned {told(got)}; expected {expected!r}."


def _compare_bools(got: Any, expected: bool, what: str) -> str | None:
    value = got.item() if type(got) is np.bool_ or (type(got) is np.ndarray and got.ndim == 0) else got
    if type(value) is not bool:
        return f"{what}: returned {told(got)}; expected True or False."
    return None if value is expected else holds(what, expected)


def _compare_dicts(
    got: Any, expected: Mapping[Any, Any], rtol: float, atol: float, what: str, sizes: _Sizes
) -> str | None:
    if type(got) is not dict:
        return f"{what}: returned {told(got)}; expected a dictionary with {len(expected)} keys."
    missing = [key for key in expected if key not in got]
    if missing and len(missing) == len(expected):  # of a student's own keys no word: they may hold anything
        return f"{what}: has none of the keys that are asked for, such as {missing[0]!r}."
    if missing:
        return f"{what}: lacks the key {missing[0]!r}."
    if len(got) != len(expected):
        has = told_length(len(got), len(expected), "keys")
        return f"{what}: has {has}; expected {len(expected)}: {', '.join(map(repr, expected))}."
    messages = (_explain(got[k], expected[k], rtol, atol, f"{what}[{k!r}]", sizes) for k in expected)
    return next((message for message in messages if message), None)


def _compare_sequences(
    got: Any,
    expected: list[Any] | tuple[Any, ...],
    rtol: float,
    atol: float,
    what: str,
    sizes: _Sizes,
) -> str | None:
    if type(got) not in (list, tuple):
        return f"{what}: returned {told(got)}; expected {len(expected)} values."
    if len(got) != len(expected):
        return _wrong_length(len(got), len(expected), what)
    pairs = enumerate(zip(got, expected, strict=True))
    messages = (_explain(g, e, rtol, atol, item_of(what, i, len(expected)), sizes) for i, (g, e) in pairs)
    return next((message for message in messages if message), None)


def _wrong_length(got: int, expected: int, what: str) -> str:
    return f"{what}: has {told_length(got, expected, 'values')}; expected {expected}."


def _compare_arrays(got: Any, expected: Array, rtol: float, atol: float, what: str, sizes: _Sizes) -> str | None:
    form = f"an array of shape {expected.shape}" if expected.ndim else "a number"
    made, listed = as_arrays(got)
    if listed and expected.ndim > 1:
        differ = _compare_arrays(made, expected, rtol, atol, what, sizes)
        return differ or f"{what}: the numbers are right, in lists of lists; an array is asked for: np.array makes one."
    array = plain_array(got)
    if array is None or (type(got) in (bool, np.bool_) and expected.dtype.kind != "b"):
        return f"{what}: returned {told(got)}; expected {form}."
    if array.shape != expected.shape:
        return _wrong_shape(array.shape, expected.shape, what)
    if expected.dtype.kind not in "biuf":
        same = bool(np.array_equal(array, expected, equal_nan=expected.dtype.kind == "c"))
        return None if same else f"{what}: differs from the expected array of {expected.dtype.name}."
    if array.dtype.kind not in "biuf":
        return f"{what}: holds {array.dtype.name} values; expected real numbers."
    exact = rtol == 0 and atol == 0
    if not exact:
        rtol, atol = _widened(array, expected, rtol, atol)
    elif array.dtype.kind == expected.dtype.kind and np.array_equal(array, expected):
        return None  # integers beyond 2**53 too
    a, b = array.astype(np.float64, copy=False), expected.astype(np.float64, copy=False)
    near = _near(a, b, rtol, atol)
    if near.all():
        return None
    wrong = ~(near | (a == b) | (np.isnan(a) & np.isnan(b)))
    if not wrong.any():
        return None
    return f"{what}: {_difference(a, b, wrong, array.dtype.kind, rtol, atol, sizes)}"


def _near(got: Array, expected: Array, rtol: float, atol: float) -> Array:
    """Which entries are finite and within the tolerances."""
    near: Array = np.isfinite(expected) & (np.abs(got - expected) <= atol + rtol * np.abs(expected))
    return near


def _widened(got: Array, expected: Array, rtol: float, atol: float) -> tuple[float, float]:
    """Let a right answer in lower precision pass: cancellation errors scale with the largest entry."""
    kinds = {array.dtype.itemsize for array in (got, expected) if array.dtype.kind == "f"}
    if min(kinds, default=8) >= 8:
        return rtol, atol
    loose = _FLOAT16_RTOL if min(kinds) == 2 else _FLOAT32_RTOL
    finite = np.abs(expected[np.isfinite(expected)]).astype(np.float64)
    return max(rtol, loose), max(atol, 0.05 * loose * float(finite.max(initial=0.0)))


def _wrong_shape(got: tuple[int, ...], expected: tuple[int, ...], what: str) -> str:
    if not expected:
        return f"{what}: has {told_shape(got)}; expected a single number. Is a sum or mean missing?"
    message = f"{what}: has {told_shape(got, expected)}; expected {expected}."
    if len(got) > 1 and got == expected[::-1]:
        message += " It is transposed."
    elif len(got) > len(expected) and tuple(n for n in got if n != 1) == tuple(n for n in expected if n != 1):
        message += " An axis of length 1 is left over: was keepdims meant here?"
    elif len(got) < len(expected):
        message += " An axis was summed away or flattened."
    return message


def _difference(got: Array, expected: Array, wrong: Array, kind: str, rtol: float, atol: float, sizes: _Sizes) -> str:
    count, size = int(wrong.sum()), wrong.size
    how_many = tally(count, size)
    for odd in (~np.isfinite(got) & np.isfinite(expected), np.isfinite(got) & ~np.isfinite(expected)):
        if odd.any():
            where = _first(odd)
            differs = f"is {number(got[where])}{place(where, size)}; expected {number(expected[where])}."
            return f"{differs}{how_many and how_many + '.'}"
    finite = np.isfinite(got) & np.isfinite(expected)
    reading = None
    if sizes is None:
        pass
    elif kind in "iu" and np.any(expected != np.round(expected)) and got.ndim:
        reading = "It holds integers, so fractions were cut off: is it zeros_like of an integer array?"
    elif finite.all() and got.size <= _SIZE_READ and not _may_come_by_chance(expected, kind, rtol, atol):
        reading = Reader(got, expected, max(rtol, 1e-9), atol, sizes).read()
    gap = np.where(finite, np.abs(got - expected), np.inf)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(np.where(wrong, gap, -1))), gap.shape))
    if is_guarded():
        near = float(gap[worst]) <= _NEAR * float(np.abs(expected[finite]).max(initial=0.0))
        detail = "" if got.ndim else "Is not the number expected."
        detail = "It is right to within 1%, but not closer." if near else detail
    else:
        detail = "got {}, expected {}.".format(*apart(float(got[worst]), float(expected[worst])))
        if got.ndim:
            detail = f"The largest difference is {number(gap[worst])}{place(worst, size)}: {detail}"
    if how_many:
        how_many += f", the first{place(_first(wrong), size)}." if count > 1 and place((0,), size) else "."
    if not reading and not got.ndim:
        return f"{detail[0].lower()}{detail[1:]}"
    return " ".join(part for part in (reading, detail and f"{detail[0].upper()}{detail[1:]}", how_many.strip()) if part)


def _may_come_by_chance(expected: Array, kind: str, rtol: float, atol: float) -> bool:
    """Whether what differs may look like a slip by chance: numbers of a draw, and shapes."""
    if rtol >= _STATISTIC or atol > _STATISTIC * float(np.abs(expected).max(initial=0.0)):
        return True
    return kind in "iu" and expected.ndim == 1 and expected.size <= _FEW


def _first(where: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(where)[0])
