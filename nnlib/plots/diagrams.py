"""Drawings of networks: layers, units and connections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from nnlib._validate import Array, require_sizes, unknown_name
from nnlib.layers import Affine
from nnlib.network import Network
from nnlib.plots._style import BLACK, BLUE, GREY, VERMILLION, WIDTH, headline, panels, picture

_MOST = 9  # units of a layer that are drawn; of a wider one a few at either end
_RADIUS = 0.3
EDGES = ("weights", "gradients")


@picture
def network(
    net: Network | Sequence[int],
    *,
    dropped: Mapping[int, Sequence[int]] | None = None,
    edges: str = "weights",
    labels: Sequence[str] | None = None,
    above: Sequence[str] | None = None,
    title: str = "",
    height: float = 3.2,
) -> Figure:
    """Draw a network's units in columns, and the connections between them.

    Parameters
    ----------
    net
        A network of affine layers and what stands between them, or the units of each layer alone, such as
        ``[2, 4, 3]``: connections are grey then.
    dropped
        Units that are left out, counted from 0, by layer; the input is layer 0. They are crossed out, and their
        connections are gone.
    edges
        What colours and thickens a network's connections: its ``weights``, or the ``gradients`` of its last backward
        pass. Blue is positive, red negative; the largest of all connections is the thickest.
    labels
        What stands below each layer; by default input, hidden and output with their units.
    above
        What stands above each layer; by default what a network does to its outputs, such as ``BatchNorm`` and ``ReLU``.
    title
        What is to be seen.
    height
        Of the drawing, in inches.

    Raises
    ------
    ValueError
        If ``dropped`` names a unit that there is not, or ``labels`` or ``above`` are not one per layer.
    """
    drawn = _read(net, edges)
    sizes = drawn.sizes
    gone = {layer: set(units) for layer, units in (dropped or {}).items()}
    for layer, units in gone.items():
        if not 0 <= layer < len(sizes) or any(not 0 <= unit < sizes[layer] for unit in units):
            raise ValueError(
                f"dropped names a unit that is not there: layer {layer}, {sorted(units)} of sizes {sizes}."
            )
    labels = _one_per_layer("labels", labels, _names(sizes))
    above = _one_per_layer("above", above, drawn.above)
    figure, (ax,) = panels(width=WIDTH, height=height)
    columns = [_places(units) for units in sizes]
    top = max(max(places.values()) for places in columns) + 1.0
    lines = max(text.count("\n") + bool(text) for text in above)
    tall = 2 * top + 2.0 + lines  # in distances of two units; the layers are spread over the width that is left
    gap = (tall * WIDTH / (height - 0.5 * bool(title)) - 4.0) / (len(sizes) - 1)
    for layer, weights in enumerate(drawn.weights):
        _connect(ax, layer, gap, columns, weights, drawn.largest, gone)
    for layer, places in enumerate(columns):
        _units(ax, layer * gap, places, sizes[layer], gone.get(layer, set()))
        ax.text(layer * gap, -top, labels[layer], ha="center", va="top", fontsize=10)
        ax.text(layer * gap, top, above[layer], ha="center", va="bottom", fontsize=10, color=GREY)
    ax.set(xlim=(-2.0, (len(sizes) - 1) * gap + 2.0), ylim=(-top - 2.0, top + lines), aspect="equal")
    ax.axis("off")
    if title:
        headline(figure, title)
    return figure


class _Read:
    """What is drawn of a network."""

    def __init__(self, sizes: list[int], weights: list[Array | None], above: list[str]) -> None:
        self.sizes, self.weights, self.above = sizes, weights, above
        self.largest = max((float(np.abs(each).max()) for each in weights if each is not None), default=1.0) or 1.0


def _read(net: Network | Sequence[int], edges: str) -> _Read:
    if edges not in EDGES:
        raise unknown_name("edges", edges, dict.fromkeys(EDGES))
    if not isinstance(net, Network):
        sizes = [int(units) for units in net]
        require_sizes(sizes)
        return _Read(sizes, [None] * (len(sizes) - 1), [""] * len(sizes))
    sizes = []
    weights: list[Array | None] = []
    above: list[list[str]] = [[]]
    for layer in net.layers:
        if not isinstance(layer, Affine):
            above[-1].append(type(layer).__name__)
            continue
        values = (layer.params if edges == "weights" else layer.grads)["W"]
        if not sizes:
            sizes.append(values.shape[0])
        above.append([])
        sizes.append(values.shape[1])
        weights.append(values)
    if not sizes:
        raise ValueError("A network must have an affine layer to be drawn, got none.")
    return _Read(sizes, weights, ["\n".join(names) for names in above])


def _one_per_layer(name: str, given: Sequence[str] | None, default: list[str]) -> list[str]:
    if given is None:
        return default
    if len(given) != len(default):
        raise ValueError(f"{name} must be {len(default)} texts, one per layer, got {len(given)}.")
    return list(given)


def _names(sizes: list[int]) -> list[str]:
    kinds = ["input", *["hidden"] * (len(sizes) - 2), "output"]
    return [f"{kind}\n{units}" for kind, units in zip(kinds, sizes, strict=True)]


def _places(units: int) -> dict[int, float]:
    """Height of each unit that is drawn, by its number; the first is on top."""
    if units <= _MOST:
        return {unit: (units - 1) / 2 - unit for unit in range(units)}
    ends = _MOST // 2
    shown = [*range(ends), *range(units - ends, units)]
    return {unit: ends - row - (row >= ends) for row, unit in enumerate(shown)}


def _connect(
    ax: Axes,
    layer: int,
    gap: float,
    columns: list[dict[int, float]],
    weights: Array | None,
    largest: float,
    gone: Mapping[int, set[int]],
) -> None:
    lines, colours, widths = [], [], []
    for i, left in columns[layer].items():
        for j, right in columns[layer + 1].items():
            if i in gone.get(layer, ()) or j in gone.get(layer + 1, ()):
                continue
            lines.append([(layer * gap + _RADIUS, left), ((layer + 1) * gap - _RADIUS, right)])
            value = None if weights is None else float(weights[i, j])
            colours.append(GREY if value is None else BLUE if value > 0 else VERMILLION)
            widths.append(0.7 if value is None else 0.2 + 2.6 * abs(value) / largest)
    ax.add_collection(LineCollection(lines, colors=colours, linewidths=widths, zorder=1))


def _units(ax: Axes, x: float, places: dict[int, float], units: int, gone: set[int]) -> None:
    for unit, height in places.items():
        out = unit in gone
        edge = GREY if out else BLACK
        ax.add_patch(Circle((x, height), _RADIUS, facecolor="white", edgecolor=edge, zorder=2))
        if out:
            ax.plot(x, height, marker="x", markersize=9, color=VERMILLION, zorder=3)
    if len(places) < units:
        ax.text(x, 0, "⋮", ha="center", va="center", fontsize=14)
