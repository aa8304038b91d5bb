"""Something measured for several values of something turned: pictures of assignment 11."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nnlib.plots._style import GREY, LINES, colour, logarithmic, panels, picture
from nnlib.plots.curves import as_curve

MARKERS = "osD^vPX*"


@picture
def measured_against(
    xs: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    title: str,
    xlabel: str,
    ylabel: str,
    *,
    log: str = "",
    percent: bool = False,
    level: tuple[str, float] | None = None,
    marks: bool = True,
) -> Figure:
    """Draw what was measured at each of a few values, one line per curve.

    Parameters
    ----------
    xs
        The values that were turned ``(T,)``.
    curves
        Name to what was measured ``(T,)``; a NaN leaves a gap.
    title
        What is to be seen.
    xlabel, ylabel
        What was turned and what was measured, with its unit.
    log
        Axes that are logarithmic: "x", "y", "xy" or "".
    percent
        Whether the curves are shares, from 0 to 1.
    level
        Name and height of a horizontal line, such as ``("chance", 0.1)``.
    marks
        Whether each value has a mark; without marks for what is known everywhere.
    """
    figure, (ax,) = panels(height=3.8)
    for index, (name, values) in enumerate(curves.items()):
        style: dict[str, Any] = {"color": colour(index), "linestyle": LINES[index % len(LINES)]}
        style["marker"] = MARKERS[index % len(MARKERS)] if marks else None
        ax.plot(np.asarray(xs, dtype=float), as_curve(name, values), label=name, **style)
    if level is not None:
        ax.axhline(level[1], color=GREY, linewidth=1, label=level[0])  # no curve is thin
    logarithmic(ax, log)
    if "x" not in log and all(float(x).is_integer() for x in xs):
        ax.set_xticks(list(xs))
    if percent:
        ax.set_ylim(-0.03, 1.03)
        ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if len(curves) > 1 or level is not None:
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure
