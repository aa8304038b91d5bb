"""What a student may read about an error that their code raised while a hidden test ran.

The text of such an error is written by code that has seen the test's inputs, so it is shown only where it is one
of the sentences Python and NumPy write, with names from the student's own source and numbers that are sizes of what
the function was given. Which sentence, line, names and sizes these are can still be chosen: less than 64 bits a test,
one number in double precision.
"""

import re
from collections.abc import Container
from functools import cache
from typing import Any

import numpy as np

from grader.sandbox.failures import StudentError
from nnlib.checks.words import calls_unwritten, calls_withheld, not_defined, not_written, raised, too_much

_NAME = r"['\"]?(?:numpy\.(?:random\._generator\.)?)?(?P<n{i}>[A-Za-z_]\w{{0,40}})['\"]?"
_SHAPE = r"\((?:\d{1,4}(?:,\s?\d{1,4}){0,3}),?\)"
_INT = r"-?\d{1,4}"
SMALL = range(5)  # an axis, a count of arguments
MOST_DIGITS = 10  # in one message
NAME_COUNTS = 3  # digits: a text has about a thousand names
MOST_SIZES = 64  # looked at among a test's arguments


def _pattern(text: str) -> re.Pattern[str]:
    """Compile a sentence in which NAME, SHAPE, INT and OP stand for what may vary."""
    parts = re.split(r"(NAME|SHAPE|INT|OP)", text)
    pieces, names = [], 0
    for part in parts:
        if part == "NAME":
            pieces.append(_NAME.format(i=names))
            names += 1
        elif part in ("SHAPE", "INT", "OP"):
            pieces.append({"SHAPE": _SHAPE, "INT": _INT, "OP": r"'?[-+*/@%&|^<>=~!]{1,3}'?"}[part])
        else:
            pieces.append(re.escape(part))
    return re.compile("".join(pieces) + r"\s*")


KNOWN = (
    "operands could not be broadcast together with shapes SHAPE SHAPE",
    "operands could not be broadcast together with shapes SHAPE SHAPE SHAPE",
    "non-broadcastable output operand with shape SHAPE doesn't match the broadcast shape SHAPE",
    "could not broadcast input array from shape SHAPE into shape SHAPE",
    "shapes SHAPE and SHAPE not aligned: INT (dim INT) != INT (dim INT)",
    "shape mismatch: indexing arrays could not be broadcast together with shapes SHAPE SHAPE",
    "cannot reshape array of size INT into shape SHAPE",
    "index INT is out of bounds for axis INT with size INT",
    "axis INT is out of bounds for array of dimension INT",
    "boolean index did not match indexed array along axis INT; size of axis is INT but size of corresponding "
    "boolean axis is INT",
    "too many indices for array: array is INT-dimensional, but INT were indexed",
    "invalid index to scalar variable.",
    "list index out of range",
    "tuple index out of range",
    "string index out of range",
    "arrays used as indices must be of integer (or boolean) type",
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are "
    "valid indices",
    "only integer scalar arrays can be converted to a scalar index",
    "only length-1 arrays can be converted to Python scalars",
    "only 0-dimensional arrays can be converted to Python scalars",
    "setting an array element with a sequence.",
    "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
    "Cannot cast ufunc NAME output from dtype(NAME) to dtype(NAME) with casting rule NAME",
    "output array is read-only",
    "assignment destination is read-only",
    "name NAME is not defined",
    "cannot access local variable NAME where it is not associated with a value",
    "local variable NAME referenced before assignment",
    "NAME() missing INT required positional argument: NAME",
    "NAME() missing INT required positional arguments: NAME and NAME",
    "NAME() missing INT required positional arguments: NAME, NAME, and NAME",
    "NAME() takes from INT to INT positional arguments but INT was given",
    "NAME() takes from INT to INT positional arguments but INT were given",
    "NAME() takes INT positional arguments but INT were given",
    "NAME() takes INT positional argument but INT were given",
    "NAME() takes INT positional argument but INT was given",
    "NAME() got an unexpected keyword argument NAME",
    "NAME() got multiple values for argument NAME",
    "NAME object is not callable",
    "NAME object is not subscriptable",
    "NAME object is not iterable",
    "NAME object has no attribute NAME",
    "NAME object does not support item assignment",
    "cannot unpack non-iterable NAME object",
    "object of type NAME has no len()",
    "len() of unsized object",
    "iteration over a 0-d array",
    "Cannot interpret 'INT' as a data type",
    "not enough values to unpack (expected INT, got INT)",
    "too many values to unpack (expected INT)",
    "unsupported operand type(s) for OP: NAME and NAME",
    "bad operand type for unary OP: NAME",
    "can only concatenate NAME (not NAME) to NAME",
    "NAME object cannot be interpreted as an integer",
    "division by zero",
    "float division by zero",
    "integer division or modulo by zero",
    "math domain error",
    "math range error",
    "maximum recursion depth exceeded",
    "maximum recursion depth exceeded while calling a Python object",
    "maximum recursion depth exceeded in comparison",
    "matmul: Input operand INT has a mismatch in its core dimension INT, with gufunc signature "
    "(n?,k),(k,m?)->(n?,m?) (size INT is different from INT)",
    "matmul: Input operand INT does not have enough dimensions (has INT, gufunc core with signature "
    "(n?,k),(k,m?)->(n?,m?) requires INT)",
    "zero-size array to reduction operation NAME which has no identity",
    "Integers to negative integer powers are not allowed.",
    "all the input array dimensions except for the concatenation axis must match exactly, but along dimension INT, "
    "the array at index INT has size INT and the array at index INT has size INT",
    "all the input arrays must have same number of dimensions, but the array at index INT has INT dimension(s) and "
    "the array at index INT has INT dimension(s)",
    "all input arrays must have the same shape",
    "setting an array element with a sequence. The requested array has an inhomogeneous shape after INT "
    "dimensions. The detected shape was SHAPE + inhomogeneous part.",
    "list indices must be integers or slices, not NAME",
    "tuple indices must be integers or slices, not NAME",
    "slice indices must be integers or None or have an __index__ method",
    "can't multiply sequence by non-int of type NAME",
    "loop of ufunc does not support argument INT of type NAME which has no callable NAME method",
    "ufunc NAME not supported for the input types, and the inputs could not be safely coerced to any "
    "supported types according to the casting rule ''safe''",
    "OP not supported between instances of NAME and NAME",
    "argument of type NAME is not iterable",
    "Value after * must be an iterable, not NAME",
    "float() argument must be a string or a real number, not NAME",
    "cannot convert float NaN to integer",
    "cannot convert float infinity to integer",
    "Singular matrix",
    "Last 2 dimensions of the array must be square",
    "max() arg is an empty sequence",
    "max() iterable argument is empty",
    "min() arg is an empty sequence",
    "min() iterable argument is empty",
    "attempt to get argmax of an empty sequence",
    "attempt to get argmin of an empty sequence",
    "negative dimensions are not allowed",
    "axes don't match array",
    "cannot select an axis to squeeze out which has size not equal to one",
    "array split does not result in an equal division",
    "either both or neither of x and y should be given",
    "Cannot take a larger sample than population when replace is False",
    "index INT is out of bounds for array with size INT",
    "No module named NAME",
)


@cache
def _known() -> list[re.Pattern[str]]:
    """The sentences compiled, which takes a tenth of a second: where the first error is to be described."""
    return [_pattern(text) for text in KNOWN]


_COMMON = frozenset(
    ["str", "int", "float", "bool", "list", "tuple", "dict", "set", "range", "function", "NoneType", "ndarray"]
    + ["builtin_function_or_method", "method", "module", "type", "generator", "float64", "float32", "int64", "int32"]
    + ["bool_", "same_kind", "maximum", "minimum", "add", "subtract", "multiply", "divide", "log", "exp", "object"]
    + ["bitwise_xor", "Generator"]
    + [
        "_max",
        "_min",
        "_amax",
        "_amin",
        "_sum",
        "_mean",
        "_var",
        "_std",
        "_prod",
    ]  # an array's methods, as NumPy calls them in errors
)
_BUILTIN_ERRORS = {  # every other name could carry a message
    "ArithmeticError", "AssertionError", "AttributeError", "AxisError", "EOFError", "Exception", "FileNotFoundError",
    "FloatingPointError", "ImportError", "IndexError", "KeyError", "LinAlgError", "LookupError", "MemoryError",
    "ModuleNotFoundError", "NameError", "NotImplementedError", "OSError", "OverflowError", "PermissionError",
    "RecursionError", "RuntimeError", "StopIteration", "SyntaxError", "SystemExit", "TypeError", "UFuncTypeError",
    "UnboundLocalError", "ValueError", "ZeroDivisionError", "_UFuncOutputCastingError",
}  # fmt: skip


_TOO_MUCH = re.compile(
    r"(an array of |a string of )?more than 64 MB|something nested more than \d\d deep|more than 1000000 items"
    r"|text that is not valid Unicode"
)


def safe_message(text: str, source: str, sizes: Container[int] = SMALL) -> str:
    """Return the first line of an error's text if it can be shown, else an empty string.

    ``sizes`` are the numbers that it may hold besides those of the sentence itself.
    """
    line = text[:2000].strip().split("\n")[0][:300]
    for pattern in _known():
        match = pattern.fullmatch(line)
        if match is None:
            continue
        own = [name for name in match.groupdict().values() if name not in _COMMON]
        room = MOST_DIGITS - NAME_COUNTS * len(own)
        numbers = re.findall(r"(?<!\w)\d+", line)  # not those of float64
        known = all(int(number) in sizes or int(number) in SMALL for number in numbers)
        if known and len("".join(numbers)) <= room and all(_holds(source, name) for name in own):
            return line
    return ""


def sizes_in(value: Any, found: set[int] | None = None) -> set[int]:
    """Collect the lengths of arrays and containers in a test's arguments, and the arrays' sizes."""
    found = set() if found is None else found
    if len(found) < MOST_SIZES:
        if isinstance(value, np.ndarray):
            found.update((*value.shape, value.size))
        elif type(value) in (list, tuple, dict):
            found.add(len(value))
            for item in value.values() if isinstance(value, dict) else value[:MOST_SIZES]:
                sizes_in(item, found)
    return found


def _holds(source: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", source) is not None  # a list of all its words may be too much for the memory


def _own_name(name: str, source: str) -> bool:
    """Whether a name that the student's process reported is one, and stands in the student's own text."""
    return name.isidentifier() and _holds(source, name)


def is_unwritten(function: str, error: StudentError) -> bool:
    """Whether the function is not there yet: undefined, or the stub of the release."""
    if error.type_name == "NotImplementedError":
        return error.raised_in in ("", function)
    return error.missing_name == function


def describe_error(function: str, error: StudentError, source: str, sizes: Container[int] = SMALL) -> str:
    """Say in one sentence how the student's function failed; ``sizes`` as in :func:`safe_message`."""
    if error.withheld:
        return calls_withheld(function, error.withheld if _own_name(error.withheld, source) else "")
    if is_unwritten(function, error):
        return not_defined(function) if error.missing_name else not_written(function)
    if error.type_name == "NotImplementedError" and _own_name(error.raised_in, source):
        return calls_unwritten(function, error.raised_in)
    if error.type_name == "NotPlain":
        argument = (
            error.argument if re.fullmatch(r"\d{1,2}", error.argument) or _own_name(error.argument, source) else ""
        )
        what = error.message if _TOO_MUCH.fullmatch(error.message) else "something"
        return too_much(function, what, argument)
    kind = error.type_name if error.type_name in _BUILTIN_ERRORS else "an error of its own"
    line = error.line if 0 < error.line < 1000 else 0
    return raised(function, kind, line, safe_message(error.message, source, sizes))
