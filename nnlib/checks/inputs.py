"""What became of a function's arguments: kept before a call, and compared after it."""

from __future__ import annotations

from typing import Any

import numpy as np

_COMPARED: tuple[type[Any], ...] = (type(None), int, str, bytes, bytearray, set)


def kept(value: Any) -> Any:
    """Copy arrays and containers; anything else, such as a random generator, stays what it is."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, tuple | list):
        return type(value)(kept(item) for item in value) if type(value) in (tuple, list) else value
    return {key: kept(item) for key, item in value.items()} if type(value) is dict else value


def differ(before: Any, after: Any, also: tuple[type[Any], ...] = ()) -> bool:
    """Whether an argument and its copy differ in anything; what cannot be compared does.

    Parameters
    ----------
    also
        Further types that can be compared with ``!=``.
    """
    if before is after:
        return False
    if type(before) is not type(after):
        return True
    if isinstance(before, np.ndarray | np.generic):
        alike = (before.dtype, before.shape) == (after.dtype, after.shape)
        return not alike or before.dtype.hasobject or before.tobytes() != after.tobytes()
    if isinstance(before, tuple | list):
        return len(before) != len(after) or any(differ(*pair, also) for pair in zip(before, after, strict=True))
    if isinstance(before, dict):
        return differ(list(before.items()), list(after.items()), also)  # a key may be NaN, which no other NaN finds
    if isinstance(before, np.random.Generator):  # it is there to be drawn from
        return False
    if isinstance(before, float | complex):
        return repr(before) != repr(after)  # NaN is NaN, and -0.0 is not 0.0
    return not isinstance(before, (*_COMPARED, *also)) or bool(before != after)
