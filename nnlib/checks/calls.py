"""How a function of a student's is called and its result read, alike at the student's desk and in grading.

The process that runs a submission loads this file by itself, without the rest of nnlib, so nothing of nnlib is
imported here.
"""

from __future__ import annotations

import array
import collections
import contextlib
import copy
import itertools
import types
import warnings
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

MAX_DEPTH = 32  # of lists in lists
MAX_ITEMS = 1_000_000  # of a result, arrays counting as one
MAX_BYTES = 64 * 2**20  # of an array or a string
DTYPES = frozenset(
    ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
    + ["float16", "float32", "float64", "complex64", "complex128"]
)
NAMES = {np.dtype(name): name for name in DTYPES}  # NumPy makes a name anew each time it is asked
_ATOMS = frozenset([type(None), bool, int, float, complex, bytes])
_EMPTY: tuple[Any, ...] = ([], (), {}, set(), range(0), "", {}.values(), {}.items(), reversed([]))
_ONCE: tuple[type[Any], ...] = (  # iterators of Python's own
    *(types.GeneratorType, map, zip, filter, enumerate, reversed),
    *(type(iter(empty)) for empty in _EMPTY),
    *(kind for kind in vars(itertools).values() if isinstance(kind, type)),
)
_VIEWS: tuple[type[Any], ...] = (range, type({}.keys()), type({}.values()), type({}.items()))
_OWN: tuple[type[Any], ...] = (tuple, list, dict, set, frozenset, collections.deque)
_LONGEST_QUOTE = 24  # characters of a submitted string that a message may show
_ARRAYS_OF = {"O": "objects", "M": "dates", "m": "time spans", "V": "records"}


class NotPlain(ValueError):
    """A value that cannot be compared, however it is read; the text says what it is."""


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Let warnings and floating-point errors be reported and never raised, whatever a notebook has set."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def settled(value: Any, read: bool = True, own: bool = False) -> Any:
    """Return a function's result as the plain data it stands for.

    Generators and ranges become lists; extended precision, big-endian numbers, ``Fraction``, ``Decimal`` and arrays of
    number objects become NumPy's ordinary numbers; subclasses of arrays, numbers and strings what they extend. Other
    objects stay as they are, and so does a list, tuple or dict in which nothing changes.

    Parameters
    ----------
    read
        Whether to read what can be read only once, such as a generator; it stays as it is otherwise.
    own
        Whether subclasses of containers (a namedtuple, a ``defaultdict``), sets and deques become plain lists, tuples
        and dicts as well. Whoever may hand the value back to another function of the student's leaves them.

    Raises
    ------
    NotPlain
        Where it is too large, or nested beyond ``MAX_DEPTH``, as a list that contains itself is.
    """
    if type(value) in _ATOMS:
        return value
    return _settled(value, read, own, 0, [0])


def _settled(value: Any, read: bool, own: bool, depth: int, items: list[int]) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if issubclass(kind, np.ndarray):
        return _array(value)
    if issubclass(kind, np.generic):
        return value if value.dtype in NAMES else _scalar(value)
    if issubclass(kind, str):
        if len(value) > MAX_BYTES:
            raise NotPlain(f"a string of more than {MAX_BYTES >> 20} MB")
        return value if kind is str else str.__str__(value)
    if depth > MAX_DEPTH:
        raise NotPlain(f"something nested more than {MAX_DEPTH} deep")
    if own and is_own(value):
        value, read = contents(value), False
        kind = type(value)
    if kind in (list, tuple, dict):
        items[0] += len(value)
        if items[0] > MAX_ITEMS:
            raise NotPlain(f"more than {MAX_ITEMS} items")
    if kind in (list, tuple):
        made = [_settled(item, read, own, depth + 1, items) for item in value]
        return value if all(map(_is, made, value)) else kind(made)
    if kind is dict:
        made = [_settled(item, read, own, depth + 1, items) for item in value.values()]
        return value if all(map(_is, made, value.values())) else dict(zip(value, made, strict=True))
    if issubclass(kind, _VIEWS) or (read and issubclass(kind, _ONCE)):
        listed = list(itertools.islice(value, MAX_ITEMS + 1))
        return _settled(listed, read, own, depth, items)  # one item too many is refused there
    return _number(value, kind)


def as_arrays(result: Any) -> tuple[Any, bool]:
    """Make arrays of lists of lists of numbers, as a result or as the items of one; whether there were any."""
    if type(result) is tuple:
        items = [as_arrays(item) for item in result]
        return (tuple(item for item, _ in items), True) if any(listed for _, listed in items) else (result, False)
    if type(result) is not list or not result or not all(type(row) is list for row in result):
        return result, False
    try:
        made = np.array(result)
    except ValueError:  # rows of different lengths
        return result, False
    return (made, True) if made.dtype.kind in "biuf" and made.ndim > 1 and made.size else (result, False)


def _is(one: Any, other: Any) -> bool:
    return one is other


def _number(value: Any, kind: type) -> Any:
    """Return a number, bytes or a buffer of numbers as the built-in type or array it stands for."""
    for base, read in ((int, int.__int__), (float, float.__float__), (complex, complex.__complex__)):
        if issubclass(kind, base):
            return read(value)
    if issubclass(kind, bytes | bytearray):
        return bytes(value)
    if issubclass(kind, Fraction | Decimal):
        return _as_float(value)
    if issubclass(kind, array.array | memoryview):
        try:
            return _array(np.asarray(value))
        except (ValueError, BufferError):
            return value.tolist()
    return value


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    except ValueError:  # a signalling NaN
        return float("nan")


def _array(value: Any) -> Any:
    value = np.asarray(value)  # of the base class
    dtype = value.dtype
    if value.nbytes > MAX_BYTES:  # said before it is copied: the copies would not fit into the memory limit
        raise NotPlain(f"an array of more than {MAX_BYTES >> 20} MB")
    if dtype in NAMES:
        return value
    if dtype.kind in "UST":
        return value.tolist()
    if dtype.kind == "f":
        return value.astype(np.float64 if dtype.itemsize > 8 else dtype.newbyteorder("="))
    if dtype.kind == "c":
        return value.astype(np.complex128 if dtype.itemsize > 16 else dtype.newbyteorder("="))
    if dtype.kind in "biu":
        return value.astype(dtype.newbyteorder("="))
    return _numbers(value) if dtype.kind == "O" else value


def _scalar(value: Any) -> Any:
    read = _array(np.asarray(value))
    if type(read) in (str, bytes):
        return read
    return read[()] if read.dtype in NAMES else value


def _numbers(value: Any) -> Any:
    """Return an array of number objects as one of numbers; another array of objects as it is."""
    entries = [_number(entry, type(entry)) for entry in value.ravel().tolist()]
    if not entries or not all(type(entry) in (bool, int, float, complex) or _is_number(entry) for entry in entries):
        return value
    made = np.array([_as_float(entry) if type(entry) is int and abs(entry) >= 2**63 else entry for entry in entries])
    if made.dtype not in NAMES:
        made = made.astype(np.complex128 if made.dtype.kind == "c" else np.float64)
    return made.reshape(value.shape)


def _is_number(value: Any) -> bool:
    return issubclass(type(value), np.number | np.bool_) and value.dtype.kind in "biufc"


def is_own(value: Any) -> bool:
    """Whether a value is a container that is read as a list, tuple or dict, but is none of Python's own three."""
    kind = type(value)
    return kind not in (list, tuple, dict) and issubclass(kind, _OWN)


def contents(value: Any) -> Any:
    """Return what such a container holds, as a tuple, a dict or a list; of a set sorted, where that can be done."""
    kind = type(value)
    if issubclass(kind, tuple):
        return tuple.__getitem__(value, slice(None))
    if issubclass(kind, list):
        return list.__getitem__(value, slice(None))
    if issubclass(kind, dict):
        return dict(dict.items(value))
    listed = list(itertools.islice(value, MAX_ITEMS + 1))
    if issubclass(kind, set | frozenset):
        with contextlib.suppress(TypeError):
            return sorted(listed)
    return listed


def rebuilt(old: Any, held: Any) -> Any:
    """Return a container of the type of ``old`` that holds what ``held`` does; ``held`` where there is none."""
    try:
        if isinstance(old, tuple):
            made: Any = tuple.__new__(type(old), held)  # the fields of a namedtuple are places in it
            vars(made).update(vars(old)) if hasattr(made, "__dict__") else None
        elif isinstance(old, frozenset):
            made = type(old)(held)
        else:
            made = copy.copy(old)  # what else it knows, as a defaultdict its default
            made.clear()
            made.update(held) if isinstance(old, dict | set) else made.extend(held)
    except Exception:  # a class of the student's that is not made like that
        return held
    return made


def describe(value: Any) -> str:
    """Name the type and size of plain ``value``, never its content (but short strings and truth values)."""
    kind = type(value)
    if value is None:
        return "None"
    if kind in (bool, np.bool_):
        return str(bool(value))
    if kind is np.ndarray:
        if value.dtype.kind in _ARRAYS_OF:
            return f"an array of {_ARRAYS_OF[value.dtype.kind]} of shape {value.shape}"
        return f"an array of shape {value.shape}" if value.ndim else "a number"
    if issubclass(kind, np.datetime64):
        return "a date"
    if issubclass(kind, np.timedelta64):
        return "a time span"
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
    return SOMETHING


SOMETHING = "an object that is no array, number, string, list or dictionary"
