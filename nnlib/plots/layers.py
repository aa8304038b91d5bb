"""What happens inside the layers: pictures of assignments 05, 10, 11 and 13."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from nnlib._validate import Array, require_rows, require_same_shape
from nnlib.plots._style import BLACK, BLUE, GREY, LINES, colour, grid_of_panels, headline, logarithmic, panels, picture


@picture
def histograms_by_layer(
    layers: Mapping[str, Sequence[Array]],
    what: str = "activation",
    limits: tuple[float, float] | None = None,
    bins: int = 41,
    title: str | None = None,
    colours: Sequence[int] | None = None,
) -> Figure:
    """Draw a histogram per layer, one row per initialisation.

    Parameters
    ----------
    layers
        Name of the initialisation to its layers' activations or gradients, arrays of any shape.
    what
        What the numbers are, for the axis and the title.
    limits
        Range of each histogram; for a row on its own scale leave it out.
    bins
        Bars a histogram.
    title
        What is to be seen; unless given, what is drawn.
    colours
        Number of each row's colour; equal numbers mark rows of one kind. By default each row has its own.
    """
    depth = max(len(row) for row in layers.values())
    figure, axes = panels(len(layers), depth, width=9.0, height=1.45 * len(layers) + 0.9)
    for r, (name, row) in enumerate(layers.items()):
        reach = limits or _reach(row)
        tint = colour(r if colours is None else colours[r])
        for c in range(depth):
            ax = axes[r * depth + c]
            if c >= len(row):
                ax.remove()
                continue
            values = np.asarray(row[c]).ravel()
            # Bars are shares of all values, so that a layer whose values lie out of range shows an empty panel.
            share = np.full(values.size, 1 / max(values.size, 1))
            ax.hist(values, bins=bins, range=reach, weights=share, color=tint, histtype="stepfilled")
            with np.errstate(invalid="ignore"):  # an exploded layer is titled nan
                ax.set_title(f"{values.std():.3g}", fontsize=9, loc="center", pad=2)
            ax.set_yticks([])
            ax.set_xticks([reach[0], reach[1]], [f"{end:g}" for end in reach], fontsize=8)
            ax.grid(visible=False)
            if r == len(layers) - 1:
                ax.set_xlabel(f"layer {c + 1}", fontsize=9)
        axes[r * depth].set_ylabel(name, fontsize=10)
    headline(figure, title or f"Each layer's {what}s, with their standard deviation above")
    return figure


def _reach(row: Sequence[Array]) -> tuple[float, float]:
    """Symmetric range, to two digits, that holds about 99.5% of the first and of the last layer."""
    sizes = [np.abs(np.asarray(layer, dtype=float)) for layer in (row[0], row[-1])]
    edge = max(float(np.quantile(size[np.isfinite(size)], 0.995)) if np.isfinite(size).any() else 0.0 for size in sizes)
    edge = float(f"{edge:.2g}") or 1.0
    return -edge, edge


@picture
def weight_histograms(weights: Mapping[str, Array], near_zero: float = 1e-3) -> Figure:
    """Draw the weights of several nets as histograms of one scale, with the share that is nearly zero.

    Parameters
    ----------
    weights
        Name, such as the penalty, to weights of any shape.
    near_zero
        Size below which a weight counts as zero.
    """
    figure, axes = panels(1, len(weights), height=3.2, sharex=True, sharey=True)
    flat = [np.asarray(w, dtype=float).ravel() for w in weights.values()]
    edge = max(float(np.abs(w).max()) for w in flat) or 1.0
    for index, (ax, name, w) in enumerate(zip(axes, weights, flat, strict=True)):
        zero = np.abs(w) < near_zero
        ax.hist(w[~zero], bins=61, range=(-edge, edge), color=colour(index), histtype="stepfilled")
        ax.bar(0, zero.sum(), width=2 * edge / 61, color=BLACK)
        ax.set_xlabel("weight")
        ax.set_title(f"{name}\n{zero.mean():.0%} below {near_zero:g} in size")
    axes[0].set_ylabel("how many")
    headline(figure, f"L1 puts weights at zero (black: below {near_zero:g} in size), L2 makes all of them small")
    return figure


@picture
def weight_spread(weights: Mapping[str, Array]) -> Figure:
    """Plot how much of the total weight the largest ones carry: spread out lies near the diagonal.

    Parameters
    ----------
    weights
        Name to weights of any shape.
    """
    figure, (ax,) = panels(width=6.4, height=4.4)
    ax.plot([0, 1], [0, 1], color=GREY, linestyle=":", label="all of one size")
    for index, (name, w) in enumerate(weights.items()):
        sizes = np.sort(np.abs(np.asarray(w, dtype=float)).ravel())[::-1]
        carried = np.concatenate([[0.0], np.cumsum(sizes) / max(sizes.sum(), np.finfo(float).tiny)])
        tenth = float(np.interp(0.1, np.linspace(0, 1, len(carried)), carried))
        ax.plot(
            np.linspace(0, 1, len(carried)),
            carried,
            color=colour(index),
            linestyle=LINES[index % len(LINES)],
            label=f"{name}: the largest 10% carry {tenth:.0%}",
        )
    ax.set(
        xlabel="share of the weights, largest first",
        ylabel="share of the total size",
        title="Dropout spreads the weight over more inputs",
    )
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.legend(loc="lower right")
    return figure


@picture
def dropout_masks(masks: Array, keep_prob: float) -> Figure:
    """Show which units of which examples a dropout mask keeps.

    Parameters
    ----------
    masks
        ``(N, units)``, zero where a unit is dropped.
    keep_prob
        The probability of keeping, for comparison.
    """
    kept = np.asarray(masks) != 0
    if kept.ndim != 2:
        raise ValueError(f"masks must have shape (N, units), got {kept.shape}.")
    figure, (ax,) = panels(height=3.8)
    ax.imshow(~kept, cmap="Greys", vmin=0, vmax=1.3, aspect="auto", interpolation="nearest")
    ax.set(
        xlabel="unit",
        ylabel="example of the batch",
        title=f"Every example loses its own units (dark): {kept.mean():.1%} kept, keep_prob = {keep_prob:g}",
    )
    ax.grid(visible=False)
    return figure


@picture
def distributions_through_training(
    steps: Sequence[int],
    inputs: Mapping[str, Sequence[Array]],
    quantiles: tuple[float, float, float] = (0.15, 0.5, 0.85),
) -> Figure:
    """Plot how the inputs of a layer move through training, as quantiles of them.

    Parameters
    ----------
    steps
        When they were looked at ``(T,)``.
    inputs
        Name of the net to the layer's inputs at each of these steps, arrays of any shape.
    quantiles
        Low, middle and high.
    """
    figure, axes = panels(1, len(inputs), height=3.6, sharey=True)
    for index, (ax, (name, arrays)) in enumerate(zip(axes, inputs.items(), strict=True)):
        low, middle, high = np.array([np.quantile(np.asarray(a), quantiles) for a in arrays]).T
        ax.fill_between(steps, low, high, color=colour(index), alpha=0.25)
        for line, style in ((low, ":"), (middle, "-"), (high, ":")):
            ax.plot(steps, line, color=colour(index), linestyle=style)
        ax.set(title=name, xlabel="step")
    axes[0].set_ylabel("input: " + ", ".join(f"{q:.0%}" for q in quantiles) + " lie below")
    headline(figure, "With batch norm a unit tells images apart from the first steps on")
    return figure


@picture
def first_layer_weights(w: Array, shape: tuple[int, int] = (8, 8), count: int = 32) -> Figure:
    """Show the weights into hidden units as images: orange where ink speaks for the unit, purple where against.

    Parameters
    ----------
    w
        First layer's weights ``(D, K)``.
    shape
        Height and width of an image, with product D.
    count
        How many units at most, those with the largest weights first.
    """
    w = np.asarray(w, dtype=float)
    if w.ndim != 2 or w.shape[0] != shape[0] * shape[1]:
        msg = f"w must have shape ({shape[0] * shape[1]}, K) for images of {shape[0]}×{shape[1]}, got {w.shape}."
        raise ValueError(msg + " Pass the first layer's W, or the right shape.")
    order = np.argsort(-np.linalg.norm(w, axis=0))[:count]
    edge = float(np.abs(w).max()) or 1.0
    figure, axes = grid_of_panels(len(order), columns=8, panel_height=0.95)
    for ax, unit in zip(axes, order, strict=True):
        ax.imshow(w[:, unit].reshape(shape), cmap="PuOr_r", vmin=-edge, vmax=edge, interpolation="nearest")
        ax.set_axis_off()
    headline(figure, f"What {len(order)} hidden units look for: ink in orange, paper in purple")
    return figure


@picture
def wrong_digits(
    X: Array, y: Array, predicted: Array, count: int = 20, shape: tuple[int, int] = (8, 8), title: str = ""
) -> Figure:
    """Show the images that were classified wrongly.

    Parameters
    ----------
    X
        Images ``(N, D)``.
    y, predicted
        True and predicted labels ``(N,)``.
    count
        How many at most, the first ones.
    shape
        Height and width of an image.
    title
        What is said in place of how many are wrong.
    """
    X, y, predicted = np.asarray(X), np.asarray(y), np.asarray(predicted)
    require_rows(X=X, y=y, predicted=predicted)
    require_same_shape("predicted", predicted, "y", y)
    wrong = np.flatnonzero(predicted != y)
    figure, axes = grid_of_panels(max(min(count, len(wrong)), 1), columns=10, panel_height=1.05)
    if len(wrong) == 0:
        axes[0].set_axis_off()
    for ax, i in zip(axes, wrong[:count], strict=False):
        ax.imshow(X[i].reshape(shape), cmap="Greys", interpolation="nearest")
        ax.set_title(f"{y[i]} as {predicted[i]}", fontsize=9, loc="center", pad=4)
        ax.set_axis_off()
    shown = f", {count} of them here" if len(wrong) > count else ""
    share = f"{len(wrong)} of {len(y)} wrong ({len(wrong) / max(len(y), 1):.1%})"
    headline(figure, f"{title or share}{shown}: the truth, and what was said")
    return figure


@picture
def dashboard(
    train_loss: Sequence[float],
    train_accuracy: Sequence[float],
    dev_accuracy: Sequence[float],
    update_ratios: Mapping[str, Sequence[float]] | Sequence[float],
) -> Figure:
    """Put loss, accuracy gap and update-to-weight ratio side by side.

    Parameters
    ----------
    train_loss
        Loss on the training set after each epoch ``(T,)``.
    train_accuracy, dev_accuracy
        Accuracies after each epoch ``(T,)``, 0 to 1.
    update_ratios
        ‖update‖ / ‖weights‖ after each epoch ``(T,)``, or by layer's name.
    """
    figure, (loss, accuracy, ratio) = panels(1, 3, width=9.5, height=3.4)
    loss.plot(train_loss, color=BLUE)
    loss.set(title="loss", ylabel="training loss (nats)")
    gap = float(train_accuracy[-1] - dev_accuracy[-1])
    accuracy.plot(train_accuracy, color=colour(0), label="training")
    accuracy.plot(dev_accuracy, color=colour(1), linestyle="--", label="dev")
    accuracy.fill_between(range(len(train_accuracy)), train_accuracy, dev_accuracy, color=GREY, alpha=0.15)
    accuracy.set(title=f"accuracy: gap {100 * gap:.1f} points")
    accuracy.yaxis.set_major_formatter("{x:.0%}")
    accuracy.legend(loc="lower right")
    by_layer = update_ratios if isinstance(update_ratios, Mapping) else {"all": update_ratios}
    for index, (name, values) in enumerate(by_layer.items()):
        ratio.plot(values, color=colour(index), linestyle=LINES[index % len(LINES)], label=name)
    ratio.axhline(1e-3, color=GREY, linestyle=":", label="healthy: 1e-3")
    ratio.set_title("update / weight")
    logarithmic(ratio, "y")
    ratio.legend(loc="best", fontsize=9)
    for ax in (loss, accuracy, ratio):
        ax.set_xlabel("epoch")
    return figure
