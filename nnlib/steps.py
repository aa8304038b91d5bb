"""One update of each optimizer as its paper writes it, on any array (lectures 000, 002 and 004).

Each returns the new weights and the new state and changes neither argument.
``state`` is a dict that starts empty and belongs to one parameter; a step leaves in it what the next one needs.
:mod:`nnlib.optimizers` holds the same updates in place, for training.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, as_float, require_real, require_same_shape, require_share

State: TypeAlias = dict[str, Any]


def _require(w: npt.ArrayLike, dw: npt.ArrayLike, lr: float, **decays: float) -> tuple[Array, Array]:
    w, dw = as_float(w), as_float(dw)
    require_same_shape("dw", dw, "w", w)
    require_real("lr", lr, at_least=0)
    for name, value in decays.items():
        require_share(name, value)
    return w, dw


def ewa(values: npt.ArrayLike, beta: float) -> Array:
    """Exponentially weighted average ``v_t = beta * v_{t-1} + (1 - beta) * values_t``, ``v_0 = 0``.

    Parameters
    ----------
    values
        Series ``(T, ...)``.
    beta
        In [0, 1); averages about ``1 / (1 - beta)`` values.

    Returns
    -------
    Array
        Averages ``(T, ...)``; the first are too small, see :func:`ewa_corrected`.
    """
    series = as_float(values)
    if series.ndim == 0:
        raise ValueError(f"values must be a series of shape (T, ...), got one number, {values!r}.")
    require_share("beta", beta)
    averages = np.empty_like(series)
    v = np.zeros_like(series[0]) if len(series) else series
    for t, value in enumerate(series):
        v = beta * v + (1 - beta) * value
        averages[t] = v
    return averages


def ewa_corrected(values: npt.ArrayLike, beta: float) -> Array:
    """:func:`ewa` divided by ``1 - beta**t``, t from 1: the weights of the values then sum to 1."""
    averages = ewa(values, beta)
    t = np.arange(1, len(averages) + 1).reshape(-1, *[1] * (averages.ndim - 1))
    corrected: Array = averages / (1 - beta**t).astype(averages.dtype)
    return corrected


def momentum_step(
    w: npt.ArrayLike, dw: npt.ArrayLike, state: State, lr: float, beta: float = 0.9
) -> tuple[Array, State]:
    """Step along the average of past gradients, ``v = beta * v + (1 - beta) * dw`` (lecture 002)."""
    w, dw = _require(w, dw, lr, beta=beta)
    v = beta * state.get("v", np.zeros_like(w)) + (1 - beta) * dw
    return w - lr * v, {"v": v}


def classic_momentum_step(
    w: npt.ArrayLike, dw: npt.ArrayLike, state: State, lr: float, rho: float = 0.9
) -> tuple[Array, State]:
    """Step along the decaying sum of past gradients, ``v = rho * v + dw``; Polyak (1964)."""
    w, dw = _require(w, dw, lr, rho=rho)
    v = rho * state.get("v", np.zeros_like(w)) + dw
    return w - lr * v, {"v": v}


def nesterov_step(
    w: npt.ArrayLike,
    dw: npt.ArrayLike | Callable[[Array], npt.ArrayLike],
    state: State,
    lr: float,
    rho: float = 0.9,
) -> tuple[Array, State]:
    """Look ahead along the velocity before measuring the gradient; Nesterov (1983), Sutskever et al. (2013).

    Parameters
    ----------
    w
        Weights, any shape.
    dw
        A function that returns the gradient at any point: the update is then that of lecture 004, with the gradient
        taken at the point looked ahead to, ``w + rho * v``.
        Or the gradient at ``w``: ``w`` then *is* the point looked ahead to, and the result the next such point.
    state
        Empty, or what the last step returned.
    lr, rho
        Learning rate, and share of the velocity that is kept.
    """
    gradient = dw if callable(dw) else None
    w = as_float(w)
    velocity = state.get("v", np.zeros_like(w))
    here = w if gradient is None else w + rho * velocity
    w, g = _require(w, dw if gradient is None else gradient(here), lr, rho=rho)  # type: ignore[arg-type]
    v = rho * velocity - lr * g
    # Looking ahead moves along: w + rho*v_old is held, so rho*v_old leaves and rho*v_new comes.
    stepped = w + v if gradient is not None else w - rho * velocity + (1 + rho) * v
    return stepped, {"v": v}


def adagrad_step(
    w: npt.ArrayLike, dw: npt.ArrayLike, state: State, lr: float, eps: float = 1e-8
) -> tuple[Array, State]:
    """Divide by the root of the summed squares, so the step only ever fades; Duchi et al. (2011)."""
    w, dw = _require(w, dw, lr)
    cache = state.get("cache", np.zeros_like(w)) + dw**2
    return w - lr * dw / (np.sqrt(cache) + eps), {"cache": cache}


def rmsprop_step(
    w: npt.ArrayLike, dw: npt.ArrayLike, state: State, lr: float, beta: float = 0.9, eps: float = 1e-8
) -> tuple[Array, State]:
    """Divide by the root of the averaged squares, which forgets; Tieleman & Hinton (2012)."""
    w, dw = _require(w, dw, lr, beta=beta)
    s = beta * state.get("s", np.zeros_like(w)) + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


def adam_step(
    w: npt.ArrayLike,
    dw: npt.ArrayLike,
    state: State,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, State]:
    """Averages of the gradient and of its square, both corrected for their start: algorithm 1 of Kingma & Ba (2015)."""
    w, dw = _require(w, dw, lr, beta1=beta1, beta2=beta2)
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", np.zeros_like(w)) + (1 - beta1) * dw
    v = beta2 * state.get("v", np.zeros_like(w)) + (1 - beta2) * dw**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adamw_step(
    w: npt.ArrayLike,
    dw: npt.ArrayLike,
    state: State,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Array, State]:
    """:func:`adam_step` after shrinking ``w`` by ``1 - lr * weight_decay``; Loshchilov & Hutter (2019)."""
    require_real("weight_decay", weight_decay, at_least=0)
    return adam_step((1 - lr * weight_decay) * as_float(w), dw, state, lr, beta1, beta2, eps)


def adadelta_step(
    w: npt.ArrayLike, dw: npt.ArrayLike, state: State, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6
) -> tuple[Array, State]:
    """Scale the gradient by the size of recent steps over that of recent gradients: algorithm 1 of Zeiler (2012)."""
    w, dw = _require(w, dw, lr, rho=rho)
    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
    steps = state.get("steps", np.zeros_like(w))
    step = np.sqrt(steps + eps) / np.sqrt(s + eps) * dw
    return w - lr * step, {"s": s, "steps": rho * steps + (1 - rho) * step**2}
