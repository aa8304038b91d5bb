"""What hidden tests and public cases ask of a result: each raises :class:`CheckFailed` with words for the student."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnlib.checks.compare import CheckFailed, InputChanged, NotHeld, explain, explain_shape


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
        unguessed = explain(got, expected, rtol=rtol, atol=atol, what=what, guess=False)
        raise CheckFailed(message, unguessed or message)


def assert_shape(got: object, shape: tuple[int, ...], *, what: str = "the result") -> None:
    """Raise :class:`NotHeld` unless ``got`` is an array of this shape."""
    message = explain_shape(got, shape, what)
    if message is not None:
        raise NotHeld(message)


def assert_unchanged(after: object, before: object, *, what: str = "the input") -> None:
    """Raise :class:`InputChanged` unless ``after`` equals ``before``, a copy made earlier, exactly."""
    message = explain(after, before, rtol=0.0, atol=0.0, what=what)
    if message is None and isinstance(after, np.ndarray) and isinstance(before, np.ndarray):
        message = None if np.array_equal(after, before, equal_nan=after.dtype.kind in "fc") else "changed"
    if message is not None:
        raise InputChanged.of(what)


def require(condition: object, message: str) -> None:
    """Raise :class:`NotHeld` with ``message`` unless ``condition`` is true."""
    try:
        holds = bool(condition)
    except Exception:  # an array of several truth values, or a hostile object
        holds = False
    if not holds:
        raise NotHeld(message)
