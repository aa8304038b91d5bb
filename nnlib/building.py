"""Networks from a list of sizes, and weights that fit their data from the start."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from nnlib import layers as ly
from nnlib._validate import require_int, require_real, require_rng, require_sizes, unknown_name
from nnlib.initializers import orthogonal
from nnlib.network import Network

ACTIVATIONS: dict[str, Callable[[int], ly.Layer]] = {
    "relu": lambda size: ly.ReLU(),
    "leaky_relu": lambda size: ly.LeakyReLU(),
    "elu": lambda size: ly.ELU(),
    "prelu": ly.PReLU,
    "tanh": lambda size: ly.Tanh(),
    "sigmoid": lambda size: ly.Sigmoid(),
    "softplus": lambda size: ly.Softplus(),
    "gelu": lambda size: ly.GELU(),
    "maxout": lambda size: ly.Maxout(size, size),
}
_SQUASHING = frozenset({"tanh", "sigmoid"})  # Xavier was derived for these, He for the half that ReLU cuts


def build_network(
    sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    activation: str = "relu",
    batchnorm: bool = False,
    keep_prob: float | Sequence[float] = 1.0,
    init: str | float | None = None,
    loss: str = "softmax_cross_entropy",
    dtype: npt.DTypeLike = np.float32,
) -> Network:
    """Stack affine layers with an activation after each but the last.

    Parameters
    ----------
    sizes
        Units of the input, of every hidden layer and of the output, e.g. ``[64, 128, 10]``.
    rng
        Draws the weights.
    activation
        ``relu``, ``leaky_relu``, ``elu``, ``prelu``, ``tanh``, ``sigmoid``, ``softplus``, ``gelu`` or ``maxout``.
    batchnorm
        Normalise between every hidden affine layer and its activation.
    keep_prob
        Of dropout after every activation: one number, or one per hidden layer.
    init
        An initialiser's name or a standard deviation; He, or Xavier for tanh and sigmoid, unless given.
    loss, dtype
        As for :class:`Network`.
    """
    sizes = list(sizes)
    require_sizes(sizes)
    if activation not in ACTIVATIONS:
        raise unknown_name("activation", activation, ACTIVATIONS)
    hidden = sizes[1:-1]
    keeps = [keep_prob] * len(hidden) if isinstance(keep_prob, int | float) else list(keep_prob)
    if len(keeps) != len(hidden):
        raise ValueError(f"keep_prob must be one number or {len(hidden)}, one per hidden layer, got {len(keeps)}.")
    init = init if init is not None else ("xavier_normal" if activation in _SQUASHING else "he_normal")
    chain: list[ly.Layer] = []
    for (fan_in, fan_out), keep in zip(itertools.pairwise(sizes[:-1]), keeps, strict=True):
        chain.append(ly.Affine(fan_in, fan_out, init=init))
        if batchnorm:
            chain.append(ly.BatchNorm(fan_out))
        chain.append(ACTIVATIONS[activation](fan_out))
        if keep < 1:
            chain.append(ly.Dropout(keep))
    chain.append(ly.Affine(sizes[-2], sizes[-1], init=init))
    return Network(chain, rng, loss=loss, dtype=dtype)


def lsuv(
    network: Network, X: npt.ArrayLike, rng: np.random.Generator, *, tolerance: float = 0.05, tries: int = 10
) -> None:
    """Give every affine layer's output unit variance on the batch ``X``, in place; Mishkin & Matas (2016).

    Weights start orthogonal and are rescaled layer by layer from the input; biases become zero.

    Parameters
    ----------
    network
        Its :class:`Affine` layers get new parameters.
    X
        A batch ``(N, D)`` of training data, a few hundred examples.
    rng
        Draws the orthogonal matrices.
    tolerance
        Largest distance of the variance from 1.
    tries
        Rescalings per layer, at most.
    """
    require_rng(rng)
    require_real("tolerance", tolerance, above=0)
    require_int("tries", tries, at_least=1)
    for i, layer in enumerate(network.layers):
        if not isinstance(layer, ly.Affine):
            continue
        layer.params["W"][...] = orthogonal(layer.fan_in, layer.fan_out, rng)
        layer.params["b"][...] = 0
        for _ in range(tries):
            variance = float(network.activations(X)[i].var())
            if not variance > 0:
                raise ValueError(
                    f"LSUV must see varied data, but layer {i} gives the same number for every example. "
                    "Pass more examples, or ones that differ."
                )
            if abs(variance - 1) <= tolerance:
                break
            layer.params["W"][...] /= np.sqrt(variance)
