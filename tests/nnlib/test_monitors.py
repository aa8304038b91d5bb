"""Reports on the layers of a network."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import nnlib
from nnlib.layers import Affine, BatchNorm, Dropout, LeakyReLU, ReLU, Sigmoid
from nnlib.monitors import monitor
from nnlib.network import Network


def batch(rng, n=64):
    return rng.normal(size=(n, 5)), rng.integers(0, 3, size=n)


def test_activations_and_gradients_are_the_networks(rng):
    """Outputs as forward gives them; gradients as central differences through the last layer."""
    X, y = batch(rng)
    net = Network([Affine(5, 8), ReLU(), Affine(8, 3)], rng, dtype=np.float64)
    report = monitor(net, X, y)
    assert [h.name for h in report] == ["0 Affine", "1 ReLU", "2 Affine"]
    for health, out in zip(report, net.activations(X), strict=True):
        assert health.activations.std == pytest.approx(out.std())
    _, dscores = nnlib.softmax_cross_entropy(net.forward(X), y)
    assert report[2].gradients.std == pytest.approx(dscores.std())
    through = dscores @ net.params["2.W"].T
    assert report[1].gradients.std == pytest.approx(through.std())
    assert report[0].gradients.std == pytest.approx((through * (net.activations(X)[0] > 0)).std())


def test_dead_units_are_counted(rng):
    """Two of eight units get a bias that nothing overcomes."""
    X, y = batch(rng)
    net = Network([Affine(5, 8), ReLU(), Affine(8, 3)], rng)
    net.params["0.b"][:2] = -1e3
    health = monitor(net, X, y)[1]
    assert health.dead == 0.25
    assert health.saturated == pytest.approx(np.mean(net.activations(X)[1] == 0))
    assert np.isnan(monitor(net, X, y)[0].dead)


def test_leaky_units_do_not_die_and_sigmoids_saturate(rng):
    """The same bias leaves leaky ReLU a slope of 0.01, and a sigmoid none."""
    X, y = batch(rng)
    for layer, dead in ((LeakyReLU(), 0.0), (Sigmoid(), 1.0)):
        net = Network([Affine(5, 4), layer, Affine(4, 3)], rng)
        net.params["0.b"][:] = -1e2
        assert monitor(net, X, y)[1].dead == dead


def test_watching_changes_nothing(rng):
    """Parameters, gradients, running averages, batch and labels stay; dropout needs its rng."""
    X, y = batch(rng)
    net = Network([Affine(5, 6), BatchNorm(6), ReLU(), Dropout(0.8), Affine(6, 3)], rng)
    net.loss_and_grad(X, y, np.random.default_rng(0))
    before = [net.theta.copy(), net.grad.copy(), *(b.copy() for b in net.buffers.values()), X.copy(), y.copy()]
    report = monitor(net, X, y, rng)
    after = [net.theta, net.grad, *net.buffers.values(), X, y]
    for a, b in zip(after, before, strict=True):
        assert_array_equal(a, b)
    assert_allclose(report[1].activations.std, 1, rtol=0.05)
    with pytest.raises(ValueError, match="rng"):
        monitor(net, X, y)
