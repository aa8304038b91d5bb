"""What notebook 07 says of its runs holds for other starts and other batches than the ones that it shows."""

import itertools

import numpy as np
import pytest

import nnlib
from grader.assignment import Assignment

SEEDS = (7, 1, 2, 3, 4)


@pytest.fixture(scope="module")
def scope():
    """The notebook's solutions and helpers, and its training loop, which takes a seed here."""
    assignment = Assignment.find("07-optimizers")
    names = {**vars(nnlib), **assignment.reference, "np": np, "itertools": itertools}
    (cell,) = [cell for cell in assignment.source.cells if cell.cell_type == "code" and "def train(" in cell.source]
    loop = cell.source[: cell.source.index('print("')]
    assert loop.count("default_rng(7)") == 1
    exec(loop.replace("shrink=1.0)", "shrink=1.0, seed=7)").replace("default_rng(7)", "default_rng(seed)"), names)
    return names


def waited(costs):
    """Steps until a cost of 1.5."""
    return int(np.flatnonzero(np.array(costs) < 1.5)[0])


def test_plain_descent_crosses_the_valley_at_every_step():
    """Of the opening's twelve steps each changes sides, and less than three quarters of the way are gone."""
    path = [np.array([-9.0, 1.4])]
    for _ in range(12):
        path.append(path[-1] - 0.95 * nnlib.ravine(path[-1])[1])
    assert np.count_nonzero(np.diff(np.sign(np.array(path)[:, 1]))) == 12
    assert -path[-1][0] > 9 / 4


def test_an_average_keeps_two_thirds_of_its_weight_in_its_window(scope):
    """In the last 1 / (1 - β) days: 75, 65 and 64 percent, as the picture says."""
    spike = np.zeros(60)
    spike[0] = 1.0
    shares = [scope["ewa"](spike, beta)[: round(1 / (1 - beta))].sum() for beta in (0.5, 0.9, 0.98)]
    assert np.round(shares, 2).tolist() == [0.75, 0.65, 0.64]


@pytest.mark.parametrize("seed", SEEDS)
def test_on_a_plateau_plain_descent_waits_and_adam_does_not(scope, seed):
    """From shrunken weights: more than a hundred steps to a cost of 1.5 against at most a third of them."""
    wait = {}
    for name, lr in (("plain_step", 0.3), ("adam_step", 0.01), ("rmsprop_step", 0.01)):
        costs, _ = scope["train"](scope[name], lr, epochs=25, hidden=(32, 32), shrink=0.1, seed=seed)
        wait[name] = waited(costs)
    assert wait["plain_step"] > 100
    assert max(wait["adam_step"], wait["rmsprop_step"]) < wait["plain_step"] / 3


@pytest.mark.parametrize("seed", SEEDS)
def test_every_optimizer_learns_the_digits_at_its_good_rate(scope, seed):
    """From about 2.4 to below 0.4 in six epochs, whichever it is."""
    for name, lr in (
        ("plain_step", 1.0),
        ("momentum_step", 1.0),
        ("nesterov_step", 0.3),
        ("adagrad_step", 0.1),
        ("rmsprop_step", 0.03),
        ("adam_step", 0.03),
    ):
        costs, accuracy = scope["train"](scope[name], lr, seed=seed)
        assert np.mean(costs[-22:]) < 0.4, name
        assert accuracy > 0.85, name


@pytest.mark.parametrize("seed", SEEDS)
def test_the_two_forms_of_momentum_are_one(scope, seed):
    """At rates that differ by 1 - β they give the same costs."""
    average, _ = scope["train"](scope["momentum_step"], 1.0, epochs=2, seed=seed)
    classic, _ = scope["train"](scope["classic_momentum_step"], 0.1, epochs=2, seed=seed)
    np.testing.assert_allclose(average, classic, atol=1e-6)


def test_flat_points_of_many_dimensions_are_hardly_ever_minima():
    """Half in one dimension, one in seven in two, about one of 10,000 in five and hardly any in six, on five seeds."""
    of_five, of_six = [], []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        shares = []
        for d in (1, 2, 5, 6):
            square = rng.normal(size=(10_000, d, d))
            curvatures = np.linalg.eigvalsh((square + square.transpose(0, 2, 1)) / 2)
            shares.append(np.mean((curvatures > 0).all(axis=1)))
        assert abs(shares[0] - 0.5) < 0.03
        assert abs(shares[1] - 1 / 7) < 0.02
        of_five.append(10_000 * shares[2])
        of_six.append(10_000 * shares[3])
    assert 0.2 < np.mean(of_five) < 4
    assert np.mean(of_six) < 0.5


def test_rmsprop_at_twice_the_rate_arrives_sooner_and_leaves_again(scope):
    """At 0.2 it is below 0.05 in half the steps of 0.1, and above again later; steps get shorter than the rate."""
    ravine, below = nnlib.SURFACES["ravine"], {}
    for rate in (0.1, 0.2):
        path = walk(scope["rmsprop_step"], ravine, rate)
        below[rate] = ravine.function(path)[0] < 0.05
        if rate == 0.1:
            lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
            assert lengths[20:].max() < rate
            assert lengths[20:60].min() > 0.6 * rate
    assert 0.4 < below[0.2].argmax() / below[0.1].argmax() < 0.6
    assert not below[0.2][below[0.2].argmax() :].all()


def test_momentum_and_adam_roll_past_the_goal(scope):
    """In the ravine each goes past the lowest point, by a tenth at least; AdaGrad does not."""
    ravine = nnlib.SURFACES["ravine"]
    assert walk(scope["classic_momentum_step"], ravine, 0.5, rho=0.7)[:, 0].max() > 0.1
    assert walk(scope["adam_step"], ravine, 0.2)[:, 0].max() > 0.1
    assert walk(scope["adagrad_step"], ravine, 0.7)[:, 0].max() < 0


def test_after_many_zeros_adam_steps_further_than_its_rate(scope):
    """By a little over three times."""
    w, state = np.zeros(1), {}
    for _ in range(10_000):
        w, state = scope["adam_step"](w, np.zeros(1), state, 0.01)
    moved, _ = scope["adam_step"](w, np.ones(1), state, 0.01)
    assert abs(moved[0]) / 0.01 == pytest.approx(0.1 / np.sqrt(0.001), rel=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_its_usual_rate_adam_is_half_way_down_after_six_epochs(scope, seed):
    """From about 2.37 to between a third and two thirds of it."""
    costs, _ = scope["train"](scope["adam_step"], 0.001, seed=seed)
    assert 1 / 3 < np.mean(costs[-22:]) / 2.37 < 2 / 3


def walk(step, surface, rate, steps=100, **settings):
    """The points that a step of the notebook's passes."""
    w, state = np.array(surface.start), {}
    path = [w]
    for _ in range(steps):
        w, state = step(w, surface.function(w)[1], state, rate, **settings)
        path.append(w)
    return np.array(path)
