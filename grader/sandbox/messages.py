"""Messages between the grader and the process that runs a student's code.

Everything is msgpack with a schema: decoding builds the types below and nothing else, so what a student's
process sends can be wrong but cannot run. Arrays travel as dtype, shape and bytes.
"""

import traceback
from pathlib import Path
from typing import Annotated, Any

import msgspec

KEPT_MIME = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
)
MAX_NAME = 100
MAX_WORDS = 2000  # characters of an error's own text
Name = Annotated[str, msgspec.Meta(max_length=MAX_NAME)]


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


class Items(msgspec.Struct, tag="l", array_like=True):
    items: list["Value"]
    tuple: bool = False


class Pairs(msgspec.Struct, tag="d", array_like=True):
    keys: list["Value"]
    values: list["Value"]


class Parameter(msgspec.Struct, array_like=True):
    """A parameter of a function of the test; ``kind`` is ``inspect``'s, ``default`` counts where it is optional."""

    name: str
    kind: int
    optional: bool = False
    default: "Value" = None


class Callback(msgspec.Struct, tag="f", array_like=True):
    """A function of the test that the student's function may call, with what it looks like."""

    id: int
    name: str = "f"
    parameters: list[Parameter] = []


class Rng(msgspec.Struct, tag="r", array_like=True):
    """A ``numpy.random.Generator`` over PCG64: its state, so that both ends draw the same numbers."""

    state: str
    inc: str
    has_uint32: int
    uinteger: int
    spawned: int = 0  # children it has, of which the next is another


class Handle(msgspec.Struct, tag="h", array_like=True, frozen=True):
    """Something that is not plain data and stays in the student's process; a later call can pass it back.

    ``told`` is what ``nnlib.checks.plain.describe`` says of it there.
    """

    id: int
    type_name: Name
    told: Name = ""


class Own(msgspec.Struct, tag="o", array_like=True):
    """A container of another type than Python's three, such as a namedtuple: what it holds, and its handle."""

    id: int
    plain: Items | Pairs


class Table(msgspec.Struct, tag="t", array_like=True):
    """A pandas DataFrame, or a Series where ``labels`` is its name alone: columns, and the index with its names."""

    labels: "Value"
    columns: "Value"
    index: "Value"
    names: "Value"
    is_series: bool = False


Value = (
    None | bool | int | float | str | Bytes | Array | Scalar | BigInt | Complex
    | Items | Pairs | Callback | Rng | Handle | Own | Table
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
    """Call a function by its name, or by its handle where it has one.

    During the call ``stand_ins`` take the places of the student's functions of their names.
    """

    name: str
    args: list[Value]
    kwargs: dict[str, Value]
    at: str = ""
    stand_ins: dict[str, Callback] = {}
    function: Handle | None = None


class Get(msgspec.Struct, tag="get"):
    """Ask for the value of a variable."""

    name: str
    at: str = ""


class Answer(msgspec.Struct, tag="answer"):
    """What a function of the test returned, or the error it raised, and what it changed, as ``Returned`` has it."""

    value: Value = None
    error: str | None = None
    message: str = ""
    changed: list[tuple[int | str, Value]] = []


Request = Setup | Run | Call | Get | Answer


# What the student's process says.
class Ready(msgspec.Struct, tag="ready"):
    """The process can run cells; of the files it was given, it could not write these."""

    unwritten: list[str] = []


class Output(msgspec.Struct, tag="output"):
    """One output of a cell, as nbformat has them."""

    kind: str
    name: str = ""
    text: str = ""
    data: dict[str, str] = {}
    traceback: list[str] = []


class Ran(msgspec.Struct, tag="ran"):
    """A cell's outputs, the name of the error it ended in, and the name that was missing if that is a NameError."""

    outputs: list[Output]
    error: str | None = None
    missing_name: Name = ""


class Returned(msgspec.Struct, tag="returned"):
    """The result, and those arguments that the function changed, by position or name."""

    value: Value
    changed: list[tuple[int | str, Value]] = []


class Raised(msgspec.Struct, tag="raised"):
    """What a call raised: the error's own words, and what the grader decides by.

    ``line`` is the last one in the student's cells, ``raised_in`` the function in which the error came up, with its
    module unless that is the notebook, ``missing_name`` what a NameError missed, ``withheld`` the name of nnlib
    that the assignment keeps back, and ``argument`` the position or name of one that was made too much to travel.
    """

    type_name: Name
    message: Annotated[str, msgspec.Meta(max_length=MAX_WORDS)] = ""
    line: int = 0
    raised_in: Name = ""
    missing_name: Name = ""
    withheld: Name = ""
    argument: Name = ""


class Asked(msgspec.Struct, tag="asked"):
    """The student's function calls a function of the test."""

    function: int
    args: list[Value]
    kwargs: dict[str, Value]


Reply = Ready | Ran | Returned | Raised | Asked


def missing_name(error: BaseException | None) -> str:
    """Return the name that a NameError missed; empty where the error is another or does not say."""
    return _name(error.name) if isinstance(error, NameError) else ""


def raised_by(error: BaseException) -> Raised:
    """Describe an error that a call of the student's ended in."""
    frames = [
        (frame, frame.filename.startswith("<ipython-input")) for frame in traceback.extract_tb(error.__traceback__)
    ]
    lines = [frame.lineno or 0 for frame, own in frames if own]
    raised_in = ""
    if frames:
        frame, own = frames[-1]
        raised_in = frame.name if own else f"{Path(frame.filename).stem}.{frame.name}"
    return Raised(
        _name(type(error).__name__),
        str(error)[:MAX_WORDS],
        lines[-1] if lines else 0,
        raised_in=_name(raised_in),
        missing_name=missing_name(error),
        withheld=_name(getattr(error, "name", "")) if isinstance(error, NotImplementedError) else "",
    )


def _name(name: Any) -> str:
    return name[:MAX_NAME] if isinstance(name, str) else ""
