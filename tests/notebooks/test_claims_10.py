"""What notebook 10 says of one run holds for others."""

from itertools import product

import numpy as np
import pytest

import nnlib


def spoilt_digits():
    """The notebook's 300 digits, which of their labels are wrong, and its dev set."""
    X, y = nnlib.load_digits()
    split = np.random.default_rng(1)
    order = split.permutation(len(X))
    labels, wrong = y[order[:300]].copy(), split.random(300) < 0.15
    labels[wrong] = (labels[wrong] + split.integers(1, 10, size=wrong.sum())) % 10
    return X[order[:300]], labels, wrong, X[order[-600:]], y[order[-600:]]


def epochs_of(net, X, labels, rng, epochs, rate):
    """Train with momentum on batches of 50, as the notebook does; yields the number of each epoch at its end."""
    velocity = np.zeros_like(net.theta)
    for epoch in range(epochs):
        for X_batch, y_batch in nnlib.random_minibatches(X, labels, 50, rng):
            net.loss_and_grad(X_batch, y_batch, rng)
            velocity = 0.9 * velocity - rate * net.grad
            net.theta += velocity
        yield epoch


@pytest.fixture(scope="module")
def runs():
    """Per start: the share of wrong labels learnt, and dev accuracy, without and with dropout on the hidden layers.

    A smaller net and fewer epochs than the notebook's, at a higher rate, for speed.
    """
    X, labels, wrong, held_X, held_y = spoilt_digits()
    found = []
    for seed in range(1, 6):
        for keep_prob in (1.0, 0.5):
            rng = np.random.default_rng(seed)
            net = nnlib.build_network([64, 120, 120, 10], rng, keep_prob=keep_prob)
            net.theta *= 0.3
            dev = []
            for epoch in epochs_of(net, X, labels, rng, epochs=50, rate=0.05):
                if epoch >= 42:
                    dev.append(net.evaluate(held_X, held_y)[1])
            found.append((np.mean(net.predict(X[wrong]) == labels[wrong]), np.mean(dev)))
    return np.array(found).reshape(5, 2, 2)


def test_dropout_refuses_wrong_labels_and_is_better_for_it(runs):
    """Whatever the start: fewer lies learnt by heart, more digits right."""
    without, with_dropout = runs[:, 0], runs[:, 1]
    assert (without[:, 0] > 0.3).all()
    assert (with_dropout[:, 0] < without[:, 0] - 0.15).all()
    assert (with_dropout[:, 1] > without[:, 1] + 0.03).all()


def test_without_dropout_the_digits_are_learnt_first_and_the_lies_later():
    """The notebook's net from another start: dev near 90% from epoch 20 to 40, more than the right labels after 55."""
    X, labels, wrong, held_X, held_y = spoilt_digits()
    rng = np.random.default_rng(1)
    net = nnlib.build_network([64, 200, 200, 10], rng)
    net.theta *= 0.3
    curves = []
    for _ in epochs_of(net, X, labels, rng, epochs=80, rate=0.03):
        curves.append((net.evaluate(X, labels)[1], net.evaluate(held_X, held_y)[1]))
    training, dev = np.array(curves).T
    assert 0.85 < dev[20:40].mean() < 0.93
    assert (training[55:] > 1 - wrong.mean()).all()
    assert dev[-10:].mean() < dev[20:40].mean() - 0.03
    assert np.mean(net.predict(X[wrong]) == labels[wrong]) > 0.5


def test_a_fifth_each_is_what_four_copies_get():
    """The minimum of the expected cost that the notebook writes down, for every keep probability."""
    for p in (0.1, 0.5, 0.8):
        w = np.full(4, 1 / (4 + (1 - p) / p))
        slope = -2 * (1 - w.sum()) + 2 * (1 - p) / p * w
        np.testing.assert_allclose(slope, 0, atol=1e-12)


def test_the_mean_over_all_masks_is_the_whole_net_where_it_is_linear():
    """Scores behind one dropped layer: exactly; probabilities: not."""
    rng = np.random.default_rng(3)
    hidden, w = nnlib.relu(rng.normal(size=8)), rng.normal(size=(8, 3))
    scores = (np.array(list(product([0.0, 2.0], repeat=8))) * hidden) @ w
    np.testing.assert_allclose(scores.mean(axis=0), hidden @ w, atol=1e-12)
    assert np.abs(nnlib.softmax(scores).mean(axis=0) - nnlib.softmax((hidden @ w)[None])[0]).max() > 0.01
