"""Curves of training: pictures of assignments 05 to 12."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from nnlib._validate import Array
from nnlib.plots._style import (
    BLACK,
    BLUE,
    GREY,
    LINES,
    ORANGE,
    VERMILLION,
    colour,
    grid_of_panels,
    headline,
    logarithmic,
    panels,
    picture,
)


def draw_curve(ax: Axes, values: Any, index: int, label: str, smooth: int = 1, start: int = 0) -> None:
    """Draw a curve up to its first NaN or infinity, where a cross marks that it exploded."""
    values = as_curve(label, values)
    finite = np.isfinite(values)
    end = len(values) if finite.all() else int(np.argmin(finite))
    steps = np.arange(start, start + end)
    style: dict[str, Any] = {"color": colour(index), "linestyle": LINES[index % len(LINES)]}
    if end < len(values):
        label = f"{label} (not finite from {start + end})"
    if smooth > 1 and end >= smooth:
        ax.plot(steps, values[:end], color=colour(index), alpha=0.25, linewidth=1)
        ax.plot(steps, _smoothed(values[:end], smooth), label=label, **style)
    else:
        ax.plot(steps, values[:end], label=label, marker="." if end == 1 else None, **style)
    if end < len(values):
        end_point = (steps[-1], values[end - 1]) if end else (start, np.nan)
        ax.plot(*end_point, marker="X", markersize=10, color=colour(index), markeredgecolor="white", zorder=5)


def _smoothed(values: Array, smooth: int) -> Array:
    """Mean about each point, of fewer steps near the ends: a mean of the past alone lies above a falling curve."""
    if smooth <= 1:
        return values
    sums = np.cumsum(np.concatenate([[0.0], values]))
    here = np.arange(len(values))
    first, last = np.maximum(here - smooth // 2, 0), np.minimum(here + smooth // 2 + 1, len(values))
    means: Array = (sums[last] - sums[first]) / (last - first)
    return means


def as_curve(label: str, values: Any) -> Array:
    """Check a series of numbers."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"The curve {label!r} must have shape (T,) with T of 1 or more, got {array.shape}.")
    return array


@picture
def loss_curves(
    curves: Mapping[str, Sequence[float]],
    title: str = "Training loss",
    xlabel: str = "epoch",
    ylabel: str = "loss (nats)",
    log: bool = False,
    smooth: int = 1,
    top: float | None = None,
    level: tuple[str, float] | None = None,
    dots: Sequence[int] = (),
) -> Figure:
    """Compare losses (or accuracies) through training, one line per run.

    Parameters
    ----------
    curves
        Name to values ``(T,)``; a cross marks the last value before NaN or infinity.
    title
        What is to be seen.
    xlabel, ylabel
        What is counted and what is measured, with its unit.
    log
        Logarithmic axis for the values.
    smooth
        Mean over about that many steps around each, the raw values pale behind it.
    top
        Upper end of the axis, for a run that explodes beside ones that do not.
    level
        Name and height of a horizontal line, such as ``("chance: ln 10", 2.303)``.
    dots
        Steps at which dots stand on the curves.
    """
    figure, (ax,) = panels(height=4.2)
    for index, (name, values) in enumerate(curves.items()):
        draw_curve(ax, values, index, name, smooth)
        if len(dots):
            ax.plot(dots, [values[step] for step in dots], "o", color=colour(index), markersize=7)
    if level is not None:
        ax.axhline(level[1], color=GREY, linewidth=1, label=level[0])  # no curve is thin
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if log:
        logarithmic(ax, "y")
    if top is not None:
        drawn = np.concatenate([as_curve(name, values) for name, values in curves.items()])
        low = float(np.nanmin(drawn[np.isfinite(drawn)], initial=top))
        ax.set_ylim(low if log else low - 0.03 * (top - low), top)
    if len(curves) > 1 or level is not None:
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


@picture
def curves_apart(
    curves: Mapping[str, Sequence[float]],
    title: str,
    *,
    columns: int = 3,
    xlabel: str = "epoch",
    ylabel: str = "cost (nats)",
    log: bool = False,
    smooth: int = 1,
    top: float | None = None,
) -> Figure:
    """Give each run a panel of its own, with all the others pale behind it: for more runs than one panel can hold.

    Parameters
    ----------
    curves
        Name to values ``(T,)``.
    title
        What is to be seen.
    columns
        Panels side by side.
    xlabel, ylabel
        What is counted and what is measured, with its unit.
    log, smooth, top
        As in :func:`loss_curves`.
    """
    figure, axes = grid_of_panels(len(curves), columns=columns, panel_height=2.2, sharex=True, sharey=True)
    for index, (ax, name) in enumerate(zip(axes, curves, strict=True)):
        for other, values in curves.items():
            if other != name:
                ax.plot(_smoothed(as_curve(other, values), smooth), color="#D5D5D5", linewidth=1)
        ax.plot(_smoothed(as_curve(name, curves[name]), smooth), color=colour(index))
        ax.set_title(name)
        if log:
            logarithmic(ax, "y")
        if top is not None:
            ax.set_ylim(top=top)
    figure.supxlabel(xlabel)
    figure.supylabel(ylabel)
    headline(figure, title)
    return figure


@picture
def cost_per_step(
    histories: Mapping[str, Sequence[float]],
    smooth: int = 25,
    *,
    title: str = "Batch cost falls at every step, mini-batch cost only in trend",
    ylabel: str = "cost of the batch (nats)",
    own_axes: bool = False,
) -> Figure:
    """Draw the cost at each step side by side: falling at every step, or only in trend.

    Parameters
    ----------
    histories
        Name to costs ``(T,)``; lengths may differ.
    smooth
        Steps of the mean drawn over a noisy history.
    title, ylabel
        What is to be seen, and what is measured, with its unit.
    own_axes
        Whether each panel has a scale of its own.
    """
    figure, axes = panels(1, len(histories), height=3.4, sharey=not own_axes)
    for index, (ax, (name, costs)) in enumerate(zip(axes, histories.items(), strict=True)):
        values = as_curve(name, costs)
        rises = int((np.diff(values) > 0).sum())
        draw_curve(ax, values, index, name, smooth if rises else 1)
        ax.set_title(f"{name}\n{rises} of {len(values) - 1} steps rise")
        ax.set_xlabel("step")
    axes[0].set_ylabel(ylabel)
    headline(figure, title)
    return figure


@picture
def time_against_batch_size(
    batch_sizes: Sequence[int],
    seconds: Sequence[float],
    steps: Sequence[int] | None = None,
    goal: str = "to the loss",
) -> Figure:
    """Plot the time to reach a given loss against the batch size, on a logarithmic axis.

    Parameters
    ----------
    batch_sizes
        Sizes tried ``(K,)``.
    seconds
        Time to the loss ``(K,)``; NaN for a size that never got there.
    steps
        Steps to the loss ``(K,)``, drawn in a second panel.
    goal
        What the axes say of the loss, such as ``"until the cost is below 0.5"``.
    """
    figure, axes = panels(1, 1 if steps is None else 2, height=3.6)
    series: list[tuple[Any, str, str, str]] = [(1000 * np.asarray(seconds), f"ms {goal}", "least time", BLUE)]
    if steps is not None:
        series.append((steps, f"steps {goal}", "fewest steps", VERMILLION))
    for ax, (values, ylabel, least, tint) in zip(axes, series, strict=True):
        values = as_curve(ylabel, values)
        ax.plot(batch_sizes, values, "o-", color=tint)
        best = values == np.nanmin(values)
        ax.plot(np.asarray(batch_sizes)[best], values[best], "o", color=tint, markersize=11)
        named = [str(size) for size in np.asarray(batch_sizes)[best]]
        alike = len(named) > 1 and bool(best[-len(named) :].all())  # all from one size on
        ax.set_title(f"{least}: batch size {f'{named[0]} and above' if alike else ', '.join(named)}")
        ax.set_xscale("log", base=2)
        ax.set_xticks(list(batch_sizes), [str(b) for b in batch_sizes], rotation=45)
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set(xlabel="batch size (examples)", ylabel=ylabel)
    logarithmic(axes[0], "y")
    axes[-1].set_ylim(bottom=0 if steps is not None else None)
    headline(figure, "Small batches need many steps, large ones slow steps: the fastest lies between")
    return figure


@picture
def averages_of_temperatures(
    temperatures: Sequence[float],
    ewa: Callable[[Array, float], Any],
    ewa_corrected: Callable[[Array, float], Any],
    betas: Sequence[float] = (0.5, 0.9, 0.98),
) -> Figure:
    """Draw exponentially weighted averages of a year of temperatures, plain and bias-corrected.

    Parameters
    ----------
    temperatures
        Daily temperatures ``(T,)`` in °C.
    ewa, ewa_corrected
        ``ewa(values, beta)`` to averages ``(T,)``.
    betas
        One panel each.
    """
    values = as_curve("temperatures", temperatures)
    days = np.arange(1, len(values) + 1)
    figure, axes = panels(len(betas), 1, height=2.1 * len(betas) + 0.8, sharex=True, sharey=True)
    for ax, beta in zip(axes, betas, strict=True):
        ax.plot(days, values, ".", color=GREY, markersize=3, alpha=0.5, label="day")
        ax.plot(days, ewa(values, beta), color=VERMILLION, linestyle="--", label="plain")
        ax.plot(days, ewa_corrected(values, beta), color=BLUE, label="bias-corrected")
        ax.set_title(f"β = {beta:g}: about {1 / (1 - beta):.0f} days")
    axes[0].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, markerscale=3)
    axes[-1].set_xlabel("day of the year")
    figure.supylabel("temperature (°C)")
    headline(figure, "A larger β is smoother and later; without correction the first days start from 0 °C")
    return figure


@picture
def schedules(rates: Mapping[str, Callable[[int], float]], epochs: int = 60) -> Figure:
    """Draw learning-rate schedules, one panel each.

    Parameters
    ----------
    rates
        Name to a function of the epoch, counted from 0, that returns the rate.
    epochs
        How many to draw.
    """
    figure, axes = grid_of_panels(len(rates), columns=3, panel_height=2.4, sharex=True, sharey=True)
    when = np.arange(epochs)
    for index, (ax, (name, rate)) in enumerate(zip(axes, rates.items(), strict=True)):
        ax.step(when, [rate(int(epoch)) for epoch in when], where="post", color=colour(index))
        ax.set_title(name)
        ax.set_ylim(bottom=0)
    figure.supxlabel("epoch")
    figure.supylabel("learning rate")
    headline(figure, "Large steps first, small ones later: ways to get from one to the other")
    return figure


@picture
def train_dev_curves(
    train: Sequence[float],
    dev: Sequence[float],
    best_epoch: int | None = None,
    stop_epoch: int | None = None,
    ylabel: str = "loss (nats)",
) -> Figure:
    """Draw training and dev curves with the point where training should have stopped.

    Parameters
    ----------
    train, dev
        Loss after each epoch ``(T,)``.
    best_epoch, stop_epoch
        As from :func:`nnlib.early_stopping`, counted from 0.
    ylabel
        What is measured, with its unit.
    """
    figure, (ax,) = panels()
    draw_curve(ax, train, 0, "training set")
    draw_curve(ax, dev, 1, "dev set")
    if best_epoch is not None:
        ax.axvline(best_epoch, color=BLACK, linewidth=1.2, label=f"best: epoch {best_epoch}")
        ax.plot(best_epoch, np.asarray(dev, dtype=float)[best_epoch], "o", color=BLACK, zorder=5)
    if stop_epoch is not None:
        ax.axvline(stop_epoch, color=ORANGE, linestyle="--", linewidth=1.6, label=f"stopped: epoch {stop_epoch}")
    ax.set(xlabel="epoch", ylabel=ylabel, title="The dev loss turns up where the net begins to learn the noise")
    ax.legend()
    return figure


@picture
def steps_to_accuracy(curves: Mapping[str, Sequence[float]], target: float, every: int = 1) -> Figure:
    """Draw each run up to the step at which it first reaches an accuracy.

    Parameters
    ----------
    curves
        Name to accuracy on the dev set ``(T,)``, 0 to 1.
    target
        Accuracy to reach.
    every
        Steps between two measurements.
    """
    figure, (ax,) = panels()
    ax.axhline(target, color=GREY, linestyle=":", label=f"{target:.0%}")
    for index, (name, values) in enumerate(curves.items()):
        accuracy = as_curve(name, values)
        steps = every * np.arange(1, len(accuracy) + 1)
        reached = np.flatnonzero(accuracy >= target - 1e-9)  # a mean of shares may be an ulp below
        when = f"after {steps[reached[0]]} steps" if reached.size else "not reached"
        end = reached[0] + 1 if reached.size else len(steps)  # beyond, curves would lie on each other
        style: dict[str, Any] = {"color": colour(index), "linestyle": LINES[index % len(LINES)]}
        ax.plot(steps[:end], accuracy[:end], label=f"{name}: {when}", **style)
        if reached.size:
            ax.plot(steps[reached[0]], accuracy[reached[0]], "o", color=colour(index), markersize=8)
    logarithmic(ax, "x")
    ax.set(xlabel="step", ylabel="accuracy on the dev set", title=f"Steps to an accuracy of {target:.0%}")
    ax.yaxis.set_major_formatter("{x:.0%}")
    figure.legend(loc="outside lower center", ncols=2)
    return figure
