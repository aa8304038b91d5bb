"""What notebook 08 says of its runs holds for other batches than the ones that it shows."""

import math

import numpy as np
import pytest

import nnlib
from grader.assignment import Assignment


@pytest.fixture(scope="module")
def train():
    """The notebook's own training loop, beside the solutions."""
    assignment = Assignment.find("08-learning-rates-and-clipping")
    scope = {**vars(nnlib), **assignment.reference, "np": np, "math": math}
    (cell,) = [cell for cell in assignment.source.cells if cell.cell_type == "code" and "def train(" in cell.source]
    exec(cell.source[: cell.source.index("curves = {}")], scope)
    return scope["train"]


def test_a_rate_of_one_learns_and_one_of_1_6_does_not(train):
    """With ten orders of batches: at 1 each run gets below 0.5 within five epochs, at 1.6 none gets near it.

    Between them the last bits of a processor's sums may decide.
    """
    for seed in range(2, 12):
        assert min(train(lambda epoch: 1.0, epochs=5, seed=seed)[0]) < 0.5
        assert min(train(lambda epoch: 1.6, epochs=5, seed=seed)[0]) > 1.0


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
