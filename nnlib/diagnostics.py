"""Look inside a net: how signals and gradients travel, which units are dead, how large the updates are."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnlib._validate import (
    Array,
    as_float,
    require_int,
    require_ndim,
    require_real,
    require_rng,
    require_same_shape,
    require_sizes,
)
from nnlib.initializers import Init


@dataclass(frozen=True)
class LayerStats:
    """Summary of one layer's numbers, over all examples and units."""

    mean: float
    std: float
    low: float
    high: float
    zeros: float  # share of exact zeros, 0 to 1


def layer_stats(layers: Sequence[npt.ArrayLike]) -> list[LayerStats]:
    """Summarise activations or gradients layer by layer.

    Parameters
    ----------
    layers
        One array per layer, of any shape, the first layer first.

    Returns
    -------
    list of LayerStats
        One per layer; look for standard deviations that shrink or grow from layer to layer.
    """
    arrays = [as_float(layer) for layer in layers]
    for index, array in enumerate(arrays):
        if array.size == 0:
            raise ValueError(f"Every layer must hold numbers, got shape {array.shape} for layer {index}.")
    return [
        LayerStats(float(a.mean()), float(a.std()), float(a.min()), float(a.max()), float((a == 0).mean()))
        for a in arrays
    ]


def signals(
    sizes: Sequence[int],
    init: Init,
    activation: Callable[[Array], Array],
    activation_backward: Callable[[Array, Array], Array],
    rng: np.random.Generator,
    n: int = 1000,
) -> tuple[list[Array], list[Array]]:
    """Send unit normal examples forward through a fresh net, and unit normal gradients back.

    Parameters
    ----------
    sizes
        Units of the input and of every layer, e.g. ``[500] * 11`` for ten layers.
    init
        Draws the weights: ``init(fan_in, fan_out, rng)``. Biases are zero.
    activation, activation_backward
        ``activation(z)`` and ``activation_backward(da, z)``, applied after every layer.
    rng
        Draws examples, weights and the gradient at the output.
    n
        Number of examples.

    Returns
    -------
    activations : list of Array
        Each layer's outputs ``(n, units)``.
    gradients : list of Array
        Gradient with respect to each layer's outputs ``(n, units)``; the last is the one sent in.
    """
    require_rng(rng)
    require_int("n", n, at_least=2)
    require_sizes(sizes)
    weights = [init(fan_in, fan_out, rng) for fan_in, fan_out in itertools.pairwise(sizes)]
    a = rng.standard_normal((n, sizes[0]))
    scores, activations = [], []
    for w in weights:
        scores.append(a @ w)
        a = activation(scores[-1])
        activations.append(a)
    gradients = [rng.standard_normal(a.shape)]
    for w, z in zip(weights[:0:-1], scores[:0:-1], strict=True):
        gradients.append(activation_backward(gradients[-1], z) @ w.T)
    return activations, gradients[::-1]


def saturated_share(slopes: npt.ArrayLike, threshold: float = 1e-3) -> float:
    """Share of examples and units through which no gradient passes.

    Parameters
    ----------
    slopes
        The activation's derivative at each unit ``(N, units)``, which is
        ``activation_backward(np.ones_like(z), z)``.
    threshold
        A slope of smaller size counts as none.

    Returns
    -------
    float
        0 to 1. About a half is normal for ReLU, whose units are off for some examples each.
    """
    return float(_blocked(slopes, threshold).mean())


def dead_units(slopes: npt.ArrayLike, threshold: float = 1e-3) -> Array:
    """Find the units that no example can teach: their slope is zero on all of them.

    Parameters
    ----------
    slopes
        The activation's derivative at each unit ``(N, units)``, over as many examples as possible.
    threshold
        A slope of smaller size counts as none.

    Returns
    -------
    Array
        ``(units,)``, bool; its mean is the share of dead units.
    """
    return np.asarray(_blocked(slopes, threshold).all(axis=0))


def update_ratio(w: npt.ArrayLike, update: npt.ArrayLike) -> float:
    """Compare the size of an update with the size of what it updates.

    Parameters
    ----------
    w
        Parameters before the step, of any shape.
    update
        What the step added, of the same shape.

    Returns
    -------
    float
        ``‖update‖ / ‖w‖``; about 1e-3 is healthy, 1e-1 jumps about, 1e-6 does not learn. Infinite for
        weights that are all zero.
    """
    w, update = as_float(w), as_float(update)
    require_same_shape("update", update, "w", w)
    size, step = float(np.linalg.norm(w)), float(np.linalg.norm(update))
    if size == 0:
        return 0.0 if step == 0 else float("inf")
    return step / size


def _blocked(slopes: npt.ArrayLike, threshold: float) -> Array:
    require_real("threshold", threshold, above=0)
    array = as_float(slopes)
    require_ndim("slopes", array, 2, "(N, units)")
    if array.size == 0:
        raise ValueError(f"slopes must hold at least one example and one unit, got shape {array.shape}.")
    return np.asarray(np.abs(array) < threshold)
