"""A cost as a landscape, and what an average remembers: pictures of assignment 07."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nnlib._validate import Array
from nnlib.plots._style import BLACK, LINES, colour, headline, panels, picture
from nnlib.plots.surfaces import Cost, Window, as_path, cost_grid


@picture
def landscape(
    cost: Cost,
    window: Window,
    paths: Mapping[str, Array] | None = None,
    title: str = "",
    view: tuple[int, int] = (28, -28),
    *,
    order: Sequence[str] = (),
) -> Figure:
    """Draw a cost over two weights as a surface in three dimensions, with paths of descent on it.

    Parameters
    ----------
    cost
        Maps points ``(..., 2)`` to costs ``(...)``, or to a tuple that begins with them.
    window
        Left, right, bottom and top of the ground.
    paths
        Name to the weights after each step ``(T, 2)``; parts outside the window are left out.
    title
        What is to be seen.
    view
        Height and direction of the eye, in degrees.
    order
        Names whose place gives each path its colour and line, such as all those of another picture.
    """
    figure, axes = panels(width=7.0, height=4.6, subplot_kw={"projection": "3d", "computed_zorder": False})
    ax: Any = axes[0]
    x, y, z = cost_grid(cost, window, 61)
    ax.plot_surface(x, y, z, cmap="Greys", alpha=0.75, rcount=40, ccount=40, linewidth=0, zorder=1)
    ax.contour(x, y, z, levels=14, colors="#8A8A8A", linewidths=0.5, zorder=2)
    lift = 0.02 * float(np.ptp(z))
    names = list(order or paths or {})
    for name, path in (paths or {}).items():
        index = names.index(name)
        points = as_path(path)
        inside = (points >= [window[0], window[2]]).all(axis=1) & (points <= [window[1], window[3]]).all(axis=1)
        points = points[inside]
        costs = cost(points)
        heights = np.asarray(costs[0] if isinstance(costs, tuple) else costs) + lift
        ax.plot(*points.T, heights, color=colour(index), linestyle=LINES[index % len(LINES)], label=name, zorder=3)
        ax.plot(
            *points[-1:].T, heights[-1:], "*", color=colour(index), markersize=13, markeredgecolor="white", zorder=4
        )
        if name == next(iter(paths or {})):
            ax.plot(*points[:1].T, heights[:1], "o", color=BLACK, markersize=7, label="start", zorder=4)
    ax.set(xlabel="w₁", ylabel="w₂", zlabel="cost")
    ax.view_init(*view)
    if paths:
        figure.legend(loc="outside lower center", ncols=1 + len(paths))
    headline(figure, title)
    return figure


@picture
def weights_of_the_past(weights: Mapping[float, Sequence[float]]) -> Figure:
    """Draw what a value still weighs in an average some days later.

    Parameters
    ----------
    weights
        β to the weights ``(T,)`` of a value 0, 1, 2 … days after it came.
    """
    figure, axes = panels(1, len(weights), height=3.0, sharex=True, sharey=False)
    for index, (ax, (beta, values)) in enumerate(zip(axes, weights.items(), strict=True)):
        array = np.asarray(values, dtype=float)
        window = round(1 / (1 - beta))
        days = np.arange(len(array))
        ax.bar(days[:window], array[:window], width=1.0, color=colour(index))
        ax.bar(days[window:], array[window:], width=1.0, color=colour(index), alpha=0.35)
        ax.set_title(f"β = {beta:g}")
        said = f"{array[:window].sum():.0%} in the\nlast {window} days"
        ax.text(0.97, 0.95, said, transform=ax.transAxes, ha="right", va="top", color=colour(index))
        ax.set(xlabel="days ago", ylim=(0, None))
    axes[0].set_ylabel("weight in today's average")
    headline(figure, "Every day weighs β times as much as the next: a memory that fades and never ends")
    return figure
