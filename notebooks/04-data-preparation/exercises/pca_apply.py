"""pca_apply: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

from .common import array, cloud

HINTS = (
    "The coordinates are measured from the middle of the cloud. Whose middle, that of X or the one that is "
    "given?",
    "One coordinate is a scalar product of an example with a component. The components are the columns of (D, "
    "k): which product of matrices makes (N, k)?",
    "Mean (2, 2), components (1, 0) and (0, 1): the point (5, 1) has coordinates 3 and -1. With the single "
    "component (0, 1) it has one, -1, and the result for it has shape (1, 1).",
)


def _project(student, X, mean, components):
    expected = (X - mean) @ components
    got = student.pca_apply(X, mean, components)
    assert_close(array(got, expected.shape, "the result"), expected, what="the coordinates")


def _axes(rng, d, k):
    return np.linalg.qr(rng.normal(size=(d, d)))[0][:, :k]


def test_pca_apply_is_the_product_of_centred_examples_and_components(student, rng):
    """Each coordinate is the scalar product of an example, minus the given mean, with a component."""
    for n, d, k in [(9, 4, 2), (6, 5, 3), (7, 3, 1), (200, 3, 2)]:
        _project(student, cloud(rng, n, d), rng.normal(size=d), _axes(rng, d, k))


def test_pca_apply_with_all_components(student, rng):
    """With k = D, where every transposed product has the right shape too, the components are the columns."""
    for n, d in [(8, 3), (4, 4)]:
        _project(student, cloud(rng, n, d), rng.normal(size=d), _axes(rng, d, d))


def test_pca_apply_uses_the_training_sets_mean(student, rng):
    """A set that lies elsewhere than the training set keeps its distance to it."""
    X = cloud(rng, 30, 3)
    mean, components = X.mean(axis=0), _axes(rng, 3, 2)
    _project(student, X[:10] + [5.0, 0.0, -2.0], mean, components)


def test_pca_apply_to_one_example(student, rng):
    """A single example has coordinates too."""
    _project(student, cloud(rng, 1, 4), rng.normal(size=4), _axes(rng, 4, 3))


def test_pca_apply_keeps_lengths_and_spread(student, rng):
    """Coordinates are as far out as the examples are: nothing is scaled to variance 1."""
    X = 20 * rng.normal(size=(30, 4))
    mean, components = X.mean(axis=0), _axes(rng, 4, 4)
    Z = array(student.pca_apply(X.copy(), mean.copy(), components.copy()), (30, 4), "the coordinates")
    distance = np.linalg.norm(X - mean, axis=1)
    assert_close(np.linalg.norm(Z, axis=1), distance, what="the distances from the mean")
    assert_close(Z, (X - mean) @ components, what="the coordinates")


def test_pca_apply_decorrelates(student, rng):
    """Along the training set's own components the coordinates of the training set are uncorrelated."""
    X = cloud(rng, 50, 4)
    mean, components = reference.pca_fit(X, 4)
    got = student.pca_apply(X.copy(), mean.copy(), components.copy())
    Z = array(got, X.shape, "the coordinates").astype(float)
    assert_close(Z.mean(axis=0), np.zeros(4), atol=1e-6, what="the means of the coordinates")
    variances = ((X - mean) @ components).var(axis=0)
    assert_close(Z.T @ Z / len(Z), np.diag(variances), atol=1e-6, what="the covariance of the coordinates")


@variant
def by_turning_the_mean_too(X, mean, components):
    return X @ components - mean @ components


@variant
def by_einsum(X, mean, components):
    return np.einsum("nd,dk->nk", X - mean, components)


@variant
def by_loops(X, mean, components):
    out = np.empty((len(X), components.shape[1]))
    for i, x in enumerate(X):
        for j in range(components.shape[1]):
            out[i, j] = np.dot(x - mean, components[:, j])
    return out


@variant
def by_columns(X, mean, components):
    return np.dot(components.T, (X - mean).T).T


COORDINATES = "(X - mean) @ components"
MISTAKES = [
    # what is subtracted
    mistake("The examples are centred by their own mean; the given mean is not used.",
            "These examples may be a test set. Whose mean should be subtracted?",
            {COORDINATES: "(X - X.mean(axis=0)) @ components"}),
    mistake("The examples are not centred.",
            "What are the coordinates of an example that equals the mean?",
            {COORDINATES: "X @ components"}),
    mistake("Each example is centred by the mean of its own features.",
            "Which mean is given, and what is its shape?",
            {COORDINATES: "(X - X.mean(axis=1, keepdims=True)) @ components"}),
    mistake("One number, the mean of the means, is subtracted from all features.",
            "mean has one entry per feature. Subtract each from its own.",
            {COORDINATES: "(X - mean.mean()) @ components"}),
    mistake("The mean is added instead of subtracted.",
            "What are the coordinates of an example that equals the mean?",
            {COORDINATES: "(X + mean) @ components"}),
    mistake("The mean is subtracted after the product, without being turned to the new axes itself.",
            "mean has D numbers, in the old features. When is it to be subtracted?",
            {COORDINATES: "X @ components - mean[: components.shape[1]]"}),
    mistake("The mean is added again after the product; coordinates are counted from the mean.",
            "What are the coordinates of an example that equals the mean?",
            {COORDINATES: f"{COORDINATES} + mean[: components.shape[1]]"}),
    mistake("The sign is turned around: the example is subtracted from the mean.",
            "Components may have either sign, but these are given. What are the coordinates of mean + v₁?",
            {COORDINATES: "(mean - X) @ components"}),
    mistake("The examples are divided by their deviations first; the components are directions of unscaled features.",
            "Only the mean is subtracted. Must a coordinate change when another example joins the set?",
            {COORDINATES: "(X - mean) / np.where(X.std(axis=0) == 0, 1.0, X.std(axis=0)) @ components"}),
    # the product
    mistake("The components are transposed, so rows are taken for directions.",
            "Each column of components is a direction: which product gives (N, k)?",
            {COORDINATES: f"{COORDINATES}.T"}),
    mistake("The result is transposed: the coordinates run down the columns.",
            "Examples are rows in this course. What is the shape of the result?",
            after=np.transpose),
    mistake("The components are found anew from the examples; the given ones are not used.",
            "These examples may be a test set. Whose components should be used?",
            {COORDINATES: "(X - mean) @ np.linalg.svd(X - mean)[2].T[:, : components.shape[1]]"}),
    mistake("The result is turned back to the old axes: these are rebuilt examples, not coordinates.",
            "What shape must the coordinates have for k components?",
            {COORDINATES: f"{COORDINATES} @ components.T"}),
    mistake("The examples are rebuilt, with the mean added again, where their coordinates are asked for.",
            "What shape must the coordinates have for k components?",
            {COORDINATES: f"{COORDINATES} @ components.T + mean"}),
    # what is returned
    mistake("Each coordinate is divided by its standard deviation: that is whitening.",
            "The coordinates must be as far from 0 as the examples are from the mean.",
            after=lambda Z: Z / np.where(Z.std(axis=0) > 0, Z.std(axis=0), 1.0)),
    mistake("Only the first coordinate is returned.",
            "How many columns must the result have for k components?",
            after=lambda Z: Z[:, 0]),
    mistake("The coordinates come in the reverse order of the components.",
            "Which column belongs to the first component?",
            after=lambda Z: Z[:, ::-1]),
    mistake("The sign of the coordinates is lost.",
            "On which side of the mean is an example whose coordinate is negative?",
            after=np.abs),
    slip("writes_into_input", {f"return {COORDINATES}": "X -= mean\n    return X @ components"}, what="X"),
]
