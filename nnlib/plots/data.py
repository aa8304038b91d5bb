"""Data and fits: pictures of assignments 04 and 09."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from nnlib._validate import Array
from nnlib.plots._style import (
    BLACK,
    BLUE,
    GREY,
    VERMILLION,
    as_points,
    grid_of_panels,
    headline,
    panels,
    picture,
)
from nnlib.plots.losses import draw_regions


@picture
def preprocessing_clouds(stages: Mapping[str, Array]) -> Figure:
    """Draw a cloud of points after each step of preparation, with its two main axes, two deviations each way.

    Parameters
    ----------
    stages
        Name of the step to points ``(N, 2)``: raw, centred, scaled, decorrelated, whitened.
    """
    figure, axes = grid_of_panels(len(stages), columns=min(len(stages), 3), panel_height=2.9, width=9.0)
    for ax, (name, points) in zip(axes, stages.items(), strict=True):
        X, _ = as_points(points, np.zeros(len(np.asarray(points))))
        middle = np.average(X, axis=0)
        reach = 1.05 * max(float(np.abs(X).max()), 1e-12)
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.axvline(0, color=GREY, linewidth=0.8)
        ax.plot(X[:, 0], X[:, 1], ".", color=BLUE, markersize=2.5, alpha=0.5)
        spread = np.cov(X.T, ddof=0)
        tilt = 0.5 * np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])  # of the longer axis
        for angle in (tilt, tilt + np.pi / 2):
            direction = np.array([np.cos(angle), np.sin(angle)])
            arm = 2 * np.sqrt(max(direction @ spread @ direction, 0.0)) * direction
            ax.plot(*np.stack([middle - arm, middle + arm]).T, color=VERMILLION, linewidth=1.8)
        ax.set(title=name, xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        ax.locator_params(nbins=3)
        ax.set_xlabel("first coordinate", fontsize=9)
        ax.set_ylabel("second coordinate", fontsize=9)
    headline(figure, "Step by step to a round cloud about the origin, each on a scale of its own")
    return figure


@picture
def nudged_lines(points: Array, labels: Array, nudge: float = 0.05, lines: int = 25) -> Figure:
    """Draw the line that separates two classes, and what is left of it after small changes of its weights.

    The points are drawn as they are, and moved to the origin and scaled; in both panels the line of least squares has
    weights of length 1, and each of them is changed by about ``nudge``.

    Parameters
    ----------
    points
        ``(N, 2)``, as they were measured.
    labels
        ``(N,)``, 0 or 1.
    nudge
        Standard deviation of the changes.
    lines
        How many changed lines to draw.
    """
    X, y = as_points(points, labels)
    near = (X - np.average(X, axis=0)) / np.sqrt(np.average((X - np.average(X, axis=0)) ** 2, axis=0))
    changes = nudge * np.random.default_rng(0).normal(size=(lines, 3))
    figure, axes = panels(1, 2, height=4.5)
    for ax, (name, Z) in zip(axes, {"as measured": X, "prepared": near}.items(), strict=True):
        inputs = np.column_stack([Z, np.ones(len(Z))])
        line = np.linalg.lstsq(inputs, 2.0 * y - 1.0)[0]
        line /= np.hypot(*line[:2])  # the same line; now changes of one size are comparable
        right = [float(np.average((inputs @ (line + change) > 0) == y)) for change in changes]
        across = np.array([Z[:, 0].min(), Z[:, 0].max()]) + 0.1 * np.ptp(Z[:, 0]) * np.array([-1, 1])
        for i, change in enumerate(changes):
            a, b, c = line + change
            label = "with changed weights" if i == 0 else None
            ax.plot(across, -(a * across + c) / b, color=GREY, linewidth=0.8, alpha=0.6, label=label)
        ax.plot(across, -(line[0] * across + line[2]) / line[1], color=BLACK, label="the line")
        for value, (tint, marker) in enumerate([(BLUE, "o"), (VERMILLION, "^")]):
            ax.plot(*Z[y == value].T, marker, color=tint, markersize=4, alpha=0.8, label=f"class {value}")
        reach = 0.35 * np.ptp(Z[:, 1])
        ax.set(xlim=tuple(across), ylim=(Z[:, 1].min() - reach, Z[:, 1].max() + reach), xlabel="first feature")
        ax.set_title(f"{name}: {np.average(right):.0%} right on average\n(from {min(right):.0%} to {max(right):.0%})")
    axes[0].set_ylabel("second feature")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    headline(figure, f"One line, its weights changed {lines} times by about {nudge:g}")
    return figure


@picture
def learning_curve(counts: Sequence[int], training: Sequence[float], dev: Sequence[float]) -> Figure:
    """Draw the errors on training and dev set against the number of training examples.

    Parameters
    ----------
    counts
        Numbers of training examples ``(K,)``.
    training, dev
        Shares of wrong answers ``(K,)``, 0 to 1.
    """
    figure, (ax,) = panels(height=3.6)
    ax.plot(counts, dev, "s--", color=VERMILLION, label="dev set")
    ax.plot(counts, training, "o-", color=BLUE, label="training set")
    ax.fill_between(counts, training, dev, color=GREY, alpha=0.12, linewidth=0)
    ax.set_xscale("log", base=2)
    ax.set_xticks(list(counts), [str(count) for count in counts])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_ylim(bottom=-0.005)
    ax.set(xlabel="training examples", ylabel="share wrong")
    ax.set_title("More examples close the gap from above")
    ax.legend()
    return figure


@picture
def decision_boundaries(
    models: Mapping[str, Callable[[Array], Array]],
    X: Array,
    y: Array,
    title: str = "No penalty follows the noise, a huge one sees nothing",
    resolution: int = 160,
    margin: float | None = None,
) -> Figure:
    """Draw the regions of several classifiers side by side over the same points.

    Parameters
    ----------
    models
        Name, such as ``"λ = 0"``, to ``predict``, which maps points ``(M, 2)`` to labels ``(M,)``.
    X, y
        Points ``(N, 2)`` and integer labels ``(N,)``.
    title
        What is to be seen.
    resolution
        Pixels along each side of a panel.
    margin
        Air above and below the points, for points that lie much wider than high; without it panels are square.
    """
    width, high = 9.0 if len(models) > 2 or margin is not None else 7.0, 3.0
    if margin is not None:
        wide, tall = np.ptp(np.asarray(X), axis=0)
        high = 0.35 + 0.9 * width / min(len(models), 3) * (tall + 2 * margin) / (1.1 * wide)
    figure, axes = grid_of_panels(len(models), columns=3, panel_height=high, width=width)
    for ax, (name, predict) in zip(axes, models.items(), strict=True):
        draw_regions(ax, predict, X, y, resolution)
        for points in ax.collections:
            if isinstance(points, PathCollection):
                points.set_sizes([14])  # larger ones hide the islands that a net makes for single points
        accuracy = float(np.mean(np.asarray(predict(np.asarray(X))) == np.asarray(y)))
        ax.set(title=f"{name}: {accuracy:.0%} right", xlabel="x₁")
        if margin is not None:
            heights = np.asarray(X)[:, 1]
            ax.set_ylim(heights.min() - margin, heights.max() + margin)
        ax.locator_params(nbins=4)
    figure.supylabel("x₂")
    headline(figure, title)
    return figure


@picture
def polynomial_fits(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    fits: Mapping[str, Callable[[Array], Array]],
    truth: Callable[[Array], Array] | None = None,
) -> Figure:
    """Draw fits through the same points, one panel each: too stiff, right, too free, and penalised.

    Parameters
    ----------
    x, y
        Points ``(N,)`` each.
    fits
        Name, such as ``"degree 9, λ = 0"``, to a function of x ``(M,)``.
    truth
        The curve that the points were drawn from.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    dense = np.linspace(x.min(), x.max(), 300)
    figure, axes = grid_of_panels(len(fits), columns=3, panel_height=2.7, sharex=True, sharey=True)
    for ax, (name, fit) in zip(axes, fits.items(), strict=True):
        if truth is not None:
            ax.plot(dense, truth(dense), color=GREY, linestyle=":", label="truth")
        ax.plot(dense, fit(dense), color=BLUE, label="fit")
        ax.plot(x, y, "o", color=BLACK, markersize=4.5, label="data")
        error = float(np.sqrt(np.mean((np.asarray(fit(x)) - y) ** 2)))
        ax.set_title(f"{name}\nerror on the data {error:.2g}")
    spread = float(np.ptp(y)) or 1.0
    axes[0].set_ylim(y.min() - 0.6 * spread, y.max() + 0.6 * spread)  # a wild fit may leave the picture
    axes[0].legend(loc="best", fontsize=9)
    figure.supxlabel("x")
    figure.supylabel("y")
    tamed = "; a penalty tames a high degree" if len(fits) > 1 else ""
    headline(figure, f"A small error on the data is not a good fit{tamed}")
    return figure


@picture
def accuracy_with_and_without(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    level: tuple[str, float] | None = None,
) -> Figure:
    """Plot training and dev accuracy of nets side by side.

    The titles hold the means of the last ten epochs.

    Parameters
    ----------
    curves
        Name, such as ``"with dropout"``, to (training, dev) accuracies ``(T,)``, 0 to 1.
    level
        Name and height of a horizontal line, such as the share of labels that are right.
    """
    figure, axes = panels(1, len(curves), height=3.6, sharey=True)
    for ax, (name, (train, dev)) in zip(axes, curves.items(), strict=True):
        epochs = np.arange(len(train))
        ax.plot(epochs, train, color=BLUE, label="training")
        ax.plot(epochs, dev, color=VERMILLION, linestyle="--", label="dev")
        if level is not None:
            ax.axhline(level[1], color=GREY, linestyle=":", linewidth=1.6, label=level[0])
        at_the_end = [float(np.mean(shares[-10:])) for shares in (train, dev)]
        ax.set(title=f"{name}: {at_the_end[0]:.0%} training, {at_the_end[1]:.0%} dev", xlabel="epoch")
    axes[0].set_ylabel("accuracy")
    axes[0].yaxis.set_major_formatter("{x:.0%}")
    axes[-1].legend(loc="lower right")
    headline(figure, "Dropout: fewer right on the training set, more on the dev set (means of the last ten epochs)")
    return figure


@picture
def image_rows(
    rows: Mapping[str, Array], title: str = "Images, row by row", below: Mapping[str, Sequence[object]] | None = None
) -> Figure:
    """Show images in named rows, such as digits over what augmentation makes of them.

    Parameters
    ----------
    rows
        Name to images ``(N, H, W)``, paper white and ink black, or ``(N, H, W, 3)`` in colour, 0 to 1.
        A row that goes about as far below 0 as above, as after centring, is purple below and orange above.
    title
        What is to be seen.
    below
        Name of a row to what stands under its images, such as a net's answers.
    """
    below = below or {}
    columns = max(len(images) for images in rows.values())
    figure, axes = panels(len(rows), columns, height=0.85 * len(rows) + 0.2 * len(below) + 0.5)
    for row, (name, images) in enumerate(rows.items()):
        images = np.asarray(images)
        if images.ndim not in (3, 4):
            msg = f"Images must have shape (N, H, W) or (N, H, W, 3), got {images.shape} for {name!r}."
            raise ValueError(msg + " Flat digits: X.reshape(-1, 8, 8).")
        edge = max(float(np.abs(images).max()), 1.0 / 256)
        signed = images.min() < -0.5 * edge  # an image rebuilt from a few numbers also dips below white
        own = axes[row * columns : (row + 1) * columns]
        for ax, image in zip(own, images, strict=False):
            cmap, low = ("PuOr_r", -edge) if signed else ("Greys", 0.0)
            ax.imshow(image, cmap=cmap, vmin=low, vmax=edge, interpolation="nearest")
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
            ax.spines[:].set(visible=True, color=GREY, linewidth=0.6)
        for ax, text in zip(own, below.get(name, ()), strict=False):
            ax.set_xlabel(str(text), labelpad=2)
        for ax in own[len(images) :]:
            ax.remove()
        own[0].set_ylabel(name, rotation="horizontal", ha="right", va="center")
    headline(figure, title)
    return figure
