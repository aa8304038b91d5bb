"""Check a hand-written gradient against finite differences (lecture 002)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, as_float, require_same_shape

Params: TypeAlias = Any
"""Parameters of a model: one array, or a dict, list or tuple of arrays."""


def _require_step(h: float) -> None:
    if not h > 0:
        raise ValueError(f"h must be positive, got {h!r}. 1e-5 suits float64.")


def forward_difference(f: Callable[[Any], Any], x: float, h: float) -> float:
    """Slope of ``f`` at ``x`` from one side, ``(f(x + h) - f(x)) / h``; its error is O(h)."""
    _require_step(h)
    return (f(x + h) - f(x)) / h  # type: ignore[no-any-return]


def central_difference(f: Callable[[Any], Any], x: float, h: float) -> float:
    """Slope of ``f`` at ``x`` from both sides, ``(f(x + h) - f(x - h)) / 2h``; its error is O(h²)."""
    _require_step(h)
    return (f(x + h) - f(x - h)) / (2 * h)  # type: ignore[no-any-return]


def numerical_gradient(f: Callable[[Array], Any], x: npt.ArrayLike, h: float = 1e-5) -> Array:
    """Central difference of ``f`` in every component of ``x``.

    Parameters
    ----------
    f
        Takes an array shaped as ``x``, returns one number; called twice per component.
    x
        Any shape; left as it is.
    h
        Step, in units of ``x``.

    Returns
    -------
    Array
        Shaped as ``x``, float64: ``h`` would drown in the rounding of float32.
    """
    _require_step(h)
    point = np.array(x, dtype=np.float64, order="C")
    grad = np.empty_like(point)
    flat_point, flat_grad = point.reshape(-1), grad.reshape(-1)
    for i in range(flat_point.size):
        kept = flat_point[i]
        flat_point[i] = kept + h
        above = _number(f(point))
        flat_point[i] = kept - h
        below = _number(f(point))
        flat_point[i] = kept  # subtracting h again would leave a rounding error
        flat_grad[i] = (above - below) / (2 * h)
    return grad


def _number(value: Any) -> float:
    array = np.asarray(value)
    if array.size != 1:
        raise ValueError(f"f must return one number, got shape {array.shape}. Sum or average it into a loss.")
    return float(array.reshape(()))


def relative_error(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Compare two gradients by ``‖a - b‖ / (‖a‖ + ‖b‖)``.

    At most 1e-7 is great, 1e-5 deserves another look, 1e-3 and more is a bug. Two zero gradients agree: 0.
    """
    first, second = as_float(a).astype(np.float64).ravel(), as_float(b).astype(np.float64).ravel()
    require_same_shape("a", np.asarray(a), "b", np.asarray(b))
    scale = max(np.abs(first).max(initial=0.0), np.abs(second).max(initial=0.0))
    if scale == 0:
        return 0.0
    first, second = first / scale, second / scale  # squares of tiny or huge entries leave float's range
    norm = np.linalg.norm
    return float(norm(first - second) / (norm(first) + norm(second)))


def flatten(params: Params) -> Array:
    """Join all parameters into one vector ``(P,)``: θ of lecture 002.

    Parameters
    ----------
    params
        An array, or a dict, list or tuple of arrays; a dict is read in its own order.
    """
    parts = [as_float(part).ravel() for part in _arrays(params)]
    if not parts:
        raise ValueError("params must hold at least one array, got none. Pass a dict or list of arrays.")
    return np.concatenate(parts)


def unflatten(theta: npt.ArrayLike, like: Params) -> Params:
    """Cut ``theta`` ``(P,)`` into new arrays with the names, order and shapes of ``like``."""
    theta = as_float(theta)
    shapes = [np.shape(part) for part in _arrays(like)]
    sizes = [int(np.prod(shape)) for shape in shapes]
    if theta.shape != (sum(sizes),):
        raise ValueError(f"theta must have shape ({sum(sizes)},) to fill `like`, got {theta.shape}.")
    cuts = np.split(theta, np.cumsum(sizes)[:-1])
    parts = [cut.reshape(shape).copy() for cut, shape in zip(cuts, shapes, strict=True)]
    if isinstance(like, Mapping):
        return dict(zip(like, parts, strict=True))
    if isinstance(like, tuple):
        return tuple(parts)
    return parts if isinstance(like, list) else parts[0]


def _arrays(params: Params) -> Sequence[Any]:
    if isinstance(params, Mapping):
        return list(params.values())
    return params if isinstance(params, list | tuple) else [params]


def check_gradient(f: Callable[[Params], Any], grad: Any, x: Params, h: float = 1e-5) -> float:
    """Return the :func:`relative_error` of ``grad`` against central differences of ``f`` at ``x``.

    Parameters
    ----------
    f
        The loss, regularisation included and dropout off; takes what ``x`` is.
    grad
        The gradient at ``x``, structured as ``x``, or a function that returns it. Dicts are matched by name.
    x
        The point: an array, or a dict, list or tuple of arrays.
    h
        Step, in units of ``x``.

    Returns
    -------
    float
        0 to 1.
    """
    grads = grad(x) if callable(grad) else grad
    if isinstance(x, Mapping) and isinstance(grads, Mapping) and set(grads) == set(x):
        grads = {name: grads[name] for name in x}  # backprop lists its last layer first
    analytic = flatten(grads)
    theta = flatten(x)
    require_same_shape("grad", analytic, "x", theta)
    return relative_error(analytic, numerical_gradient(lambda point: f(unflatten(point, x)), theta, h))
