"""Plain data to messages and back: numbers, strings, arrays, containers and random generators."""

import itertools
import math
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.sandbox.channel import MAX_FRAME, ChannelError
from grader.sandbox.messages import (
    Array,
    BigInt,
    Bytes,
    Callback,
    Complex,
    Handle,
    Items,
    Pairs,
    Rng,
    Scalar,
    Value,
)

DTYPES = frozenset(
    ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
    + ["float16", "float32", "float64", "complex64", "complex128"]
)
MAX_DEPTH = 32
MAX_ITEMS = 1_000_000
MAX_ODD_KEYS = 1000
ITERABLES: tuple[type[Any], ...] = (
    *(range, map, zip, filter, set, frozenset, types.GeneratorType),
    *(type({}.keys()), type({}.values())),
)


class NotPlain(ValueError):
    """A value that cannot travel; the text says why."""


def encode(value: Any, opaque: Callable[[Any], Callback | Handle], depth: int = 0) -> Value:
    """Turn plain data into its message; ``opaque`` decides about everything that is not plain."""
    kind = type(value)
    if kind is str and len(value) > MAX_FRAME:
        raise NotPlain(f"it is a string of {len(value)} characters")
    if value is None or kind in (bool, float, str):
        return value
    if depth > MAX_DEPTH:
        raise NotPlain(f"it is nested more than {MAX_DEPTH} deep")
    if isinstance(value, np.str_) or (isinstance(value, np.ndarray) and value.dtype.kind == "U"):
        return encode(value.tolist(), opaque, depth)  # such as np.where(..., "high", "low") gives
    if isinstance(value, np.ndarray):
        return _encode_array(value)
    if isinstance(value, np.generic):
        if value.dtype.name not in DTYPES:
            raise NotPlain(f"its dtype is {value.dtype}")
        return Scalar(value.dtype.name, value.tobytes())
    if isinstance(value, float | str):  # subclasses travel as what they extend
        return float(value) if isinstance(value, float) else str(value)
    if isinstance(value, bytes | bytearray):
        return Bytes(bytes(value))
    if isinstance(value, int):
        value = int(value)
        return value if -(2**63) <= value < 2**63 else BigInt(hex(value))
    if isinstance(value, complex):
        return Complex(value.real, value.imag)
    if isinstance(value, dict):
        return Pairs(
            [encode(key, opaque, depth + 1) for key in value],
            [encode(item, opaque, depth + 1) for item in value.values()],
        )
    if isinstance(value, list | tuple):
        return Items([encode(item, opaque, depth + 1) for item in value], tuple=isinstance(value, tuple))
    if isinstance(value, ITERABLES):
        items = list(itertools.islice(value, MAX_ITEMS + 1))
        if len(items) > MAX_ITEMS:
            raise NotPlain(f"it has more than {MAX_ITEMS} items")
        return Items([encode(item, opaque, depth + 1) for item in items])
    if isinstance(value, np.random.Generator) and isinstance(value.bit_generator, np.random.PCG64):
        state: Any = value.bit_generator.state
        inner = state["state"]
        return Rng(hex(inner["state"]), hex(inner["inc"]), state["has_uint32"], state["uinteger"])
    return opaque(value)


def _encode_array(value: np.ndarray[Any, Any]) -> Array:
    value = np.asarray(value)  # np.matrix and other subclasses travel as plain arrays
    if value.dtype.name not in DTYPES:
        raise NotPlain(f"it is an array of dtype {value.dtype}")
    if value.nbytes > MAX_FRAME:  # said before it is copied: the copies would not fit into the memory limit
        raise NotPlain(f"it is an array of {value.nbytes >> 20} MB; {MAX_FRAME >> 20} can travel")
    value = value.astype(value.dtype.newbyteorder("="), copy=False)
    contiguous, fortran = value.flags.c_contiguous, value.flags.f_contiguous
    order = "C" if contiguous else "F" if fortran else "S"
    return Array(
        value.dtype.name,
        value.shape,
        value.tobytes(order="F" if order == "F" else "C"),
        order,
        value.flags.writeable,
    )


def decode(value: Value, opaque: Callable[[Callback | Handle], Any]) -> Any:
    """Turn a message into data; ``ChannelError`` where its parts contradict each other or are too many."""
    return _decode(value, opaque, itertools.count())


def _decode(value: Value, opaque: Callable[[Callback | Handle], Any], items: Iterator[int]) -> Any:
    if next(items) > MAX_ITEMS:
        raise ChannelError(f"a result of more than {MAX_ITEMS} items")
    if isinstance(value, Array):
        return _decode_array(value)
    if isinstance(value, Scalar):
        return _decode_array(Array(value.dtype, (), value.data))[()]
    if isinstance(value, Items):
        decoded = [_decode(item, opaque, items) for item in value.items]
        return tuple(decoded) if value.tuple else decoded
    if isinstance(value, Pairs):
        return _decode_pairs(value, opaque, items)
    if isinstance(value, BigInt):
        if len(value.digits) > 4096:
            raise ChannelError("an integer of more than 4096 digits")
        try:
            return int(value.digits, 16)
        except ValueError:
            raise ChannelError("an integer that is none") from None
    if isinstance(value, Bytes):
        return value.data
    if isinstance(value, Complex):
        return complex(value.real, value.imag)
    if isinstance(value, Rng):
        return _decode_rng(value)
    if isinstance(value, Callback | Handle):
        return opaque(value)
    return value


def _decode_pairs(value: Pairs, opaque: Callable[[Callback | Handle], Any], items: Iterator[int]) -> dict[Any, Any]:
    if len(value.keys) != len(value.values):
        raise ChannelError("a dict with more keys than values")
    # The hashes of strings are secret and those of 64-bit integers differ; of other keys, such as tuples, a hundred
    # thousand chosen to collide would take minutes.
    if sum(not isinstance(key, str | int) for key in value.keys) > MAX_ODD_KEYS:
        raise ChannelError(f"a dict of more than {MAX_ODD_KEYS} keys that are neither strings nor integers")
    made: dict[Any, Any] = {}
    for key, item in zip(value.keys, value.values, strict=True):
        try:
            made[_decode(key, opaque, items)] = _decode(item, opaque, items)
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


def _decode_rng(value: Rng) -> np.random.Generator:
    bits = np.random.PCG64(0)
    try:
        bits.state = {
            "bit_generator": "PCG64",
            "state": {"state": int(value.state[:40], 16), "inc": int(value.inc[:40], 16)},
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
