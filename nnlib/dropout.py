"""Dropout: train a different thinned network on every batch (lectures 000 to 004), after Srivastava et al. (2014)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, as_float, require_rng, require_same_shape
from nnlib.activations import affine_backward, affine_forward, relu, relu_backward

DropoutCache: TypeAlias = Array | None
_LAYERS = 3


def require_keep_prob(keep_prob: float, name: str = "keep_prob") -> None:
    """Refuse a keep probability outside (0, 1]."""
    if not 0 < keep_prob <= 1:
        hint = " To keep 20%, pass 0.2; to keep all, 1." if keep_prob == 0 or keep_prob > 1 else ""
        raise ValueError(f"{name} is the probability of keeping a unit, in (0, 1], got {keep_prob!r}.{hint}")


def dropout_forward(
    x: npt.ArrayLike, keep_prob: float, rng: np.random.Generator, train: bool = True
) -> tuple[Array, DropoutCache]:
    """Drop units while training and scale up those kept, so that test time needs nothing (inverted dropout).

    Parameters
    ----------
    x
        Activations, any shape; every entry is kept or dropped on its own.
    keep_prob
        Probability of keeping a unit, in (0, 1].
    rng
        Draws a fresh mask each call.
    train
        False returns ``x`` as it is.

    Returns
    -------
    tuple
        The output, with the mean of ``x``, and the scaled mask (None if nothing was dropped).
    """
    x = as_float(x)
    require_keep_prob(keep_prob)
    if not train or keep_prob == 1:
        return x.copy(), None
    require_rng(rng)
    mask = dropout_mask(x.shape, keep_prob, rng, x.dtype)
    return x * mask, mask


def dropout_mask(shape: tuple[int, ...], keep_prob: float, rng: np.random.Generator, dtype: Any) -> Array:
    """Draw 0 with probability ``1 - keep_prob`` and ``1 / keep_prob`` otherwise."""
    uniform = rng.random(shape, dtype=np.float32)  # half the time of float64; its 24 bits are plenty
    mask = (uniform < keep_prob).astype(dtype)
    mask *= 1 / keep_prob
    return mask


def dropout_backward(dout: npt.ArrayLike, cache: DropoutCache) -> Array:
    """Send ``dout`` through the units that the forward call kept, with the same scale."""
    dout = as_float(dout)
    if cache is None:
        return dout.copy()
    require_same_shape("dout", dout, "out", cache)
    dx: Array = dout * cache
    return dx


def classic_dropout_forward(
    x: npt.ArrayLike, keep_prob: float, rng: np.random.Generator, train: bool = True
) -> tuple[Array, DropoutCache]:
    """Drop units while training without scaling, and multiply by ``keep_prob`` at test time instead.

    The cache, for :func:`dropout_backward`, is the mask of zeros and ones (``keep_prob`` itself at test time).
    """
    x = as_float(x)
    require_keep_prob(keep_prob)
    if not train:
        mask = np.full(x.shape, keep_prob, dtype=x.dtype)
    else:
        require_rng(rng)
        mask = (rng.random(x.shape) < keep_prob).astype(x.dtype)
    return x * mask, mask


def forward_with_dropout(
    x: npt.ArrayLike,
    params: Mapping[str, Array],
    keep_probs: Sequence[float],
    rng: np.random.Generator,
    train: bool = True,
) -> tuple[Array, Any]:
    """Scores of a three-layer ReLU net with dropout on the input of each layer.

    Parameters
    ----------
    x
        Examples ``(N, D)``.
    params
        ``W1, b1, W2, b2, W3, b3``.
    keep_probs
        Three keep probabilities: of the input, and of the first and second hidden layer's units.
        Scores are never dropped.
    rng
        Draws the masks.
    train
        False switches dropout off.

    Returns
    -------
    tuple
        Scores ``(N, C)`` and the cache for :func:`backward_with_dropout`.
    """
    if len(keep_probs) != _LAYERS:
        raise ValueError(f"keep_probs must hold one number per layer, {_LAYERS} in all, got {len(keep_probs)}.")
    caches, a = [], as_float(x)
    for i, keep_prob in enumerate(keep_probs, start=1):
        dropped, mask = dropout_forward(a, keep_prob, rng, train)
        z, affine_cache = affine_forward(dropped, params[f"W{i}"], params[f"b{i}"])
        caches.append((mask, affine_cache, z))
        a = relu(z) if i < _LAYERS else z
    return a, caches


def backward_with_dropout(dscores: npt.ArrayLike, cache: Any) -> dict[str, Array]:
    """Return the gradients ``W1, b1, …, b3`` with the masks of the forward call."""
    grads: dict[str, Array] = {}
    da = as_float(dscores)
    for i in range(_LAYERS, 0, -1):
        mask, affine_cache, z = cache[i - 1]
        dz = da if i == _LAYERS else relu_backward(da, z)
        dx, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dz, affine_cache)
        da = dropout_backward(dx, mask)
    return grads
