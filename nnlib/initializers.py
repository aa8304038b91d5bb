"""How weights start: ``(fan_in, fan_out)`` matrices whose scale keeps signals alive (lectures 000 to 004).

All return float64; biases start at zero and are not drawn.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from nnlib._validate import Array, require_int, require_real, require_rng, require_sizes

Init: TypeAlias = Callable[[int, int, np.random.Generator], Array]


def _require_fans(fan_in: int, fan_out: int, rng: np.random.Generator | None = None) -> None:
    require_int("fan_in", fan_in, at_least=1)
    require_int("fan_out", fan_out, at_least=1)
    if rng is not None:
        require_rng(rng)


def init_zeros(fan_in: int, fan_out: int) -> Array:
    """All zeros: every unit of a layer then computes the same and always will, since all learn the same."""
    _require_fans(fan_in, fan_out)
    return np.zeros((fan_in, fan_out))


def init_normal(fan_in: int, fan_out: int, std: float, rng: np.random.Generator) -> Array:
    """Normal with standard deviation ``std``, whatever the layer's size."""
    require_rng(rng)
    _require_fans(fan_in, fan_out)
    require_real("std", std, at_least=0)
    return std * rng.standard_normal((fan_in, fan_out))


def init_uniform(fan_in: int, fan_out: int, bound: float, rng: np.random.Generator) -> Array:
    """Uniform within ``±bound``, whatever the layer's size; its variance is ``bound**2 / 3``."""
    require_rng(rng)
    _require_fans(fan_in, fan_out)
    require_real("bound", bound, at_least=0)
    low, high = -bound, bound
    return rng.uniform(low, high, (fan_in, fan_out))


def xavier_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Normal with variance ``2 / (fan_in + fan_out)``, for tanh; Glorot & Bengio (2010)."""
    require_rng(rng)
    _require_fans(fan_in, fan_out)
    return init_normal(fan_in, fan_out, np.sqrt(2 / (fan_in + fan_out)), rng)


def xavier_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Uniform within ``±sqrt(6 / (fan_in + fan_out))``: the variance of :func:`xavier_normal`."""
    require_rng(rng)
    _require_fans(fan_in, fan_out)
    return init_uniform(fan_in, fan_out, np.sqrt(6 / (fan_in + fan_out)), rng)


def he_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Normal with variance ``2 / fan_in``: the 2 makes up for the half that ReLU cuts; He et al. (2015)."""
    require_rng(rng)
    _require_fans(fan_in, fan_out)
    return init_normal(fan_in, fan_out, np.sqrt(2 / fan_in), rng)


def he_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Uniform within ``±sqrt(6 / fan_in)``: the variance of :func:`he_normal`."""
    require_rng(rng)
    _require_fans(fan_in, fan_out)
    return init_uniform(fan_in, fan_out, np.sqrt(6 / fan_in), rng)


def lecun_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Normal with variance ``1 / fan_in``: a linear layer keeps the variance of its input; LeCun et al. (1998)."""
    require_rng(rng)
    _require_fans(fan_in, fan_out)
    return init_normal(fan_in, fan_out, np.sqrt(1 / fan_in), rng)


def orthogonal(fan_in: int, fan_out: int, rng: np.random.Generator, gain: float = 1.0) -> Array:
    """Orthonormal rows or columns, whichever are fewer, times ``gain``; Saxe et al. (2014).

    Lengths, and so gradients, survive any number of linear layers; ``gain`` sqrt(2) suits ReLU.
    """
    require_rng(rng)
    _require_fans(fan_in, fan_out)
    require_real("gain", gain, above=0)
    tall = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))  # without it QR's sign convention would favour some rotations
    return gain * (q if fan_in >= fan_out else q.T)


def activation_stats(
    sizes: Sequence[int],
    init: Init,
    activation: Callable[[Array], Array],
    rng: np.random.Generator,
    n: int = 1000,
) -> tuple[Array, Array]:
    """Send unit normal examples through a deep net and measure each layer's outputs.

    Parameters
    ----------
    sizes
        Units of the input and of every layer, e.g. ``[500] * 11`` for ten layers.
    init
        Draws the weights: ``init(fan_in, fan_out, rng)``. Biases are zero.
    activation
        Applied after every layer.
    rng
        Draws examples and weights.
    n
        Number of examples.

    Returns
    -------
    tuple
        Means ``(L,)`` and standard deviations ``(L,)`` of the activations.
    """
    require_rng(rng)
    require_int("n", n, at_least=2)
    require_sizes(sizes)
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in itertools.pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
    return np.array(means), np.array(stds)
