"""Affine layers and activation functions, forwards and backwards (lectures 000 and 003).

Backwards of elementwise functions take the upstream gradient ``da`` and the *input* ``z``.
At a kink the derivative is the one on the left, as in most libraries: ``relu_backward(da, 0)`` is 0.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, as_float, require_ndim, require_same_shape, require_shape

AffineCache: TypeAlias = tuple[Array, Array, Array]
MaxoutCache: TypeAlias = tuple[Array, Array, Array]


def affine_forward(x: npt.ArrayLike, w: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Array, AffineCache]:
    """Compute the scores ``x @ w + b``.

    Parameters
    ----------
    x
        Examples ``(N, D)``.
    w
        Weights ``(D, K)``.
    b
        Biases ``(K,)``.

    Returns
    -------
    tuple
        Scores ``(N, K)`` and the cache for :func:`affine_backward`.
    """
    x, w, b = as_float(x), as_float(w), as_float(b)
    require_ndim("x", x, 2, "(N, D)")
    require_ndim("w", w, 2, "(D, K)")
    if x.shape[1] != w.shape[0]:
        raise ValueError(
            f"w must have a row for each of x's {x.shape[1]} columns, got w of shape {w.shape}. "
            "Examples are rows and w is (D, K): transpose whichever is not."
        )
    if b.shape != w.shape[1:]:
        raise ValueError(f"b must have shape ({w.shape[1]},), got {b.shape}. Try b.ravel().")
    out = x @ w
    out += b
    return out, (x, w, b)


def affine_backward(dout: npt.ArrayLike, cache: AffineCache) -> tuple[Array, Array, Array]:
    """Return ``(dx, dw, db)`` for ``dout`` ``(N, K)``, each shaped as what it differentiates."""
    dout = as_float(dout)
    x, w, _ = cache
    require_shape("dout", dout, (x.shape[0], w.shape[1]), "the scores' own", "Pass the cache of the same forward call.")
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def _pair(da: npt.ArrayLike, z: npt.ArrayLike) -> tuple[Array, Array]:
    da, z = as_float(da), as_float(z)
    require_same_shape("da", da, "z", z)
    return da, z


def sigmoid(z: npt.ArrayLike) -> Array:
    """Squash to (0, 1): ``1 / (1 + exp(-z))``, without overflow at any ``z``."""
    z = as_float(z)
    exp = np.exp(-np.abs(z))  # never above 1, so never inf
    squashed: Array = np.where(z >= 0, 1, exp) / (1 + exp)
    return squashed


def sigmoid_backward(da: npt.ArrayLike, z: npt.ArrayLike) -> Array:
    """Multiply ``da`` by ``a * (1 - a)``, at most 0.25 (at 0) and below 1e-4 for ``|z| > 10``."""
    da, z = _pair(da, z)
    exp = np.exp(-np.abs(z))
    dz: Array = da * (exp / (1 + exp) ** 2)  # 1 - a itself would round to 0 for large z
    return dz


def tanh(z: npt.ArrayLike) -> Array:
    """Squash to (-1, 1), centred on zero."""
    squashed: Array = np.tanh(as_float(z))
    return squashed


def tanh_backward(da: npt.ArrayLike, z: npt.ArrayLike) -> Array:
    """Multiply ``da`` by ``1 - tanh(z)**2``."""
    da, z = _pair(da, z)
    dz: Array = da * (1 - np.tanh(z) ** 2)
    return dz


def relu(z: npt.ArrayLike) -> Array:
    """Keep the positive part, ``max(0, z)``."""
    a: Array = np.maximum(as_float(z), 0)
    return a


def relu_backward(da: npt.ArrayLike, z: npt.ArrayLike) -> Array:
    """Let ``da`` through where ``z > 0``; a unit that is negative for every example learns nothing."""
    da, z = _pair(da, z)
    dz: Array = da * (z > 0)
    return dz


def leaky_relu(z: npt.ArrayLike, slope: float = 0.01) -> Array:
    """Keep the positive part and let ``slope`` of the negative part leak; Maas et al. (2013)."""
    z = as_float(z)
    return np.where(z > 0, z, float(slope) * z)


def leaky_relu_backward(da: npt.ArrayLike, z: npt.ArrayLike, slope: float = 0.01) -> Array:
    """Multiply ``da`` by 1 where ``z > 0`` and by ``slope`` elsewhere."""
    da, z = _pair(da, z)
    return np.where(z > 0, da, float(slope) * da)


def elu(z: npt.ArrayLike, alpha: float = 1.0) -> Array:
    """Approach ``-alpha`` smoothly on the negative side, ``alpha * (exp(z) - 1)``; Clevert et al. (2016)."""
    z = as_float(z)
    return np.where(z > 0, z, float(alpha) * np.expm1(np.minimum(z, 0)))  # exp of the unused side overflows


def elu_backward(da: npt.ArrayLike, z: npt.ArrayLike, alpha: float = 1.0) -> Array:
    """Multiply ``da`` by 1 where ``z > 0`` and by ``alpha * exp(z)`` elsewhere."""
    da, z = _pair(da, z)
    return np.where(z > 0, da, da * (float(alpha) * np.exp(np.minimum(z, 0))))


def _slopes(z: Array, alpha: npt.ArrayLike) -> Array:
    """Return PReLU's slopes in the precision of ``z``: one for all units or one per unit."""
    slopes = np.asarray(alpha)
    if slopes.ndim > z.ndim or slopes.shape != z.shape[z.ndim - slopes.ndim :]:
        raise ValueError(
            f"alpha must be one number or have z's last axes, {z.shape[1:]}, got shape {slopes.shape}. "
            "Keep one slope per unit: np.full(z.shape[1:], 0.25)."
        )
    return slopes.astype(z.dtype)


def prelu(z: npt.ArrayLike, alpha: npt.ArrayLike) -> Array:
    """Leaky ReLU with learned slopes; He et al. (2015).

    Parameters
    ----------
    z
        Scores ``(N, K)``.
    alpha
        Slope of the negative side, one number or ``(K,)``.
    """
    z = as_float(z)
    return np.where(z > 0, z, _slopes(z, alpha) * z)


def prelu_backward(da: npt.ArrayLike, z: npt.ArrayLike, alpha: npt.ArrayLike) -> tuple[Array, Array]:
    """Return ``(dz, dalpha)``; ``dalpha`` has the shape of ``alpha``, summed over all that share a slope."""
    da, z = _pair(da, z)
    slopes = _slopes(z, alpha)
    dz = np.where(z > 0, da, slopes * da)
    shared = tuple(range(z.ndim - slopes.ndim))
    return dz, (da * np.minimum(z, 0)).sum(axis=shared)


def maxout_forward(x: npt.ArrayLike, w: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Array, MaxoutCache]:
    """Take the largest of ``k`` linear pieces for each unit; Goodfellow et al. (2013).

    Parameters
    ----------
    x
        Examples ``(N, D)``.
    w
        Weights of the pieces ``(k, D, K)``.
    b
        Biases of the pieces ``(k, K)``.

    Returns
    -------
    tuple
        Outputs ``(N, K)`` and the cache for :func:`maxout_backward`.
    """
    x, w, b = as_float(x), as_float(w), as_float(b)
    require_ndim("x", x, 2, "(N, D)")
    require_ndim("w", w, 3, "(k, D, K)")
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"w must have shape (k, {x.shape[1]}, K) for x of shape {x.shape}, got {w.shape}.")
    if b.shape != (w.shape[0], w.shape[2]):
        raise ValueError(f"b must have shape (k, K) = {(w.shape[0], w.shape[2])}, got {b.shape}.")
    pieces = x @ w + b[:, np.newaxis, :]  # (k, N, K)
    winner = pieces.argmax(axis=0)  # the first of equals, so a tie feeds one piece only
    return pieces.max(axis=0), (x, w, winner)


def maxout_backward(dout: npt.ArrayLike, cache: MaxoutCache) -> tuple[Array, Array, Array]:
    """Return ``(dx, dw, db)``; only the piece that won a unit for an example gets its gradient."""
    dout = as_float(dout)
    x, w, winner = cache
    require_same_shape("dout", dout, "out", winner)
    piece = np.arange(w.shape[0])[:, np.newaxis, np.newaxis]
    dpieces = dout * (winner == piece)  # (k, N, K)
    dx = (dpieces @ w.transpose(0, 2, 1)).sum(axis=0)
    return dx, x.T @ dpieces, dpieces.sum(axis=1)


def softplus(z: npt.ArrayLike) -> Array:
    """Smooth ReLU, ``log(1 + exp(z))``, without overflow at any ``z``."""
    z = as_float(z)
    a: Array = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    return a


def softplus_backward(da: npt.ArrayLike, z: npt.ArrayLike) -> Array:
    """Multiply ``da`` by ``sigmoid(z)``."""
    da, z = _pair(da, z)
    dz: Array = da * sigmoid(z)
    return dz


_GELU_SCALE = math.sqrt(2 / math.pi)
_GELU_CUBIC = 0.044715


def gelu(z: npt.ArrayLike) -> Array:
    """Weight ``z`` by about the normal distribution's CDF: the tanh form of Hendrycks & Gimpel (2016)."""
    z = as_float(z)
    a: Array = 0.5 * z * (1 + np.tanh(_GELU_SCALE * (z + _GELU_CUBIC * z**3)))
    return a


def gelu_backward(da: npt.ArrayLike, z: npt.ArrayLike) -> Array:
    """Multiply ``da`` by the derivative of :func:`gelu`'s tanh form."""
    da, z = _pair(da, z)
    t = np.tanh(_GELU_SCALE * (z + _GELU_CUBIC * z**3))
    inner = _GELU_SCALE * (1 + 3 * _GELU_CUBIC * z**2)
    dz: Array = da * (0.5 * (1 + t) + 0.5 * z * (1 - t**2) * inner)
    return dz
