"""One look for every picture: palette, sizes, and the life of a figure."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, LogLocator

from nnlib._validate import Array, require_shape

P = ParamSpec("P")

# Okabe & Ito (2008): told apart with every common colour blindness. Yellow is last: it is faint on white.
BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
PURPLE, SKY, BLACK, YELLOW = "#CC79A7", "#56B4E9", "#000000", "#F0E442"
PALETTE = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY, BLACK, YELLOW)
GREY = "#6E6E6E"
# A second cue beside colour, for print and for those who see no colour at all.
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")

WIDTH = 8.0  # inches; at 100 dots an inch a notebook shows it unscaled
HEIGHT = 4.0

STYLE: Any = {  # matplotlib types the keys as one long Literal
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.labelsize": 11,
    "figure.titlesize": 12,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=list(PALETTE)),
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "lines.linewidth": 2.0,
}


def picture(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw in the house style and hand the figure over closed.

    A figure left open in pyplot is shown twice by a notebook whose cell ends in it, and stays in memory.
    """

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with plt.rc_context(STYLE):
            before = set(plt.get_fignums())
            try:
                return draw(*args, **kwargs)
            finally:
                for number in set(plt.get_fignums()) - before:
                    plt.close(number)

    return styled


def panels(
    rows: int = 1, columns: int = 1, *, width: float = WIDTH, height: float = HEIGHT, **kwargs: Any
) -> tuple[Figure, list[Axes]]:
    """Make a figure with its axes as one list, row by row."""
    figure, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, **kwargs)
    return figure, list(axes.flat)


def grid_of_panels(
    count: int, *, columns: int, panel_height: float, width: float = WIDTH, **kwargs: Any
) -> tuple[Figure, list[Axes]]:
    """Make ``count`` axes in rows of at most ``columns``; the rest of the last row stays empty."""
    if count < 1:
        raise ValueError("There must be at least one thing to draw, got none.")
    columns = min(columns, count)
    rows = -(-count // columns)
    figure, axes = panels(rows, columns, width=width, height=panel_height * rows + 0.6, **kwargs)
    for ax in axes[count:]:
        ax.remove()
    for ax in axes[max(count - columns, 0) : count]:
        ax.tick_params(labelbottom=True)  # the lowest of its column, though the last row may be short
    return figure, axes[:count]


class _PlainPowers(LogFormatter):
    """Write 0.001, 0.06, 1, 100 where the whole axis can be written so, else 1e-4, 6e-2, 1, 1e2."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        text = super().__call__(x, pos)  # empty where there is no room for a label
        low, high = sorted(self.axis.get_view_interval())  # type: ignore[union-attr]  # an axis formats its own ticks
        if not text or x == 1 or (low > 5e-4 and high < 5e4):
            return text and f"{x:g}"
        return re.sub(r"e\+?(-?)0*(?=\d)", r"e\1", f"{x:.0e}").replace("-", "−")


def logarithmic(ax: Axes, axes: str) -> None:
    """Make the axes named in ``axes`` ("x", "y" or "xy") logarithmic, with plain labels, all 0.01 or all 1e-2.

    Typeset powers of ten take a third of the time of a whole picture.
    """
    for name in axes:
        getattr(ax, f"set_{name}scale")("log")
        axis = ax.xaxis if name == "x" else ax.yaxis
        axis.set_major_locator(LogLocator(numticks=5 if name == "x" else 8))  # labels side by side take room
        axis.set_major_formatter(_PlainPowers())
        axis.set_minor_formatter(_PlainPowers(labelOnlyBase=False))


def headline(figure: Figure, text: str) -> None:
    """Say above all panels what is to be seen."""
    figure.suptitle(text, x=0.01, ha="left")


def colour(index: int) -> str:
    """Colour of the series or class with this index; they repeat after eight."""
    return PALETTE[index % len(PALETTE)]


def paler(name: str, share: float = 0.75) -> tuple[float, float, float]:
    """Mix a colour with ``share`` of white, for areas behind points."""
    red, green, blue = (float(1.0 - (1.0 - part) * (1.0 - share)) for part in to_rgb(name))
    return red, green, blue


def as_points(X: Any, y: Any) -> tuple[Array, Array]:
    """Check a set of labelled points in the plane."""
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2:
        msg = f"X must have shape (N, 2) to be drawn, got {X.shape}."
        msg += " Choose two features, or project with pca_apply first."
        raise ValueError(msg)
    require_shape("y", y, X.shape[:1], "one label per example")
    return X, y
