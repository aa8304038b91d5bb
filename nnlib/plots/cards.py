"""What a student's net has become: pictures of assignment 13."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from nnlib._validate import Array, require_rows
from nnlib.plots._style import BLACK, BLUE, GREY, VERMILLION, headline, panels, picture


@picture
def units_and_their_digits(
    change: Array, w: Array, X: Array, shape: tuple[int, int] = (8, 8), count: int = 10, mean_of: int = 30
) -> Figure:
    """Show what training has added to hidden units' weights, and below what excites each unit.

    What was added at a pixel is averaged with its neighbours: single pixels are mostly noise.

    Parameters
    ----------
    change
        First layer's weights less those it started from ``(D, K)``; units whose averages changed most are shown.
    w
        First layer's weights ``(D, K)``.
    X
        Images ``(N, D)``.
    shape
        Height and width of an image.
    count
        How many units at most.
    mean_of
        How many images, those that give a unit its largest scores, are averaged.
    """
    change, w, X = np.asarray(change, dtype=float), np.asarray(w, dtype=float), np.asarray(X, dtype=float)
    if change.shape != w.shape or w.shape[0] != X.shape[1] or w.shape[0] != shape[0] * shape[1]:
        raise ValueError(
            f"change and w must have shape ({shape[0] * shape[1]}, K) for images of {shape[0]}×{shape[1]}, and X "
            f"their first number of columns; got {change.shape}, {w.shape} and {X.shape}."
        )
    change = np.stack([_with_neighbours(unit.reshape(shape)).ravel() for unit in change.T], axis=1)
    units = np.argsort(-np.linalg.norm(change, axis=0))[:count]
    figure, axes = panels(2, len(units), height=2.6)
    edge = float(np.abs(change[:, units]).max()) or 1.0
    for column, unit in enumerate(units):
        excited = np.argsort(-(X @ w[:, unit]))[:mean_of]
        above, below = axes[column], axes[len(units) + column]
        above.imshow(change[:, unit].reshape(shape), cmap="PuOr_r", vmin=-edge, vmax=edge, interpolation="nearest")
        below.imshow(X[excited].mean(axis=0).reshape(shape), cmap="Greys", interpolation="nearest")
        for ax in (above, below):
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
            ax.spines[:].set(visible=True, color=GREY, linewidth=0.6)
    axes[0].set_ylabel("learnt", fontsize=10)
    axes[len(units)].set_ylabel("excited by", fontsize=10)
    headline(figure, "What units have learnt to look for (orange: ink), and the mean of the digits that excite them")
    return figure


def _with_neighbours(image: Array) -> Array:
    """Average each pixel with those around it, nearer ones counting more; beyond the edge all is 0."""
    for _ in range(2):  # along one axis, then along the other
        framed = np.pad(image, ((1, 1), (0, 0)))
        image = (0.25 * framed[:-2] + 0.5 * framed[1:-1] + 0.25 * framed[2:]).T
    return image


@picture
def result_card(
    X: Array,
    y: Array,
    predicted: Array,
    *,
    parameters: int,
    seconds: float,
    name: str = "My digit reader",
    shape: tuple[int, int] = (8, 8),
) -> Figure:
    """Draw a card to show to others: accuracy, parameters, seconds of training, and digits as the net reads them.

    Parameters
    ----------
    X
        Images ``(N, D)`` that the net was not trained on.
    y, predicted
        True labels ``(N,)`` and what the net says; mistakes come first, in orange.
    parameters
        Numbers in the net that were learnt.
    seconds
        Time of the training.
    name
        What stands on the card.
    shape
        Height and width of an image.
    """
    X, y, predicted = np.asarray(X), np.asarray(y), np.asarray(predicted)
    require_rows(X=X, y=y, predicted=predicted)
    right = predicted == y
    shown = np.argsort(right, kind="stable")[:16]
    figure = plt.figure(figsize=(8.0, 2.9), layout="none")
    figure.patch.set(edgecolor=BLUE, linewidth=3)
    figure.text(0.035, 0.83, name, fontsize=14, weight="bold", color=BLACK)
    figure.text(0.035, 0.5, f"{right.mean():.1%}", fontsize=38, weight="bold", color=BLUE)
    figure.text(0.035, 0.38, f"of {len(y)} digits it was not trained on", fontsize=10, color=BLACK)
    figure.text(0.035, 0.14, f"{parameters:,} parameters, {seconds:.1f} s of training", fontsize=11, color=BLACK)
    figure.text(0.5, 0.9, "above each digit: what the net reads; orange is wrong", fontsize=9, color=GREY)
    for place, i in enumerate(shown):
        ax = figure.add_axes((0.5 + 0.06 * (place % 8), 0.52 - 0.43 * (place // 8), 0.052, 0.27))
        ax.imshow(X[i].reshape(shape), cmap="Greys", interpolation="nearest")
        tint = BLUE if right[i] else VERMILLION
        ax.set_title(f"{predicted[i]}", fontsize=11, loc="center", pad=3, color=tint)
        ax.set_axis_off()
    return figure
