"""Array type and the checks of arguments that functions share: an error says the rule, what came, and the repair."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


def require_rng(rng: object) -> None:
    """Refuse anything that is not a ``numpy.random.Generator``; a bare seed is the usual slip."""
    if not isinstance(rng, np.random.Generator):
        msg = f"rng must be a numpy.random.Generator, got {type(rng).__name__}."
        msg += " Make one with np.random.default_rng(seed)."
        raise ValueError(msg)


def require_int(name: str, value: Any, *, at_least: int) -> None:
    """Refuse what is not a whole number of at least ``at_least``."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < at_least:
        raise ValueError(f"{name} must be an integer of at least {at_least}, got {value!r}.")


def require_real(
    name: str,
    value: Any,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
) -> None:
    """Refuse what is not a finite number in the range."""
    rules = [
        f"at least {at_least:g}" if at_least is not None else "",
        f"above {above:g}" if above is not None else "",
        f"at most {at_most:g}" if at_most is not None else "",
    ]
    wanted = " and ".join(rule for rule in rules if rule)
    ok = isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(float(value))
    ok = ok and (at_least is None or value >= at_least)
    ok = ok and (above is None or value > above)
    ok = ok and (at_most is None or value <= at_most)
    if not ok:
        raise ValueError(f"{name} must be a finite number{' ' + wanted if wanted else ''}, got {value!r}.")


def require_share(name: str, value: float) -> None:
    """Refuse a share of the old that is kept, such as a momentum's, outside [0, 1): at 1 nothing new would count."""
    if not 0 <= value < 1:
        raise ValueError(f"{name} must lie in [0, 1), got {value!r}. 0.9 is the usual value.")


def require_sizes(sizes: Sequence[int]) -> None:
    """Refuse numbers of units, the input's first, that make no layer."""
    if len(sizes) < 2:
        raise ValueError(f"sizes must hold an input and at least one layer, got {list(sizes)}.")
    for size in sizes:
        require_int("Each of sizes", size, at_least=1)


def require_float_dtype(dtype: np.dtype[Any]) -> None:
    """Refuse a type of entries that cannot hold fractions."""
    if dtype.kind != "f":
        raise ValueError(f"dtype must be a float type, got {dtype}. Use np.float32 or np.float64.")


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


def require_shape(name: str, x: Array, shape: tuple[int, ...], meaning: str, hint: str = "") -> None:
    """Refuse ``x`` unless it has ``shape``; ``meaning`` is what its entries stand for."""
    if x.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, {meaning}, got {x.shape}.{' ' + hint if hint else ''}")


def require_rows(**arrays: Array) -> None:
    """Refuse arrays of one data set that do not have one row per example, or no example at all."""
    lengths = {array.shape[:1] for array in arrays.values()}  # () where there are no rows at all
    names = _listed(list(arrays))
    shapes = _listed([str(array.shape) for array in arrays.values()])
    if len(lengths) > 1 or () in lengths:
        raise ValueError(
            f"{names} must have one row per example, got shapes {shapes}. "
            "Examples are rows: transpose what holds them in columns."
        )
    if (0,) in lengths:
        raise ValueError(f"{names} must hold at least one example, got shapes {shapes}.")


def _listed(items: list[str]) -> str:
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else items[0]


def require_filled(batch: Array) -> None:
    """Refuse a batch without an example: its mean is 0/0."""
    if batch.size == 0:
        raise ValueError("The batch must hold at least one example, got none. Skip empty batches.")


def require_labels(y: npt.ArrayLike, n: int | None, num_classes: int) -> Array:
    """Return ``y`` as ``(N,)`` integers in ``[0, num_classes)``."""
    labels = np.asarray(y)
    if labels.ndim != 1 or (n is not None and labels.shape[0] != n):
        want = "(N,)" if n is None else f"({n},), one label per example"
        hint = " For one-hot labels pass y.argmax(axis=1)." if labels.ndim == 2 else ""
        raise ValueError(f"y must have shape {want}, got {labels.shape}.{hint}")
    require_filled(labels)
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


def require_probabilities(name: str, x: Array, hint: str) -> None:
    """Refuse numbers outside [0, 1]; softmax in float32 may end a hair above."""
    low, high = x.min(), x.max()
    if not (low >= 0 and high <= 1 + 1e-6):
        raise ValueError(f"{name} must lie in [0, 1], got {low:g} to {high:g}. {hint}")


def unknown_name(kind: str, name: object, known: Iterable[str]) -> ValueError:
    """Build the error for an unknown name, with the nearest known one."""
    names = sorted(known)
    near = difflib.get_close_matches(str(name).lower(), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return ValueError(f"{kind} must be one of {', '.join(names)}; got {name!r}.{hint}")
