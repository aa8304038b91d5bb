"""Watch a network while it trains: signals, gradients, saturated and dead units of every layer."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array
from nnlib.diagnostics import LayerStats, dead_units, layer_stats, saturated_share
from nnlib.layers import Elementwise, Layer, PReLU, ReLU
from nnlib.network import LOSSES, Network


@dataclass(frozen=True)
class LayerHealth:
    """What one layer does to a batch, and what the batch teaches it."""

    name: str
    """Position and kind, such as ``"1 ReLU"``."""
    activations: LayerStats
    gradients: LayerStats
    """Gradient of the loss with respect to the layer's outputs."""
    saturated: float
    """Share of examples and units without a slope, 0 to 1; NaN for a layer that is no activation."""
    dead: float
    """Share of units without a slope for any example, 0 to 1; NaN for a layer that is no activation."""


def monitor(
    network: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    rng: np.random.Generator | None = None,
    threshold: float = 1e-3,
) -> list[LayerHealth]:
    """Send a batch forward and back as in training, and report on every layer.

    Parameters
    ----------
    network
        Left as it is: neither gradients nor running averages change.
    x
        Batch ``(N, D)``; the larger, the surer is the verdict that a unit is dead.
    y
        Labels ``(N,)``, or targets.
    rng
        Draws dropout masks, where there are any.
    threshold
        A slope of smaller size counts as none.

    Returns
    -------
    list of LayerHealth
        One per layer, the first layer first.
    """
    layers = network.copy().layers
    outputs = [np.array(x, dtype=network.dtype)]
    for layer in layers:
        outputs.append(layer.forward(outputs[-1].copy(), True, rng))  # some layers write into their input
    _, dout = LOSSES[network.loss_name](outputs[-1], np.asarray(y))
    gradients = [dout]
    for layer in layers[:0:-1]:
        gradients.append(layer.backward(gradients[-1].copy(), True))
    report = zip(layers, layer_stats(outputs[1:]), layer_stats(gradients[::-1]), strict=True)
    health = []
    for index, (layer, forward, backward) in enumerate(report):
        slopes = _slopes(layer, outputs[index + 1])
        saturated = float("nan") if slopes is None else saturated_share(slopes, threshold)
        dead = float("nan") if slopes is None else float(dead_units(slopes, threshold).mean())
        health.append(LayerHealth(f"{index} {type(layer).__name__}", forward, backward, saturated, dead))
    return health


def _slopes(layer: Layer, out: Array) -> Array | None:
    """Derivative of an activation at each unit and example of the last forward pass."""
    if isinstance(layer, ReLU | Elementwise | PReLU):
        return layer.backward(np.ones_like(out), True)
    return None
