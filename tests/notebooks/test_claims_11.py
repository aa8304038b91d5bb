"""What notebook 11 says in words holds with other seeds than those of its cells."""

import numpy as np
import pytest

from grader.assignment import Assignment
from nnlib import (
    batchnorm_backward,
    batchnorm_forward,
    load_digits,
    make_spirals,
    standardize_apply,
    standardize_fit,
    train_dev_test_split,
)
from nnlib.trial_net import TrialNet

BATCHNORM = (batchnorm_forward, batchnorm_backward)
SEEDS = range(11, 16)


@pytest.fixture(scope="module")
def digits():
    """The notebook's training and dev digits."""
    X, y = load_digits()
    train, dev, _ = train_dev_test_split(X, y, (0.6, 0.2, 0.2), np.random.default_rng(0))
    mean, std = standardize_fit(train[0])
    return (standardize_apply(train[0], mean, std), train[1]), (standardize_apply(dev[0], mean, std), dev[1])


def trained(batchnorm, activation, train, lr, steps, seed, hidden=5, **options):
    net = TrialNet([64, *[50] * hidden, 10], activation, batchnorm, seed=seed, **options)
    net.train(*train, lr, steps, seed=seed + 1)
    return net


def test_with_batch_norm_nearly_any_start_will_do(digits):
    """Of starts a thousandfold apart the plain net learns from the middle alone, the other from all."""
    train, dev = digits
    for seed in SEEDS:
        for spread in (0.01, 0.3, 1.0):
            plain = trained(None, "relu", train, 0.1, 170, seed, std=spread).evaluate(*dev)[1]
            normed = trained(BATCHNORM, "relu", train, 0.1, 170, seed, std=spread).evaluate(*dev)[1]
            assert (plain > 0.45) == (spread == 0.3)
            assert normed > 0.6


def test_gradients_of_all_layers_are_of_one_size(digits):
    """With batch norm the layers' gradients lie within a factor of ten; behind sigmoids without, far apart."""
    (X, y), _ = digits
    for seed in SEEDS:
        for activation, spread in (("relu", 0.03), ("relu", 0.5), ("sigmoid", None)):
            sizes = TrialNet([64, *[50] * 8, 10], activation, BATCHNORM, std=spread, seed=seed).gradient_sizes(X, y)
            assert max(sizes) < 10 * min(sizes)
        sizes = TrialNet([64, *[50] * 8, 10], "sigmoid", seed=seed).gradient_sizes(X, y)
        assert sizes[0] < 1e-3 * sizes[-2]


def test_ten_times_the_rate_is_survived_by_batch_norm_alone(digits):
    """The plain net overflows or reads less than half of the digits; the other reads most, with each seed."""
    train, dev = digits
    for seed in SEEDS:
        with np.errstate(all="ignore"):
            assert not trained(None, "relu", train, 1.0, 400, seed).evaluate(*train)[1] > 0.5
        assert trained(BATCHNORM, "relu", train, 1.0, 400, seed).evaluate(*dev)[1] > 0.8


def test_a_plain_sigmoid_net_learns_from_a_spread_near_one_alone_and_slowly(digits):
    """Of three spreads it is the middle one, and there batch norm is ahead after as many steps."""
    train, dev = digits
    for seed in SEEDS:
        low, middle, high = (
            trained(None, "sigmoid", train, 0.1, 170, seed, std=spread).evaluate(*dev)[1] for spread in (0.3, 1.0, 3.0)
        )
        assert max(low, high) < 0.4 < middle
        assert trained(BATCHNORM, "sigmoid", train, 0.1, 170, seed, std=1.0).evaluate(*dev)[1] > middle + 0.05


def test_the_spread_changes_sizes_and_the_batch_how_many_units_treat_all_alike(digits):
    """Ten times the spread: 1e5 times the inputs of layer 5, the same signs; most units are alike for two images."""
    (X, _), _ = digits

    def received(spread, batch_size, batchnorm, seed):
        net = TrialNet([64, *[50] * 5, 10], "relu", batchnorm, std=spread, seed=seed)
        net.forward(X[:batch_size], train=True)
        return net.received[4]

    for seed in SEEDS:
        narrow, wide = (received(spread, 32, None, seed) for spread in (0.03, 0.3))
        assert np.abs(wide).mean() == pytest.approx(1e5 * np.abs(narrow).mean(), rel=1e-3)
        assert 0.4 < (narrow > 0).mean() < 0.65
        assert 0.4 < (received(0.3, 32, BATCHNORM, seed) > 0).mean() < 0.6
        for batchnorm in (None, BATCHNORM):
            shares = [(received(0.3, n, batchnorm, seed) > 0).mean(axis=0) for n in (2, 512)]
            always_or_never = [np.mean(share % 1 == 0) for share in shares]
            if batchnorm is None:
                assert always_or_never[0] > 0.7
                assert always_or_never[1] < 0.35
            else:
                assert max(always_or_never) < 0.1


def test_about_five_examples_of_an_arm_are_enough_and_dropout_does_not_help():
    """Over four draws: three points an arm stay below 80%, five come near 90%; much dropout costs ten points."""
    train_and_predict = Assignment.find("11-batch-normalization").reference["train_and_predict"]
    X_new, y_new = make_spirals(100, 3, 0.2, np.random.default_rng(4))

    def right(per_arm, keep_prob):
        shares = []
        for seed in (6, 10, 11, 12):
            few = make_spirals(per_arm, 3, 0.2, np.random.default_rng(seed))
            probs = train_and_predict(*few, X_new, np.random.default_rng(seed + 1), keep_prob=keep_prob)
            shares.append(np.mean(probs.argmax(axis=1) == y_new))
        return np.mean(shares)

    assert right(3, 0.9) < 0.8
    assert right(5, 0.9) > 0.86
    assert right(10, 0.9) > 0.92
    assert right(10, 0.6) < right(10, 0.9) - 0.07
    assert right(10, 0.3) < 0.8


def test_batch_norm_regularises_a_little(digits):
    """At the modest rate: a higher training loss and a lower dev loss, on average; accuracies within two points."""
    train, dev = digits
    told = {}
    for batchnorm in (None, BATCHNORM):
        nets = [trained(batchnorm, "relu", train, 0.1, 400, seed) for seed in SEEDS]
        told[batchnorm] = np.mean([(*net.evaluate(*train), *net.evaluate(*dev)) for net in nets], axis=0)
    assert told[BATCHNORM][0] > told[None][0]
    assert told[BATCHNORM][2] < told[None][2]
    assert abs(told[BATCHNORM][3] - told[None][3]) < 0.02


def test_what_batch_norm_changes_of_a_sigmoids_input_is_its_width_at_the_start(digits):
    """After twenty steps its band is many times as wide; the wandering of its middle differs by less than twofold."""
    train, dev = digits
    for seed in SEEDS:
        wander, width = {}, {}
        for batchnorm in (None, BATCHNORM):
            net, received = TrialNet([64, 50, 50, 50, 10], "sigmoid", batchnorm, seed=seed), []

            def watch(step, net=net, received=received):
                if step % 50 == 20:
                    net.forward(dev[0])
                    received.append(net.received[-1])

            net.train(*train, 0.3, 900, watch=watch)
            low, middle, high = np.quantile(received, [0.15, 0.5, 0.85], axis=1)
            wander[batchnorm] = np.median(np.ptp(middle, axis=0))
            width[batchnorm] = (high - low)[0].mean()
        assert width[BATCHNORM] > 4 * width[None]
        assert wander[None] / 2 < wander[BATCHNORM] < 2 * wander[None]
