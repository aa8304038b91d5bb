"""The pictures show the data they were given."""

import re
import subprocess
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

import nnlib
from nnlib import plots
from nnlib.plots import _style

from .legible import assert_legible
from .public import public_names

mpl.use("Agg")


def softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).mean()


def forward(f, x, h):
    return (f(x + h) - f(x)) / h


def central(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


@pytest.fixture(autouse=True)
def _leaves_no_figure_open():
    yield
    assert plt.get_fignums() == []


def line(ax, label):
    return next(line for line in ax.lines if line.get_label() == label)


def test_importing_nnlib_does_not_import_matplotlib():
    """Only nnlib.plots needs matplotlib."""
    code = "import sys, nnlib; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_matplotlib_the_extra_is_named():
    """The message says what to install."""
    code = "import sys; sys.modules['matplotlib'] = None; import nnlib.plots"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "pip install 'nnlib[plots]'" in done.stderr


def test_a_picture_leaves_the_global_style_alone():
    """The house style ends with the picture."""
    before = dict(mpl.rcParams)
    plots.loss_against_probability(cross_entropy)
    assert dict(mpl.rcParams) == before


def test_a_failing_callable_leaves_no_figure_open():
    """A student's error reaches the student, and the half-drawn figure is closed."""

    def broken(_scores):
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        plots.softmax_temperature(broken)


def test_palette_is_told_apart_in_grey():
    """The first three colours differ in lightness too, for print."""
    grey = [np.dot(mpl.colors.to_rgb(c), [0.299, 0.587, 0.114]) for c in _style.PALETTE[:2]]
    assert abs(grey[0] - grey[1]) > 0.05


def test_loss_against_probability_draws_the_function_given():
    """The curve is −ln p, and p = 0.2 costs 1.609."""
    figure = plots.loss_against_probability(cross_entropy)
    assert isinstance(figure, Figure)
    ax = figure.axes[0]
    p, cost = line(ax, "cross-entropy").get_data()
    assert_allclose(cost, -np.log(p))
    assert [t.get_text() for t in ax.texts] == ["p = 0.2 costs 1.609"]
    assert "nats" in ax.get_ylabel()


def test_softmax_temperature_draws_a_panel_a_temperature():
    """Bars are the probabilities of the scaled scores; at T = 1 the syllabus's example."""
    figure = plots.softmax_temperature(softmax, temperatures=(1.0, 4.0))
    one, four = figure.axes
    assert_allclose([bar.get_height() for bar in one.patches], [0.842, 0.042, 0.002, 0.114], atol=5e-4)
    heights = [bar.get_height() for bar in four.patches]
    assert_allclose(heights, softmax(np.array([[5.0, 2.0, -1.0, 3.0]]) / 4)[0])
    assert four.get_title(loc="left") == "T = 4"


def test_decision_regions_colour_by_prediction():
    """Left of the boundary the picture has the first class's shade, right of it the second's."""
    X = np.array([[-1.0, 0.0], [1.0, 0.5], [0.9, -0.5]])
    y = np.array([0, 1, 1])
    figure = plots.decision_regions(lambda Z: (Z[:, 0] > 0).astype(int), X, y, resolution=40)
    ax = figure.axes[0]
    (image,) = ax.images
    shown = np.asarray(image.get_array())
    assert shown[:, :19].max() == 0
    assert shown[:, 21:].min() == 1
    assert_allclose(image.cmap(image.norm(1))[:3], _style.paler(_style.colour(1)), atol=0.01)
    drawn = ax.collections[1].get_offsets()
    assert_allclose(drawn, X[y == 1])
    assert "100.0% of these points right" in ax.get_title(loc="left")


def test_decision_regions_have_their_bottom_at_the_bottom():
    """Small x₂ is drawn low: the first row of the picture is the lowest."""
    X = np.array([[0.0, -1.0], [0.0, 1.0]])
    figure = plots.decision_regions(lambda Z: (Z[:, 1] > 0).astype(int), X, np.array([0, 1]), resolution=10)
    (image,) = figure.axes[0].images
    assert image.origin == "lower"
    assert (np.asarray(image.get_array())[0] == 0).all()
    assert image.get_extent()[2] < image.get_extent()[3]


def test_decision_regions_keep_colours_when_a_class_is_missing():
    """Class 2 has its own colour though nothing is of class 0."""
    X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
    figure = plots.decision_regions(lambda Z: np.full(len(Z), 2), X, np.array([1, 1, 2]), resolution=10)
    image = figure.axes[0].images[0]
    shown = image.cmap(image.norm(image.get_array()[0, 0]))[:3]
    assert_allclose(shown, _style.paler(_style.colour(2)), atol=0.01)


@pytest.mark.parametrize(
    ("predict", "X", "says"),
    [
        (lambda Z: Z, np.zeros((3, 2)), r"argmax\(axis=1\)"),
        (lambda Z: Z[:, 0], np.zeros((3, 4)), r"\(N, 2\).*got \(3, 4\)"),
        (lambda Z: Z[:, 0], np.zeros((5, 2)), r"one label per example"),
    ],
)
def test_decision_regions_refuse_wrong_shapes(predict, X, says):
    """Scores instead of labels, too many features and too few labels are named."""
    with pytest.raises(ValueError, match=says):
        plots.decision_regions(predict, X, np.zeros(3, int))


def test_squared_and_absolute_draws_losses_and_slopes():
    """The left panel holds what the functions cost, the right one their gradients."""
    figure = plots.squared_and_absolute(nnlib.mse, nnlib.mae, reach=2.0)
    cost, slope = figure.axes
    assert cost.lines[0].get_ydata()[0] == pytest.approx(4.0)
    assert cost.lines[1].get_ydata()[-1] == pytest.approx(2.0)
    assert slope.lines[0].get_ydata()[0] == pytest.approx(-4.0)
    drawn = slope.lines[1].get_ydata()
    assert set(drawn[np.isfinite(drawn)]) == {-1.0, 1.0}
    assert np.isnan(drawn).sum() == 1  # nothing joins the two sides of the kink
    assert np.isfinite(slope.lines[0].get_ydata()).all()


def test_error_against_weights_leaves_a_gap_where_there_is_no_error():
    """A logarithmic axis cannot show 0; the verdicts stand beside their limits."""
    figure = plots.error_against_weights([0.01, 0.1, 1.0], [0.0, 1e-6, 1e-2])
    (ax,) = figure.axes
    assert np.isnan(ax.lines[0].get_ydata()[0])
    assert [text.get_text() for text in ax.texts] == ["a bug", "look again", "great"]


def test_secants_have_the_slope_of_a_central_difference():
    """Left of a kink, across it and right of it: 0, a mixture, 1."""
    figure = plots.secants(lambda x: max(0.0, x), (-2e-5, -3e-6, 2e-5), h=1e-5)
    assert [ax.get_title(loc="left") for ax in figure.axes] == [
        "x = −2 h: slope 0.00",
        "x = −0.3 h: slope 0.35",
        "x = 2 h: slope 1.00",
    ]
    assert_allclose(figure.axes[1].lines[1].get_xydata(), [(-1.3, 0.0), (0.7, 0.7)], atol=1e-12)
    assert_legible(figure)


def test_gradient_error_is_measured_in_both_precisions():
    """At h = 0.01 both panels show 0.0301 and 1e-4; at 1e-6 float32 is orders worse than float64."""
    figure = plots.gradient_error_against_step({"one-sided": forward, "central": central}, steps=[1e-6, 1e-2])
    single, double = figure.axes
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["float32", "float64"]
    assert_allclose(line(double, "one-sided").get_ydata()[1], 0.0301, rtol=1e-6)
    assert_allclose(line(double, "central").get_ydata()[1], 1e-4, rtol=1e-6)
    assert_allclose(line(single, "one-sided").get_ydata()[1], 0.0301, rtol=1e-2)
    assert line(single, "central").get_ydata()[0] > 1e3 * line(double, "central").get_ydata()[0]
    assert single.get_xscale() == single.get_yscale() == "log"


def test_pictures_of_assignments_02_and_03_are_legible(rng):
    """No word leaves the figure and no title covers another."""
    X = rng.normal(size=(20, 2))
    y = np.arange(20) % 3
    for figure in (
        plots.loss_against_probability(cross_entropy),
        plots.softmax_temperature(softmax),
        plots.decision_regions(lambda Z: np.zeros(len(Z), int), X, y, resolution=10),
        plots.gradient_error_against_step({"one-sided": forward, "central": central}),
    ):
        assert_legible(figure)


def test_every_picture_is_documented_by_assignment():
    """The package's table names each function, and nothing that is not there."""
    named = set(re.findall(r"``(\w+)``", plots.__doc__))
    assert named == set(public_names(plots)) - {"Movie"}


def test_powers_of_ten_are_written_plainly():
    """1e-3 rather than typeset powers, which take a third of the time of a picture."""
    figure = plots.gradient_error_against_step({"central": central})
    figure.draw_without_rendering()
    labels = [text.get_text().replace("−", "-") for text in figure.axes[0].get_xticklabels()]
    assert "1e-6" in labels
    assert "1" in labels
    assert not any("$" in label for label in labels)
