"""Pictures of assignment 01: activations over their derivatives, and units that stop learning."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from nnlib._validate import Array
from nnlib.plots._style import BLUE, GREY, LINES, VERMILLION, colour, grid_of_panels, headline, panels, picture


@picture
def activations_and_derivatives(
    functions: Mapping[str, tuple[Callable[[Array], Array], Callable[[Array, Array], Array]]],
    limit: float = 5.0,
) -> Figure:
    """Draw each activation with its derivative.

    Parameters
    ----------
    functions
        Name to ``(f, f_backward)``, called as ``f(z)`` and ``f_backward(da, z)``.
    limit
        z runs from ``-limit`` to ``limit``.
    """
    z = np.linspace(-limit, limit, 401)
    figure, axes = grid_of_panels(len(functions), columns=3, panel_height=2.5, sharex=True)
    for ax, (name, (f, backward)) in zip(axes, functions.items(), strict=True):
        slope = backward(np.ones_like(z), z)
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.axvline(0, color=GREY, linewidth=0.8)
        ax.plot(z, f(z), color=BLUE, label="activation")
        ax.plot(z, slope, color=VERMILLION, linestyle="--", label="derivative")
        ax.set_title(f"{name}: slope {_number(slope.min())} to {_number(slope.max())}", fontsize=11)
    axes[0].legend(loc="upper left")
    figure.supxlabel("z")
    headline(figure, "The dashed line is the share of a gradient that a unit passes back")
    return figure


def _number(x: float) -> str:
    return f"{float(x):.2g}".replace("e-0", "e-")


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
    figure, axes = panels(1, 2, height=3.8, sharey=True)
    for ax, shares, title in zip(
        axes,
        (saturated, dead),
        ("saturated, of units × examples", "dead: no slope for any example"),
        strict=True,
    ):
        for index, (name, share) in enumerate(shares.items()):
            ax.plot(epochs, share, color=colour(index), linestyle=LINES[index % len(LINES)], label=name)
        ax.set(title=title, xlabel="epoch", ylim=(-0.03, 1.03))
    axes[0].set_ylabel("share")
    axes[0].yaxis.set_major_formatter("{x:.0%}")
    axes[1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    headline(figure, "Units that pass no gradient back, for one example and for all")
    return figure
