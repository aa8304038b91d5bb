"""Penalties on large weights and their gradients (lectures 000 to 004).

``weights`` is one array or a list of them: the weight matrices only, since biases are not penalised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, as_float, require_int, require_real, require_same_shape


def _arrays(weights: Any) -> list[Array]:
    if isinstance(weights, dict):
        raise ValueError("weights must be an array or a list of arrays, got a dict. Pass the weight matrices only.")
    many = isinstance(weights, list | tuple) and not all(np.ndim(w) == 0 for w in weights)
    return [as_float(w) for w in (weights if many else [weights])]


def _like(weights: Any, grads: list[Array]) -> Any:
    many = isinstance(weights, list | tuple) and not all(np.ndim(w) == 0 for w in weights)
    return grads if many else grads[0]


def _require_strength(lam: float, m: int) -> None:
    require_real("lam", lam, at_least=0)
    require_int("m", m, at_least=1)


def l2_penalty(weights: Any, lam: float, m: int) -> float:
    """``lam / (2m)`` times the sum of the squared weights.

    Parameters
    ----------
    weights
        Weight matrices, any shapes.
    lam
        Strength λ, 0 or more.
    m
        Number of examples in the training set (or batch) that the loss averages over.
    """
    _require_strength(lam, m)
    return lam / (2 * m) * sum(float(np.vdot(w, w)) for w in _arrays(weights))


def l2_gradient(weights: Any, lam: float, m: int) -> Any:
    """``lam / m * w``, structured as ``weights``."""
    _require_strength(lam, m)
    return _like(weights, [float(lam / m) * w for w in _arrays(weights)])


def l1_penalty(weights: Any, lam: float, m: int) -> float:
    """``lam / (2m)`` times the sum of the absolute weights (the constant of lecture 002)."""
    _require_strength(lam, m)
    return lam / (2 * m) * sum(float(np.abs(w).sum()) for w in _arrays(weights))


def l1_gradient(weights: Any, lam: float, m: int) -> Any:
    """``lam / (2m) * sign(w)``, 0 where the weight is 0, structured as ``weights``."""
    _require_strength(lam, m)
    return _like(weights, [float(lam / (2 * m)) * np.sign(w) for w in _arrays(weights)])


def elastic_net_penalty(weights: Any, lam: float, beta: float, m: int) -> float:
    """``lam / (2m)`` times ``beta * sum(w**2) + sum(|w|)``: both penalties at once."""
    require_real("beta", beta, at_least=0)
    return beta * l2_penalty(weights, lam, m) + l1_penalty(weights, lam, m)


def elastic_net_gradient(weights: Any, lam: float, beta: float, m: int) -> Any:
    """Gradient of :func:`elastic_net_penalty`, structured as ``weights``."""
    require_real("beta", beta, at_least=0)
    _require_strength(lam, m)
    scale = float(lam / (2 * m))
    return _like(weights, [scale * (2 * beta * w + np.sign(w)) for w in _arrays(weights)])


def weight_decay_step(w: npt.ArrayLike, dw: npt.ArrayLike, lr: float, lam: float, m: int) -> Array:
    """Shrink ``w`` by ``1 - lr * lam / m``, then take the usual step ``-lr * dw``.

    ``dw`` is the gradient of the loss without its penalty; the shrinking is the penalty's share.
    """
    _require_strength(lam, m)
    require_real("lr", lr, at_least=0)
    w, dw = as_float(w), as_float(dw)
    require_same_shape("dw", dw, "w", w)
    stepped: Array = (1 - lr * lam / m) * w - float(lr) * dw
    return stepped


@dataclass(frozen=True)
class Penalty:
    """What :func:`fit` adds to the cost of a network's weights: a kind and its strength λ.

    Parameters
    ----------
    lam
        Strength λ, 0 or more; at 0 there is no penalty.
    """

    lam: float

    def __post_init__(self) -> None:
        require_real("lam", self.lam, at_least=0)

    def cost(self, weights: Array, m: int) -> float:
        """The penalty of ``weights``, over ``m`` training examples."""
        raise NotImplementedError

    def gradient(self, weights: Array, m: int) -> Any:
        """Its gradient, shaped as ``weights``."""
        raise NotImplementedError


@dataclass(frozen=True)
class L2(Penalty):
    """:func:`l2_penalty` of strength ``lam``."""

    def cost(self, weights: Array, m: int) -> float:
        return l2_penalty(weights, self.lam, m)

    def gradient(self, weights: Array, m: int) -> Any:
        return l2_gradient(weights, self.lam, m)


@dataclass(frozen=True)
class L1(Penalty):
    """:func:`l1_penalty` of strength ``lam``."""

    def cost(self, weights: Array, m: int) -> float:
        return l1_penalty(weights, self.lam, m)

    def gradient(self, weights: Array, m: int) -> Any:
        return l1_gradient(weights, self.lam, m)


@dataclass(frozen=True)
class ElasticNet(Penalty):
    """:func:`elastic_net_penalty` of strength ``lam``, the squares ``beta`` times."""

    beta: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        require_real("beta", self.beta, at_least=0)

    def cost(self, weights: Array, m: int) -> float:
        return elastic_net_penalty(weights, self.lam, self.beta, m)

    def gradient(self, weights: Array, m: int) -> Any:
        return elastic_net_gradient(weights, self.lam, self.beta, m)
