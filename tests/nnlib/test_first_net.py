"""The net that learns before anything of it has been written."""

import numpy as np
import pytest

from nnlib import make_spirals
from nnlib.first_net import learn_by_nudging

X, Y = make_spirals(60, 2, 0.1, np.random.default_rng(0))


def test_it_learns_spirals_with_a_bend_and_is_a_straight_cut_without():
    """tanh gets every point right; the identity does no better than the best straight cut."""
    film = learn_by_nudging(np.tanh, X, Y, steps=15)
    assert len(film) == 16
    assert np.mean(film[0](X) == Y) < 0.8
    assert np.array_equal(film[-1](X), Y)
    straight = learn_by_nudging(lambda z: z, X, Y, steps=15)[-1]
    ones = np.column_stack([X, np.ones(len(X))])
    cut = np.linalg.lstsq(ones, 2 * Y - 1, rcond=None)[0]
    assert np.array_equal(straight(X), ones @ cut > 0)


def test_a_seed_decides_the_start_and_no_input_is_changed():
    """The same seed gives the same film, another one another start."""
    points = np.random.default_rng(1).normal(size=(200, 2))
    before = X.copy()
    first, again, other = (learn_by_nudging(np.tanh, X, Y, steps=1, seed=seed)[0](points) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.array_equal(X, before)


def test_a_bend_that_changes_the_shape_is_refused():
    """The rule and both shapes are named."""
    with pytest.raises(ValueError, match=r"returns the shape it is given, \(120, 12\); got \(120,\)"):
        learn_by_nudging(lambda z: z.sum(axis=1), X, Y)


def test_a_bend_that_makes_no_numbers_leaves_the_net_as_it_started():
    """NaN never passes for a step that helps."""
    film = learn_by_nudging(lambda z: z * np.nan, X, Y, steps=2)
    assert np.array_equal(film[0](X), film[2](X))
