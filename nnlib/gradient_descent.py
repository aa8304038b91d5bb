"""Batch, stochastic and mini-batch gradient descent on softmax regression (lectures 000, 001 and 002)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nnlib._validate import (
    Array,
    as_float,
    require_finite,
    require_int,
    require_labels,
    require_ndim,
    require_real,
    require_rng,
    require_same_shape,
)
from nnlib.activations import affine_backward, affine_forward
from nnlib.gradcheck import Params
from nnlib.losses import softmax_cross_entropy
from nnlib.minibatches import random_minibatches

Batches: TypeAlias = Iterable[tuple[Array, Array]]


def gradient_step(params: Params, grads: Params, lr: float) -> Any:
    """Return ``params - lr * grads``, structured as ``params``: all updated at once, none in place.

    Parameters
    ----------
    params, grads
        An array each, or a dict, list or tuple of arrays with the same keys and shapes.
    lr
        Learning rate, 0 or more.
    """
    require_real("lr", lr, at_least=0)
    if isinstance(params, dict):
        if not isinstance(grads, dict) or params.keys() != grads.keys():
            raise ValueError(f"grads must have the keys of params, {list(params)}, got {_keys(grads)}.")
        return {name: _step(f"[{name!r}]", params[name], grads[name], lr) for name in params}
    if isinstance(params, list | tuple):
        if not isinstance(grads, list | tuple) or len(params) != len(grads):
            raise ValueError(f"grads must hold {len(params)} arrays as params does, got {_keys(grads)}.")
        pairs = enumerate(zip(params, grads, strict=True))
        return type(params)([_step(f"[{i}]", w, dw, lr) for i, (w, dw) in pairs])
    return _step("", params, grads, lr)


def _keys(grads: object) -> object:
    if isinstance(grads, dict):
        return list(grads)
    return len(grads) if isinstance(grads, list | tuple) else type(grads).__name__


def _step(place: str, w: npt.ArrayLike, dw: npt.ArrayLike, lr: float) -> Array:
    w, dw = as_float(w), as_float(dw)
    require_same_shape(f"grads{place}", dw, f"params{place}", w)
    stepped: Array = w - float(lr) * dw
    return stepped


def batch_gradient_descent(X: npt.ArrayLike, y: npt.ArrayLike, lr: float, epochs: int) -> list[float]:
    """Take one step per epoch, with the gradient of all examples.

    Parameters
    ----------
    X
        Examples ``(N, D)``.
    y
        Labels ``(N,)``, classes numbered from 0.
    lr
        Learning rate.
    epochs
        Passes over the data.

    Returns
    -------
    list
        The cost of each step's batch before the step, ``epochs`` long; it starts at ln C (weights at zero).
    """
    X, y = _require_data(X, y, epochs)
    return _descend(([(X, y)] for _ in range(epochs)), X.shape[1], int(y.max()) + 1, lr)


def stochastic_gradient_descent(
    X: npt.ArrayLike, y: npt.ArrayLike, lr: float, epochs: int, rng: np.random.Generator
) -> list[float]:
    """Take one step per example, in a fresh order each epoch; returns ``epochs * N`` costs."""
    return minibatch_gradient_descent(X, y, lr, epochs, 1, rng)


def minibatch_gradient_descent(
    X: npt.ArrayLike, y: npt.ArrayLike, lr: float, epochs: int, batch_size: int, rng: np.random.Generator
) -> list[float]:
    """Take one step per batch of ``batch_size`` examples; returns one cost per step.

    With ``batch_size`` N it is :func:`batch_gradient_descent`, with 1 :func:`stochastic_gradient_descent`.
    """
    X, y = _require_data(X, y, epochs)
    require_int("batch_size", batch_size, at_least=1)
    require_rng(rng)
    passes = (random_minibatches(X, y, batch_size, rng) for _ in range(epochs))
    return _descend(passes, X.shape[1], int(y.max()) + 1, lr)


def _require_data(X: npt.ArrayLike, y: npt.ArrayLike, epochs: int) -> tuple[Array, Array]:
    X = as_float(X)
    require_ndim("X", X, 2, "(N, D)")
    require_finite("X", X)
    require_int("epochs", epochs, at_least=0)
    highest = int(np.max(y, initial=0)) if np.asarray(y).dtype.kind in "iu" else 0
    return X, require_labels(y, X.shape[0], highest + 1)


def _descend(passes: Iterable[Batches], num_features: int, num_classes: int, lr: float) -> list[float]:
    params = {"W": np.zeros((num_features, num_classes)), "b": np.zeros(num_classes)}
    costs = []
    for batches in passes:
        for X, y in batches:
            scores, cache = affine_forward(X, params["W"], params["b"])
            cost, dscores = softmax_cross_entropy(scores, y)
            _, dw, db = affine_backward(dscores, cache)
            params = gradient_step(params, {"W": dw, "b": db}, lr)
            costs.append(cost)
    return costs
