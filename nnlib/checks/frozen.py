"""Plain data as JSON and back: how expected results travel with a release, readable without running anything."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib._validate import Array
from nnlib.checks.plain import describe, plain

_DIGITS = 12  # significant; a comparison looks at six, and another processor may differ in the last


def freeze(value: Any) -> Any:
    """Turn arrays, numbers, strings, None, lists, tuples and dicts of these into what JSON can hold.

    Raises ``TypeError`` for anything else.
    """
    value = plain(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        entries = [_scalar(entry) for entry in value.ravel().tolist()]
        return {"array": entries, "shape": list(value.shape), "dtype": value.dtype.name}
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return _scalar(value.item())
    if value is None or isinstance(value, bool | int | float | str):
        return _scalar(value)
    if isinstance(value, list | tuple):
        return [freeze(item) for item in value]
    if isinstance(value, dict):
        return {"dict": [[freeze(key), freeze(item)] for key, item in value.items()]}
    raise TypeError(f"Only plain data can be frozen, got {describe(value)}. Return arrays, numbers, lists or dicts.")


def thaw(frozen: Any) -> Any:
    """Turn what :func:`freeze` made back into plain data; tuples come back as lists."""
    if isinstance(frozen, list):
        return [thaw(item) for item in frozen]
    if not isinstance(frozen, dict):
        return frozen
    if "dict" in frozen:
        return {thaw(key): thaw(item) for key, item in frozen["dict"]}
    array: Array = np.array(frozen["array"], dtype=frozen["dtype"]).reshape(frozen["shape"])
    return array


def _scalar(value: Any) -> Any:
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
