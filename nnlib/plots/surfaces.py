"""Paths of descent over cost contours: pictures of assignments 04, 06, 07 and 08."""

from collections.abc import Callable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nnlib._validate import Array
from nnlib.plots._style import (
    BLACK,
    GREY,
    LINES,
    MARKERS,
    WIDTH,
    colour,
    headline,
    panels,
    picture,
)

Cost = Callable[[Array], Any]
_WIDE = 2.0  # times as wide as high
_MANY = 200  # steps, above which a path is a tangle that hides what lies below
Window = tuple[float, float, float, float]  # left, right, bottom, top


def cost_grid(cost: Cost, window: Window, resolution: int = 161) -> tuple[Array, Array, Array]:
    """Evaluate a cost over a window: ``cost(w)`` on points ``(..., 2)``, alone or first of a tuple."""
    left, right, bottom, top = window
    x, y = np.meshgrid(np.linspace(left, right, resolution), np.linspace(bottom, top, resolution))
    value = cost(np.stack([x, y], axis=-1))
    z = np.asarray(value[0] if isinstance(value, tuple) else value)
    if z.shape != x.shape:
        msg = f"cost must map points {(*x.shape, 2)} to costs {x.shape}, got {z.shape}."
        raise ValueError(msg + " Sum over the last axis only.")
    return x, y, z


def draw_contours(ax: Axes, cost: Cost, window: Window, levels: int = 16, by_area: bool = False) -> None:
    """Draw a cost as bands, closer together near its lowest value; or, ``by_area``, each of the same area.

    Bands of one area show slopes on a plateau too, where bands of height would leave it blank.
    """
    x, y, z = cost_grid(cost, window)
    low, high = float(z.min()), float(z.max())
    shares = np.linspace(0, 1, levels)
    heights = np.unique(np.quantile(z, shares)) if by_area else low + (high - low) * shares**2
    if high > low:
        ax.contourf(x, y, z, levels=heights, cmap="Greys", alpha=0.55)
        ax.contour(x, y, z, levels=heights, colors=GREY, linewidths=0.5, linestyles="solid")
    ax.set(xlim=window[:2], ylim=window[2:], xlabel="w₁", ylabel="w₂")
    ax.grid(visible=False)


def draw_path(ax: Axes, path: Array, index: int, label: str, marks: bool = True) -> None:
    """Draw a path of points ``(T, 2)`` with its end marked; one of very many steps thin and pale."""
    path = as_path(path)
    tangle = marks and len(path) > _MANY
    ax.plot(
        path[:, 0],
        path[:, 1],
        color=colour(index),
        linestyle=LINES[index % len(LINES)] if not marks else "-",
        linewidth=0.8 if tangle else 1.4,
        alpha=0.6 if tangle else 1.0,
        marker=MARKERS[index % len(MARKERS)] if marks else None,
        markersize=2 if tangle else 3.5,
        label=label,
    )
    ax.plot(*path[-1], marker="*", markersize=11, color=colour(index), markeredgecolor="white", zorder=5)


def as_path(path: Any) -> Array:
    """Check a path of parameters."""
    points: Array = np.asarray(path, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        msg = f"A path must have shape (T, 2), one row per step, got {points.shape}."
        raise ValueError(msg + " Copy w at each step: path.append(w.copy()).")
    return points


@picture
def descent_paths(
    cost: Cost,
    paths: Mapping[str, Array],
    window: Window,
    title: str = "Batch descent goes straight, the noisier ones wander about the minimum",
    minimum: Any = None,
    *,
    equal: bool = False,
    legend: Any = "best",
) -> Figure:
    """Draw several paths of descent on one set of contours.

    Parameters
    ----------
    cost
        Maps points ``(..., 2)`` to costs ``(...)``, or to a tuple that begins with them.
    paths
        Name to the parameters after each step ``(T, 2)``; the star marks the end, a dot the start if they share one.
    window
        Left, right, bottom and top of the picture.
    title
        What is to be seen.
    minimum
        Where the cost is lowest ``(2,)``, for a cross there.
    equal
        Whether both axes have one scale, so that directions are true.
    legend
        Where the legend lies, in Matplotlib's words.
    """
    left, right, bottom, top = window
    figure, (ax,) = panels(width=7.0, height=1.0 + 6.2 * (top - bottom) / (right - left) if equal else 4.6)
    draw_contours(ax, cost, window)
    ax.set_aspect("equal" if equal else "auto")
    # The longest, most wandering path lies at the bottom, so that the others stay visible.
    for index, (name, path) in reversed(list(enumerate(paths.items()))):
        draw_path(ax, path, index, f"{name} ({len(as_path(path)) - 1} steps)")
    handles, labels = ax.get_legend_handles_labels()
    handles, labels = handles[::-1], labels[::-1]
    starts = np.unique([as_path(path)[0] for path in paths.values()], axis=0)
    if len(starts) == 1:  # a path that begins elsewhere is shown from its middle on
        handles += ax.plot(*starts.T, "o", color=BLACK, markersize=7, zorder=6)
        labels.append("start")
    marks = [Line2D([], [], marker="*", markersize=11, color=GREY, markeredgecolor="white", linestyle="")]
    if minimum is not None:
        marks += ax.plot(*minimum, "x", color=BLACK, markersize=7, markeredgewidth=1.6, zorder=7)
    ax.legend([*handles, *marks], [*labels, *("end", "minimum")[: len(marks)]], loc=legend, frameon=True)
    ax.set_title(title)
    return figure


@picture
def out_of_a_valley(cost: Cost, paths: Mapping[str, Array], window: Window, minima: Mapping[str, float]) -> Figure:
    """Draw paths on a surface with two minima, from the side and from above.

    Parameters
    ----------
    cost
        Maps points ``(..., 2)`` to costs ``(...)``, or to a tuple that begins with them.
    paths
        Name to the parameters after each step ``(T, 2)``, all from one start.
    window
        Left, right, bottom and top of the picture.
    minima
        Name of each minimum to its first coordinate; the second is 0.
    """
    figure, (side, above) = panels(1, 2, height=3.9)

    def height(points: Array) -> Array:
        costs = cost(points)
        return np.asarray(costs[0] if isinstance(costs, tuple) else costs)

    along = np.linspace(window[0], window[1], 200)
    profile = height(np.stack([along, np.zeros_like(along)], axis=-1))
    side.plot(along, profile, color=BLACK, linewidth=1.4)
    for name, x in minima.items():
        bottom = float(height(np.array([x, 0.0])))
        side.annotate(name, (x, bottom), (0, -14), textcoords="offset points", ha="center", va="top", fontsize=10)
    draw_contours(above, cost, window)
    for index, (name, path) in reversed(list(enumerate(paths.items()))):
        points, tint = as_path(path), colour(index)
        end = points[-1]
        star: Any = {"color": tint, "markersize": 21, "markeredgecolor": "white", "markeredgewidth": 2, "zorder": 5}
        side.plot(end[0], height(end), "*", **star, label=f"{name}: end")
        above.plot(*points.T, color=tint, linestyle=LINES[index % len(LINES)], linewidth=1, alpha=0.8, label=name)
        above.plot(*end, "*", **star)
    first = as_path(next(iter(paths.values())))[0]
    above.plot(*first, "o", color=BLACK, markersize=7, label="start")
    start: Any = {"color": BLACK, "markersize": 7, "markerfacecolor": "white", "markeredgewidth": 1.5}
    side.plot(first[0], height(first), "o", **start, label=f"start, at w₂ = {first[1]:g}")  # before or behind the cut
    side.set(title="from the side, cut at w₂ = 0", xlabel="w₁", ylabel="loss", ylim=(profile.min() - 0.3, 1.6))
    above.set_title("from above")
    above.legend(loc="upper left", frameon=True, fontsize=9)
    side.legend(loc="upper center", fontsize=9, markerscale=0.7)
    headline(figure, "The exact slope leads into the nearest valley; noise finds the way out")
    return figure


@picture
def paths_on_surfaces(
    surfaces: Mapping[str, tuple[Cost, Window]],
    paths: Mapping[str, Mapping[str, Array]],
    title: str = "The same optimizers on a ravine, a saddle and a plateau",
) -> Figure:
    """Draw each optimizer's trajectory on each surface, one panel per surface, all lengths to scale.

    A surface twice as wide as high has a row of its own, above the others.

    Parameters
    ----------
    surfaces
        Name to ``(cost, window)``, such as those of :data:`nnlib.SURFACES`.
    paths
        Name of the surface to the paths on it: name of the optimizer to ``(T, 2)``.
    title
        What is to be seen.
    """
    shapes = {name: (right - left) / (top - bottom) for name, (_, (left, right, bottom, top)) in surfaces.items()}
    wide = [name for name in surfaces if shapes[name] >= _WIDE]
    rest = [name for name in surfaces if shapes[name] < _WIDE]
    rows: list[Any] = [*([name] * max(len(rest), 1) for name in wide), *([rest] if rest else [])]
    tall = [WIDTH / shapes[name] for name in wide] + [WIDTH / sum(shapes[name] for name in rest)] * bool(rest)
    drawn: dict[str, Axes]
    figure: Figure
    figure, drawn = plt.subplot_mosaic(
        rows, figsize=(WIDTH, min(sum(tall), 9.0) + 1.2), height_ratios=tall, layout="constrained"
    )
    axes = [drawn[name] for name in surfaces]
    for ax, (name, (cost, window)) in zip(axes, surfaces.items(), strict=True):
        draw_contours(ax, cost, window, by_area=True)
        ax.set_aspect("equal")
        for index, (optimizer, path) in enumerate(paths[name].items()):
            draw_path(ax, path, index, optimizer, marks=False)
        ax.plot(*as_path(next(iter(paths[name].values())))[0], "o", color=BLACK, markersize=6)
        ax.set_title(name)
    handles, labels = axes[0].get_legend_handles_labels()
    handles.append(Line2D([], [], marker="o", markersize=6, color=BLACK, linestyle=""))
    handles.append(Line2D([], [], marker="*", markersize=11, color=GREY, markeredgecolor="white", linestyle=""))
    labels += ["start", "end"]
    figure.legend(handles, labels, loc="outside lower center", ncols=3 if len(labels) > 5 else len(labels))
    headline(figure, title)
    return figure


@picture
def momentum_and_nesterov(
    cost: Cost, w: tuple[float, float], v: tuple[float, float], *, rho: float, lr: float
) -> Figure:
    """Draw the step of momentum beside Nesterov's, from one point with one velocity, as arrows.

    Parameters
    ----------
    cost
        Maps a point ``(2,)`` to its cost and gradient.
    w, v
        The point, and the velocity so far.
    rho
        The share of the velocity that is kept.
    lr
        The rate.
    """
    here, rolled = np.asarray(w, dtype=float), rho * np.asarray(v, dtype=float)
    ahead = here + rolled
    figure, axes = panels(1, 2, height=3.6, sharex=True, sharey=True)
    axes[0].locator_params(nbins=6)
    ends = [here, ahead]
    for ax, name, at in zip(
        axes, ("momentum: the slope here", "Nesterov: the slope ahead"), (here, ahead), strict=True
    ):
        slope = -lr * np.asarray(cost(at)[1])
        ends.append(ahead + slope)
        for index, (start, arrow, label) in enumerate(
            [(here, rolled, "velocity kept"), (at, slope, "gradient step"), (here, rolled + slope, "the step taken")]
        ):
            to_scale: Any = {"angles": "xy", "scale_units": "xy", "scale": 1}
            ax.quiver(*start, *arrow, **to_scale, color=colour(index), label=label, zorder=4)
        if at is here:
            ax.plot(*np.transpose([ahead, ahead + slope]), color=colour(1), linestyle=":", label="gradient step, moved")
        ax.plot(*here, "o", color=BLACK, markersize=7)
        ax.set_title(name)
    points = np.array(ends)
    low, high = points.min(axis=0) - 0.4, points.max(axis=0) + 0.4
    for ax in axes:
        draw_contours(ax, cost, (low[0], high[0], low[1], high[1]))
    axes[1].set_ylabel("")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    headline(figure, "Where is the slope measured: here, or where the velocity leads?")
    return figure


@picture
def elongated_and_round(costs: tuple[Cost, Cost], paths: tuple[Array, Array], windows: tuple[Window, Window]) -> Figure:
    """Draw descent on the contours of raw data beside those of standardised data.

    Parameters
    ----------
    costs
        Cost on raw and on standardised features, as in :func:`descent_paths`.
    paths
        Parameters after each step ``(T, 2)``, with the best rate of each.
    windows
        What to show of each.
    """
    figure, axes = panels(1, 2, height=4.2)
    names = ("raw: a long valley", "standardised: nearly round")
    for ax, cost, path, window, name in zip(axes, costs, paths, windows, names, strict=True):
        draw_contours(ax, cost, window)
        draw_path(ax, path, 0, "descent")
        ax.plot(*as_path(path)[0], "o", color=BLACK, markersize=7)
        ax.set_title(f"{name}, {len(as_path(path)) - 1} steps")
    headline(figure, "Scaling the features makes the bowl nearly round, and the steepest way the short one")
    return figure


@picture
def cliff_with_and_without_clipping(cost: Cost, plain: Array, clipped: Array, window: Window) -> Figure:
    """Draw one descent over a cliff, plain and with clipped gradients.

    Parameters
    ----------
    cost
        Surface with a wall, such as :func:`nnlib.cliff`.
    plain, clipped
        Parameters after each step ``(T, 2)``.
    window
        What to show; a path that leaves it is followed by an arrow.
    """
    figure, axes = panels(1, 2, width=WIDTH, height=4.0, sharey=True)
    for ax, path, name in zip(axes, (plain, clipped), ("without clipping", "gradient norm clipped"), strict=True):
        draw_contours(ax, cost, window)
        path = as_path(path)
        draw_path(ax, path, 0 if path is plain else 1, name)
        ax.plot(*path[0], "o", color=BLACK, markersize=7)
        furthest = np.linalg.norm(np.diff(path, axis=0), axis=1).max(initial=0.0)
        ax.set_title(f"{name}: longest step {furthest:.3g}")
    axes[1].set_ylabel("")
    headline(figure, "One step on the wall throws plain descent far away; a clipped step stays near")
    return figure
