"""Scaling, PCA and whitening against scikit-learn; conventions that differ are named where they do."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nnlib

pytest.importorskip("sklearn", reason="scikit-learn is not installed: pip install 'nnlib[crosscheck]'")

from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler


def clouds():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(300, 6)) @ rng.normal(size=(6, 6)) * np.logspace(-2, 3, 6) + 40.0
    return [("correlated", X, X[:50] + 1.0), ("digits", *np.split(nnlib.load_digits()[0], [1200]))]


@pytest.fixture(params=clouds(), ids=lambda case: case[0])
def data(request):
    """A training set and another set."""
    return request.param[1:]


def aligned(ours, theirs):
    """Flip columns of ours to the signs of theirs: a principal direction has none of its own."""
    return ours * np.sign((ours * theirs).sum(axis=0))


def test_digits_are_the_same():
    """Pixels and labels in the same order."""
    X, y = nnlib.load_digits(scale=False)
    theirs = load_digits()
    assert_allclose(X, theirs.data)
    assert_allclose(y, theirs.target)


def test_standardising_agrees(data):
    """Constant features included: both divide them by 1."""
    train, other = data
    scaler = StandardScaler().fit(train)
    mean, std = nnlib.standardize_fit(train)
    assert_allclose(mean, scaler.mean_, rtol=1e-12)
    assert_allclose(std, scaler.scale_, rtol=1e-12)
    assert_allclose(nnlib.standardize_apply(other, mean, std), scaler.transform(other), rtol=1e-9, atol=1e-12)


def test_pca_agrees(data):
    """Directions up to their sign; the coordinates of another set too."""
    train, other = data
    theirs = PCA(n_components=4, svd_solver="full").fit(train)
    mean, components = nnlib.pca_fit(train, 4)
    assert_allclose(aligned(components, theirs.components_.T), theirs.components_.T, atol=1e-9)
    coordinates = theirs.transform(other)
    ours = aligned(nnlib.pca_apply(other, mean, components), coordinates)
    assert_allclose(ours, coordinates, rtol=1e-9, atol=1e-9 * np.abs(coordinates).max())


def test_variances_along_components_agree(data):
    """scikit-learn divides by N - 1, nnlib by N like all of the course."""
    train, _ = data
    theirs = PCA(n_components=3, svd_solver="full").fit(train)
    ours = nnlib.pca_apply(train, *nnlib.pca_fit(train, 3)).var(axis=0)
    assert_allclose(ours * len(train) / (len(train) - 1), theirs.explained_variance_, rtol=1e-9)


def test_whitening_agrees():
    """Up to sign, and to N against N - 1."""
    train = clouds()[0][1]
    theirs = PCA(whiten=True, svd_solver="full").fit_transform(train)
    ours = aligned(nnlib.whiten(train, 0.0), theirs)
    assert_allclose(ours, theirs * np.sqrt(len(train) / (len(train) - 1)), rtol=1e-7, atol=1e-9)


def test_the_penalty_of_logistic_regression_is_its_c_turned_over():
    """Where scikit-learn's optimum is, our gradient with λ = 1/C is zero: it sums over examples, we average."""
    X, y = nnlib.load_digits()
    X, y = X[:400], y[:400]
    lam = 4.0
    model = LogisticRegression(C=1 / lam, tol=1e-10, max_iter=10_000).fit(X, y)
    W = model.coef_.T
    _, dscores = nnlib.softmax_cross_entropy(X @ W + model.intercept_, y)
    assert_allclose(X.T @ dscores + nnlib.l2_gradient(W, lam, len(X)), 0, atol=1e-6)
    assert_allclose(dscores.sum(axis=0), 0, atol=1e-6)  # biases are left alone by both
