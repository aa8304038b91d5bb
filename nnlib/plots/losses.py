"""Pictures of assignment 02: what a loss costs, what softmax does, where a classifier decides."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from nnlib._validate import Array
from nnlib.plots._style import (
    BLUE,
    GREY,
    LINES,
    MARKERS,
    VERMILLION,
    as_points,
    colour,
    headline,
    paler,
    panels,
    picture,
)

_ON_WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.0}  # a number stays legible on a line


@picture
def loss_against_probability(cross_entropy: Callable[[Array, Array], float], marked: float = 0.2) -> Figure:
    """Plot what an example costs against the probability that the model gave its true class.

    Parameters
    ----------
    cross_entropy
        ``cross_entropy(probs, y)`` with ``probs`` ``(1, 2)`` and ``y`` ``(1,)``, as in the syllabus.
    marked
        Probability whose cost is written into the picture, in (0, 1).
    """
    true_class = np.array([0])

    def cost(p: float) -> float:
        return float(cross_entropy(np.array([[p, 1.0 - p]]), true_class))

    probability = np.linspace(0.005, 0.995, 199)
    figure, (ax,) = panels()
    ax.plot(probability, [cost(p) for p in probability], color=BLUE, label="cross-entropy")
    ax.plot([marked], [cost(marked)], "o", color=VERMILLION, markersize=8)
    ax.annotate(
        f"p = {marked:g} costs {cost(marked):.3f}",
        (marked, cost(marked)),
        xytext=(14, 10),
        textcoords="offset points",
    )
    ax.set(
        xlim=(0, 1),
        ylim=(0, None),
        xlabel="probability of the true class",
        ylabel="loss of the example (nats)",
        title="Being confidently wrong costs without limit, being certain and right costs nothing",
    )
    return figure


@picture
def softmax_temperature(
    softmax: Callable[[Array], Array],
    scores: Sequence[float] = (5.0, 2.0, -1.0, 3.0),
    temperatures: Sequence[float] = (0.5, 1.0, 2.0, 10.0),
) -> Figure:
    """Draw the probabilities of one row of scores, divided by each temperature first.

    Parameters
    ----------
    softmax
        ``softmax(scores)`` with scores ``(1, C)``.
    scores
        Logits of one example ``(C,)``.
    temperatures
        Positive divisors; below 1 sharpens, above 1 flattens.
    """
    row = np.asarray(scores, dtype=float)
    classes = np.arange(len(row))
    figure, axes = panels(1, len(temperatures), height=3.4, sharey=True)
    for ax, temperature in zip(axes, temperatures, strict=True):
        probs = np.asarray(softmax(row[np.newaxis, :] / temperature))[0]
        ax.bar(classes, probs, color=BLUE)
        for index, p in enumerate(probs):
            ax.text(index, p + 0.035, f"{p:.2f}", ha="center", fontsize=9, bbox=_ON_WHITE)
        ax.axhline(1.0 / len(row), color=GREY, alpha=0.6, linestyle="--", linewidth=1.0, zorder=0.8)
        ax.set(title=f"T = {temperature:g}", ylim=(0, 1.08), xticks=classes, xticklabels=[f"{s:g}" for s in row])
        ax.grid(axis="x", visible=False)
    axes[0].set_ylabel("probability")
    figure.supxlabel("score of the class")
    headline(figure, "A low temperature sharpens softmax, a high one flattens it (dashed: all equal)")
    return figure


def draw_regions(
    ax: Axes,
    predict: Callable[[Array], Array],
    X: Array,
    y: Array,
    resolution: int = 240,
    labels: Sequence[str] | None = None,
) -> None:
    """Colour the plane behind the points by the predicted class."""
    X, y = as_points(X, y)
    centre = (X.min(axis=0) + X.max(axis=0)) / 2
    half = 0.55 * max(float(np.ptp(X, axis=0).max()), 1e-12)  # a square window with 5% air on each side
    xs = np.linspace(centre[0] - half, centre[0] + half, resolution)
    ys = np.linspace(centre[1] - half, centre[1] + half, resolution)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    predicted = np.asarray(predict(grid))
    if predicted.shape != grid.shape[:1]:
        msg = f"predict must return one label per row, shape {grid.shape[:1]}, got {predicted.shape}."
        if predicted.ndim == 2:
            msg += " Take scores.argmax(axis=1)."
        raise ValueError(msg)
    predicted = predicted.astype(int)
    classes = np.union1d(np.unique(y), np.unique(predicted)).astype(int)
    position = np.searchsorted(classes, predicted).reshape(resolution, resolution)
    shades = ListedColormap([paler(colour(int(c))) for c in classes])
    ax.imshow(
        position,
        origin="lower",
        extent=(xs[0], xs[-1], ys[0], ys[-1]),
        cmap=shades,
        vmin=-0.5,
        vmax=len(classes) - 0.5,
        interpolation="nearest",
    )
    for c in classes:
        of_class = X[y == c]
        ax.scatter(
            of_class[:, 0],
            of_class[:, 1],
            s=22,
            color=colour(int(c)),
            marker=MARKERS[int(c) % len(MARKERS)],
            edgecolors="white",
            linewidths=0.6,
            label=labels[int(c)] if labels is not None else f"class {c}",
        )
    ax.grid(visible=False)
    ax.set(xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]), aspect="equal")
    ax.locator_params(nbins=6)


@picture
def decision_regions(
    predict: Callable[[Array], Array],
    X: Array,
    y: Array,
    title: str = "What the classifier says where",
    labels: Sequence[str] | None = None,
    resolution: int = 240,
) -> Figure:
    """Colour the plane by the predicted class, the data on top.

    Parameters
    ----------
    predict
        Maps points ``(M, 2)`` to integer labels ``(M,)``.
    X
        Points ``(N, 2)``.
    y
        Labels ``(N,)``, integers from 0.
    title
        What is to be seen; the accuracy on the points is added.
    labels
        Names of the classes.
    resolution
        Pixels along each side of the coloured square.
    """
    X, y = as_points(X, y)
    figure, (ax,) = panels(width=6.6, height=5.0)
    draw_regions(ax, predict, X, y, resolution, labels)
    accuracy = float(np.mean(np.asarray(predict(X)) == y))
    ax.set(xlabel="x₁", ylabel="x₂", title=f"{title} ({accuracy:.1%} of these points right)")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


@picture
def squared_and_absolute(
    mse: Callable[[Array, Array], tuple[float, Array]],
    mae: Callable[[Array, Array], tuple[float, Array]],
    reach: float = 3.0,
) -> Figure:
    """Draw what one prediction costs, and the slope of that, over how far it is off.

    Parameters
    ----------
    mse, mae
        ``loss, dpred = f(pred, target)``, with both arrays ``(1,)``.
    reach
        The largest error drawn, positive.
    """
    errors = np.linspace(-reach, reach, 122)  # an even number: the kink at 0 is not met
    figure, (cost, slope) = panels(1, 2, height=3.6)
    for index, (name, function) in enumerate((("MSE", mse), ("MAE", mae))):
        pairs = [function(np.array([e]), np.zeros(1)) for e in errors]
        cost.plot(errors, [float(loss) for loss, _ in pairs], color=colour(index), linestyle=LINES[index], label=name)
        slopes = np.array([float(np.asarray(gradient)[0]) for _, gradient in pairs])
        jump = np.flatnonzero(np.abs(np.diff(slopes)) > 1) + 1  # no line joins the two sides of a kink
        slope.plot(
            np.insert(errors, jump, np.nan),
            np.insert(slopes, jump, np.nan),
            color=colour(index),
            linestyle=LINES[index],
            label=name,
        )
    cost.set(title="loss", ylim=(0, None), xlabel="prediction − target")
    slope.set(title="slope", xlabel="prediction − target")
    cost.legend(loc="upper center")
    headline(figure, "Squared error pulls harder the further off you are, absolute error always equally hard")
    return figure
