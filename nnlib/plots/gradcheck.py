"""Pictures of assignment 03: how good a numerical derivative is, and where a wrong gradient hides."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nnlib._validate import Array
from nnlib.plots._style import BLUE, GREY, LINES, MARKERS, VERMILLION, colour, headline, logarithmic, panels, picture


def _cube(x: Any) -> Any:
    return x**3


def _cube_slope(x: float) -> float:
    return 3.0 * x**2


@picture
def gradient_error_against_step(
    formulas: Mapping[str, Callable[[Callable[[Any], Any], Any, Any], Any]],
    f: Callable[[Any], Any] = _cube,
    derivative: Callable[[float], float] = _cube_slope,
    x: float = 1.0,
    steps: Sequence[float] | None = None,
) -> Figure:
    """Plot the error of numerical derivatives against their step, in float32 beside float64.

    Parameters
    ----------
    formulas
        Name to ``formula(f, x, h)``, such as ``{"forward": forward_difference, ...}``.
        They are called with ``x`` and ``h`` in each precision, which they must keep.
    f
        Scalar function that keeps its argument's precision; θ³ unless given.
    derivative
        Exact derivative of ``f``.
    x
        Where the derivative is taken.
    steps
        Step sizes; from 1e-14 to 1 unless given.
    """
    hs = np.logspace(-14, 0, 57) if steps is None else np.asarray(steps, dtype=float)
    exact = derivative(x)
    figure, axes = panels(1, 2, height=4.2, sharey=True)
    for ax, dtype in zip(axes, (np.float32, np.float64), strict=True):
        for index, (name, formula) in enumerate(formulas.items()):
            error = np.array([abs(float(formula(f, dtype(x), dtype(h))) - exact) for h in hs])
            ax.plot(
                hs,
                _positive(error),
                linestyle=LINES[index % len(LINES)],
                marker=MARKERS[index],
                markersize=4,
                linewidth=1.3,
                color=colour(index),
                label=name,
            )
        ax.set(title=dtype.__name__, xlabel="step h")
        logarithmic(ax, "xy")
    if np.asarray(axes[0].lines[0].get_ydata())[0] == abs(exact):  # x + h is x
        at = hs[0], abs(exact)
        axes[0].annotate(f"error {at[1]:g}", at, (0, -7), textcoords="offset points", va="top", fontsize=9)
    bottom, top = axes[0].get_ylim()
    for ax in axes:  # the slopes that theory promises until rounding takes over, beside the curves
        ax.plot(hs, hs / 10, color=GREY, linewidth=1, linestyle=":", label="slope of h")
        ax.plot(hs, hs**2 / 10, color=GREY, linewidth=1, linestyle="-.", label="slope of h²")
        ax.set_ylim(bottom, top)
    axes[0].set_ylabel("absolute error of the derivative")
    axes[0].legend(loc="lower right", fontsize=9)
    headline(figure, "Smaller steps help until rounding takes over: central beats one-sided, float64 beats float32")
    return figure


@picture
def error_against_weights(scales: Sequence[float], errors: Sequence[float]) -> Figure:
    """Plot the relative error of a wrong gradient over the size of the weights, with the verdicts.

    Parameters
    ----------
    scales
        Standard deviations of the weights ``(T,)``, positive.
    errors
        Relative error of the gradient check at each ``(T,)``.
    """
    sizes = np.asarray(scales, dtype=float)
    figure, (ax,) = panels(height=3.8)
    ax.plot(sizes, _positive(np.asarray(errors, dtype=float)), color=BLUE, marker="o", markersize=4, linewidth=1.3)
    logarithmic(ax, "xy")
    for level in (1e-7, 1e-3):
        ax.axhline(level, color=VERMILLION, linestyle="--", linewidth=1)
    for height, words in ((3e-3, "a bug"), (1e-5, "look again"), (1.5e-8, "great")):
        ax.text(sizes[0], height, words, color="#B04A00", fontsize=10)
    ax.set(xlabel="standard deviation of the weights", ylabel="relative error")
    ax.set_title("The same bug passes the check at small weights")
    return figure


@picture
def secants(f: Callable[[float], float], points: Sequence[float], h: float) -> Figure:
    """Draw the secant that a central difference measures in place of the slope, one panel for each point.

    Parameters
    ----------
    f
        Scalar function, such as ReLU.
    points
        Where the slope is wanted.
    h
        The step to each side, which is the unit of the axes.
    """
    figure, axes = panels(1, len(points), height=2.9, sharex=True, sharey=True)
    reach = 1.2 + max(abs(x) for x in points) / h
    wide = np.linspace(-reach, reach, 201)
    for ax, x in zip(axes, points, strict=True):
        ends = np.array([x - h, x + h])
        heights = np.array([float(f(end)) for end in ends])
        ax.plot(wide, [float(f(v * h)) / h for v in wide], color=GREY, linewidth=1.4)
        ax.plot(ends / h, heights / h, color=VERMILLION, marker="o", markersize=5, linestyle="--")
        ax.plot(x / h, float(f(x)) / h, "o", color=BLUE, markersize=6)
        named = f"{x / h:g}".replace("-", "−")
        ax.set(title=f"x = {named} h: slope {np.diff(heights)[0] / (2 * h):.2f}", xlabel="x / h")
    axes[0].set_ylabel("f(x) / h")
    headline(figure, "Across a kink, the secant (dashed) has neither of the two slopes")
    return figure


def _positive(error: Array) -> Array:
    """Replace an error of exactly 0, which a logarithmic axis cannot show, by a gap."""
    return np.where(error > 0, error, np.nan)
