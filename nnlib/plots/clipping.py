"""Gradients before and after clipping: the arrows of assignment 08."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Patch, Rectangle

from nnlib._validate import Array, require_shape
from nnlib.plots._style import BLACK, BLUE, VERMILLION, headline, paler, panels, picture

PALE_GREY = "#B0B0B0"  # what was there before, under what came of it

_TO_SCALE: Any = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.008}


def _arrows(ax: Axes, vectors: Array, colour: str, zorder: int) -> None:
    ax.quiver(*np.zeros_like(vectors).T, *vectors.T, color=colour, zorder=zorder, **_TO_SCALE)


@picture
def clipping_arrows(gradients: Any, by_value: Any, by_norm: Any, limit: float) -> Figure:
    """Draw gradients in the plane as arrows, before and after both ways to clip.

    Parameters
    ----------
    gradients
        The gradients ``(K, 2)``.
    by_value, by_norm
        What clipping to ``-limit .. limit`` and to the norm ``limit`` makes of them, each ``(K, 2)``.
    limit
        Half the side of the square, and the radius of the circle, that nothing leaves.
    """
    before = np.asarray(gradients, dtype=float)
    reach = 1.1 * max(float(np.abs(before).max()), limit)
    figure, axes = panels(1, 2, height=4.4, sharex=True, sharey=True)
    square = Rectangle((-limit, -limit), 2 * limit, 2 * limit)
    circle = Circle((0, 0), limit)
    for ax, name, clipped, allowed, colour in (
        (axes[0], "by value: into the square", by_value, square, VERMILLION),
        (axes[1], "by norm: into the circle", by_norm, circle, BLUE),
    ):
        after = np.asarray(clipped, dtype=float)
        require_shape(name.partition(":")[0], after, before.shape, "one clipped gradient for each")
        allowed.set(facecolor=paler(colour, 0.85), edgecolor=colour, linewidth=1.4, zorder=1)
        ax.add_patch(allowed)
        _arrows(ax, before, PALE_GREY, 2)
        _arrows(ax, after, colour, 3)
        ax.plot(0, 0, "o", color=BLACK, markersize=5, zorder=4)
        ax.set(title=name, xlabel="first entry", xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    axes[0].set_ylabel("second entry")
    keys = [(PALE_GREY, "gradient"), (VERMILLION, "clipped by value"), (BLUE, "clipped by norm")]
    figure.legend(handles=[Patch(color=c, label=label) for c, label in keys], loc="outside lower center", ncols=3)
    headline(figure, "Clipping by value turns a gradient, clipping by norm only shortens it")
    return figure
