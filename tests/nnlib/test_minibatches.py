"""nnlib.minibatches: an epoch is a permutation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnlib


@given(st.integers(1, 40), st.integers(1, 45), st.integers(0, 9))
def test_every_example_comes_once_with_its_own_label(n, batch_size, seed):
    """All batches are full but the last, and X and y stay in step."""
    X, y = np.arange(n)[:, np.newaxis] * [1.0, -1.0], np.arange(n)
    batches = list(nnlib.random_minibatches(X, y, batch_size, np.random.default_rng(seed)))
    sizes = [len(labels) for _, labels in batches]
    assert len(batches) == nnlib.steps_per_epoch(n, batch_size)
    assert all(size == batch_size for size in sizes[:-1])
    assert 0 < sizes[-1] <= batch_size
    assert sorted(np.concatenate([labels for _, labels in batches])) == list(range(n))
    for examples, labels in batches:
        assert np.array_equal(examples[:, 0], labels)


def test_each_epoch_is_shuffled_anew_and_nothing_changes(rng):
    """Two epochs differ, the data stays, and batches are copies."""
    X, y = np.arange(20.0)[:, np.newaxis], np.arange(20)
    first, second = (np.concatenate([b for _, b in nnlib.random_minibatches(X, y, 6, rng)]) for _ in range(2))
    assert not np.array_equal(first, second)
    for examples, _ in nnlib.random_minibatches(X, y, 6, rng):
        examples += 1
    assert np.array_equal(X[:, 0], y)


def test_steps_per_epoch_facts():
    """5,000,000 examples in batches of 1,000 are 5,000 steps; the short batch counts."""
    assert nnlib.steps_per_epoch(5_000_000, 1000) == 5000
    assert nnlib.steps_per_epoch(5_000_000, 5_000_000) == 1
    assert nnlib.steps_per_epoch(101, 10) == 11


def test_noise_of_the_gradient_falls_as_one_over_b(rng):
    """Batches of 40 average away ten times more variance than batches of 4."""
    X, y = rng.normal(size=(4000, 1)), np.zeros(4000)

    def noise(batch_size):
        return np.var([batch.mean() for batch, _ in nnlib.random_minibatches(X, y, batch_size, rng)])

    assert noise(4) / noise(40) == pytest.approx(10, rel=0.4)


@pytest.mark.parametrize(
    ("X", "y", "size", "words"),
    [
        (np.ones((3, 2)), np.ones(2), 2, "one row per example"),
        (np.ones((0, 2)), np.ones(0), 2, "at least one example"),
        (np.ones((3, 2)), np.ones(3), 0, "batch_size must be an integer of at least 1, got 0"),
    ],
)
def test_errors_come_at_the_call(X, y, size, words, rng):
    """Misuse is refused before the first batch is asked for."""
    with pytest.raises(ValueError, match=words):
        nnlib.random_minibatches(X, y, size, rng)
