"""Look at a submitted value without running anything of it: plain data or a description."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib._validate import Array

_LONGEST_QUOTE = 24  # characters of a submitted string that a message may show
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
        return None if array.dtype.kind in "OV" else array
    if kind is int:
        return np.asarray(value if abs(value) < 1 << 62 else _as_double(value))
    if kind in (bool, float) or issubclass(kind, np.number | np.bool_):
        return np.asarray(value)
    return None


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
    """Name the type and size of plain ``value``, never its content (but short strings and truth values)."""
    kind = type(value)
    if value is None:
        return "None"
    if kind in (bool, np.bool_):
        return str(bool(value))
    if kind is np.ndarray:
        noun = "an array of objects" if value.dtype.kind == "O" else "an array"
        return f"{noun} of shape {value.shape}" if value.ndim else "a number"
    if kind in (int, float) or issubclass(kind, np.number):
        return "a number"
    if kind is str:
        short = len(value) <= _LONGEST_QUOTE
        return f"the string {value!r}" if short else f"a string of {len(value)} characters"
    if kind in (list, tuple):
        return f"a {kind.__name__}" + ("" if value else " with nothing in it")
    if kind is dict:
        return "a dictionary"
    name = type.__getattribute__(kind, "__name__")
    if len(name) <= _LONGEST_QUOTE and name.isidentifier():
        return f"an object of type {name}"
    return "an object that is no array, number, string, list or dictionary"
