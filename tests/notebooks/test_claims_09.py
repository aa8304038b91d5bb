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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_loss_alone_turns_up_while_the_cost_still_falls(moons, seed):
    """With lambda 30 it is lowest after 10 to 40 steps, and ends higher; the cost with its penalty only falls."""
    (X, y), _ = moons
    net = nnlib.build_network([2, 40, 40, 2], np.random.default_rng(seed), activation="tanh", dtype=float)
    losses, costs = [], []
    for _ in range(400):
        penalty = 30 / (2 * len(X)) * sum(np.sum(w**2) for name, w in net.params.items() if name.endswith("W"))
        losses.append(net.loss_and_grad(X, y))
        costs.append(losses[-1] + penalty)
        net.weights[:] *= 1 - 0.1 * 30 / len(X)
        net.theta -= 0.1 * net.grad
    assert 10 < np.argmin(losses) < 40
    assert losses[-1] > min(losses) + 0.02
    assert (np.diff(costs) < 0).all()


def test_a_decayed_bias_spoils_the_line():
    """Half of 290 is missing; a free bias is right, and the slope halved; on the notebook's points the slope turns."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        rng.normal(size=182)  # what the notebook has drawn before
        feature = rng.normal(size=(50, 1))
        kelvin = 290 + 3 * feature + 0.5 * rng.normal(size=(50, 1))
        found = {}
        for decayed in (False, True):
            slope, bias = 0.0, 0.0
            for _ in range(300):
                error = feature[:, 0] * slope + bias - kelvin[:, 0]
                step, push = 0.1 * np.mean(feature[:, 0] * error), 0.1 * np.mean(error)
                slope, bias = 0.9 * slope - step, (0.9 if decayed else 1.0) * bias - push
            found[decayed] = slope, bias
        assert abs(found[False][0] - 1.5) < 0.4
        assert abs(found[False][1] - 290) < 1
        assert abs(found[True][1] - 145) < 2
        assert seed or found[True][0] < -1


def test_five_points_are_five_points():
    """The printed trap: the difference of two rates that are five points apart may be above 0.05."""
    assert 0.20 - 0.15 > 0.05
    assert nnlib.diagnose(0.15, 0.20, 0.15) == "neither"
