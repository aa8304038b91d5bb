"""Pictures of assignment 12: grid against random, coarse against fine, best against worst."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from nnlib._validate import Array
from nnlib.plots._style import BLACK, BLUE, GREY, VERMILLION, colour, headline, logarithmic, panels, picture

Results = Sequence[tuple[Mapping[str, Any], float]]


@picture
def grid_against_random(
    grid_points: Array, random_points: Array, importance: Callable[[Array], Array] | None = None
) -> Figure:
    """Draw a grid and a random search of the same size, with the values that each tries of one parameter.

    Parameters
    ----------
    grid_points, random_points
        ``(n, 2)`` each, scaled to 0 to 1; the first coordinate is the parameter that matters.
    importance
        How good a value of the first parameter is, drawn above; a peak unless given.
    """
    x = np.linspace(0, 1, 200)
    good = importance or (lambda v: np.exp(-(((v - 0.37) / 0.07) ** 2)))
    figure, axes = panels(2, 2, height=4.8, sharex=True, height_ratios=[1, 2.6])
    for column, (points, name) in enumerate(((grid_points, "grid"), (random_points, "random"))):
        points = np.asarray(points, dtype=float)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"Points must have shape (n, 2), got {points.shape}.")
        above, below = axes[column], axes[2 + column]
        tried = np.unique(points[:, 0])
        above.plot(x, good(x), color=GREY)
        above.vlines(tried, 0, good(tried), color=VERMILLION, linewidth=1.2)
        above.plot(tried, good(tried), ".", color=VERMILLION)
        above.set(title=f"{name}: {len(points)} runs try {len(tried)} values", ylim=(0, None))
        above.yaxis.set_major_locator(MaxNLocator(2, steps=[1, 5, 10]))
        below.plot(points[:, 0], points[:, 1], "o", color=BLUE, markersize=6)
        below.set(xlabel="parameter that matters", ylim=(-0.03, 1.03))
        below.sharey(axes[2])
    axes[0].set_ylabel("score")
    axes[2].set_ylabel("parameter that does not")
    headline(figure, "With as many runs, random search tries more values of what matters (orange)")
    return figure


@picture
def draws_by_decade(draws: Mapping[str, Any]) -> Figure:
    """Show where positive draws fall on a logarithmic axis, and their share in each decade.

    Parameters
    ----------
    draws
        Name to the numbers drawn, ``(n,)``, all above 0.
    """
    columns = {name: np.asarray(values, dtype=float) for name, values in draws.items()}
    if any(values.ndim != 1 or values.size == 0 or values.min() <= 0 for values in columns.values()):
        raise ValueError("Draws must be numbers above 0, of shape (n,) with n of 1 or more.")
    low, high = (f(f(values) for values in columns.values()) for f in (min, max))
    decades = 10.0 ** np.arange(np.floor(np.log10(low) + 1e-9), np.ceil(np.log10(high) - 1e-9) + 1)
    figure, axes = panels(len(columns), 1, height=1.5 * len(columns) + 0.9, sharex=True, sharey=True)
    for index, (ax, (name, values)) in enumerate(zip(axes, columns.items(), strict=True)):
        edges = np.geomspace(decades[0], decades[-1], 12 * (len(decades) - 1) + 1).tolist()
        share = np.full(values.size, 1 / values.size)
        ax.hist(values, edges, weights=share, color=colour(index), histtype="stepfilled")
        ax.set_title(name)
        for start, end in itertools.pairwise(decades):
            share = np.mean((values >= start) & (values < end))
            ax.text(
                np.sqrt(start * end), 0.97, f"{share:.1%}", transform=ax.get_xaxis_transform(), ha="center", va="top"
            )
        logarithmic(ax, "x")
        ax.set(yticks=[], xlim=(decades[0], decades[-1]), xticks=decades)
    top = axes[0].get_ylim()[1]
    axes[0].set_ylim(0, 1.25 * top)
    axes[-1].set_xlabel("value drawn")
    headline(figure, "Where the draws fall, by decade")
    return figure


@picture
def search_scatter(
    rounds: Mapping[str, Results],
    x: str,
    y: str,
    log: tuple[bool, bool] = (True, True),
    score: str = "dev accuracy",
    labels: tuple[str, str] | None = None,
) -> Figure:
    """Scatter the runs of each round over two hyperparameters, coloured by score, each round on a scale of its own.

    Parameters
    ----------
    rounds
        Name, such as ``"coarse"``, to ``(configuration, score)`` pairs, as from :func:`nnlib.random_search`.
    x, y
        Names of the two hyperparameters.
    log
        Whether each axis is logarithmic.
    score
        What the scores are.
    labels
        What to write at the axes, the two names unless given.
    """
    figure, axes = panels(1, len(rounds), height=4.0, width=9.0)
    xlabel, ylabel = labels or (x, y)
    scores = np.array([s for results in rounds.values() for _, s in results], dtype=float)
    if not np.isfinite(scores).any():
        raise ValueError("At least one run must have a finite score, got none. Lower the range of the learning rate.")
    for ax, (name, results) in zip(axes, rounds.items(), strict=True):
        xs = np.array([config[x] for config, _ in results], dtype=float)
        ys = np.array([config[y] for config, _ in results], dtype=float)
        values = np.array([s for _, s in results], dtype=float)
        failed = ~np.isfinite(values)
        ax.plot(xs[failed], ys[failed], "x", color=GREY, markersize=6)
        if not failed.all():
            drawn = ax.scatter(xs[~failed], ys[~failed], c=values[~failed], cmap="viridis", s=45, edgecolors="white")
            figure.colorbar(drawn, ax=ax, label=score)
            best = int(np.nanargmax(values))
            ax.plot(xs[best], ys[best], "o", markersize=13, markerfacecolor="none", color=VERMILLION, markeredgewidth=2)
            ax.set_title(f"{name}: best {values[best]:.3f}")
        ax.set(xlabel=xlabel, ylabel=ylabel)
        logarithmic(ax, "x" * log[0] + "y" * log[1])
        for axis in (ax.xaxis,) * log[0] + (ax.yaxis,) * log[1]:
            _label_few(axis)
    headline(figure, "Coarse finds the region, fine searches inside it (circle: best, ×: not finite)")
    return figure


def _label_few(axis: Axis) -> None:
    """Label 0.2, 0.5, 1, 2, 5 where a logarithmic axis spans little more than a decade, as a fine search's does."""
    low, high = sorted(axis.get_view_interval())
    if low <= 0 or high > 30 * low:
        return
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)))
    steps = (1, 2, 5) if high > 3 * low else (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
    axis.set_major_locator(FixedLocator(np.outer(decades, steps).ravel().tolist()))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


@picture
def best_and_worst_curves(
    curves: Sequence[tuple[str, Sequence[float]]],
    count: int = 3,
    ylabel: str = "dev accuracy",
    *,
    percent: bool = False,
    level: tuple[str, float] | None = None,
) -> Figure:
    """Draw the learning curves of the best and worst runs over all the others.

    Parameters
    ----------
    curves
        (name, values ``(T,)`` after each epoch) pairs; higher is better, judged by the last value.
    count
        How many of the best and of the worst.
    ylabel
        What is measured.
    percent
        Whether the curves are shares, from 0 to 1.
    level
        Name and height of a horizontal line, such as ``("chance", 0.1)``.
    """
    final = [float(np.nan_to_num(np.asarray(values, dtype=float)[-1], nan=-np.inf)) for _, values in curves]
    order = np.argsort(final)[::-1]
    best, worst = order[:count], order[count:][-count:]
    figure, (ax,) = panels(height=4.2)
    for group, tint, style in ((best, colour(0), "-"), (worst, colour(1), "--")):
        for rank, i in enumerate(group):
            line = {"color": tint, "linestyle": style, "alpha": 1 - 0.25 * rank, "label": curves[i][0]}
            ax.plot(*_by_epoch(curves[i][1]), **line)
    others = order[count : len(order) - len(worst)]
    for rank, i in enumerate(others):
        label = None if rank else f"the other {len(others)} runs"
        ax.plot(*_by_epoch(curves[i][1]), color=GREY, alpha=0.25, linewidth=1, zorder=1, label=label)
    if level is not None:
        ax.axhline(level[1], color=BLACK, linewidth=1, label=level[0])
    if percent:
        ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set(
        xlabel="epoch", ylabel=ylabel, title=f"The {len(best)} best runs (solid) and the {len(worst)} worst (dashed)"
    )
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=9)
    return figure


def _by_epoch(values: Sequence[float]) -> tuple[Array, Array]:
    """Number the epochs from 1: the first value is what one epoch of training gave."""
    return np.arange(1, len(values) + 1), np.asarray(values, dtype=float)
