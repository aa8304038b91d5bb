"""What notebook 09 says of one run holds for others."""

import numpy as np
import pytest

import nnlib

NOISE = 0.35


@pytest.fixture(scope="module")
def moons():
    """The notebook's points, and its dev set."""
    rng = np.random.default_rng(0)
    return nnlib.make_moons(150, NOISE, rng), nnlib.make_moons(1000, NOISE, rng)


def errors(moons, lam, seed, steps):
    """Training and dev error of the notebook's net."""
    (X, y), held = moons
    net = nnlib.build_network([2, 40, 40, 2], np.random.default_rng(seed), activation="tanh", dtype=float)
    for _ in range(steps):
        net.loss_and_grad(X, y)
        net.weights[:] *= 1 - lam / len(X)
        net.theta -= net.grad
    return [1 - net.evaluate(*data)[1] for data in ((X, y), held)]


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_net_that_misses_points_is_the_better_one(moons, seed):
    """500 steps against 4,000, and lambda 0.3 against none: whatever the start is."""
    early, late, penalised = errors(moons, 0, seed, 500), errors(moons, 0, seed, 4000), errors(moons, 0.3, seed, 4000)
    assert late[0] < early[0] - 0.04
    assert late[1] > early[1] + 0.03
    assert late[1] > penalised[1] + 0.03
    X, y = moons[1]
    bayes = np.mean(nnlib.bayes_rule_for_moons(X, NOISE) != y)
    assert nnlib.diagnose(*late, bayes) == "high variance"
    assert nnlib.diagnose(*penalised, bayes) == "neither"


def test_five_points_are_five_points():
    """The printed trap: the difference of two rates that are five points apart may be above 0.05."""
    assert 0.20 - 0.15 > 0.05
    assert nnlib.diagnose(0.15, 0.20, 0.15) == "neither"
