"""Test surfaces for optimizers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nnlib.surfaces import SURFACES, cliff, plateau, ravine, saddle, surface, two_valleys


@pytest.mark.parametrize("name", SURFACES)
def test_gradients_are_those_of_the_cost(rng, name):
    """Central differences agree all over the window, at the start, and on the wall."""
    s = surface(name)
    left, right, bottom, top = s.window
    points = np.r_[rng.uniform([left, bottom], [right, top], size=(200, 2)), [s.start, (0.5, 0.3)]]
    _, dw = s.function(points)
    h = 1e-5
    for axis in (0, 1):
        step = h * np.eye(2)[axis]
        slope = (s.function(points + step)[0] - s.function(points - step)[0]) / (2 * h)
        assert_allclose(dw[:, axis], slope, atol=1e-6)


@pytest.mark.parametrize("name", SURFACES)
def test_one_point_and_a_grid_of_points_agree(name):
    """Shapes follow the input, and the input stays as it was."""
    f = surface(name).function
    w = np.linspace(-1, 1, 24).reshape(3, 4, 2)
    before = w.copy()
    cost, dw = f(w)
    assert cost.shape == (3, 4)
    assert dw.shape == (3, 4, 2)
    assert_allclose(f(w[1, 2])[0], cost[1, 2])
    assert_allclose(f(w[1, 2])[1], dw[1, 2])
    assert_allclose(w, before, rtol=0)


def test_the_saddle_has_zero_gradient_without_being_a_minimum():
    """Down on both sides of the origin along w2, up along w1; minima at (0, ±1)."""
    assert_allclose(saddle([0.0, 0.0])[1], 0)
    assert saddle([0.0, 0.1])[0] < 0 < saddle([0.1, 0.0])[0]
    assert_allclose(saddle([0.0, 1.0])[0], -0.25)
    assert_allclose(saddle([0.0, -1.0])[1], 0)


def test_noise_leaves_the_poor_valley_and_exact_descent_does_not():
    """Figures of its docstring; of 100 noisy runs most end in the best valley, of exact ones none."""
    s = surface("two valleys")
    for x, cost in ((0.917, -0.106), (-1.067, -0.405)):
        assert_allclose(two_valleys([x, 0.0])[1], 0, atol=1e-2)
        assert two_valleys([x, 0.0])[0] == pytest.approx(cost, abs=1e-3)
    rng = np.random.default_rng(0)
    for noise in (0.0, 1.0):
        w = np.tile(s.start, (100, 1))
        for step in range(200):
            w = w - 0.2 * (two_valleys(w)[1] + (step < 150) * noise * rng.normal(size=w.shape))
        assert np.mean(w[:, 0] < 0) > 0.6 if noise else (w[:, 0] > 0.9).all()


def test_the_ravine_is_twenty_times_steeper_across():
    """Descent converges just below a rate of 1 and diverges just above."""
    _, dw = ravine([1.0, 1.0])
    assert dw[1] / dw[0] == pytest.approx(20)
    for rate, grows in ((0.99, False), (1.01, True)):
        w = np.array([1.0, 1.0])
        for _ in range(100):
            w = w - rate * ravine(w)[1]
        assert (abs(w[1]) > 1) == grows


def test_the_plateau_is_flat_far_out():
    """The figures of its docstring."""
    assert np.linalg.norm(plateau([3.0, 0.0])[1]) == pytest.approx(0.033, abs=1e-3)
    assert np.linalg.norm(plateau([0.0, 4.0])[1]) < 0.0015


def test_a_plain_step_on_the_cliff_is_thrown_away_and_a_clipped_one_is_not():
    """From the edge, one step at rate 0.3 leaves the window; with the norm clipped to 1 it stays near."""
    w = np.array([0.5, 1.0])
    _, dw = cliff(w)
    assert np.linalg.norm(dw) > 50
    left = surface("cliff").window[0]
    assert (w - 0.3 * dw)[0] < left
    assert np.linalg.norm(0.3 * dw / np.linalg.norm(dw)) < 0.31


def test_the_cliff_is_finite_far_away():
    """The wall's exponential does not overflow."""
    cost, dw = cliff([[1e4, 0.0], [-1e4, 0.0]])
    assert np.isfinite(cost).all()
    assert np.isfinite(dw).all()


def test_wrong_input_is_named():
    """Shape and name, each with the repair."""
    with pytest.raises(ValueError, match=r"\(\.\.\., 2\).*got \(3,\)"):
        ravine([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"Did you mean 'saddle'"):
        surface("sadle")
