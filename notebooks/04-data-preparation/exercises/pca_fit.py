"""pca_fit: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import leaves_alone, mistake, variant
from nnlib.checks import assert_close, require

from .common import _array, _centred, _cloud, _towards


def _directions(rng, n, d):
    """Such points, whose variances are far enough apart that round-off does not turn one direction into the next."""
    while True:
        X = _cloud(rng, n, d)
        lengths = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[: min(n - 1, d)]
        if (lengths[:-1] > 1.1 * lengths[1:]).all() and lengths[-1] > 1e-3 * lengths[0]:
            return X


def _pca(student, X, k):
    got = student.pca_fit(X.copy(), k)
    require(isinstance(got, list | tuple) and len(got) == 2, "The result must be a pair (mean, components).")
    d = X.shape[1]
    return _array(got[0], (d,), "mean").astype(float), _array(got[1], (d, k), "components").astype(float)


def _check_pca(student, X, k):
    mean, components = _pca(student, X, k)
    right_mean, right = reference.pca_fit(X, k)
    assert_close(mean, right_mean, what="mean")
    assert_close(_towards(components, right), right, rtol=1e-4, atol=1e-6, what="components (signs aside)")


def test_pca_fit_finds_the_direction_in_which_the_data_is_longest(student, rng):
    """Points along a line with a little noise have the line as their first component."""
    line = np.array([2.0, -1.0, 2.0]) / 3
    X = 4 * rng.normal(size=(200, 1)) * line + 0.05 * rng.normal(size=(200, 3)) + [5.0, 5.0, -3.0]
    mean, components = _pca(student, X, 1)
    assert_close(mean, X.mean(axis=0), what="mean")
    assert_close(_towards(components, line[:, None])[:, 0], line, atol=0.02, what="the first component (sign aside)")


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


def test_pca_fit_leaves_the_data_alone(student, rng):
    """X stays as it was."""
    X = _cloud(rng, 12, 3)
    expected = X.mean(axis=0)
    got = leaves_alone(lambda X: student.pca_fit(X, 2), ["X"], X)
    require(isinstance(got, list | tuple) and len(got) == 2, "The result must be a pair (mean, components).")
    assert_close(got[0], expected, what="mean")


@variant
def pca_by_svd(X, k):
    mean = X.mean(axis=0)
    _, _, rows = np.linalg.svd(X - mean, full_matrices=False)
    return mean, rows[:k].T


@variant
def pca_by_svd_of_the_covariance(X, k):
    mu = np.mean(X, axis=0)
    U, _, _ = np.linalg.svd(np.cov(X, rowvar=False).reshape(X.shape[1], -1))
    return mu, U[:, :k]


@variant
def pca_by_general_eigenvectors_sorted(X, k):
    mu = X.mean(0)
    C = (X - mu).T @ (X - mu) / (len(X) - 1)
    values, vectors = np.linalg.eig(C)
    order = np.argsort(-values.real)[:k]
    return mu, np.real(vectors[:, order])


@variant
def pca_with_other_signs(X, k):
    mu = X.mean(0)
    C = np.einsum("ni,nj->ij", X - mu, X - mu) / len(X)
    _, vectors = np.linalg.eigh(-C)  # rising of the negative is falling
    return [mu, vectors[:, :k] * -1.0]


@variant
def pca_from_products_of_examples(X, k):
    mu = X.mean(0)
    _, between = np.linalg.eigh((X - mu) @ (X - mu).T)
    columns = (X - mu).T @ between[:, ::-1][:, :k]
    return mu, columns / np.linalg.norm(columns, axis=0)


@variant
def pca_direction_by_direction(X, k):
    mu = X.mean(0)
    C = (X - mu).T @ (X - mu) / len(X)
    found = []
    for _ in range(k):
        values, vectors = np.linalg.eigh(C)
        found.append(vectors[:, -1])
        C = C - values[-1] * np.outer(vectors[:, -1], vectors[:, -1])
    return mu, np.array(found).T


def _rising(M):
    """Eigenvectors of a symmetric matrix as columns, by rising eigenvalue."""
    return np.linalg.eigh(M)[1]


def pca_without_centring(X, k):
    return X.mean(axis=0), _rising(X.T @ X)[:, ::-1][:, :k]


def pca_smallest_first(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[:, :k]


def pca_largest_last(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[:, -k:]


def pca_as_rows(X, k):
    return X.mean(axis=0), np.ascontiguousarray(_rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k].T)


def pca_from_rows_of_the_eigenvectors(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[::-1][:k].T


def pca_of_standardised_data(X, k):
    Z = _centred(X) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)
    return X.mean(axis=0), _rising(Z.T @ Z)[:, ::-1][:, :k]


def pca_scaled_by_deviation(X, k):
    values, vectors = np.linalg.eigh(_centred(X).T @ _centred(X) / len(X))
    return X.mean(axis=0), (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1][:, :k]


def pca_divided_by_deviation(X, k):
    values, vectors = np.linalg.eigh(_centred(X).T @ _centred(X) / len(X))
    return X.mean(axis=0), (vectors / np.sqrt(np.maximum(values, 1e-12)))[:, ::-1][:, :k]


def pca_returns_the_coordinates(X, k):
    return X.mean(axis=0), _centred(X) @ _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k]


def pca_of_the_examples(X, k):
    return X.mean(axis=0), _rising(np.cov(X))[:, ::-1][:, :k]


def pca_from_products_of_examples_unscaled(X, k):
    _, between = np.linalg.eigh(_centred(X) @ _centred(X).T)
    return X.mean(axis=0), _centred(X).T @ between[:, ::-1][:, :k]


def pca_with_a_safety_constant(X, k):
    _, between = np.linalg.eigh(_centred(X) @ _centred(X).T)
    columns = _centred(X).T @ between[:, ::-1][:, :k]
    return X.mean(axis=0), columns / (np.linalg.norm(columns, axis=0) + 1e-8)


def pca_from_u(X, k):
    return X.mean(axis=0), np.linalg.svd(_centred(X), full_matrices=False)[0][:, :k]


def pca_from_columns_of_vt(X, k):
    return X.mean(axis=0), np.linalg.svd(_centred(X), full_matrices=False)[2][:, :k]


def pca_returns_all(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[:, ::-1].copy()


def pca_returns_the_mean_after_centring(X, k):
    return np.zeros(X.shape[1]), _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k]


def pca_with_one_mean_for_all(X, k):
    Z = X - X.mean()
    return np.full(X.shape[1], X.mean()), _rising(Z.T @ Z)[:, ::-1][:, :k]


def pca_centred_by_rows(X, k):
    Z = X - X.mean(axis=1, keepdims=True)
    return X.mean(axis=0), _rising(Z.T @ Z)[:, ::-1][:, :k]


def pca_picks_features(X, k):
    chosen = np.argsort(-X.var(axis=0))[:k]
    return X.mean(axis=0), np.eye(X.shape[1])[:, chosen]


def pca_centres_in_place(X, k):
    mean = X.mean(axis=0)
    X -= mean
    return mean, _rising(X.T @ X)[:, ::-1][:, :k]


def pca_of_unsorted_eigenvalues(X, k):
    return X.mean(axis=0), np.real(np.linalg.eig(_centred(X).T @ _centred(X) / len(X))[1][:, :k])


def pca_in_the_other_order(X, k):
    return _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k].copy(), X.mean(axis=0)


def pca_without_returning_the_mean(X, k):
    return _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k].copy()


def pca_with_rows_reversed(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[::-1][:, :k]


def pca_returns_the_variances_too(X, k):
    values, vectors = np.linalg.eigh(_centred(X).T @ _centred(X) / len(X))
    return X.mean(axis=0), vectors[:, ::-1][:, :k], values[::-1][:k]


def pca_with_a_single_mean(X, k):
    Z = X - X.mean()
    return X.mean(), _rising(Z.T @ Z)[:, ::-1][:, :k]


def pca_with_keepdims(X, k):
    return X.mean(axis=0, keepdims=True), _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k]


def pca_without_the_first(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[:, -2 : -k - 2 : -1]


MISTAKES = [
    mistake("The data was not centred before its directions were measured: the first component points at the mean.",
            "Move the whole cloud far away from the origin. Should its components change?",
            by=pca_without_centring),
    mistake("The components of smallest variance are returned.",
            "In which order does np.linalg.eigh return eigenvalues?",
            by=pca_smallest_first),
    mistake("The right components are chosen, but by rising variance: the largest comes last.",
            "Which column should be the one with the largest variance?",
            by=pca_largest_last),
    mistake("The components are returned as rows, (k, D), not as columns, (D, k).",
            "Each column of the result must be a direction, so how many rows does it have? SVD returns its third part as rows.",
            by=pca_as_rows),
    mistake("Rows of the matrix of eigenvectors are taken for directions; they are its columns.",
            "The eigenvector of the i-th eigenvalue is V[:, i]. Check that C @ v is a multiple of v.",
            by=pca_from_rows_of_the_eigenvectors),
    mistake("The features were divided by their deviations first: these are the components of the standardised data.",
            "Centre only. A feature that varies more should pull the first component towards itself.",
            by=pca_of_standardised_data),
    mistake("Each component is scaled by its standard deviation; directions have length 1.",
            "What is the length of each of your columns?",
            by=pca_scaled_by_deviation),
    mistake("Each component is divided by its standard deviation: that is whitening, not PCA.",
            "What is the length of each of your columns?",
            by=pca_divided_by_deviation),
    mistake("The coordinates of the examples are returned where the directions are asked for.",
            "pca_fit measures, pca_apply computes coordinates. Which shape must the components have?",
            by=pca_returns_the_coordinates),
    mistake("The covariance is taken between examples, (N, N), instead of between features, (D, D).",
            "np.cov expects features as rows unless told otherwise. How large is your matrix?",
            by=pca_of_the_examples),
    mistake("The directions are found from the products between examples, (N, N), but do not have length 1.",
            "With u an eigenvector of the matrix between examples, centred.T @ u points the right way. How long is it?",
            by=pca_from_products_of_examples_unscaled),
    mistake("1e-8 is added to the lengths that the directions are divided by, so that those of small data are too short.",
            "How long are your components for data of the size of 1e-9? Directions in which data varies have a length above 0.",
            by=pca_with_a_safety_constant),
    mistake("The first part of the SVD is taken: it holds one row an example, not the directions.",
            "centred = U S Vᵀ. Which of the three has as many entries in a direction as there are features?",
            by=pca_from_u),
    mistake("The third part of NumPy's SVD is taken for V, but it is V transposed: its rows are the directions.",
            "np.linalg.svd returns the directions as rows. Which part of the result is the first direction?",
            by=pca_from_columns_of_vt),
    mistake("All components are returned, whatever k is.",
            "How many columns are asked for?",
            by=pca_returns_all),
    mistake("The mean that is returned is 0, that of the data after centring.",
            "pca_apply will subtract this mean from examples that are not centred yet.",
            by=pca_returns_the_mean_after_centring),
    mistake("One mean over all features is subtracted instead of each feature's own.",
            "Along which axis is the mean taken? It must have shape (D,).",
            by=pca_with_one_mean_for_all),
    mistake("Each example is centred by the mean of its own features.",
            "Which axis runs over the examples?",
            by=pca_centred_by_rows),
    mistake("The k features of largest variance are picked; components are mixtures of features.",
            "A direction of large variance may lie between two axes. What does the covariance matrix have off its diagonal?",
            by=pca_picks_features),
    mistake("X itself was centred on the way: the caller's data is changed.",
            "X -= ... writes into the array of the caller. Which expression makes a new array?",
            by=pca_centres_in_place),
    mistake("np.linalg.eig returns eigenvalues in no order, and the first k of them were taken.",
            "Print the eigenvalues. Are they sorted? np.linalg.eigh sorts them, in rising order.",
            by=pca_of_unsorted_eigenvalues),
    mistake("Components and mean have changed places.",
            "In which order does `mean, components = pca_fit(X, k)` take them?",
            by=pca_in_the_other_order),
    mistake("The mean is not returned, but pca_apply needs it.",
            "Two things are asked for: where the cloud is, and along which directions it is longest.",
            by=pca_without_returning_the_mean),
    mistake("The rows of the eigenvectors are turned round, not the columns.",
            "eigh returns the eigenvectors as columns. Which axis of the matrix counts them?",
            by=pca_with_rows_reversed),
    mistake("A third thing is returned, the variances; only mean and components are asked for.",
            "`mean, components = pca_fit(X, k)` has room for two.",
            by=pca_returns_the_variances_too),
    mistake("One mean over all features is subtracted, and returned, instead of each feature's own.",
            "Along which axis is the mean taken? It must have shape (D,).",
            by=pca_with_a_single_mean),
    mistake("The mean has shape (1, D); (D,) is asked for.",
            "What does keepdims do to the shape?",
            by=pca_with_keepdims),
    mistake("The first component is left out: counting from the end starts one too late.",
            "Which index has the last column, -1 or -2?",
            by=pca_without_the_first),
]
