"""Look at a submitted value without running anything of it: plain data or a description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib._validate import Array
from nnlib.checks import calls

_LARGEST = 1e300  # integers beyond are infinite for every comparison


def plain(value: Any) -> Any:
    """Return ``value`` as the built-in type or array it derives from; anything else unchanged.

    Methods of the base type are called by name, so a subclass (a namedtuple, a defaultdict, or worse)
    is read as what it stores, whatever it overrides.
    """
    kind = type(value)  # isinstance would ask the value's own __class__
    if issubclass(kind, np.ndarray):
        array = np.asarray(value)
        return array.item() if array.dtype.kind == "U" and array.ndim == 0 else array  # as np.where gives
    if issubclass(kind, np.str_):
        return str.__str__(value)
    if kind is bool or issubclass(kind, np.generic):
        return value
    for base, read in _READERS.items():
        if issubclass(kind, base):
            return read(value)
    return value


_READERS: dict[type, Any] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    list: lambda value: list.__getitem__(value, slice(None)),
    tuple: lambda value: tuple.__getitem__(value, slice(None)),
    dict: lambda value: dict(dict.items(value)),
}


def plain_array(value: Any) -> Array | None:
    """Return a number or an array as an array; None for anything that would need converting."""
    kind = type(value)
    if kind is np.ndarray:
        array: Array = value
        return None if holds_no_numbers(array) else array
    if kind is int:
        return np.asarray(value if abs(value) < 1 << 62 else _as_double(value))
    if kind in (bool, float) or (issubclass(kind, np.number | np.bool_) and not issubclass(kind, np.timedelta64)):
        return np.asarray(value)
    return None


def holds_no_numbers(value: Any) -> bool:
    """Whether a value is an array of objects, dates, time spans or records."""
    return type(value) is np.ndarray and value.dtype.kind in "OVMm"


def numbers(values: list[Any] | tuple[Any, ...]) -> Array | None:
    """Return a flat list of plain numbers as an array ``(n,)``; None if empty or holding anything else."""
    if not values or not all(type(v) in (int, float) or issubclass(type(v), np.number) for v in values):
        return None
    return np.array([_as_double(v) for v in values])


def _as_double(value: Any) -> float:
    if type(value) is int and abs(value) > _LARGEST:
        return float("inf") if value > 0 else float("-inf")
    return float(value)


def describe(value: Any) -> str:
    """Name the type and size of ``value``, never its content (but short strings and truth values)."""
    tell = _ELSEWHERE.get(type(value))
    return tell(value) if tell else calls.describe(plain(value))


_ELSEWHERE: dict[type, Callable[[Any], str]] = {}


def stands_for(kind: type, tell: Callable[[Any], str]) -> None:
    """Let :func:`describe` ask ``tell`` about objects of a class that stand for something elsewhere."""
    _ELSEWHERE[kind] = tell
