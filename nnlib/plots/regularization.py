"""Pictures of assignment 09: what a penalty does, how strong it should be, and what to try next."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from nnlib._validate import Array, require_rows, require_shape
from nnlib.plots._style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LINES,
    ORANGE,
    VERMILLION,
    colour,
    headline,
    logarithmic,
    paler,
    panels,
    picture,
)
from nnlib.plots.losses import draw_regions

_CURVATURE = np.array([[1.0, 0.55], [0.55, 1.0]])  # of the loss that the two penalties meet
_MINIMUM = (0.35, 1.6)


@picture
def improvement_loop() -> Figure:
    """Draw the recipe against bias and variance as a flow: ask, act, ask again."""
    figure, (ax,) = panels(height=2.9)
    _box(ax, 0.0, 1.6, "High bias?\ntraining error far\nabove Bayes error", BLUE)
    _box(ax, 4.4, 1.6, "High variance?\ndev error far\nabove training error", VERMILLION)
    _box(ax, 8.4, 1.6, "Done:\nlook at the\ntest set, once", GREEN)
    _box(ax, 0.0, -1.0, "larger network, longer training,\nbetter optimizer, architecture", BLUE, wide=3.6)
    _box(ax, 4.4, -1.0, "more data, regularisation,\narchitecture", VERMILLION, wide=3.2)
    for start, end, text, place in (
        ((1.35, 1.6), (3.05, 1.6), "no", (2.2, 1.75)),
        ((5.75, 1.6), (7.05, 1.6), "no", (6.4, 1.75)),
        ((-0.3, 0.75), (-0.3, -0.4), "yes", (-0.75, 0.1)),
        ((4.4, 0.75), (4.4, -0.4), "yes", (4.8, 0.1)),
        ((0.3, -0.4), (0.3, 0.75), "train again", (1.05, 0.1)),
        ((2.8, -0.7), (1.1, 0.72), "train again,\nask from the start", (2.95, 0.25)),
    ):
        ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": BLACK, "linewidth": 1.4})
        ax.text(*place, text, ha="center", va="bottom" if text == "no" else "center", fontsize=9, color=GREY)
    ax.set(xlim=(-2.0, 9.8), ylim=(-1.8, 2.6))
    ax.axis("off")
    headline(figure, "First the bias, then the variance, and round again until neither is high")
    return figure


def _box(ax: Axes, x: float, y: float, text: str, tint: str, wide: float = 2.6) -> None:
    high = 1.5 if text.count("\n") == 2 else 1.1
    corner = (x - wide / 2, y - high / 2)
    ax.add_patch(FancyBboxPatch(corner, wide, high, "round,pad=0.08", facecolor=paler(tint), edgecolor=tint))
    ax.text(x, y, text, ha="center", va="center", fontsize=9)


@picture
def stiff_and_free(diagnose: Callable[[float, float, float], str], seed: int = 3) -> Figure:
    """Draw a classifier that underfits on both sides and overfits in the middle, with its verdict.

    Parameters
    ----------
    diagnose
        ``diagnose(train_err, dev_err, bayes_err)`` to the verdict.
    seed
        Of the points: the classes are divided by a parabola, and 15% of the labels in the middle are wrong.
    """
    rng = np.random.default_rng(seed)

    def points(n: int) -> tuple[Array, Array]:
        X = rng.uniform([-2, -1.5], [2, 3], size=(n, 2))
        wrong = (np.abs(X[:, 0]) < 0.8) & (rng.random(n) < 0.15)
        return X, np.asarray(parabola(X) ^ wrong, dtype=int)

    def parabola(X: Array) -> Array:
        return np.asarray(X[:, 1] > X[:, 0] ** 2 - 1)

    def model(X: Array) -> Array:
        nearest = y[((X[:, np.newaxis] - seen) ** 2).sum(axis=2).argmin(axis=1)]
        return np.where(np.abs(X[:, 0]) < 0.8, nearest, X[:, 1] > 0)

    (seen, y), (new, new_y) = points(500), points(5000)
    train, dev = (float(np.mean(model(X) != labels)) for X, labels in ((seen, y), (new, new_y)))
    figure, axes = panels(1, 2, height=3.9, sharex=True, sharey=True)
    rules = {f"{train:.0%} wrong in training, {dev:.0%} dev": model, "the best there is: 6% wrong": parabola}
    for ax, (name, rule) in zip(axes, rules.items(), strict=True):
        draw_regions(ax, rule, seen, y, 160)
        for drawn in ax.collections:
            if isinstance(drawn, PathCollection):
                drawn.set_sizes([9])
        ax.set(title=name, xlabel="x₁")
    axes[0].set_ylabel("x₂")
    headline(figure, f"A straight line on both sides, a copier in the middle: {diagnose(train, dev, 0.06)}")
    return figure


@picture
def diamond_and_circle(
    minimum: tuple[float, float] = _MINIMUM, radius: float = 1.0, curvature: Array = _CURVATURE
) -> Figure:
    """Draw where a loss of two weights touches the weights that L1 and L2 allow.

    Parameters
    ----------
    minimum
        Where the loss alone is lowest, outside of both shapes.
    radius
        Of the shapes: the sum of sizes, or the length, that the penalty leaves.
    curvature
        ``(2, 2)``, symmetric and positive: half its square form is the loss.
    """
    curvature = np.asarray(curvature, dtype=float)
    require_shape("curvature", curvature, (2, 2), "for two weights")
    turn = np.linspace(0, 2 * np.pi, 4 * 900 + 1)  # the four corners are among the angles
    circle = radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    shapes = {"L1": circle * radius / np.abs(circle).sum(axis=1, keepdims=True), "L2": circle}

    def loss(points: Array) -> Array:
        off = points - np.array(minimum)
        return np.asarray(0.5 * np.einsum("...i,ij,...j->...", off, curvature, off))

    grid = np.stack(np.meshgrid(np.linspace(-1.6, 2.4, 161), np.linspace(-1.4, 2.6, 161)), axis=-1)
    figure, axes = panels(1, 2, height=4.0, sharex=True, sharey=True)
    meets: dict[str, Array] = {}
    for ax, (name, edge) in zip(axes, shapes.items(), strict=True):
        touching = edge[int(np.argmin(loss(edge)))]
        touching = meets[name] = np.where(np.abs(touching) < 1e-9, 0.0, touching)
        levels = float(loss(touching)) * np.array([0.1, 0.4, 1.0, 2.0, 3.4])
        ax.contour(grid[..., 0], grid[..., 1], loss(grid), levels=levels, colors=GREY, linewidths=1.0)
        ax.fill(*edge.T, facecolor=paler(BLUE), edgecolor=BLUE)
        ax.axhline(0, color=BLACK, linewidth=0.7)
        ax.axvline(0, color=BLACK, linewidth=0.7)
        ax.plot(*minimum, "x", color=BLACK, markersize=9, label="lowest loss")
        ax.plot(*touching, "o", color=VERMILLION, markersize=9, label="best that is allowed")
        ax.set(title=f"{name}: w₁ = {touching[0]:.2f}, w₂ = {touching[1]:.2f}", xlabel="w₁", aspect="equal")
        ax.locator_params(nbins=5)
    axes[0].set_ylabel("w₂")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
    where = "at a corner, where a weight is 0" if 0.0 in meets["L1"] else "along a side: here no weight is 0"
    headline(figure, f"The loss meets the diamond {where}")
    return figure


@picture
def linear_zone(inputs: Mapping[str, Array], zone: float = 0.5) -> Figure:
    """Draw the tanh with the zone in which it is nearly a straight line, and where nets use it.

    Parameters
    ----------
    inputs
        Name of a net to what goes into its tanh units, an array of any shape.
    zone
        Half the width of the shaded zone.
    """
    z = np.linspace(-3, 3, 241)
    figure, axes = panels(2, 1, height=4.4, sharex=True, height_ratios=[1.5, 1])
    curve, counts = axes
    off = float(np.abs(np.tanh(zone) / zone - 1))
    for ax in axes:
        ax.axvspan(-zone, zone, color=paler(ORANGE, 0.7), zorder=0)
    curve.plot(z, np.tanh(z), color=BLUE, label="tanh(z)")
    curve.plot(z, z, color=GREY, linestyle=":", label="z itself")
    curve.set(
        ylim=(-1.3, 1.3),
        ylabel="output",
        title=f"Up to {zone:g} the tanh is nearly a straight line (at most {off:.0%} off)",
    )
    curve.legend(loc="lower right")
    for index, (name, values) in enumerate(inputs.items()):
        flat = np.clip(np.asarray(values, dtype=float).ravel(), -3, 3)
        inside = float(np.mean(np.abs(flat) <= zone))
        style: dict[str, Any] = {"color": colour(index), "linestyle": LINES[index % len(LINES)], "linewidth": 1.8}
        share = np.full(flat.size, 1 / flat.size)
        label = f"{name}: {inside:.0%} in the zone"
        counts.hist(flat, bins=60, range=(-3, 3), weights=share, histtype="step", label=label, **style)
    counts.set(xlabel="z, what goes into the tanh (beyond 3 is drawn at 3)", ylabel="share")
    counts.yaxis.set_major_formatter("{x:.0%}")
    counts.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=9)
    return figure


@picture
def error_over_strength(
    strengths: Sequence[float], train: Sequence[float], dev: Sequence[float], ylabel: str = "error"
) -> Figure:
    """Plot training and dev error over the strength of a penalty, with the strength to choose.

    Parameters
    ----------
    strengths
        Values of λ ``(K,)``, all above 0.
    train, dev
        Errors ``(K,)``.
    ylabel
        What is measured, with its unit.
    """
    lams, low, high = (np.asarray(values, dtype=float) for values in (strengths, train, dev))
    require_rows(strengths=lams, train=low, dev=high)
    best = int(np.argmin(high))
    figure, (ax,) = panels(height=3.8)
    ax.plot(lams, low, color=BLUE, label="training")
    ax.plot(lams, high, color=VERMILLION, linestyle="--", label="dev")
    ax.plot(lams[best], high[best], "o", color=BLACK, label=f"lowest dev error: λ = {lams[best]:.2g}")
    logarithmic(ax, "x")
    ax.set(xlabel="λ", ylabel=ylabel, title="Too little is high variance, too much high bias: the dev error is a U")
    ax.legend()
    return figure
