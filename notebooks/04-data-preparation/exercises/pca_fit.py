"""pca_fit: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import array, cloud, towards

HINTS = (
    "Of which matrix are the components the eigenvectors, and what must be done to the data before that "
    "matrix is made?",
    "eigh gives eigenvalues in rising order and eigenvectors as columns. Which columns are the first k that "
    "are asked for, and in which order? With svd: rows or columns?",
    "Points (0, 1), (0, 3), (1, 2), (-1, 2): mean (0, 2), centred (0, -1), (0, 1), (1, 0), (-1, 0). Stretched "
    "to (0, -5), (0, 5), (1, 0), (-1, 0) the first component would be (0, 1) or (0, -1): a column of length "
    "1, so the matrix for k = 1 is [[0], [1]].",
)


def _directions(rng, n, d):
    """Such points, whose variances are far enough apart that round-off does not turn one direction into the next."""
    while True:
        X = cloud(rng, n, d)
        lengths = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[: min(n - 1, d)]
        if (lengths[:-1] > 1.1 * lengths[1:]).all() and lengths[-1] > 1e-3 * lengths[0]:
            return X


def _pca(student, X, k):
    got = student.pca_fit(X.copy(), k)
    require(isinstance(got, list | tuple) and len(got) == 2, "The result must be a pair (mean, components).")
    d = X.shape[1]
    return array(got[0], (d,), "mean").astype(float), array(got[1], (d, k), "components").astype(float)


def _check_pca(student, X, k):
    mean, components = _pca(student, X, k)
    right_mean, right = reference.pca_fit(X, k)
    assert_close(mean, right_mean, what="mean")
    assert_close(towards(components, right), right, rtol=1e-4, atol=1e-6, what="components (signs aside)")


def test_pca_fit_finds_the_direction_in_which_the_data_is_longest(student, rng):
    """Points along a line with a little noise have the line as their first component."""
    line = np.array([2.0, -1.0, 2.0]) / 3
    X = 4 * rng.normal(size=(200, 1)) * line + 0.05 * rng.normal(size=(200, 3)) + [5.0, 5.0, -3.0]
    mean, components = _pca(student, X, 1)
    assert_close(mean, X.mean(axis=0), what="mean")
    assert_close(towards(components, line[:, None])[:, 0], line, atol=0.02, what="the first component (sign aside)")


def test_pca_fit_finds_all_components_in_order(student, rng):
    """All D components are right, as columns, by falling variance."""
    for n, d in [(60, 4), (25, 2), (40, 6)]:
        _check_pca(student, _directions(rng, n, d), d)


def test_pca_fit_finds_the_first_k(student, rng):
    """With k below D it is the k components of largest variance, no others."""
    X = _directions(rng, 50, 5)
    for k in (1, 2, 3):
        _check_pca(student, X, k)


def test_pca_fit_has_columns_of_length_1_at_right_angles(student, rng):
    """The components are orthonormal, however small the data is."""
    for n, d, k, size in [(30, 5, 3, 1.0), (12, 4, 4, 1.0), (20, 3, 3, 1e-10), (6, 8, 3, 1e-10)]:
        _, components = _pca(student, size * _directions(rng, n, d), k)
        assert_close(components.T @ components, np.eye(k), atol=1e-6, what="components.T @ components")


def test_pca_fit_centres_the_data(student, rng):
    """Moving the whole cloud moves the mean and leaves the components as they are."""
    X = _directions(rng, 30, 3) + [100.0, -40.0, 7.0]
    _check_pca(student, X, 3)


def test_pca_fit_does_not_scale_the_features(student, rng):
    """A feature in larger units pulls the first component to itself."""
    X = _directions(rng, 60, 4) * [1.0, 30.0, 0.2, 5.0]
    _check_pca(student, X, 2)


def test_pca_fit_orders_components_whatever_the_order_of_the_features(student, rng):
    """Largest variance comes first also where the features of largest variance are the last, or in the middle."""
    for sizes in ([0.5, 2.0, 8.0], [2.0, 8.0, 0.5, 20.0], [1.0, 4.0, 2.0]):
        X = rng.normal(size=(80, len(sizes))) * sizes
        _check_pca(student, X, 2)


def test_pca_fit_with_fewer_examples_than_features(student, rng):
    """Five examples of nine features have four directions in which they vary, also at the scale of 1e-9."""
    X = _directions(rng, 5, 9)
    for k in (2, 4):
        _check_pca(student, X, k)
        _check_pca(student, 1e-9 * X, k)


def test_pca_fit_with_as_many_examples_as_features(student, rng):
    """Where N equals D, and so does k + 1, rows and columns are not mixed up."""
    X = _directions(rng, 5, 5)
    _check_pca(student, X, 4)


def test_pca_fit_keeps_most_of_the_variance(student, rng):
    """No other two directions keep as much of the digits' variance as the first two components."""
    X = reference.load_digits()[0][:200]
    mean, components = _pca(student, X, 2)
    assert_close(mean, X.mean(axis=0), what="mean")
    kept = ((X - X.mean(axis=0)) @ components).var(axis=0)
    right = ((X - X.mean(axis=0)) @ reference.pca_fit(X, 2)[1]).var(axis=0)
    assert_close(kept, right, what="the variances along the two first components of the digits")
    assert_close(components.T @ components, np.eye(2), atol=1e-6, what="components.T @ components")


@variant
def by_svd(X, k):
    mean = X.mean(axis=0)
    _, _, rows = np.linalg.svd(X - mean, full_matrices=False)
    return mean, rows[:k].T


@variant
def by_svd_of_the_covariance(X, k):
    mu = np.mean(X, axis=0)
    U, _, _ = np.linalg.svd(np.cov(X, rowvar=False).reshape(X.shape[1], -1))
    return mu, U[:, :k]


@variant
def by_general_eigenvectors_sorted(X, k):
    mu = X.mean(0)
    C = (X - mu).T @ (X - mu) / (len(X) - 1)
    values, vectors = np.linalg.eig(C)
    order = np.argsort(-values.real)[:k]
    return mu, np.real(vectors[:, order])


@variant
def with_other_signs(X, k):
    mu = X.mean(0)
    C = np.einsum("ni,nj->ij", X - mu, X - mu) / len(X)
    _, vectors = np.linalg.eigh(-C)  # rising of the negative is falling
    return [mu, vectors[:, :k] * -1.0]


@variant
def from_products_of_examples(X, k):
    mu = X.mean(0)
    _, between = np.linalg.eigh((X - mu) @ (X - mu).T)
    columns = (X - mu).T @ between[:, ::-1][:, :k]
    return mu, columns / np.linalg.norm(columns, axis=0)


@variant
def direction_by_direction(X, k):
    mu = X.mean(0)
    C = (X - mu).T @ (X - mu) / len(X)
    found = []
    for _ in range(k):
        values, vectors = np.linalg.eigh(C)
        found.append(vectors[:, -1])
        C = C - values[-1] * np.outer(vectors[:, -1], vectors[:, -1])
    return mu, np.array(found).T


MEAN = "X.mean(axis=0)"
CENTRED = "centred = X - mean"
PRODUCT = "centred.T @ centred"
FIRST = "directions[:, ::-1][:, :k]"
VARIANCES = {"_, directions": "variances, directions", PRODUCT: f"{PRODUCT} / len(X)"}
LENGTHS = "np.linalg.norm(columns, axis=0)"
MISTAKES = [
    # what is measured
    mistake("The data was not centred before its directions were measured: the first component points at the mean.",
            "Move the whole cloud far away from the origin. Should its components change?",
            {CENTRED: "centred = X"}),
    mistake("One mean over all features is subtracted instead of each feature's own.",
            "Along which axis is the mean taken? It must have shape (D,).",
            {MEAN: "X.mean()"}, {MEAN: "np.full(X.shape[1], X.mean())"}),
    mistake("Each example is centred by the mean of its own features.",
            "Which axis runs over the examples?",
            {CENTRED: "centred = X - X.mean(axis=1, keepdims=True)"}),
    mistake("The features were divided by their deviations first: these are the components of the standardised data.",
            "Centre only. A feature that varies more should pull the first component towards itself.",
            {CENTRED: "centred = (X - mean) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)"}),
    mistake("The covariance is taken between examples, (N, N), instead of between features, (D, D).",
            "np.cov expects features as rows unless told otherwise. How large is your matrix?",
            {PRODUCT: "np.cov(X)"},
            {PRODUCT: "np.cov(centred)"},
            {PRODUCT: "centred @ centred.T"}),
    mistake("The directions are found from the products between examples, (N, N), but do not have length 1.",
            "With u an eigenvector of the matrix between examples, centred.T @ u points the right way. How long is it?",
            {f" / {LENGTHS}": ""}, of=from_products_of_examples),
    mistake("1e-8 is added to the lengths that the directions are divided by, so those of small data are too short.",
            "How long are your components for data of size 1e-9? No direction in which data varies has length 0.",
            {LENGTHS: f"({LENGTHS} + 1e-8)"}, of=from_products_of_examples),
    mistake("The k features of largest variance are picked; components are mixtures of features.",
            "A direction of large variance may lie between two axes. What stands off the covariance's diagonal?",
            {FIRST: "np.eye(X.shape[1])[:, np.argsort(-X.var(axis=0))[:k]]"}),
    # which directions, and in which order
    mistake("The components of smallest variance are returned.",
            "In which order does np.linalg.eigh return eigenvalues?",
            {FIRST: "directions[:, :k]"}, {FIRST: "directions[:, :k][:, ::-1]"}),
    mistake("The right components are chosen, but by rising variance: the largest comes last.",
            "Which column should be the one with the largest variance?",
            {FIRST: "directions[:, -k:]"}),
    mistake("The first component is left out: counting from the end starts one too late.",
            "Which index does the last column have, -1 or -2?",
            {FIRST: "directions[:, -2 : -k - 2 : -1]"}),
    mistake("np.linalg.eig returns eigenvalues in no order, and the first k of them were taken.",
            "Print the eigenvalues. Are they sorted? np.linalg.eigh sorts them, in rising order.",
            {"eigh": "eig", PRODUCT: f"{PRODUCT} / len(X)", FIRST: "np.real(directions[:, :k])"}),
    mistake("All components are returned, whatever k is.",
            "How many columns are asked for?",
            {FIRST: "directions[:, ::-1]"}),
    mistake("The components are returned as rows, (k, D), not as columns, (D, k).",
            "Each column must be a direction, so how many rows are there? SVD returns its third part as rows.",
            {FIRST: f"{FIRST}.T"}),
    mistake("Rows of the matrix of eigenvectors are taken for directions; they are its columns.",
            "The eigenvector of the i-th eigenvalue is V[:, i]. Check that C @ v is a multiple of v.",
            {FIRST: "directions[::-1][:k].T"}),
    mistake("The rows of the eigenvectors are turned round, not the columns.",
            "eigh returns the eigenvectors as columns. Which axis of the matrix counts them?",
            {FIRST: "directions[::-1][:, :k]"}),
    mistake("The first part of the SVD is taken: it holds one row per example, not the directions.",
            "centred = U S Vᵀ. Which of the three has as many entries in a direction as there are features?",
            {"_, _, rows": "columns, _, _", "rows[:k].T": "columns[:, :k]"}, of=by_svd),
    mistake("The third part of NumPy's SVD is taken for V, but it is V transposed: its rows are the directions.",
            "np.linalg.svd returns the directions as rows. Which part of the result is the first direction?",
            {"rows[:k].T": "rows[:, :k]"}, of=by_svd),
    mistake("Each component is scaled by its standard deviation; directions have length 1.",
            "What is the length of each of your columns?",
            {**VARIANCES, FIRST: "(directions * np.sqrt(np.maximum(variances, 0)))[:, ::-1][:, :k]"}),
    mistake("Each component is divided by its standard deviation: that is whitening, not PCA.",
            "What is the length of each of your columns?",
            {**VARIANCES, FIRST: "(directions / np.sqrt(np.maximum(variances, 1e-12)))[:, ::-1][:, :k]"}),
    # what is returned
    mistake("The coordinates of the examples are returned where the directions are asked for.",
            "pca_fit measures, pca_apply computes coordinates. What shape must the components have?",
            {FIRST: f"centred @ {FIRST}"}),
    mistake("The mean that is returned is 0, that of the data after centring.",
            "pca_apply will subtract this mean from examples that are not centred yet.",
            {"return mean": "return centred.mean(axis=0)"}),
    mistake("The mean has shape (1, D); (D,) is asked for.",
            "What does keepdims do to the shape?",
            {MEAN: "X.mean(axis=0, keepdims=True)"}),
    mistake("The mean is not returned, but pca_apply needs it.",
            "Two things are asked for: where the cloud is, and along which directions it is longest.",
            after=lambda result: result[1]),
    mistake("Components and mean have changed places.",
            "In which order does `mean, components = pca_fit(X, k)` take them?",
            after=lambda result: (result[1], result[0])),
    mistake("A third thing is returned, the variances; only mean and components are asked for.",
            "`mean, components = pca_fit(X, k)` has room for two.",
            {**VARIANCES, FIRST: f"{FIRST}, variances[::-1][:k]"}),
    slip("writes_into_input", {CENTRED: "X -= mean\n    centred = X"}, what="X"),
]
