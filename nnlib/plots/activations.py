"""Pictures of assignment 01: activations over their derivatives, and units that stop learning."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from nnlib._validate import Array
from nnlib.plots._style import BLUE, GREY, LINES, VERMILLION, colour, grid_of_panels, headline, panels, picture

Pair = tuple[Callable[[Array], Array], Callable[[Array, Array], Array]]
FAR = 15.0  # where an activation that saturates has done so, and float64 still holds its slope


@picture
def activations_and_derivatives(functions: Mapping[str, Pair], limit: float = 5.0) -> Figure:
    """Draw each activation with its derivative.

    Parameters
    ----------
    functions
        Name to ``(f, f_backward)``, called as ``f(z)`` and ``f_backward(da, z)``. One that raises an error gets a
        grey place that names the error; the others are drawn all the same.
    limit
        z runs from ``-limit`` to ``limit``.
    """
    few = len(functions) < 4  # larger panels, and no room beside the headline
    size = {"panel_height": 2.4, "width": 4.2 + 1.3 * len(functions)} if few else {"panel_height": 1.75, "width": 9.0}
    figure, axes = grid_of_panels(len(functions), columns=4, **size, sharex=True, sharey=True)
    z = np.linspace(-limit, limit, 401)
    drawn = []
    for ax, (name, pair) in zip(axes, functions.items(), strict=True):
        try:
            drawn.append(_draw(ax, name, pair, z))
        except Exception as error:  # one broken function must not hide the pictures of the others
            wanting = "not written yet" if isinstance(error, NotImplementedError) else type(error).__name__
            drawn.append(_empty(ax, name, wanting))
    axes[0].set(xlim=(-limit, limit), ylim=(-1.6, 3.1), xticks=[-limit, 0, limit])
    lines = next((lines for lines in drawn if lines), None)
    if lines:
        place = {"loc": "outside lower center"} if few else {"loc": "upper right", "bbox_to_anchor": (1.0, 1.015)}
        figure.legend(handles=lines, ncols=2, **place)
    for ax in axes[-4:]:
        ax.set_xlabel("z")
    headline(figure, "What a unit answers, and the share of a gradient it passes back")
    return figure


def _draw(ax: Axes, name: str, pair: Pair, z: Array) -> list[Line2D]:
    f, backward = pair
    far = np.linspace(-FAR, FAR, 1201)
    value, slope, slopes = f(z), backward(np.ones_like(z), z), backward(np.ones_like(far), far)
    low, high = float(np.min(slopes)), float(np.max(slopes))
    lines = [
        *ax.plot(z, value, color=BLUE, label="activation"),
        *ax.plot(z, slope, color=VERMILLION, linestyle="--", label="its slope"),
    ]
    ax.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    ax.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    spread = f"{_number(low)} to {_number(high)}" if low < high else _number(low)
    ax.set_title(f"{name}: slope {spread}", fontsize=10)
    return lines


def _empty(ax: Axes, name: str, why: str) -> list[Line2D]:
    for left in (*ax.lines, *ax.texts):
        left.remove()  # of what broke off half-way
    ax.set_facecolor("#F0F0F0")
    ax.grid(visible=False)
    ax.set_title(name, fontsize=10, color=GREY)
    ax.text(0.5, 0.5, why, transform=ax.transAxes, ha="center", va="center", color=GREY)
    return []


def _number(x: float) -> str:
    """Two digits; a slope that only comes near zero is told from one that is zero."""
    return "≈0" if 0 < abs(x) < 1e-5 else f"{x:.2g}".replace("-", "\u2212")


_UNSEEN = 0.005  # a share that would lie on the axis


@picture
def blocked_units(
    epochs: Sequence[float], saturated: Mapping[str, Sequence[float]], dead: Mapping[str, Sequence[float]]
) -> Figure:
    """Plot the share of saturated and of dead units through training, one line per activation.

    Parameters
    ----------
    epochs
        When the shares were measured ``(T,)``.
    saturated
        Name of the activation to shares ``(T,)``, as from :func:`nnlib.saturated_share`.
    dead
        The same for units that no example can teach, as from :func:`nnlib.dead_units`.
    """
    figure, axes = panels(1, 2, width=9.0, height=4.0, sharey=True)
    for ax, shares, title in zip(
        axes,
        (saturated, dead),
        ("saturated, of units × examples", "dead: no slope for any example"),
        strict=True,
    ):
        flat = [name for name, share in shares.items() if max(share) < _UNSEEN]
        for index, (name, share) in enumerate(shares.items()):
            if name not in flat:
                ax.plot(epochs, share, color=colour(index), linestyle=LINES[index % len(LINES)], label=name)
        ax.set_title(f"{title}\n0% throughout: {', '.join(flat)}" if flat else title, fontsize=10)
        ax.set_xlabel("epoch")
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes[0].set_ylim(bottom=0.0)
    axes[0].set_ylabel("share")
    axes[0].yaxis.set_major_formatter("{x:.0%}")
    drawn = {label: handle for ax in axes for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    figure.legend(drawn.values(), drawn.keys(), loc="outside lower center", ncols=len(drawn))
    headline(figure, "Units that pass no gradient back, for one example and for all")
    return figure
