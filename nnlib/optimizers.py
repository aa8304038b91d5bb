"""Optimizers that update a parameter vector in place, in order of growing complexity (lectures 000, 002 and 004).

The formulas are those of :mod:`nnlib.steps`, which reads like the papers; here they are arranged for speed:
no memory is allocated after the first step, and long vectors are worked through in blocks that stay in cache.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from nnlib._validate import Array, require_real, require_same_shape, require_share

_BLOCK = 1 << 18  # entries; larger vectors would leave the cache between two passes of an update


class Optimizer:
    """Base: checks, state arrays, and the walk over blocks.

    Parameters
    ----------
    lr
        Learning rate; a schedule may assign :attr:`lr` between steps.
    """

    state_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, lr: float) -> None:
        require_real("lr", lr, at_least=0)
        self.lr = lr
        self.t = 0
        self._state: list[Array] = []
        self._scratch: Array = np.empty(0)

    def step(self, theta: Array, grad: Array) -> None:
        """Move ``theta`` (any shape) against ``grad``, in place."""
        flat, g = self._prepare(theta, grad)
        self.t += 1
        self._begin()
        if flat.size <= _BLOCK:
            self._update(flat, g, *self._state)
            return
        for start in range(0, flat.size, _BLOCK):
            part = slice(start, start + _BLOCK)
            self._update(flat[part], g[part], *[array[part] for array in self._state])

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint needs: the step count and the state arrays (not copied)."""
        return {"t": self.t, **dict(zip(self.state_names, self._state, strict=False))}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Take over a state that :meth:`state` returned."""
        missing = {"t", *(self.state_names if int(state.get("t", 0)) else ())} - state.keys()
        if missing:
            raise ValueError(f"The state of {type(self).__name__} must hold {sorted(missing)}, got {sorted(state)}.")
        self.t = int(state["t"])
        self._state = [np.array(state[name]) for name in self.state_names if name in state]

    def _prepare(self, theta: Array, grad: Array) -> tuple[Array, Array]:
        require_same_shape("grad", grad, "theta", theta)
        if theta.dtype.kind != "f" or not theta.flags.c_contiguous:
            raise ValueError(
                f"theta must be a contiguous float array to be updated in place, got {theta.dtype}"
                f"{'' if theta.flags.c_contiguous else ', not contiguous'}. Pass np.ascontiguousarray(theta, float)."
            )
        if self.state_names and not self._state:
            self._state = [np.zeros(theta.size, theta.dtype) for _ in self.state_names]
        if self._state and self._state[0].size != theta.size:
            raise ValueError(
                f"One optimizer serves one parameter vector: its state has {self._state[0].size} entries, "
                f"theta {theta.size}. Make a new optimizer for it."
            )
        if self._scratch.dtype != theta.dtype or self._scratch.size < min(theta.size, _BLOCK):
            self._scratch = np.empty(min(theta.size, _BLOCK), theta.dtype)
        return theta.reshape(-1), grad.reshape(-1)

    def _begin(self) -> None:
        """Compute the numbers that all blocks of a step share."""

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        raise NotImplementedError

    def _buffer(self, like: Array) -> Array:
        return self._scratch[: like.size]


class SGD(Optimizer):
    """``w -= lr * g``."""

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        w -= np.multiply(g, self.lr, out=self._buffer(w))


class Momentum(Optimizer):
    """Average of past gradients, ``v = beta * v + (1 - beta) * g`` (lecture 002)."""

    state_names = ("v",)

    def __init__(self, lr: float, beta: float = 0.9) -> None:
        super().__init__(lr)
        require_share("beta", beta)
        self.beta = beta

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        (v,) = state
        scratch = self._buffer(w)
        v *= self.beta
        v += np.multiply(g, 1 - self.beta, out=scratch)
        w -= np.multiply(v, self.lr, out=scratch)


class ClassicMomentum(Optimizer):
    """Decaying sum of past gradients, ``v = rho * v + g``; Polyak (1964)."""

    state_names = ("v",)

    def __init__(self, lr: float, rho: float = 0.9) -> None:
        super().__init__(lr)
        require_share("rho", rho)
        self.rho = rho

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        (v,) = state
        v *= self.rho
        v += g
        w -= np.multiply(v, self.lr, out=self._buffer(w))


class Nesterov(Optimizer):
    """Momentum at the point looked ahead to, which ``theta`` holds; Sutskever et al. (2013)."""

    state_names = ("v",)

    def __init__(self, lr: float, rho: float = 0.9) -> None:
        super().__init__(lr)
        require_share("rho", rho)
        self.rho = rho

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        (v,) = state
        scratch = self._buffer(w)
        # v = rho*v - lr*g and w += -rho*v_old + (1 + rho)*v, which is w += rho*v - lr*g with the new v
        np.multiply(g, self.lr, out=scratch)
        v *= self.rho
        v -= scratch
        w -= scratch
        w += np.multiply(v, self.rho, out=scratch)


class AdaGrad(Optimizer):
    """Divide by the root of the summed squares; Duchi et al. (2011)."""

    state_names = ("cache",)

    def __init__(self, lr: float, eps: float = 1e-8) -> None:
        super().__init__(lr)
        require_real("eps", eps, above=0)
        self.eps = eps

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        (cache,) = state
        cache += np.multiply(g, g, out=self._buffer(w))
        _divided_step(w, g, cache, self.lr, self.eps, self._buffer(w))


class RMSProp(Optimizer):
    """Divide by the root of the averaged squares; Tieleman & Hinton (2012)."""

    state_names = ("s",)

    def __init__(self, lr: float, beta: float = 0.9, eps: float = 1e-8) -> None:
        super().__init__(lr)
        require_share("beta", beta)
        require_real("eps", eps, above=0)
        self.beta, self.eps = beta, eps

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        (s,) = state
        _average_square(s, g, self.beta, self._buffer(w))
        _divided_step(w, g, s, self.lr, self.eps, self._buffer(w))


class AdaDelta(Optimizer):
    """Scale by the size of recent steps over that of recent gradients; Zeiler (2012)."""

    state_names = ("s", "steps")

    def __init__(self, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6) -> None:
        super().__init__(lr)
        require_share("rho", rho)
        require_real("eps", eps, above=0)
        self.rho, self.eps = rho, eps

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        s, steps = state
        scratch = self._buffer(w)
        _average_square(s, g, self.rho, scratch)
        step = np.sqrt((steps + self.eps) / (s + self.eps))  # the rare optimizer; it may allocate
        step *= g
        _average_square(steps, step, self.rho, scratch)
        w -= np.multiply(step, self.lr, out=scratch)


class Adam(Optimizer):
    """Averages of the gradient and its square, corrected for their start; Kingma & Ba (2015).

    The state holds the averages over ``1 - beta``, as sums: the same update, two passes shorter.
    """

    state_names = ("m", "v")

    def __init__(self, lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> None:
        super().__init__(lr)
        require_share("beta1", beta1)
        require_share("beta2", beta2)
        require_real("eps", eps, above=0)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def _begin(self) -> None:
        root = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.t))  # sqrt(v_hat) = root * sqrt(v)
        self._rate = self.lr * (1 - self.beta1) / (1 - self.beta1**self.t) / root
        self._small = self.eps / root

    def _update(self, w: Array, g: Array, *state: Array) -> None:
        m, v = state
        m *= self.beta1
        m += g
        v *= self.beta2
        v += np.multiply(g, g, out=self._buffer(w))
        _divided_step(w, m, v, self._rate, self._small, self._buffer(w))


class AdamW(Adam):
    """:class:`Adam` after shrinking the weights by ``1 - lr * weight_decay``; Loshchilov & Hutter (2019).

    Parameters
    ----------
    weight_decay
        Strength, 0 or more.
    decayed
        How many leading entries of ``theta`` to shrink; None is all. ``network.num_decayed`` spares
        biases, gamma and beta.
    """

    def __init__(
        self,
        lr: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        decayed: int | None = None,
    ) -> None:
        super().__init__(lr, beta1, beta2, eps)
        require_real("weight_decay", weight_decay, at_least=0)
        self.weight_decay, self.decayed = weight_decay, decayed

    def step(self, theta: Array, grad: Array) -> None:
        flat, _ = self._prepare(theta, grad)
        flat[: self.decayed] *= 1 - self.lr * self.weight_decay
        super().step(theta, grad)


def _average_square(average: Array, value: Array, share: float, scratch: Array) -> None:
    np.multiply(value, value, out=scratch)
    scratch *= 1 - share
    average *= share
    average += scratch


def _divided_step(w: Array, g: Array, square: Array, lr: float, eps: float, scratch: Array) -> None:
    """``w -= lr * g / (sqrt(square) + eps)``."""
    np.sqrt(square, out=scratch)
    scratch += eps
    np.divide(g, scratch, out=scratch)
    scratch *= lr
    w -= scratch
