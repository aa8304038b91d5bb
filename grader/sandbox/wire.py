"""Messages between the grader and the process that runs a student's code.

Everything is msgpack with a schema: decoding builds the types below and nothing else, so what a student's
process sends can be wrong but cannot run. Arrays travel as dtype, shape and bytes.
"""

import itertools
import math
import socket
import struct
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np

DTYPES = frozenset(
    ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
    + ["float16", "float32", "float64", "complex64", "complex128"]
)
KEPT_MIME = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
)
MAX_FRAME = 64 * 2**20
MAX_DEPTH = 32
MAX_ITEMS = 1_000_000
MAX_ODD_KEYS = 1000
ITERABLES: tuple[type[Any], ...] = (
    *(range, map, zip, filter, set, frozenset, types.GeneratorType),
    *(type({}.keys()), type({}.values())),
)
_LENGTH = struct.Struct("<I")


class Array(msgspec.Struct, tag="a", array_like=True):
    """An array; ``order`` is C, F or S (strided), so that the copy has the layout the original had."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    order: str = "C"
    writeable: bool = True


class Scalar(msgspec.Struct, tag="s", array_like=True):
    """A NumPy scalar, which is not the same thing as a Python number."""

    dtype: str
    data: bytes


class Bytes(msgspec.Struct, tag="b", array_like=True):
    data: bytes


class BigInt(msgspec.Struct, tag="i", array_like=True):
    """An integer beyond 64 bits, in hexadecimal."""

    digits: str


class Complex(msgspec.Struct, tag="c", array_like=True):
    real: float
    imag: float


class Sequence(msgspec.Struct, tag="l", array_like=True):
    items: list["Value"]
    tuple: bool = False


class Mapping(msgspec.Struct, tag="d", array_like=True):
    keys: list["Value"]
    values: list["Value"]


class Function(msgspec.Struct, tag="f", array_like=True):
    """A function of the test that the student's function may call."""

    id: int


class Rng(msgspec.Struct, tag="r", array_like=True):
    """A ``numpy.random.Generator`` over PCG64: its state, so that both ends draw the same numbers."""

    state: str
    inc: str
    has_uint32: int
    uinteger: int


class Handle(msgspec.Struct, tag="h", array_like=True, frozen=True):
    """Something that is not plain data and stays in the student's process; a later call can pass it back."""

    id: int
    type_name: str


Handle.__name__ = "an opaque object"  # messages to students name types, and this one means nothing to them


Value = (
    None | bool | int | float | str | Bytes | Array | Scalar | BigInt | Complex
    | Sequence | Mapping | Function | Rng | Handle
)  # fmt: skip


# What the grader asks.
class Setup(msgspec.Struct, tag="setup"):
    """Files the student handed in beside the notebook, by relative path."""

    files: dict[str, bytes]


class Run(msgspec.Struct, tag="run"):
    """Run a cell; with ``pin``, remember all names as they are after it; without ``draw``, render no figure."""

    source: str
    output_bytes: int
    pin: str = ""
    draw: bool = True


class Call(msgspec.Struct, tag="call"):
    name: str
    args: list[Value]
    kwargs: dict[str, Value]
    at: str = ""


class Get(msgspec.Struct, tag="get"):
    """Ask for the value of a variable."""

    name: str
    at: str = ""


class Answer(msgspec.Struct, tag="answer"):
    """What a function of the test returned, or the error it raised."""

    value: Value = None
    error: str | None = None
    message: str = ""


Request = Setup | Run | Call | Get | Answer


# What the student's process says.
class Ready(msgspec.Struct, tag="ready"):
    pass


class Output(msgspec.Struct, tag="output"):
    """One output of a cell, as nbformat has them."""

    kind: str
    name: str = ""
    text: str = ""
    data: dict[str, str] = {}
    traceback: list[str] = []


class Ran(msgspec.Struct, tag="ran"):
    outputs: list[Output]
    error: str | None = None


class Returned(msgspec.Struct, tag="returned"):
    """The result, and those arguments that the function changed, by position or name."""

    value: Value
    changed: list[tuple[int | str, Value]] = []


class Raised(msgspec.Struct, tag="raised"):
    type_name: str
    message: str = ""
    line: int = 0


class Asked(msgspec.Struct, tag="asked"):
    """The student's function calls a function of the test."""

    function: int
    args: list[Value]
    kwargs: dict[str, Value]


Reply = Ready | Ran | Returned | Raised | Asked


class ChannelError(Exception):
    """The other end is gone, or sent what the schema does not allow."""


class Channel:
    """Length-prefixed msgpack frames over a socket."""

    def __init__(self, sock: socket.socket, incoming: Any, limit: int = MAX_FRAME) -> None:
        self.socket = sock
        self._decoder = msgspec.msgpack.Decoder(incoming)
        self._encoder = msgspec.msgpack.Encoder()
        self._limit = limit
        self._part, self._have, self._in_body = bytearray(_LENGTH.size), 0, False

    def send(self, message: Any) -> None:
        """Send one message; ``ChannelError`` when the other end is gone."""
        self.send_frame(self.frame(message))

    def frame(self, message: Any) -> bytes:
        """Encode one message; ``ValueError`` when it is larger than a frame may be."""
        body = self._encoder.encode(message)
        if len(body) > self._limit:
            raise ValueError(f"A message may have {self._limit} bytes, got {len(body)}.")
        return _LENGTH.pack(len(body)) + body

    def send_frame(self, frame: bytes) -> None:
        try:
            self.socket.sendall(frame)
        except TimeoutError:
            raise
        except OSError as error:
            raise ChannelError(f"the other end is gone ({error})") from None

    def receive(self, deadline: float | None = None) -> Any:
        """Wait for one message of the schema, until ``deadline`` on the monotonic clock: then ``TimeoutError``.

        However slowly the bytes drip, the deadline holds; the next call goes on in the middle of the message.
        """
        while True:
            self._fill(deadline)
            complete, self._have = self._part, 0
            if self._in_body:
                break
            (length,) = _LENGTH.unpack(complete)
            if length > self._limit:
                raise ChannelError(f"a message of {length} bytes")
            self._part, self._in_body = bytearray(length), True
        self._part, self._in_body = bytearray(_LENGTH.size), False
        try:
            return self._decoder.decode(complete)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            # The decoder's words would quote the message, and students read why their process ended.
            raise ChannelError("a message outside the schema") from None

    def _fill(self, deadline: float | None) -> None:
        """Read until the part of a message that is awaited is complete."""
        view = memoryview(self._part)[self._have :]
        while view:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                self.socket.settimeout(left)
            try:
                count = self.socket.recv_into(view)
            except TimeoutError:
                raise
            except OSError as error:
                raise ChannelError(f"the other end is gone ({error})") from None
            if not count:
                raise ChannelError("the other end is gone")
            self._have += count
            view = view[count:]


class NotPlain(ValueError):
    """A value that cannot travel; the text says why."""


def encode(value: Any, opaque: Callable[[Any], Function | Handle], depth: int = 0) -> Value:
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
        return Mapping(
            [encode(key, opaque, depth + 1) for key in value],
            [encode(item, opaque, depth + 1) for item in value.values()],
        )
    if isinstance(value, list | tuple):
        return Sequence([encode(item, opaque, depth + 1) for item in value], tuple=isinstance(value, tuple))
    if isinstance(value, ITERABLES):
        items = list(itertools.islice(value, MAX_ITEMS + 1))
        if len(items) > MAX_ITEMS:
            raise NotPlain(f"it has more than {MAX_ITEMS} items")
        return Sequence([encode(item, opaque, depth + 1) for item in items])
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


def decode(value: Value, opaque: Callable[[Function | Handle], Any]) -> Any:
    """Turn a message into data; ``ChannelError`` where its parts contradict each other or are too many."""
    return _decode(value, opaque, itertools.count())


def _decode(value: Value, opaque: Callable[[Function | Handle], Any], items: Iterator[int]) -> Any:
    if next(items) > MAX_ITEMS:
        raise ChannelError(f"a result of more than {MAX_ITEMS} items")
    if isinstance(value, Array):
        return _decode_array(value)
    if isinstance(value, Scalar):
        return _decode_array(Array(value.dtype, (), value.data))[()]
    if isinstance(value, Sequence):
        decoded = [_decode(item, opaque, items) for item in value.items]
        return tuple(decoded) if value.tuple else decoded
    if isinstance(value, Mapping):
        return _decode_mapping(value, opaque, items)
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
    if isinstance(value, Function | Handle):
        return opaque(value)
    return value


def _decode_mapping(value: Mapping, opaque: Callable[[Function | Handle], Any], items: Iterator[int]) -> dict[Any, Any]:
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
