"""What notebook 08 says of its runs holds for other batches than the ones that it shows."""

import math
from functools import partial

import numpy as np
import pytest

import nnlib
from grader.assignment import Assignment


@pytest.fixture(scope="module")
def scope():
    """The notebook's own training loops, beside the solutions."""
    assignment = Assignment.find("08-learning-rates-and-clipping")
    names = {**vars(nnlib), **assignment.reference, "np": np, "math": math}
    for start, end in (
        ("def train(", "curves = {}"),
        ("def in_one_row(", "for name, dw in raw"),
        ("def train_reader(", "readers = {}"),
    ):
        (text,) = [cell.source for cell in assignment.source.cells if cell.cell_type == "code" and start in cell.source]
        exec(text[: text.index(end)], names)
    return names


@pytest.fixture(scope="module")
def train(scope):
    """The loop of section 2."""
    return scope["train"]


def test_a_rate_of_one_learns_and_one_of_1_6_does_not(train):
    """With ten orders of batches: at 1 each run gets below 0.5 within five epochs, at 1.6 none gets near it.

    Between them the last bits of a processor's sums may decide.
    """
    for seed in range(2, 12):
        assert min(train(lambda epoch: 1.0, epochs=5, seed=seed)[0]) < 0.5
        assert min(train(lambda epoch: 1.6, epochs=5, seed=seed)[0]) > 1.0


def test_a_rate_of_a_thousandth_takes_nearly_two_hundred_times_as_long(train):
    """What one epoch at 0.2 reaches, epochs at 0.001 reach after about 175."""
    reached = train(lambda epoch: 0.2, epochs=1)[0][-1]
    slow = train(lambda epoch: 0.001, epochs=220)[0]
    assert 140 < np.flatnonzero(np.array(slow) <= reached)[0] < 215


def test_on_clean_digits_a_constant_rate_comes_to_rest_in_the_end(train):
    """With the rate and the batches of section 4, from two orders: after fifty epochs no cost is above 0.005."""
    for seed in (2, 3):
        costs = train(lambda epoch: 0.5, epochs=65, batch_size=16, seed=seed)[0]
        assert max(costs[5:20]) > 0.02
        assert max(costs[50:]) < 0.005


def test_a_falling_cosine_ends_alike_whatever_the_batches(train):
    """Over five orders of batches its worst end is better than a constant rate's worst."""
    constant = [train(lambda epoch: 0.2, seed=seed)[0][-1] for seed in range(2, 7)]
    cosine = [train(lambda epoch: nnlib.cosine_restarts(0.2, 0.0, epoch, 15), seed=seed)[0][-1] for seed in range(2, 7)]
    assert max(cosine) < 0.11 < 0.2 < max(constant)


def test_one_step_on_the_cliff_throws_descent_further_away_than_it_began():
    """The eleventh of sixty steps, and no other, takes it away from the minimum by more than it had come nearer."""
    path = [np.array([1.0, 1.5])]
    for _ in range(60):
        path.append(path[-1] - 0.1 * nnlib.cliff(path[-1])[1])
    far = np.linalg.norm(path, axis=1)
    assert np.flatnonzero(np.diff(far) > 0.5).tolist() == [10]
    assert far[11] > 2 * far[0]


def test_which_thresholds_pass_the_wall_unharmed():
    """From 0.3 to 10 the run never leaves the start's distance and ends low; at 0.1 it is still on the wall."""
    for threshold in (0.1, 0.3, 1.0, 3.0, 10.0, 30.0):
        path = [np.array([1.0, 1.5])]
        for _ in range(60):
            path.append(path[-1] - 0.1 * nnlib.clip_by_norm(nnlib.cliff(path[-1])[1], threshold))
        cost, far = nnlib.cliff(path[-1])[0], np.linalg.norm(path, axis=1).max()
        assert (cost < 0.06 and far < 1.81) == (0.3 <= threshold <= 10)
        assert (cost > 1) == (threshold == 0.1)


def test_array_by_array_turns_less_than_by_value(scope):
    """For five starts and batches, with limits that leave a length of a sixth."""
    X, y = nnlib.load_digits()

    def turned(clipped, row):
        return math.degrees(math.acos(min(1.0, clipped @ row / np.linalg.norm(clipped) / np.linalg.norm(row))))

    for seed in range(1, 6):
        layers = [nnlib.Affine(64, 32), nnlib.ReLU(), nnlib.Affine(32, 10)]
        net = nnlib.Network(layers, np.random.default_rng(seed))
        net.loss_and_grad(X[64 * seed :][:64], y[64 * seed :][:64])
        row = scope["in_one_row"](net.grads)
        length = np.linalg.norm(row) / 6
        each = {name: nnlib.clip_by_norm(dw, length / 2) for name, dw in net.grads.items()}
        limits = np.linspace(0, np.abs(row).max(), 2000)[1:]
        cut = next(by_value for limit in limits if np.linalg.norm(by_value := np.clip(row, -limit, limit)) >= length)
        assert 20 < turned(scope["in_one_row"](each), row) < turned(cut, row)


def test_the_reader_is_clipped_at_nearly_every_step_and_learns(scope):
    """The gradient is longer than 1 nearly always, at times than 10, and the cost falls to less than half of chance."""
    X, y = nnlib.load_digits()
    scope |= {"X": X, "y": y}
    costs, norms = scope["train_reader"](1.0)
    assert np.mean(np.array(norms) > 1) > 0.9
    assert np.mean(np.array(norms) > 10) > 0.02
    assert np.mean(costs[-10:]) < 0.8


def test_without_care_the_wines_explode_and_with_it_they_are_learnt():
    """For five starts: rate 5 is lost within five steps; falling and clipped, no run is, and 50 of 58 are right."""
    scope = Assignment.find("08-learning-rates-and-clipping").reference
    wines, cultivar, _ = nnlib.load_wine()
    order = np.random.default_rng(0).permutation(len(wines))
    learn, new = order[:120], order[120:]
    features = nnlib.standardize_apply(wines, *nnlib.standardize_fit(wines[learn]))

    def trained(rate_at, threshold, seed):
        rng = np.random.default_rng(seed)
        return scope["train_with_care"](features[learn], cultivar[learn], 16, rate_at, threshold, 15, 16, rng)

    for seed in range(5):
        assert len(trained(lambda epoch: 5.0, 1e9, seed)[1]) <= 5
        params, costs = trained(lambda epoch: 0.1 / (1 + epoch), 1.0, seed)
        assert len(costs) == 120
        h = np.maximum(features[new] @ params["W1"] + params["b1"], 0)
        assert ((h @ params["W2"] + params["b2"]).argmax(axis=1) == cultivar[new]).sum() >= 50


def test_on_raw_scales_no_run_learns_the_wines():
    """For four starts: a first cost fifty times as large; the calm run learns some, the others guess."""
    scope = Assignment.find("08-learning-rates-and-clipping").reference
    wines, cultivar, _ = nnlib.load_wine()
    learn = np.random.default_rng(0).permutation(len(wines))[:120]
    assert np.bincount(cultivar).max() / len(cultivar) == pytest.approx(0.4, abs=0.01)
    features = nnlib.standardize_apply(wines, *nnlib.standardize_fit(wines[learn]))
    for seed in range(1, 5):
        for rate, falls, threshold, most in ((5.0, 0, 1e9, 0.5), (5.0, 0, 0.1, 0.5), (0.1, 1, 1.0, 0.75)):
            firsts = []
            for X in (features, wines):
                rng = np.random.default_rng(seed)
                with np.errstate(all="ignore"):
                    rate_at = partial(nnlib.inverse_time_decay, rate, rate=falls)
                    args = (X[learn], cultivar[learn], 16, rate_at, threshold, 15, 16, rng)
                    params, costs = scope["train_with_care"](*args)
                firsts.append(costs[0])
            h = np.maximum(wines[learn] @ params["W1"] + params["b1"], 0)
            assert np.mean((h @ params["W2"] + params["b2"]).argmax(axis=1) == cultivar[learn]) < most
            assert firsts[1] > 50 * firsts[0]
            assert np.mean(h.max(axis=0) > 0) <= 0.5
