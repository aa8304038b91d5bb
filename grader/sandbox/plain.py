"""Plain data to messages and back: numbers, strings, arrays, containers and random generators."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.sandbox.channel import ChannelError
from grader.sandbox.messages import (
    Array,
    BigInt,
    Bytes,
    Callback,
    Complex,
    Handle,
    Items,
    Own,
    Pairs,
    Rng,
    Scalar,
    Table,
    Value,
)
from grader.sandbox.rules import DTYPES, MAX_DEPTH, MAX_ITEMS, NAMES, NotPlain, contents, is_own, settled
from grader.sandbox.tables import is_table, put_together, taken_apart

MAX_ODD_KEYS = 1000


class KeptTuple(tuple[Any, ...]):
    """What a container of the student's own type held; ``handle`` finds that one where a test hands this back."""

    handle: int


class KeptList(list[Any]):
    """The same of a list, a set or a deque."""

    handle: int


class KeptDict(dict[Any, Any]):
    """The same of a dict."""

    handle: int


_KEPT: dict[type, Any] = {tuple: KeptTuple, list: KeptList, dict: KeptDict}
_KEPTS = frozenset(_KEPT.values())
Opaque = Callable[[Any], Callback | Handle]


def kept(handle: int, held: Any) -> Any:
    """Return what a container of the student's own type held, so that it can be handed back."""
    made = _KEPT[type(held)](held)
    made.handle = handle
    return made


def encode(value: Any, opaque: Opaque, own: Callable[[Any], int] | None = None, read: bool = True) -> Value:
    """Turn data into its message.

    Parameters
    ----------
    opaque
        Decides about everything that is not plain.
    own
        Numbers a container of another type than Python's three; without it, it travels as what it holds alone.
    read
        Whether generators are read.
    """
    return _encode(settled(value, read), opaque, own, 0)


def _encode(value: Any, opaque: Opaque, own: Callable[[Any], int] | None, depth: int) -> Value:
    kind = type(value)
    if value is None or kind in (bool, float, str):
        return value
    if kind is np.ndarray:
        name = _name_of(value.dtype)
        return _encode_array(value, name) if name else opaque(value)
    if depth > MAX_DEPTH:
        raise NotPlain(f"something nested more than {MAX_DEPTH} deep")
    if kind is int:
        return value if -(2**63) <= value < 2**63 else BigInt(hex(value))
    if kind is dict:
        return Pairs(
            [_encode(settled(key), opaque, own, depth + 1) for key in value],
            [_encode(item, opaque, own, depth + 1) for item in value.values()],
        )
    if kind in (list, tuple):
        return Items([_encode(item, opaque, own, depth + 1) for item in value], tuple=kind is tuple)
    if isinstance(value, np.generic):
        name = _name_of(value.dtype)
        return Scalar(name, value.tobytes()) if name else opaque(value)
    if kind is bytes:
        return Bytes(value)
    if kind is complex:
        return Complex(value.real, value.imag)
    if is_own(value):
        held: Any = _encode(settled(contents(value), read=False), opaque, own, depth)
        if kind in _KEPTS:
            return Own(value.handle, held)
        return held if own is None else Own(own(value), held)
    if isinstance(value, np.random.Generator) and isinstance(value.bit_generator, np.random.PCG64):
        state: Any = value.bit_generator.state
        inner = state["state"]
        spawned = getattr(value.bit_generator.seed_seq, "n_children_spawned", 0)
        return Rng(hex(inner["state"]), hex(inner["inc"]), state["has_uint32"], state["uinteger"], spawned)
    if is_table(value):
        *parts, is_series = taken_apart(value)
        labels, columns, index, names = (_encode(part, opaque, own, depth + 1) for part in parts)
        return Table(labels, columns, index, names, is_series)
    return opaque(value)


def _name_of(dtype: np.dtype[Any]) -> str:
    """The name of a dtype that can travel, of any byte order; an empty string for others."""
    return NAMES.get(dtype) or (dtype.name if dtype.name in DTYPES else "")


def _encode_array(value: np.ndarray[Any, Any], name: str) -> Array:
    contiguous, fortran = value.flags.c_contiguous, value.flags.f_contiguous
    order = "C" if contiguous else "F" if fortran else "S"
    return Array(
        name,
        value.shape,
        value.tobytes(order="F" if order == "F" else "C"),
        order,
        value.flags.writeable,
    )


Given = Callable[[Callback | Handle], Any]
Owner = Callable[[int, Any], Any]


def decode(value: Value, opaque: Given, own: Owner = kept) -> Any:
    """Turn a message into data; ``ChannelError`` where its parts contradict each other or are too many.

    ``own`` makes something of the number of a container of the student's own type and of what it holds.
    """
    return _decode(value, opaque, own, itertools.count())


def _decode(value: Value, opaque: Given, own: Owner, items: Iterator[int]) -> Any:
    if next(items) > MAX_ITEMS:
        raise ChannelError(f"a result of more than {MAX_ITEMS} items")
    if isinstance(value, Array):
        return _decode_array(value)
    if isinstance(value, Scalar):
        return _decode_array(Array(value.dtype, (), value.data))[()]
    if isinstance(value, Items):
        decoded = [_decode(item, opaque, own, items) for item in value.items]
        return tuple(decoded) if value.tuple else decoded
    if isinstance(value, Pairs):
        return _decode_pairs(value, opaque, own, items)
    if isinstance(value, Own):
        return own(value.id, _decode(value.plain, opaque, own, items))
    if isinstance(value, BigInt):
        if len(value.digits) > 4096:
            raise ChannelError("an integer of more than 4096 digits")
        try:
            return int(value.digits, 16)
        except ValueError:
            raise ChannelError("an integer that is not one") from None
    if isinstance(value, Bytes):
        return value.data
    if isinstance(value, Complex):
        return complex(value.real, value.imag)
    if isinstance(value, Rng):
        return _decode_rng(value)
    if isinstance(value, Table):
        parts = (value.labels, value.columns, value.index, value.names)
        labels, columns, index, names = (_decode(part, opaque, own, items) for part in parts)
        return put_together(labels, columns, index, names, value.is_series)
    if isinstance(value, Callback | Handle):
        return opaque(value)
    return value


def _decode_pairs(value: Pairs, opaque: Given, own: Owner, items: Iterator[int]) -> dict[Any, Any]:
    if len(value.keys) != len(value.values):
        raise ChannelError("a dict with more keys than values")
    # The hashes of strings are secret and those of 64-bit integers differ; of other keys, such as tuples, a hundred
    # thousand chosen to collide would take minutes.
    if sum(not isinstance(key, str | int) for key in value.keys) > MAX_ODD_KEYS:
        raise ChannelError(f"a dict of more than {MAX_ODD_KEYS} keys that are neither strings nor integers")
    made: dict[Any, Any] = {}
    for key, item in zip(value.keys, value.values, strict=True):
        try:
            made[_decode(key, opaque, own, items)] = _decode(item, opaque, own, items)
        except TypeError:
            raise ChannelError("a dict with a key that cannot be one") from None
    return made


def _decode_array(value: Array) -> np.ndarray[Any, Any]:
    if value.dtype not in DTYPES or len(value.shape) > 32 or any(size < 0 for size in value.shape):
        raise ChannelError("an array of a dtype or a number of axes that cannot travel")
    dtype = np.dtype(value.dtype)
    if math.prod(value.shape) * dtype.itemsize != len(value.data):
        raise ChannelError("an array whose shape does not fit its data")
    try:
        array = np.frombuffer(value.data, dtype).reshape(value.shape, order="F" if value.order == "F" else "C")
        if value.order == "S" and array.ndim:
            spaced = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), dtype)[..., ::2]
            spaced[...] = array
            array = spaced
        else:
            array = array.copy(order="K")
    except (ValueError, OverflowError):  # an axis may be longer than NumPy can count, where another is empty
        raise ChannelError("an array of an impossible shape") from None
    array.flags.writeable = value.writeable
    return array


_MOST_SPAWNED = 1000  # children of a generator that are counted


def _decode_rng(value: Rng) -> np.random.Generator:
    try:
        state = int(value.state[:40], 16)
        # What is spawned from it depends on its seed and on how many there are already.
        seed = np.random.SeedSequence(abs(state), n_children_spawned=min(max(value.spawned, 0), _MOST_SPAWNED))
        bits = np.random.PCG64(seed)
        bits.state = {
            "bit_generator": "PCG64",
            "state": {"state": state, "inc": int(value.inc[:40], 16)},
            "has_uint32": value.has_uint32,
            "uinteger": value.uinteger,
        }
    except (ValueError, OverflowError, TypeError):
        raise ChannelError("a random generator with an impossible state") from None
    return np.random.Generator(bits)


def changes(
    sent: list[Value],
    sent_named: dict[str, Value],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    opaque: Callable[[Any], Callback | Handle],
) -> list[tuple[int | str, Value]]:
    """List what a call made of its arguments, by position or name, where it is not what was sent."""
    pairs: list[tuple[int | str, Value, Any]] = [(i, before, args[i]) for i, before in enumerate(sent)]
    pairs += [(name, before, kwargs[name]) for name, before in sent_named.items()]
    return [(key, after) for key, before, value in pairs if (after := encode(value, opaque)) != before]


def apply_change(original: Any, after: Any) -> None:
    """Make ``original`` what a function at the other end made of it, in place, as a local call would have."""
    if isinstance(original, np.ndarray) and isinstance(after, np.ndarray):
        if original.shape == after.shape and original.flags.writeable:
            original[...] = after.astype(original.dtype, copy=False)
    elif isinstance(original, np.random.Generator) and isinstance(after, np.random.Generator):
        original.bit_generator.state = after.bit_generator.state
        seeds: Any = (original.bit_generator.seed_seq, after.bit_generator.seed_seq)
        if (more := seeds[1].n_children_spawned - seeds[0].n_children_spawned) > 0:
            seeds[0].spawn(more)
    elif isinstance(original, dict) and isinstance(after, dict):
        for key in [key for key in original if key not in after]:
            del original[key]
        for key, value in after.items():
            original[key] = _merged(original.get(key), value)
    elif isinstance(original, list) and isinstance(after, list):
        original[:] = [_merged(original[i] if i < len(original) else None, value) for i, value in enumerate(after)]
    elif isinstance(original, tuple) and isinstance(after, tuple):
        for before, value in zip(original, after, strict=False):
            apply_change(before, value)


def _merged(before: Any, after: Any) -> Any:
    """Keep an inner array's identity where it only changed its numbers."""
    if (
        isinstance(before, np.ndarray)
        and isinstance(after, np.ndarray)
        and before.shape == after.shape
        and before.dtype == after.dtype
    ):
        apply_change(before, after)
        return before
    return after
