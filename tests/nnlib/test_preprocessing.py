"""Splitting, scaling, PCA and whitening."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnlib.datasets import load_digits
from nnlib.preprocessing import (
    channel_mean,
    mean_image,
    pca_apply,
    pca_fit,
    standardize_apply,
    standardize_fit,
    train_dev_test_split,
    whiten,
    whiten_fit,
)


def cloud(rng, n=500, d=3):
    """Correlated points far from the origin, features of very different size."""
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) * np.logspace(-1, 2, d) + 5.0


@given(
    n=st.integers(20, 400),
    shares=st.sampled_from([(0.6, 0.2, 0.2), (0.8, 0.1, 0.1), (0.5, 0.5, 0.0), (1 / 3, 1 / 3, 1 / 3)]),
)
def test_a_split_deals_every_example_out_once_with_its_label(n, shares):
    """The sets are disjoint, complete, of the right sizes, and rows keep their labels."""
    X = np.arange(n)[:, np.newaxis] * np.ones(2)
    sets = train_dev_test_split(X, np.arange(n) * 10, shares, np.random.default_rng(n))
    labels = np.concatenate([y for _, y in sets])
    assert_array_equal(np.sort(labels), np.arange(n) * 10)
    for (X_set, y_set), share in zip(sets, shares, strict=True):
        assert_array_equal(X_set[:, 0] * 10, y_set)
        assert abs(len(y_set) - share * n) <= 1


def test_sizes_for_small_and_for_large_data(rng):
    """60/20/20 of a thousand is 600, 200, 200; 98/1/1 of a million keeps 10,000 for the dev set."""
    sizes = [len(y) for _, y in train_dev_test_split(np.ones((1000, 1)), np.ones(1000), (0.6, 0.2, 0.2), rng)]
    assert sizes == [600, 200, 200]
    x = np.empty((10**6, 1), dtype=np.uint8)
    sizes = [len(y) for _, y in train_dev_test_split(x, x[:, 0], (0.98, 0.01, 0.01), rng)]
    assert sizes == [980_000, 10_000, 10_000]


def test_a_split_is_random_and_leaves_its_input_alone(rng):
    """Two calls differ, sorted labels are mixed, and X is not shuffled in place."""
    X, y = np.arange(200.0)[:, np.newaxis], np.repeat([0, 1], 100)
    before = X.copy()
    first = train_dev_test_split(X, y, (0.6, 0.2, 0.2), rng)[0]
    second = train_dev_test_split(X, y, (0.6, 0.2, 0.2), rng)[0]
    assert not np.array_equal(first[0], second[0])
    assert 0.3 < first[1].mean() < 0.7
    assert_array_equal(X, before)


@pytest.mark.parametrize("shares", [(0.6, 0.2), (0.6, 0.3, 0.3), (1.2, -0.1, -0.1), (60, 20, 20), (np.nan, 0.5, 0.5)])
def test_wrong_fractions_are_refused(rng, shares):
    """Shares must be three, not negative, with sum 1."""
    with pytest.raises(ValueError, match="three shares that sum to 1"):
        train_dev_test_split(np.ones((10, 1)), np.ones(10), shares, rng)


def test_a_set_that_would_be_empty_is_refused(rng):
    """98/1/1 of ten examples has no dev set."""
    with pytest.raises(ValueError, match=r"sizes \(10, 0, 0\) for 10"):
        train_dev_test_split(np.ones((10, 1)), np.ones(10), (0.98, 0.01, 0.01), rng)


def test_a_split_refuses_labels_of_another_length(rng):
    """X and y must belong together."""
    with pytest.raises(ValueError, match=r"\(10, 1\) and \(9,\)"):
        train_dev_test_split(np.ones((10, 1)), np.ones(9), (0.6, 0.2, 0.2), rng)


@settings(max_examples=30)
@given(n=st.integers(2, 50), d=st.integers(1, 8), scale=st.floats(1e-3, 1e4), shift=st.floats(-1e3, 1e3))
def test_standardised_features_have_mean_0_and_deviation_1(n, d, scale, shift):
    """Whatever the scale and the place of the data."""
    X = np.random.default_rng(n * d).normal(size=(n, d)) * scale + shift
    Z = standardize_apply(X, *standardize_fit(X))
    assert_allclose(Z.mean(axis=0), 0, atol=1e-6)
    assert_allclose(Z.std(axis=0), 1, rtol=1e-6)


def test_the_deviation_divides_by_n():
    """ddof is 0: the features 0 and 2 deviate by 1."""
    mean, std = standardize_fit(np.array([[0.0], [2.0]]))
    assert_array_equal([mean, std], [[1.0], [1.0]])


@pytest.mark.parametrize("value", [0.0, 0.1, -1e6, 1e-300])
def test_a_constant_feature_becomes_zero_not_nan(value):
    """Digits have pixels that are always 0; 0.1 has a deviation of 1e-17 by rounding."""
    X = np.c_[np.full(7, value), np.arange(7.0)]
    mean, std = standardize_fit(X)
    assert std[0] == 1
    assert_allclose(standardize_apply(X, mean, std)[:, 0], 0, atol=1e-9)


def test_digits_stay_finite():
    """Three pixels of the digits never have ink."""
    X, _ = load_digits()
    mean, std = standardize_fit(X)
    assert (X.std(axis=0) == 0).sum() == 3
    assert np.isfinite(standardize_apply(X, mean, std)).all()


def test_the_test_set_is_scaled_with_the_training_sets_numbers(rng):
    """Another set, shifted, stays shifted."""
    X = rng.normal(size=(100, 2))
    mean, std = standardize_fit(X)
    assert_allclose(standardize_apply(X + 3, mean, std), (X + 3 - X.mean(0)) / X.std(0))


def test_float32_stays_float32_and_is_summed_exactly():
    """A million rows near 1,000 keep their mean to seven digits."""
    X = np.full((1_000_000, 3), 1000.1, dtype=np.float32)  # three columns: NumPy adds them row by row
    X[::2] += np.float32(0.25)
    mean, std = standardize_fit(X)
    assert mean.dtype == std.dtype == standardize_apply(X[:5], mean, std).dtype == np.float32
    assert_allclose(mean, X.astype(np.float64).mean(0), rtol=1e-7)
    assert_allclose(std, 0.125, rtol=1e-4)


def test_pca_finds_the_direction_the_data_was_drawn_along(rng):
    """Points along (3, 4)/5 with little noise."""
    X = rng.normal(size=(500, 1)) * [[3.0, 4.0]] + 0.01 * rng.normal(size=(500, 2)) + 7.0
    mean, components = pca_fit(X, 1)
    assert components.shape == (2, 1)
    assert_allclose(components[:, 0], [0.6, 0.8], atol=1e-3)
    assert_allclose(mean, X.mean(0))


def test_components_are_orthonormal_with_falling_variance(rng):
    """Coordinates are uncorrelated, the first varies most, and no variance is lost with k = D."""
    X = cloud(rng, d=5)
    mean, components = pca_fit(X, 5)
    assert_allclose(components.T @ components, np.eye(5), atol=1e-12)
    Z = pca_apply(X, mean, components)
    covariance = Z.T @ Z / len(Z)
    assert_allclose(covariance, np.diag(np.diag(covariance)), atol=1e-9 * covariance[0, 0])
    assert (np.diff(np.diag(covariance)) < 0).all()
    assert_allclose(np.trace(covariance), X.var(axis=0).sum())
    assert_allclose(Z @ components.T + mean, X)


def test_components_point_the_same_way_for_mirrored_data(rng):
    """The sign is a convention: the largest entry is positive."""
    X = cloud(rng)
    assert_allclose(pca_fit(X, 3)[1], pca_fit(-X, 3)[1], atol=1e-9)
    _, components = pca_fit(X, 3)
    assert (components[np.abs(components).argmax(axis=0), range(3)] > 0).all()


def test_pca_loses_least_of_all_projections(rng):
    """Two components picture the digits better than any two pixels or random directions."""
    X, _ = load_digits()
    mean, components = pca_fit(X, 2)

    def lost(V):
        centred = X - mean
        return ((centred - centred @ V @ V.T) ** 2).sum()

    for _ in range(5):
        other, _ = np.linalg.qr(rng.normal(size=(64, 2)))
        assert lost(components) < lost(other)


@settings(max_examples=25)
@given(n=st.integers(10, 80), d=st.integers(1, 6), seed=st.integers(0, 10**6))
def test_whitened_covariance_is_the_identity(n, d, seed):
    """With eps = 0, for more examples than features."""
    Z = whiten(np.random.default_rng(seed).normal(size=(n, d)) * 10 + 3, eps=0.0)
    assert_allclose(Z.mean(axis=0), 0, atol=1e-9)
    assert_allclose(Z.T @ Z / n, np.eye(d), atol=1e-8)


def test_eps_holds_directions_without_variance_down(rng):
    """A feature that repeats another adds a direction of rounding noise, which stays at 0."""
    X = rng.normal(size=(100, 2))
    X = np.c_[X, X[:, 0] + X[:, 1]]
    Z = whiten(X, eps=1e-5)
    assert np.abs(Z[:, 2]).max() < 1e-9
    assert_allclose(Z[:, :2].T @ Z[:, :2] / 100, np.eye(2), atol=1e-4)
    with pytest.raises(ValueError, match="got 1 of 3 without variance"):
        whiten(X, eps=0.0)


def test_whitening_another_set_uses_the_training_sets_map(rng):
    """A shifted copy keeps its shift, in units of the training set's deviations."""
    X = cloud(rng)
    mean, components = whiten_fit(X, 0.0)
    assert_allclose(pca_apply(X + 1, mean, components) - whiten(X, 0.0), np.ones((500, 3)) @ components, atol=1e-9)


def test_means_of_images(rng):
    """A mean image keeps an example's shape, a channel mean has one number per channel."""
    images = rng.normal(size=(6, 4, 5, 3))
    assert_allclose(mean_image(images), images.sum(axis=0) / 6)
    assert mean_image(images.reshape(6, -1)).shape == (60,)
    assert_allclose(channel_mean(images), [images[..., c].mean() for c in range(3)])


def test_means_of_bytes_do_not_overflow():
    """Images as uint8 average to real numbers."""
    images = np.full((300, 2, 2, 3), 255, dtype=np.uint8)
    assert_array_equal(channel_mean(images), [255.0] * 3)
    assert_array_equal(mean_image(images), np.full((2, 2, 3), 255.0))


def test_inputs_are_left_alone(rng):
    """No function writes into the data."""
    X = cloud(rng)
    before = X.copy()
    standardize_apply(X, *standardize_fit(X))
    pca_apply(X, *pca_fit(X, 2))
    whiten(X, 0.1)
    assert_array_equal(X, before)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: standardize_fit(np.ones(3)), r"X must have shape \(N, D\), got \(3,\).*newaxis"),
        (lambda: standardize_fit(np.ones((0, 3))), "at least one example"),
        (lambda: standardize_fit(np.array([[1.0], [np.nan]])), r"finite.*\(1, 0\)"),
        (lambda: standardize_apply(np.ones((2, 3)), np.ones(2), np.ones(3)), r"mean must have shape \(3,\).*axis=0"),
        (lambda: standardize_apply(np.ones((2, 3)), np.ones(3), np.array([1, 0, 1])), "got 0 for feature 1"),
        (lambda: pca_fit(np.ones((4, 3)), 4), "at most min"),
        (lambda: pca_fit(np.ones((4, 3)), 0), "k must be an integer of at least 1"),
        (lambda: pca_apply(np.ones((4, 3)), np.ones(3), np.ones((2, 3))), r"components must have shape \(3, k\)"),
        (lambda: whiten(np.ones((4, 3)), -1.0), "eps"),
        (lambda: channel_mean(np.ones((4, 8, 8))), r"newaxis"),
        (lambda: mean_image(np.ones(4)), "at least one image"),
    ],
)
def test_wrong_input_is_named(call, says):
    """Rule, what came, repair."""
    with pytest.raises(ValueError, match=says):
        call()
