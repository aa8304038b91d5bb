"""Pictures of what is inside a net, of data, fits and searches."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import nnlib
from nnlib import plots

from .legible import assert_legible

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _leaves_no_figure_open():
    yield
    assert plt.get_fignums() == []


def line(ax, start):
    return next(line for line in ax.lines if str(line.get_label()).startswith(start))


def title(ax):
    return ax.get_title(loc="left")


def test_each_activation_is_drawn_over_its_derivative():
    """The derivative comes from the backward function, and its range is in the title."""
    figure = plots.activations_and_derivatives(
        {
            "sigmoid": (nnlib.sigmoid, nnlib.sigmoid_backward),
            "tanh": (nnlib.tanh, nnlib.tanh_backward),
            "ReLU": (nnlib.relu, nnlib.relu_backward),
            "ELU": (nnlib.elu, nnlib.elu_backward),
        }
    )
    z, slope = line(figure.axes[0], "its slope").get_data()
    assert_allclose(slope, nnlib.sigmoid(z) * (1 - nnlib.sigmoid(z)), atol=1e-12)
    assert title(figure.axes[0]) == "sigmoid: slope ≈0 to 0.25"
    assert title(figure.axes[2]) == "ReLU: slope 0 to 1"
    assert len(figure.axes) == 4
    assert_legible(figure)


def test_what_is_not_written_yet_or_breaks_has_a_grey_place():
    """An error is named in its function's place, and hides no other function."""

    def unwritten(z):
        raise NotImplementedError

    functions = {
        "tanh": (np.tanh, nnlib.tanh_backward),
        "ReLU": (unwritten, nnlib.relu_backward),
        "ELU": (nnlib.elu, lambda da, z: da[:3]),
    }
    figure = plots.activations_and_derivatives(functions)
    assert [title(ax) for ax in figure.axes] == ["tanh: slope ≈0 to 1", "ReLU", "ELU"]
    words = [[text.get_text() for text in ax.texts] for ax in figure.axes]
    assert words == [[], ["not written yet"], ["ValueError"]]
    assert [len(ax.lines) for ax in figure.axes] == [4, 0, 0]
    assert_legible(figure)


def test_blocked_units_has_a_line_an_activation():
    """Saturated left, dead right; what never leaves 0 is named in the title, where its line would lie on the axis."""
    shares = {"sigmoid": [0.1, 0.4], "ReLU": [0.5, 0.5]}
    figure = plots.blocked_units([0, 10], shares, {"sigmoid": [0, 0], "ReLU": [0.0, 0.2]})
    assert_allclose(line(figure.axes[0], "sigmoid").get_xydata(), [[0, 0.1], [10, 0.4]])
    assert_allclose(line(figure.axes[1], "ReLU").get_ydata(), [0.0, 0.2])
    assert title(figure.axes[1]).endswith("\n0% throughout: sigmoid")
    assert [drawn.get_label() for drawn in figure.axes[1].lines] == ["ReLU"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["sigmoid", "ReLU"]
    assert_legible(figure)


def test_histograms_are_titled_with_the_deviation(rng):
    """Rows are initialisations, columns layers; every value in range is counted."""
    layers = {"small": [0.1 * rng.normal(size=400), 0.01 * rng.normal(size=400)], "large": [np.ones(50)]}
    figure = plots.histograms_by_layer(layers, limits=(-1, 1))
    assert len(figure.axes) == 3
    assert float(figure.axes[0].get_title()) == pytest.approx(layers["small"][0].std(), rel=1e-2)
    assert plots.histograms_by_layer(layers, title="what is to be seen").get_suptitle() == "what is to be seen"
    x, height = figure.axes[1].patches[0].get_xy().T
    area = abs(np.sum(x[:-1] * height[1:] - x[1:] * height[:-1])) / 2
    assert area == pytest.approx(2 / 41)  # shares that sum to 1, times the width of a bar
    assert_legible(figure)


def test_histograms_of_vanished_and_exploded_signals_still_draw():
    """Zeros have no range of their own, infinities no place in it, and what lies outside leaves a panel empty."""
    wild = np.array([1.0, np.inf, -np.inf, -2.0])
    rows = {"zeros": [np.zeros(9), np.zeros(9)], "wild": [wild, np.full(3, np.nan)]}
    assert_legible(plots.histograms_by_layer(rows))
    figure = plots.histograms_by_layer({"far": [np.full(5, 9.0)]}, limits=(-1, 1))
    assert figure.axes[0].patches[0].get_xy()[:, 1].max() == 0


def test_rows_of_histograms_can_share_a_colour(rng):
    """Rows of one kind look alike."""
    rows = {name: [rng.normal(size=50)] for name in ("a", "b", "c")}
    figure = plots.histograms_by_layer(rows, colours=[0, 1, 0])
    first, second, third = (ax.patches[0].get_facecolor() for ax in figure.axes)
    assert first == third != second


def test_weight_histograms_tell_the_share_near_zero():
    """L1's three quarters of zeros are in the title; all panels share a scale."""
    figure = plots.weight_histograms({"L1": np.array([0, 0, 1e-5, 2.0]), "L2": np.array([0.1, -0.1, 0.2, 0.1])})
    assert title(figure.axes[0]) == "L1\n75% below 0.001 in size"
    assert title(figure.axes[1]) == "L2\n0% below 0.001 in size"
    assert [ax.patches[-1].get_height() for ax in figure.axes] == [3, 0]  # those near zero stand apart
    assert_legible(figure)


def test_weight_spread_of_equal_weights_is_the_diagonal():
    """One large weight among ten carries everything."""
    figure = plots.weight_spread({"equal": np.full(10, -0.3), "one": np.eye(10)[0]})
    (ax,) = figure.axes
    x, y = line(ax, "equal").get_data()
    assert_allclose(x, y, atol=1e-12)
    assert line(ax, "one").get_label() == "one: the largest 10% carry 100%"
    assert_legible(figure)


def test_masks_are_dark_where_a_unit_is_dropped():
    """Inverted dropout's 1/keep_prob counts as kept."""
    mask = np.array([[2.0, 0.0], [2.0, 2.0]])
    figure = plots.dropout_masks(mask, keep_prob=0.5)
    (image,) = figure.axes[0].images
    assert_array_equal(image.get_array(), [[0, 1], [0, 0]])
    assert "75.0% kept, keep_prob = 0.5" in title(figure.axes[0])
    assert_legible(figure)


def test_distributions_show_quantiles_of_each_step(rng):
    """The middle line is the median."""
    inputs = [rng.normal(size=101) + 3 * k for k in range(4)]
    figure = plots.distributions_through_training([0, 10, 20, 30], {"plain": inputs, "batch norm": inputs})
    middle = next(drawn for drawn in figure.axes[0].lines if drawn.get_linestyle() == "-")
    assert_allclose(middle.get_ydata(), [np.median(a) for a in inputs])
    assert_legible(figure)


def test_first_layer_weights_show_the_largest_units_first(rng):
    """Unit 3 has the largest weights; colours are symmetric about zero."""
    w = 0.1 * rng.normal(size=(64, 5))
    w[:, 3] *= 10
    figure = plots.first_layer_weights(w, count=4)
    image = figure.axes[0].images[0]
    assert len(figure.axes) == 4
    assert_allclose(image.get_array(), w[:, 3].reshape(8, 8))
    assert image.norm.vmin == -image.norm.vmax
    assert_legible(figure)


def test_wrong_digits_are_shown_with_both_labels():
    """Only the wrong ones, truth first."""
    X, y = nnlib.load_digits()
    predicted = y.copy()
    predicted[[3, 7]] = 0
    figure = plots.wrong_digits(X, y, predicted)
    assert [ax.get_title() for ax in figure.axes] == ["3 as 0", "7 as 0"]
    assert_allclose(figure.axes[1].images[0].get_array(), X[7].reshape(8, 8))
    assert "2 of 1797 wrong" in figure.get_suptitle()
    assert "(0.1%), 1 of them here:" in plots.wrong_digits(X, y, predicted, count=1).get_suptitle()
    assert plots.wrong_digits(X, y, predicted, title="two").get_suptitle() == "two: the truth, and what was said"
    assert_legible(figure)


def test_no_wrong_digits_is_a_picture_too():
    """A perfect net gets a headline and no error."""
    X, y = nnlib.load_digits()
    assert "0 of 1797 wrong" in plots.wrong_digits(X, y, y).get_suptitle()


def test_the_dashboard_names_the_gap():
    """Accuracies of 100% and 97% are 3 points apart; ratios come by layer or for all."""
    figure = plots.dashboard([2.3, 0.1], [0.5, 1.0], [0.5, 0.97], {"W1": [1e-2, 1e-3], "W2": [1e-3, 1e-4]})
    assert title(figure.axes[1]) == "accuracy: gap 3.0 points"
    assert_allclose(line(figure.axes[2], "W2").get_ydata(), [1e-3, 1e-4])
    assert_legible(figure)
    assert_allclose(line(plots.dashboard([1], [1], [1], [1e-3]).axes[2], "all").get_ydata(), [1e-3])


def test_clouds_have_equal_axes_and_all_points(rng):
    """A round cloud looks round; the axes drawn are two deviations long each way."""
    X = rng.normal(size=(300, 2)) * [3.0, 0.5] + 4.0
    figure = plots.preprocessing_clouds({"raw": X, "whitened": nnlib.whiten(X, 0.0)})
    raw, white = figure.axes
    assert_allclose(raw.lines[2].get_xydata(), X)
    assert raw.get_aspect() == 1
    deviations = nnlib.pca_apply(X, *nnlib.pca_fit(X, 2)).std(axis=0)
    for ax, wanted in ((raw, deviations), (white, np.ones(2))):
        arms = sorted(np.linalg.norm(np.ptp(drawn.get_xydata(), axis=0)) for drawn in ax.lines[3:])
        assert_allclose(arms, sorted(4 * wanted))
    assert_legible(figure)


def test_nudged_lines_tell_how_many_points_each_line_gets_right(rng):
    """Far from the origin small changes cost points, near it none: the shares stand over the panels."""
    labels = np.arange(60) % 2
    points = rng.normal(size=(60, 2)) + np.column_stack([np.zeros(60), np.where(labels, 6.0, -6.0)])
    far = plots.nudged_lines(points + 200.0, labels).axes
    assert "prepared: 100% right on average" in far[1].get_title(loc="left")
    assert float(far[0].get_title(loc="left").split("%")[0].split()[-1]) < 90
    assert len(far[0].lines) == 25 + 1 + 2


def test_a_learning_curve_names_its_counts():
    """Every number of examples tried stands on the axis, and both curves are drawn."""
    (ax,) = plots.learning_curve([16, 64, 1078], [0.0, 0.01, 0.02], [0.4, 0.2, 0.05]).axes
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["16", "64", "1078"]
    assert [line.get_label() for line in ax.lines] == ["dev set", "training set"]


def test_image_rows_show_ink_in_grey_and_differences_in_two_colours(rng):
    """A row of images has grey levels, a row with negative pixels has a scale about 0, rows may be of any length."""
    ink = rng.random((4, 5, 6))
    rows = {"digits": ink, "centred": ink[:2] - ink.mean(axis=0), "colour": rng.random((4, 5, 6, 3))}
    figure = plots.image_rows(rows, below={"centred": [7, "seven"]})
    assert [ax.get_xlabel() for ax in figure.axes[3:7]] == ["", "7", "seven", ""]
    shown = [ax.images[0] for ax in figure.axes]
    assert len(shown) == 4 + 2 + 4
    assert_array_equal(shown[1].get_array(), ink[1])
    assert [image.get_cmap().name for image in (shown[0], shown[4])] == ["Greys", "PuOr_r"]
    assert shown[4].get_clim()[0] == -shown[4].get_clim()[1]
    assert figure.axes[4].get_ylabel() == "centred"
    assert_legible(figure)


def test_decision_boundaries_score_each_model(rng):
    """Right on all points, and right on half."""
    X = rng.normal(size=(40, 2))
    y = (X[:, 0] > np.median(X[:, 0])).astype(int)
    models = {"λ = 0": lambda Z: (Z[:, 0] > np.median(X[:, 0])).astype(int), "λ = 1e3": lambda Z: np.zeros(len(Z), int)}
    figure = plots.decision_boundaries(models, X, y, resolution=20)
    assert [title(ax) for ax in figure.axes] == ["λ = 0: 100% right", "λ = 1e3: 50% right"]
    cropped = plots.decision_boundaries(models, X * [1, 0.2], y, resolution=20, margin=0.3)
    assert_allclose(cropped.axes[0].get_ylim(), (0.2 * X[:, 1].min() - 0.3, 0.2 * X[:, 1].max() + 0.3))
    assert [ax.get_xlabel() for ax in figure.axes] == ["x₁", "x₁"]
    assert figure.get_supylabel() == "x₂"
    assert_legible(figure)


def test_fits_are_drawn_within_the_range_of_the_data():
    """A fit that leaves the picture does not squash the others; its error on the data is 0."""
    x, y = np.linspace(0, 1, 5), np.array([0.0, 1.0, 0.0, 1.0, 0.0])
    wild = np.polynomial.Polynomial.fit(x, y, 4)
    figure = plots.polynomial_fits(
        x, y, {"degree 0": lambda v: np.full(len(v), 0.4), "degree 4": lambda v: 1e3 * (wild(v) - 0.5)}
    )
    assert figure.axes[0].get_ylim() == (-0.6, 1.6)
    assert title(figure.axes[0]) == "degree 0\nerror on the data 0.49"
    assert_legible(figure)


def test_accuracies_with_and_without_name_both_accuracies():
    """Means of the last ten epochs in each title; a level is drawn in every panel."""
    curves = {"without": ([0.5, *[0.98, 1.02] * 5], [0.5, *[0.9] * 10]), "with": ([0.85] * 11, [0.5, *[0.94] * 10])}
    figure = plots.accuracy_with_and_without(curves, level=("right labels", 0.8))
    assert [title(ax) for ax in figure.axes] == ["without: 100% training, 90% dev", "with: 85% training, 94% dev"]
    assert all(line(ax, "right labels").get_ydata()[0] == 0.8 for ax in figure.axes)
    assert_legible(figure)


def test_grid_and_random_say_how_many_values_they_try(rng):
    """The fact of the lecture is in the titles."""
    ticks = np.linspace(0.1, 0.9, 5)
    square = np.array([[a, b] for a in ticks for b in ticks])
    figure = plots.grid_against_random(square, rng.uniform(size=(25, 2)))
    assert title(figure.axes[0]) == "grid: 25 runs try 5 values"
    assert title(figure.axes[1]) == "random: 25 runs try 25 values"
    assert_allclose(figure.axes[2].lines[0].get_xydata(), square)
    assert_legible(figure)


def test_search_scatter_puts_runs_at_their_values():
    """Each round has a colour scale of its own, a failed run is crossed."""
    coarse = [({"lr": 1e-3, "reg": 0.1}, 0.9), ({"lr": 1e-1, "reg": 10.0}, float("nan"))]
    fine = [({"lr": 2e-3, "reg": 0.2}, 0.95), ({"lr": 1e-3, "reg": 0.3}, 0.94)]
    figure = plots.search_scatter({"coarse": coarse, "fine": fine}, "lr", "reg")
    left, right, *bars = figure.axes
    assert_allclose(left.lines[0].get_xydata(), [[1e-1, 10.0]])
    assert_allclose(right.collections[0].get_offsets(), [[2e-3, 0.2], [1e-3, 0.3]])
    assert title(right) == "fine: best 0.950"
    assert right.collections[0].get_clim() == (0.94, 0.95)
    assert [bar.get_ylabel() for bar in bars] == ["dev accuracy"] * 2
    assert_legible(figure)


@pytest.mark.parametrize("high", [3.1, 0.23, 0.19])
def test_search_scatter_labels_a_range_of_about_a_decade(high):
    """A fine search spans little; its ticks are few, plain, and do not overlap."""
    runs = [({"lr": lr, "reg": lr / 7}, lr) for lr in np.geomspace(0.18, high, 9)]
    figure = plots.search_scatter({"coarse": runs, "fine": runs}, "lr", "reg", labels=("learning rate", "penalty"))
    assert figure.axes[1].get_xlabel() == "learning rate"
    assert figure.axes[1].get_ylabel() == "penalty"
    figure.canvas.draw()
    shown = [t.get_text() for t in figure.axes[1].get_xticklabels()]
    assert "0.2" in shown
    assert not any("e" in words for words in shown)
    assert_legible(figure)


def test_best_and_worst_are_judged_by_their_last_value():
    """NaN is worst; the rest is grey and named together."""
    curves = [(f"run {i}", [0.9, i / 10]) for i in range(6)] + [("burst", [0.9, np.nan])]
    figure = plots.best_and_worst_curves(curves, count=2)
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["run 5", "run 4", "run 0", "burst", "the other 3 runs"]
    assert_allclose(figure.axes[0].lines[0].get_xdata(), [1, 2])  # epochs
    assert_legible(figure)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: plots.first_layer_weights(np.ones((784, 3))), r"\(64, K\) for images of 8×8"),
        (lambda: plots.image_rows({"digits": np.ones((3, 64))}), "reshape"),
        (lambda: plots.wrong_digits(np.ones((3, 64)), np.ones(3), np.ones(2)), "one row per example"),
        (
            lambda: plots.search_scatter({"a": [({"x": 1, "y": 1}, np.nan)]}, "x", "y"),
            "At least one run",
        ),
        (lambda: plots.dropout_masks(np.ones(3), 0.5), r"\(N, units\)"),
        (lambda: plots.grid_against_random(np.ones((3, 3)), np.ones((3, 2))), r"\(n, 2\)"),
    ],
)
def test_wrong_shapes_are_named(call, says):
    """Rule and what came."""
    with pytest.raises(ValueError, match=says):
        call()


def test_a_drawn_network_has_a_connection_for_each_weight_and_none_of_dropped_units():
    """Every weight is a line; a unit that is left out loses those before and after it, and is crossed out."""
    whole, thinned = plots.network([2, 3, 2]), plots.network([2, 3, 2], dropped={1: [0]}, title="One sits out")
    counts = [sum(len(lines.get_segments()) for lines in figure.axes[0].collections) for figure in (whole, thinned)]
    assert counts == [2 * 3 + 3 * 2, 2 * 2 + 2 * 2]
    assert [len(figure.axes[0].lines) for figure in (whole, thinned)] == [0, 1]
    assert_legible(thinned)


def test_a_drawn_network_shows_signs_and_sizes_of_weights_or_gradients(rng):
    """Positive is blue, negative red, the largest the thickest; above each layer stands what follows it."""
    net = nnlib.build_network([2, 3, 2], rng, batchnorm=True, keep_prob=0.5)
    net.params["0.W"][...] = [[1.0, -2.0, 0.5], [0.1, 0.1, 0.1]]
    net.params["4.W"][...] = 0.1
    (ax,) = plots.network(net, title="A net").axes
    lines = ax.collections[0]
    red, blue = (mpl.colors.to_rgba(name) for name in ("#D55E00", "#0072B2"))
    assert [tuple(colour) for colour in lines.get_colors()[:3]] == [blue, red, blue]
    assert np.argmax(lines.get_linewidths()) == 1
    assert "BatchNorm\nReLU\nDropout" in [text.get_text() for text in ax.texts]
    net.grads["0.W"][...] = -1.0
    (ax,) = plots.network(net, edges="gradients").axes
    assert {tuple(colour) for colour in ax.collections[0].get_colors()} == {red}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"dropped": {1: [3]}}, "dropped names a unit that is not there"),
        ({"labels": ["a"]}, "labels must be 3 texts, one per layer, got 1"),
        ({"edges": "biases"}, "edges"),
    ],
)
def test_what_a_drawing_cannot_show_is_refused(wrong, says):
    """The message says what must hold and what came."""
    with pytest.raises(ValueError, match=says):
        plots.network([2, 3, 2], **wrong)


def test_a_wide_layer_is_drawn_by_its_ends():
    """Of 64 units a few are drawn, with dots between, and the label says how many there are."""
    (ax,) = plots.network([64, 3]).axes
    assert len(ax.patches) == 8 + 3
    assert {"⋮", "input\n64"} <= {text.get_text() for text in ax.texts}
