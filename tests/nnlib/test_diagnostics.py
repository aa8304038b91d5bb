"""Signals, dead units and update ratios."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnlib import activations as act
from nnlib.diagnostics import dead_units, layer_stats, saturated_share, signals, update_ratio


def normal(std):
    return lambda fan_in, fan_out, rng: std * rng.standard_normal((fan_in, fan_out))


def lecun(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)


def he(fan_in, fan_out, rng):
    return np.sqrt(2) * lecun(fan_in, fan_out, rng)


def test_layer_stats_are_those_of_each_array():
    """Mean, deviation, range and share of zeros, one entry a layer."""
    first, second = layer_stats([np.array([[0.0, 2.0], [0.0, 2.0]]), np.array([1.0, 5.0, 0.0])])
    assert (first.mean, first.std, first.low, first.high, first.zeros) == (1, 1, 0, 2, 0.5)
    assert second.mean == 2
    assert second.zeros == pytest.approx(1 / 3)


def test_the_lectures_activations_shrink_with_small_weights(rng):
    """Ten tanh layers of 500 with deviation 0.01: 0.214, 0.048, 0.011, ... and gradients vanish alike."""
    forward, backward = signals([500] * 11, normal(0.01), act.tanh, act.tanh_backward, rng)
    stds = [s.std for s in layer_stats(forward)]
    assert_allclose(stds[:4], [0.214, 0.048, 0.011, 0.002], rtol=0.05, atol=5e-4)
    gradient = [s.std for s in layer_stats(backward)]
    assert gradient[-1] == pytest.approx(1, rel=0.01)
    assert_allclose(np.divide(gradient[:-1], gradient[1:]), 0.01 * np.sqrt(500), rtol=0.1)


def test_he_keeps_relu_signals_and_gradients(rng):
    """Forward and backward the mean square stays within a factor of two over ten layers."""
    forward, backward = signals([500] * 11, he, act.relu, act.relu_backward, rng)
    for layers in (forward, backward):
        squares = [np.mean(a**2) for a in layers]
        assert 0.5 < squares[0] / squares[-1] < 2
    assert np.mean(signals([500] * 11, lecun, act.relu, act.relu_backward, rng)[0][-1] ** 2) < 2e-3


def test_gradients_are_those_of_the_net(rng):
    """Central differences through two layers, with respect to the first layer's outputs."""
    weights = []

    def init(fan_in, fan_out, rng):
        weights.append(rng.standard_normal((fan_in, fan_out)))
        return weights[-1]

    forward, backward = signals([3, 4, 2], init, np.tanh, act.tanh_backward, rng, n=5)
    upstream, h = backward[-1], 1e-6

    def cost(a):
        return float((np.tanh(a @ weights[1]) * upstream).sum())

    for i in np.ndindex(5, 4):
        step = np.zeros((5, 4))
        step[i] = h
        slope = (cost(forward[0] + step) - cost(forward[0] - step)) / (2 * h)
        assert backward[0][i] == pytest.approx(slope, rel=1e-5, abs=1e-8)


def test_a_dead_unit_is_off_for_every_example():
    """Off for some examples is saturated there, and alive."""
    z = np.array([[-1.0, -1.0, 3.0], [-2.0, 4.0, 3.0]])
    slopes = act.relu_backward(np.ones_like(z), z)
    assert_array_equal(dead_units(slopes), [True, False, False])
    assert saturated_share(slopes) == 0.5
    assert not dead_units(act.leaky_relu_backward(np.ones_like(z), z)).any()


def test_a_sigmoid_saturates_on_both_sides():
    """Its slope is below 1e-4 for |z| > 10."""
    z = np.array([[-10.5, 0.0, 10.5]])
    slopes = act.sigmoid_backward(np.ones_like(z), z)
    assert saturated_share(slopes, 1e-4) == pytest.approx(2 / 3)


def test_update_ratio_compares_norms():
    """A step of a thousandth has ratio 1e-3, whatever its direction; zero weights are no 0/0."""
    w = np.array([[3.0, 0.0], [0.0, 4.0]])
    assert update_ratio(w, np.array([[0.0, 0.005], [0.0, 0.0]])) == pytest.approx(1e-3)
    assert update_ratio(np.zeros(3), np.ones(3)) == np.inf
    assert update_ratio(np.zeros(3), np.zeros(3)) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda rng: layer_stats([np.ones(2), np.ones((0, 3))]), "layer 1"),
        (lambda rng: signals([5], lecun, act.tanh, act.tanh_backward, rng), "at least one layer"),
        (lambda rng: signals([5, 5], lecun, act.tanh, act.tanh_backward, 1), "default_rng"),
        (lambda rng: dead_units(np.ones(3)), r"\(N, units\)"),
        (lambda rng: dead_units(np.ones((0, 3))), "at least one example"),
        (lambda rng: saturated_share(np.ones((2, 3)), 0.0), "threshold"),
        (lambda rng: update_ratio(np.ones(3), np.ones(2)), r"shape of w, \(3,\), got \(2,\)"),
    ],
)
def test_wrong_input_is_named(rng, call, says):
    """Rule, what came, repair."""
    with pytest.raises(ValueError, match=says):
        call(rng)
