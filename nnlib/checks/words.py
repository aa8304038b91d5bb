"""Sentences about a function that did not return, said alike at a student's desk and in grading."""

from collections.abc import Sequence

from nnlib.withheld import reason

MORE_ASKED = "more than one thing is asked for"


def not_written(function: str) -> str:
    """Say that the stub of the release is still there."""
    return f"{function} is not written yet: it raises NotImplementedError."


def calls_unwritten(function: str, other: str) -> str:
    """Say that a function is held up by another of the student's, which is still a stub."""
    return f"{function} calls {other}, which is not written yet."


def calls_withheld(function: str, name: str) -> str:
    """Say that a function calls what this edition of nnlib lacks; without ``name`` where that cannot be told."""
    if not name:
        return f"{function} calls a part of nnlib that this assignment withholds."
    return f"{function} calls nnlib.{name}, which this assignment withholds: {reason(name)}."


def not_defined(function: str) -> str:
    """Say that there is no such function."""
    return f"{function} is not defined."


def raised(function: str, kind: str, line: int, text: str) -> str:
    """Say what a function raised, where, and the error's own text where it may be shown."""
    place = f" in line {line} of its cell" if line else ""
    return f"{function} raised {kind}{place}{': ' + text if text else ''}".rstrip(".") + "."


def not_usable(told: str, by: str) -> str:
    """Say that what a function gave, as ``told``, was of no use to the case or test that asked for it."""
    return f"{told}, which {by} could not use. Compare with what the exercise asks for."


def not_unpacked(told: str) -> str:
    """Say that a function gave one thing, as ``told``, where several are asked for."""
    return f"{told}, and {MORE_ASKED}."


def calls_failing(function: str, helpers: Sequence[str]) -> str:
    """Say that functions of the student's that another one calls fail their own checks."""
    one = len(helpers) == 1
    named = helpers[0] if one else f"{', '.join(helpers[:-1])} and {helpers[-1]}"
    return f"{named}, which {function} calls, {'fails its own check' if one else 'fail their own checks'}: start there."


def too_much(function: str, what: str, argument: str = "") -> str:
    """Say that a result, or what became of an argument, is too large or nested too deep to be looked at."""
    did = f"changed its argument {argument} into" if argument else "returned"
    return f"{function} {did} {what}, more than a comparison can take."
