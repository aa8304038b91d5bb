"""Array type and the shared input checks: every error says the rule, what came, and the repair."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


def as_float(x: npt.ArrayLike) -> Array:
    """Return ``x`` as a floating-point array: floats keep their precision, integers become float64."""
    array = np.asarray(x)
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind not in "biu":
        raise ValueError(f"Expected real numbers, got dtype {array.dtype}. Convert with x.astype(float).")
    return array.astype(np.float64)


def require_ndim(name: str, x: Array, ndim: int, shape: str) -> None:
    """Refuse ``x`` unless it has ``ndim`` axes; ``shape`` is how the lecture writes them."""
    if x.ndim == ndim:
        return
    msg = f"{name} must have shape {shape}, got {x.shape}."
    if x.ndim == 1 and ndim == 2:
        msg += f" For a single example pass {name}[np.newaxis, :]."
    raise ValueError(msg)


def require_same_shape(name: str, x: Array, like: str, other: Array) -> None:
    """Refuse ``x`` unless it has the shape of ``other``: silent broadcasting hides bugs."""
    if x.shape != other.shape:
        hint = f"Try {name}.reshape({like}.shape)." if x.size == other.size else "Slice both alike."
        raise ValueError(f"{name} must have the shape of {like}, {other.shape}, got {x.shape}. {hint}")


def require_labels(y: npt.ArrayLike, n: int | None, num_classes: int) -> Array:
    """Return ``y`` as ``(N,)`` integers in ``[0, num_classes)``."""
    labels = np.asarray(y)
    if labels.ndim != 1 or (n is not None and labels.shape[0] != n):
        want = "(N,)" if n is None else f"({n},), one label an example"
        hint = " For one-hot labels pass y.argmax(axis=1)." if labels.ndim == 2 else ""
        raise ValueError(f"y must have shape {want}, got {labels.shape}.{hint}")
    if labels.size == 0:
        raise ValueError("The batch must hold at least one example, got none. Skip empty batches.")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"y must hold integer labels, got dtype {labels.dtype}. Convert with y.astype(int).")
    low, high = int(np.minimum.reduce(labels)), int(np.maximum.reduce(labels))
    if low < 0 or high >= num_classes:
        raise ValueError(
            f"Labels must lie in [0, {num_classes - 1}] for {num_classes} classes, got {low} to {high}. "
            "Number the classes from 0, or give the scores a column for each class."
        )
    return labels


def require_finite(name: str, x: Array) -> None:
    """Refuse NaN and infinity, naming the first."""
    # NaN and infinities show in the extremes, which need no array as large as the data.
    if x.size and not np.isfinite([x.min(), x.max()]).all():
        finite = np.isfinite(x)
        bad = np.argwhere(~finite)
        where = tuple(int(i) for i in bad[0])
        raise ValueError(
            f"{name} must be finite, got {len(bad)} NaN or infinite value(s), the first at index {where}. "
            f"Drop or fill those entries, e.g. np.nan_to_num({name})."
        )


def unknown_name(kind: str, name: object, known: Iterable[str]) -> ValueError:
    """Build the error for an unknown name, with the nearest known one."""
    names = sorted(known)
    near = difflib.get_close_matches(str(name).lower(), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return ValueError(f"{kind} must be one of {', '.join(names)}; got {name!r}.{hint}")
