"""One comparison, one voice: is a result right, and if not, what would a good TA say?

``check(softmax)`` under an exercise tries a student's function at once; hidden tests judge it later. Both speak
through :func:`explain`.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nnlib._compare import CheckFailed, InputChanged, explain, explain_shape, is_telling, same
from nnlib._instant import verdict
from nnlib._voice import roughly

__all__ = [
    "CheckFailed",
    "InputChanged",
    "assert_close",
    "assert_shape",
    "assert_unchanged",
    "check",
    "explain",
    "is_telling",
    "require",
    "roughly",
    "same",
    "tolerance",
]

F = TypeVar("F", bound=Callable[..., Any])


def check(function: Callable[..., Any]) -> None:
    """Try a function on the public cases of its exercise and print how it does.

    Parameters
    ----------
    function
        The student's function itself, such as ``check(softmax)``. The cases and what should come out lie beside
        the notebook, in ``public_cases.py`` and ``public_cases.json``; nothing else is needed.

    Notes
    -----
    Prints that all cases pass, or for the first that does not: what was tried, how the result differs, and, where
    it is what a known mistake gives, the mistake and a hint. Raises nothing, so that the notebook runs on.

    What does not pass is printed to stderr, which is how nbgrader's Validate tells failed cells from passed ones;
    what the function itself writes there goes to stdout.
    """
    with contextlib.redirect_stderr(sys.stdout):
        report = verdict(function, sys._getframe(1).f_globals, Path.cwd())
    sys.stdout.flush()  # what the function printed stands above the verdict
    print(report.text, file=sys.stdout if report.passed else sys.stderr)


def tolerance(*, rtol: float | None = None, atol: float | None = None) -> Callable[[F], F]:
    """Let a public case compare with other tolerances than :func:`explain`'s, such as one that measures a spread.

    Parameters
    ----------
    rtol, atol
        Relative and absolute tolerance; the default where None.
    """

    def mark(case: F) -> F:
        case.tolerance = {"rtol": rtol, "atol": atol}  # type: ignore[attr-defined]
        return case

    return mark


def assert_close(
    got: object,
    expected: object,
    *,
    rtol: float = 1e-5,
    atol: float = 1e-8,
    what: str = "the result",
    sizes: Mapping[str, int] | None = None,
) -> None:
    """Raise :class:`CheckFailed` with the words of :func:`explain` unless the two agree."""
    message = explain(got, expected, rtol=rtol, atol=atol, what=what, sizes=sizes)
    if message is not None:
        raise CheckFailed(message)


def assert_shape(got: object, shape: tuple[int, ...], *, what: str = "the result") -> None:
    """Raise :class:`CheckFailed` unless ``got`` is an array of this shape."""
    message = explain_shape(got, shape, what)
    if message is not None:
        raise CheckFailed(message)


def assert_unchanged(after: object, before: object, *, what: str = "the input") -> None:
    """Raise :class:`InputChanged` unless ``after`` equals ``before``, a copy made earlier, exactly."""
    message = explain(after, before, rtol=0.0, atol=0.0, what=what)
    if message is None and isinstance(after, np.ndarray) and isinstance(before, np.ndarray):
        message = None if np.array_equal(after, before, equal_nan=after.dtype.kind in "fc") else "changed"
    if message is not None:
        raise InputChanged.of(what)


def require(condition: object, message: str) -> None:
    """Raise :class:`CheckFailed` with ``message`` unless ``condition`` is true."""
    try:
        holds = bool(condition)
    except Exception:  # an array of several truth values, or a hostile object
        holds = False
    if not holds:
        raise CheckFailed(message)
