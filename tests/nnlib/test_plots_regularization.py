"""Pictures of what a penalty does."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.testing import assert_allclose

import nnlib
from nnlib import plots

from .legible import assert_legible

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _leaves_no_figure_open():
    yield
    assert plt.get_fignums() == []


def marked(ax):
    return next(line for line in ax.lines if line.get_label() == "best that is allowed").get_xydata()[0]


def test_the_loop_asks_for_bias_first():
    """Left to right: bias, variance, done."""
    figure = plots.improvement_loop()
    places = {text.get_text().split("\n")[0]: text.get_position()[0] for text in figure.axes[0].texts}
    assert places["High bias?"] < places["High variance?"] < places["Done:"]
    assert_legible(figure)


def test_the_loss_meets_the_diamond_at_its_corner_and_the_circle_beside_it():
    """The point allowed is the lowest on the shape, by a finer search."""
    minimum, curvature = np.array([0.35, 1.6]), np.array([[1.0, 0.55], [0.55, 1.0]])
    figure = plots.diamond_and_circle()
    diamond, circle = map(marked, figure.axes)
    assert_allclose(diamond, [0, 1], atol=1e-12)
    turn = np.linspace(0, 2 * np.pi, 100_001)
    edge = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    best = edge[np.einsum("ni,ij,nj->n", edge - minimum, curvature, edge - minimum).argmin()]
    assert_allclose(circle, best, atol=2e-3)
    assert circle[0] > 0.3
    assert_legible(figure)


@pytest.mark.parametrize(("w1", "held"), [(-0.55, True), (0.0, True), (0.55, True), (0.7, False), (-0.7, False)])
def test_l1_holds_a_weight_at_zero_for_a_range_of_losses(w1, held):
    """From -0.6 to 0.6; L2 at -0.33 alone."""
    figure = plots.diamond_and_circle((w1, 1.6))
    diamond, circle = map(marked, figure.axes)
    assert bool(diamond[0] == 0) == held
    assert ("at a corner" in figure.get_suptitle()) == held
    assert abs(circle[0]) > 0.01
    assert abs(marked(plots.diamond_and_circle((-0.33, 1.6)).axes[1])[0]) < 1e-2


def test_curvature_has_to_be_of_two_weights():
    """A shape is refused in words."""
    with pytest.raises(ValueError, match=r"curvature must have shape \(2, 2\)"):
        plots.diamond_and_circle(curvature=np.eye(3))


@pytest.mark.parametrize("seed", range(1, 7))
def test_one_model_may_have_both_problems(seed):
    """Whatever points are drawn: the straight sides are bias, the copied labels variance."""
    figure = plots.stiff_and_free(nnlib.diagnose, seed)
    assert figure.get_suptitle().endswith("high bias and high variance")
    assert_legible(figure)


def test_the_linear_zone_counts_what_lies_in_it():
    """The share of each net's inputs up to the zone's edge; those far out are still drawn."""
    figure = plots.linear_zone({"small": np.full(10, 0.1), "half": np.array([0.1, 9.0])})
    labels = [text.get_text() for text in figure.axes[1].get_legend().get_texts()]
    assert labels == ["small: 100% in the zone", "half: 50% in the zone"]
    assert "8% off" in figure.axes[0].get_title(loc="left")
    assert_legible(figure)


def test_the_lowest_dev_error_is_marked():
    """And strengths without an error each are refused."""
    figure = plots.error_over_strength([0.01, 0.1, 1.0], [0.1, 0.2, 0.5], [0.6, 0.3, 0.6])
    mark = next(line for line in figure.axes[0].lines if str(line.get_label()).startswith("lowest"))
    assert_allclose(mark.get_xydata(), [[0.1, 0.3]])
    assert_legible(figure)
    with pytest.raises(ValueError, match="strengths"):
        plots.error_over_strength([0.1], [0.1, 0.2], [0.1, 0.2])
