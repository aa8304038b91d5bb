"""Batch normalisation (lectures 001 to 004), after Ioffe & Szegedy (2015)."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nnlib._validate import (
    Array,
    as_float,
    require_filled,
    require_ndim,
    require_real,
    require_same_shape,
    require_shape,
    require_share,
)

Running: TypeAlias = dict[str, Any]
BatchnormCache: TypeAlias = tuple[Array, Array, Array, bool]


def batchnorm_forward(
    x: npt.ArrayLike,
    gamma: npt.ArrayLike,
    beta: npt.ArrayLike,
    running: Running,
    train: bool = True,
    momentum: float = 0.9,
    eps: float = 1e-5,
) -> tuple[Array, BatchnormCache]:
    """Give every feature the mean ``beta`` and the standard deviation ``gamma`` over the batch.

    Parameters
    ----------
    x
        Layer outputs ``(N, K)``.
    gamma, beta
        Learned scale and shift ``(K,)``.
    running
        Averages ``{"mean": (K,), "var": (K,)}`` used at test time; may start empty (mean 0, variance 1).
        Training moves them by :func:`update_running`: the one argument of nnlib that a forward call changes.
    train
        True normalises with the batch's own statistics, False with ``running``, which then stays as it is.
    momentum
        Share of the old averages that is kept, in [0, 1). PyTorch's ``momentum`` is one minus this.
    eps
        Added to the variance, above 0.

    Returns
    -------
    tuple
        Outputs ``(N, K)`` and the cache for :func:`batchnorm_backward`.
    """
    x = as_float(x)
    require_ndim("x", x, 2, "(N, K)")
    gamma, beta = as_float(gamma), as_float(beta)
    for name, value in (("gamma", gamma), ("beta", beta)):
        require_shape(name, value, x.shape[1:], "one entry per feature")
    require_real("eps", eps, above=0)
    require_filled(x)
    if train:
        mean = np.add.reduce(x, axis=0) / x.shape[0]
        x_hat = x - mean
        var = np.einsum("nk,nk->k", x_hat, x_hat) / x.shape[0]  # over N, not N - 1: the biased variance
        update_running(running, mean, var, momentum)
    else:
        mean, var = _running(running, x)
        x_hat = x - mean
    inv_std = 1 / np.sqrt(var + eps)
    x_hat *= inv_std
    out = gamma * x_hat
    out += beta
    return out, (x_hat, inv_std, gamma, train)


def _running(running: Running, x: Array) -> tuple[Array, Array]:
    mean = as_float(running.get("mean", np.zeros(x.shape[1:]))).astype(x.dtype)
    var = as_float(running.get("var", np.ones(x.shape[1:]))).astype(x.dtype)
    for name, value in (("mean", mean), ("var", var)):
        require_shape(f"running[{name!r}]", value, x.shape[1:], "one entry per feature")
    return mean, var


def update_running(running: Running, mean: npt.ArrayLike, var: npt.ArrayLike, momentum: float) -> Running:
    """Move ``running["mean"]`` and ``running["var"]`` towards a batch's and return ``running``.

    ``new = momentum * old + (1 - momentum) * batch``, for the biased variance too (PyTorch averages the
    unbiased one). Arrays that are there already are replaced, not written into.
    """
    require_share("momentum", momentum)
    for name, start, batch in (("mean", np.zeros_like, as_float(mean)), ("var", np.ones_like, as_float(var))):
        old = running.get(name, start(batch))
        running[name] = momentum * old + (1 - momentum) * batch
    return running


def batchnorm_backward(dout: npt.ArrayLike, cache: BatchnormCache) -> tuple[Array, Array, Array]:
    """Return ``(dx, dgamma, dbeta)`` for ``dout`` ``(N, K)``.

    While training, mean and variance depend on ``x`` too; their share is what is subtracted from ``dout``.
    """
    dout = as_float(dout)
    x_hat, inv_std, gamma, train = cache
    require_same_shape("dout", dout, "out", x_hat)
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    if not train:
        return dout * (gamma * inv_std), dgamma, dbeta
    n = x_hat.shape[0]
    dx = dout - dbeta / n
    dx -= x_hat * (dgamma / n)
    dx *= gamma * inv_std
    return dx, dgamma, dbeta


def fold_batchnorm(
    w: npt.ArrayLike,
    b: npt.ArrayLike,
    gamma: npt.ArrayLike,
    beta: npt.ArrayLike,
    mean: npt.ArrayLike,
    var: npt.ArrayLike,
    eps: float = 1e-5,
) -> tuple[Array, Array]:
    """Merge a trained batch norm into the affine layer before it.

    Parameters
    ----------
    w, b
        The affine layer's weights ``(D, K)`` and biases ``(K,)``.
    gamma, beta, mean, var
        The batch norm's parameters and running averages ``(K,)``.
    eps
        The batch norm's own.

    Returns
    -------
    tuple
        New ``(w, b)``: ``x @ w + b`` is then what both layers gave at test time.
    """
    w, b = as_float(w), as_float(b)
    require_ndim("w", w, 2, "(D, K)")
    columns = [b, *(as_float(value) for value in (gamma, beta, mean, var))]
    for name, value in zip(("b", "gamma", "beta", "mean", "var"), columns, strict=True):
        require_shape(name, value, w.shape[1:], "one entry per unit")
    b, gamma, beta, mean, var = columns
    scale = gamma / np.sqrt(var + eps)
    return w * scale, (b - mean) * scale + beta
