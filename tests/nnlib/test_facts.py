"""Numbers of the syllabus that span several modules; those of one module are tests beside it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import nnlib
from nnlib.layers import Affine, Sigmoid
from nnlib.network import Network


@pytest.fixture
def problem(rng):
    """Sixty digits' worth of softmax regression: inputs, labels, and the cost with its gradient in W."""
    X, y = nnlib.load_digits()
    X, y = X[:60], y[:60]

    def cost(W, rows=slice(None)):
        loss, dscores = nnlib.softmax_cross_entropy(X[rows] @ W, y[rows])
        return loss, X[rows].T @ dscores

    return X, y, cost


def test_ten_thousand_images_in_batches_of_200_are_50_iterations(rng):
    """An epoch of lecture 003."""
    assert nnlib.steps_per_epoch(10_000, 200) == 50
    batches = nnlib.random_minibatches(np.zeros((10_000, 1)), np.zeros(10_000, int), 200, rng)
    assert sum(1 for _ in batches) == 50


def test_constant_weights_keep_all_units_of_a_layer_equal(problem, rng):
    """After any number of steps every hidden unit is a copy of the others, so the layer has one unit."""
    X, y, _ = problem
    net = Network([Affine(64, 7), Sigmoid(), Affine(7, 10)], rng, dtype=np.float64)
    for name in ("0.W", "2.W"):
        net.params[name][...] = 0.1
    optimizer = nnlib.Momentum(0.5)
    for _ in range(50):
        net.loss_and_grad(X, y)
        optimizer.step(net.theta, net.grad)
    W, out = net.params["0.W"], net.params["2.W"]
    assert np.ptp(W[:, 0]) > 0.01  # it did learn
    assert_allclose(W, W[:, :1] * np.ones(7), atol=1e-12)
    assert_allclose(out, out[:1] * np.ones((7, 1)), atol=1e-12)


def test_one_outlier_moves_stochastic_descent_further_than_batch_descent(problem):
    """A single wild example is one sixtieth of a batch step and all of a stochastic one."""
    X, y, _ = problem
    wild = X.copy()
    wild[0] *= 100

    def step(rows):
        _, dscores = nnlib.softmax_cross_entropy(np.zeros((len(rows), 10)), y[rows])
        return np.linalg.norm(wild[rows].T @ dscores)

    batch, alone, usual = step(np.arange(60)), step(np.array([0])), step(np.array([1]))
    assert alone > 20 * batch
    assert alone > 50 * usual


def test_a_rate_of_a_millionth_stays_at_230_and_a_million_is_not_finite(problem, rng):
    """Lecture 003: the first leaves the loss at ln 10, the second ends in NaN, which fit refuses."""
    X, y, _ = problem
    net = nnlib.build_network([64, 20, 10], rng, init=0.01)
    history = nnlib.fit(net, X, y, rng=rng, epochs=10, optimizer=nnlib.SGD(1e-6))
    assert net.evaluate(X, y)[0] == pytest.approx(2.30, abs=0.01)
    assert history.stopped == "finished"
    with pytest.raises(nnlib.ExplodedError):
        nnlib.fit(net, X, y, rng=rng, epochs=10, optimizer=nnlib.SGD(1e6))


def test_l1_makes_weights_nearly_zero_and_l2_only_small(problem):
    """The same data and as strong a penalty: most weights under 1e-3 with L1, few with L2."""
    _, _, cost = problem
    shares = {}
    for name, gradient, lam in (("L1", nnlib.l1_gradient, 0.6), ("L2", nnlib.l2_gradient, 0.6)):
        W = np.zeros((64, 10))
        for k in range(2000):
            W = W - 0.1 / (1 + k / 200) * (cost(W)[1] + gradient(W, lam, 60))
        shares[name] = np.mean(np.abs(W) < 2e-3)
    assert shares["L1"] > 0.5 > 0.3 > shares["L2"]


def test_the_penalised_cost_falls_at_every_step_and_the_loss_alone_need_not(problem):
    """Plotted with its penalty J is monotonic; without it the same descent seems to go wrong."""
    _, _, cost = problem
    W = np.zeros((64, 10))
    for _ in range(300):  # fitted without a penalty first, which then pulls it back
        W = W - 0.5 * cost(W)[1]
    lam, losses, totals = 6.0, [], []
    for _ in range(100):
        loss, dW = cost(W)
        losses.append(loss)
        totals.append(loss + nnlib.l2_penalty(W, lam, 60))
        W = W - 0.1 * (dW + nnlib.l2_gradient(W, lam, 60))
    assert (np.diff(totals) < 0).all()
    assert (np.diff(losses) > 0).any()


def test_a_net_starts_at_ln_c_and_a_penalty_raises_it(rng):
    """Sanity checks before any search, for several numbers of classes."""
    for classes in (2, 10, 100):
        net = nnlib.build_network([64, 50, classes], rng, init=1e-4, dtype=np.float64)
        X, y = rng.normal(size=(200, 64)), rng.integers(0, classes, size=200)
        loss, _ = net.evaluate(X, y)
        assert loss == pytest.approx(np.log(classes), abs=1e-4)
        assert nnlib.hinge_loss(net.forward(X), y)[0] == pytest.approx(classes - 1, abs=1e-3)
        assert loss + nnlib.l2_penalty(net.weights, 1e6, 200) > loss + 0.05


def test_twenty_examples_can_be_learned_by_heart(problem, rng):
    """Accuracy 1.00 and a tiny cost, or there is a bug."""
    X, y, _ = problem
    net = nnlib.build_network([64, 50, 10], rng)
    nnlib.fit(net, X[:20], y[:20], rng=rng, epochs=200, batch_size=20, optimizer=nnlib.Adam(1e-2))
    loss, accuracy = net.evaluate(X[:20], y[:20])
    assert accuracy == 1.0
    assert loss < 0.02


def test_the_test_set_keeps_its_place_under_the_training_sets_scaling(rng):
    """A test set far away is still far away after scaling, and a net's input shows it."""
    X = rng.normal(size=(300, 4)) * [1, 10, 100, 1000]
    mean, std = nnlib.standardize_fit(X)
    assert_allclose(nnlib.standardize_apply(X + 5 * std, mean, std).mean(axis=0), 5, atol=1e-9)
    assert_array_equal(mean, nnlib.standardize_fit(X)[0])
