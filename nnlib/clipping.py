"""Gradients that are too large, and costs that ran away (lectures 001 and 004), after Pascanu et al. (2013)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, as_float, require_real


def clip_by_value(g: npt.ArrayLike, low: float, high: float) -> Array:
    """Limit every entry to ``[low, high]``; this turns the gradient away from its direction."""
    if not low <= high:
        raise ValueError(f"low must not exceed high, got {low!r} and {high!r}. Swap them.")
    return np.clip(as_float(g), float(low), float(high))


def clip_by_norm(g: npt.ArrayLike, threshold: float) -> Array:
    """Scale ``g`` down to the length ``threshold`` if it is longer; its direction stays."""
    clipped: Array = clip_by_global_norm([g], threshold)[0]
    return clipped


def clip_by_global_norm(grads: Any, threshold: float) -> Any:
    """Scale all gradients by one factor, so that together they are at most ``threshold`` long.

    Parameters
    ----------
    grads
        List, tuple or dict of arrays of any shapes.
    threshold
        Largest allowed norm of all entries, above 0.

    Returns
    -------
    list, tuple or dict
        New arrays, structured as ``grads``.
    """
    require_real("threshold", threshold, above=0)
    names = list(grads) if isinstance(grads, dict) else None
    arrays = [as_float(g) for g in (grads.values() if names is not None else grads)]
    norm = global_norm(arrays)
    # A norm that is not finite has no direction to keep: the NaN must stay visible.
    scale = threshold / norm if norm > threshold else 1.0
    clipped = [g * scale for g in arrays]
    if names is not None:
        return dict(zip(names, clipped, strict=True))
    return tuple(clipped) if isinstance(grads, tuple) else clipped


def global_norm(grads: Sequence[Array]) -> float:
    """Euclidean length of all entries together."""
    squares = [float(np.vdot(g, g)) for g in grads]
    if not np.isfinite(squares).all():
        # Squares leave float32 at gradients of 1e19; a length of infinity would scale a finite gradient to zero.
        squares = [float(np.vdot(g, g)) for g in (np.asarray(g, np.float64) for g in grads)]
    return float(np.sqrt(sum(squares)))


def has_exploded(costs: npt.ArrayLike, factor: float = 3.0) -> bool:
    """Tell whether any cost is not finite or more than ``factor`` times the first."""
    require_real("factor", factor, above=0)
    history = as_float(costs)
    if history.ndim != 1:
        raise ValueError(f"costs must have shape (T,), got {history.shape}. Pass the list of costs.")
    if history.size == 0:
        return False
    return bool(not np.isfinite(history).all() or (history > factor * history[0]).any())
