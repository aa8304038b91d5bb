"""whiten: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import leaves_alone, mistake, variant
from nnlib.checks import assert_close

from .common import _array, _centred, _cloud, _towards


def _whitened(student, X, eps):
    return _array(student.whiten(X.copy(), eps), X.shape, "the whitened examples").astype(float)


def _check_whiten(student, X, eps):
    got, right = _whitened(student, X, eps), reference.whiten(X, eps)
    assert_close(_towards(got, right), right, rtol=1e-4, atol=1e-6, what="the whitened examples (signs aside)")


def test_whiten_makes_the_covariance_the_identity(student, rng):
    """With eps = 0 all variances, divided by N, are 1, all covariances 0, and all means 0, however small X is."""
    for n, d, size in [(12, 3, 1.0), (40, 5, 1.0), (7, 2, 1.0), (200, 3, 1.0), (15, 3, 1e-10)]:
        Z = _whitened(student, size * _cloud(rng, n, d), 0.0)
        assert_close(Z.mean(axis=0), np.zeros(d), atol=1e-6, what="the means of the whitened examples")
        assert_close(Z.T @ Z / n, np.eye(d), atol=1e-6, what="their covariance")


def test_whiten_goes_along_the_components_in_order(student, rng):
    """Each column is the coordinate along a component, largest variance first, over its deviation."""
    for n, d in [(15, 3), (50, 4)]:
        _check_whiten(student, _cloud(rng, n, d), 0.0)


def test_whiten_adds_eps_to_the_variance(student, rng):
    """eps stands under the root, beside the variance: directions that vary less are scaled up less."""
    X = _cloud(rng, 20, 3)
    for eps in (1e-2, 1.0, 30.0):
        _check_whiten(student, X, eps)


def test_whiten_divides_variances_by_n(student, rng):
    """With eight examples, and eps large enough to tell, N and N - 1 make a difference."""
    X = _cloud(rng, 8, 3)
    for eps in (0.0, 0.5):
        _check_whiten(student, X, eps)


def test_whiten_does_not_mind_where_the_cloud_is(student, rng):
    """Moving all examples by the same amount changes nothing."""
    X = rng.normal(size=(25, 3)) * [2.0, 1.0, 0.4]
    _check_whiten(student, X + [50.0, -20.0, 8.0], 1e-3)


def test_whiten_holds_a_direction_without_variance_down(student, rng):
    """A feature that repeats another adds a direction in which nothing varies; it stays at 0, by eps."""
    X = rng.normal(size=(30, 2)) * [3.0, 1.0]
    X = np.c_[X, X[:, 0] - X[:, 1]]
    Z = _whitened(student, X, 1e-3)
    right = reference.whiten(X, 1e-3)
    assert_close(_towards(Z[:, :2], right[:, :2]), right[:, :2], rtol=1e-4, what="the directions that vary")
    assert_close(Z[:, 2], np.zeros(30), atol=1e-4, what="the direction that does not vary")


def test_whiten_leaves_the_data_alone(student, rng):
    """X stays as it was."""
    X = _cloud(rng, 12, 3)
    right = reference.whiten(X.copy(), 0.1)
    got = _array(leaves_alone(lambda X: student.whiten(X, 0.1), ["X"], X), X.shape, "the whitened examples")
    assert_close(_towards(got.astype(float), right), right, rtol=1e-4, atol=1e-6, what="the whitened examples")


@variant
def whiten_by_svd(X, eps):
    centred = X - X.mean(axis=0)
    U, S, _ = np.linalg.svd(centred, full_matrices=False)
    return U * S / np.sqrt(S**2 / len(X) + eps)


@variant
def whiten_by_eigh(X, eps):
    Xc = X - np.mean(X, axis=0)
    values, vectors = np.linalg.eigh(np.cov(Xc.T, bias=True))
    values, vectors = values[::-1], vectors[:, ::-1]
    return -(Xc @ vectors) / np.sqrt(values + eps)


@variant
def whiten_by_svd_of_the_covariance(X, eps):
    Xc = X - X.mean(axis=0)
    U, S, _ = np.linalg.svd(np.dot(Xc.T, Xc) / Xc.shape[0])
    return np.dot(Xc, U) / np.sqrt(S + eps)


@variant
def whiten_by_a_diagonal_matrix(X, eps):
    Xc = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(Xc.T @ Xc / len(X))
    order = np.argsort(values)[::-1]
    return Xc @ vectors[:, order] @ np.diag((values[order] + eps) ** -0.5)


def _turned(X, centre=True):
    """Coordinates along the components by falling variance, with the directions as columns."""
    Z = _centred(X) if centre else X
    directions = np.linalg.svd(Z, full_matrices=False)[2].T
    return Z @ directions, directions


def whiten_only_turns(X, eps):
    return _turned(X)[0]


def whiten_only_standardises(X, eps):
    return _centred(X) / np.sqrt(X.var(axis=0) + eps)


def whiten_without_centring(X, eps):
    Z, _ = _turned(X, centre=False)
    return Z / np.sqrt((Z**2).mean(axis=0) + eps)


def whiten_turns_what_is_not_centred(X, eps):
    Z, directions = _turned(X)
    return X @ directions / np.sqrt(Z.var(axis=0) + eps)


def whiten_by_the_variance(X, eps):
    Z, _ = _turned(X)
    return Z / (Z.var(axis=0) + eps)


def whiten_by_multiplying(X, eps):
    Z, _ = _turned(X)
    return Z * np.sqrt(Z.var(axis=0) + eps)


def whiten_with_eps_after_the_root(X, eps):
    Z, _ = _turned(X)
    return Z / (Z.std(axis=0) + eps)


def whiten_without_eps(X, eps):
    Z, _ = _turned(X)
    return Z / Z.std(axis=0)


def whiten_by_sums_of_squares(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt((Z**2).sum(axis=0) + eps)


def whiten_with_ddof_1(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt(Z.var(axis=0, ddof=1) + eps)


def whiten_and_turn_back(X, eps):
    Z, directions = _turned(X)
    return Z / np.sqrt(Z.var(axis=0) + eps) @ directions.T


def whiten_smallest_first(X, eps):
    Z, _ = _turned(X)
    return (Z / np.sqrt(Z.var(axis=0) + eps))[:, ::-1].copy()


def whiten_by_the_features_deviations(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt(X.var(axis=0) + eps)


def whiten_scales_then_turns(X, eps):
    return _turned(X / np.sqrt(X.var(axis=0) + eps))[0]


def whiten_by_the_deviations_in_reverse(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt(Z.var(axis=0)[::-1] + eps)


def whiten_by_one_deviation_for_all(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt(Z.var() + eps)


def whiten_of_standardised_data(X, eps):
    Z, _ = _turned(_centred(X) / X.std(axis=0))
    return Z / np.sqrt(Z.var(axis=0) + eps)


def whiten_centres_in_place(X, eps):
    X -= X.mean(axis=0)
    Z, _ = _turned(X)
    return Z / np.sqrt(Z.var(axis=0) + eps)


def whiten_divides_by_the_features(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt((Z**2).sum(axis=0) / X.shape[1] + eps)


def _by_eigh(C):
    """Eigenvalues and eigenvectors by falling eigenvalue, with the signs that eigh gives."""
    values, vectors = np.linalg.eigh(C)
    return np.maximum(values, 0)[::-1], vectors[:, ::-1]


def whiten_without_centring_by_eigh(X, eps):
    values, directions = _by_eigh(X.T @ X / len(X))
    return X @ directions / np.sqrt(values + eps)


def whiten_with_eps_after_the_root_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / (np.sqrt(values) + eps)


def whiten_without_eps_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(values)


def whiten_smallest_first_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return (Z @ directions / np.sqrt(values + eps))[:, ::-1]


def whiten_of_standardised_data_by_eigh(X, eps):
    Z = _centred(X) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(values + eps)


def whiten_with_eps_squared(X, eps):
    Z = _centred(X)
    _, singular, rows = np.linalg.svd(Z, full_matrices=False)
    values, directions = singular**2 / len(X), rows.T
    return Z @ directions / np.sqrt(values + eps**2)


def whiten_with_eps_as_a_floor(X, eps):
    Z = _centred(X)
    _, singular, rows = np.linalg.svd(Z, full_matrices=False)
    values, directions = singular**2 / len(X), rows.T
    return Z @ directions / np.sqrt(np.maximum(values, eps))


def whiten_with_an_eps_of_its_own(X, eps):
    Z = _centred(X)
    _, singular, rows = np.linalg.svd(Z, full_matrices=False)
    values, directions = singular**2 / len(X), rows.T
    return Z @ directions / np.sqrt(values + 1e-5)


def whiten_returns_the_matrix(X, eps):
    Z = _centred(X)
    _, singular, rows = np.linalg.svd(Z, full_matrices=False)
    values, directions = singular**2 / len(X), rows.T
    return directions / np.sqrt(values + eps)


def whiten_with_eps_squared_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(values + eps**2)


def whiten_with_eps_as_a_floor_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(np.maximum(values, eps))


def whiten_with_an_eps_of_its_own_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(values + 1e-5)


def whiten_returns_the_matrix_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return directions / np.sqrt(values + eps)


def whiten_by_singular_values(X, eps):
    _, singular, rows = np.linalg.svd(_centred(X), full_matrices=False)
    return _centred(X) @ rows.T / np.sqrt(singular + eps)


def whiten_with_vt(X, eps):
    _, singular, rows = np.linalg.svd(_centred(X), full_matrices=False)
    return _centred(X) @ rows / np.sqrt(singular**2 / len(X) + eps)


def whiten_by_cholesky(X, eps):
    Z = _centred(X)
    C = Z.T @ Z / len(X) + eps * np.eye(X.shape[1])
    return Z @ np.linalg.inv(np.linalg.cholesky(C)).T


def whiten_with_eps_everywhere(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X) + eps)
    return Z @ directions / np.sqrt(values)


def whiten_with_a_floor_of_its_own(X, eps):
    _, directions = np.linalg.eigh(_centred(X).T @ _centred(X))
    turned = _centred(X) @ directions[:, ::-1]
    return turned / np.sqrt(np.maximum(turned.var(axis=0), 1e-12) + eps)


MISTAKES = [
    mistake("The examples are only turned to the principal axes, not scaled.",
            "What is the variance of your first column? It should be 1.",
            by=whiten_only_turns),
    mistake("The features are only standardised: their covariances are not 0.",
            "Compute Z.T @ Z / N. What stands off the diagonal?",
            by=whiten_only_standardises),
    mistake("The data was not centred.",
            "What are the means of your columns? They should be 0.",
            by=whiten_without_centring),
    mistake("The directions were measured on the centred data, but the examples were not centred before turning.",
            "What are the means of your columns? They should be 0.",
            by=whiten_turns_what_is_not_centred),
    mistake("Each coordinate is divided by its variance instead of by the root of it.",
            "If you divide by c, the variance is divided by c². Which c makes it 1?",
            by=whiten_by_the_variance),
    mistake("Each coordinate is multiplied by its standard deviation instead of divided by it.",
            "The first column varied most. Does it vary as much as the others now?",
            by=whiten_by_multiplying),
    mistake("eps is added to the standard deviation, after the root.",
            "Look at the formula: what stands under the root?",
            by=whiten_with_eps_after_the_root),
    mistake("eps is not used.",
            "What happens to a direction without any variance?",
            by=whiten_without_eps),
    mistake("The covariance was not divided by N, so everything comes out too small by the root of N.",
            "Compute Z.T @ Z / N for your result. By which factor does it miss the identity?",
            by=whiten_by_sums_of_squares),
    mistake("The variances divide by N - 1 instead of N.",
            "np.cov divides by N - 1 unless told otherwise.",
            by=whiten_with_ddof_1),
    mistake("The whitened examples are turned back to the old axes.",
            "The result should stay in the coordinates along the components.",
            by=whiten_and_turn_back),
    mistake("The columns come by rising variance: the component of largest variance is the last.",
            "In which order does np.linalg.eigh return eigenvalues?",
            by=whiten_smallest_first),
    mistake("The coordinates are divided by the deviations of the features, not by their own.",
            "Which variances belong to the directions v: those of X, or the eigenvalues?",
            by=whiten_by_the_features_deviations),
    mistake("The features are scaled first and turned then, with no scaling afterwards: the variances are not 1.",
            "Turn first, then divide each coordinate by its own deviation.",
            by=whiten_scales_then_turns),
    mistake("Deviations and directions are in opposite order: each coordinate is divided by another's deviation.",
            "You turned the order of the eigenvectors around. Does the same hold for the eigenvalues?",
            by=whiten_by_the_deviations_in_reverse),
    mistake("All coordinates are divided by one and the same deviation.",
            "Each direction has a variance of its own. Along which axis do you measure it?",
            by=whiten_by_one_deviation_for_all),
    mistake("The features were standardised before turning: these are the components of other data.",
            "The formula only centres before it turns. Which covariance matrix do its v belong to?",
            by=whiten_of_standardised_data),
    mistake("X itself was centred on the way: the caller's data is changed.",
            "X -= ... writes into the array of the caller. Which expression makes a new array?",
            by=whiten_centres_in_place),
    mistake("The sums of squares are divided by the number of features, not of examples.",
            "Which entry of X.shape counts the examples?",
            by=whiten_divides_by_the_features),
    mistake("The data was not centred.",
            "What are the means of your columns? They should be 0.",
            by=whiten_without_centring_by_eigh),
    mistake("eps is added to the standard deviation, after the root.",
            "Look at the formula: what stands under the root?",
            by=whiten_with_eps_after_the_root_by_eigh),
    mistake("eps is not used.",
            "What happens to a direction without any variance?",
            by=whiten_without_eps_by_eigh),
    mistake("The columns come by rising variance: the component of largest variance is the last.",
            "In which order does np.linalg.eigh return eigenvalues?",
            by=whiten_smallest_first_by_eigh),
    mistake("The features were standardised before turning: these are the components of other data.",
            "The formula only centres before it turns. Which covariance matrix do its v belong to?",
            by=whiten_of_standardised_data_by_eigh),
    mistake("eps is squared before it is added.",
            "Look at the formula: what stands beside λ under the root?",
            by=whiten_with_eps_squared),
    mistake("eps is only a lower bound for the variances, not added to them.",
            "Look at the formula: how do λ and eps come together under the root?",
            by=whiten_with_eps_as_a_floor),
    mistake("eps is a fixed number; the argument is not used.",
            "What should change when eps is 1 instead of 0?",
            by=whiten_with_an_eps_of_its_own),
    mistake("The whitening matrix is returned, not the whitened examples.",
            "Which shape is asked for? The matrix still has to meet the centred examples.",
            by=whiten_returns_the_matrix),
    mistake("eps is squared before it is added.",
            "Look at the formula: what stands beside λ under the root?",
            by=whiten_with_eps_squared_by_eigh),
    mistake("eps is only a lower bound for the variances, not added to them.",
            "Look at the formula: how do λ and eps come together under the root?",
            by=whiten_with_eps_as_a_floor_by_eigh),
    mistake("eps is a fixed number; the argument is not used.",
            "What should change when eps is 1 instead of 0?",
            by=whiten_with_an_eps_of_its_own_by_eigh),
    mistake("The whitening matrix is returned, not the whitened examples.",
            "Which shape is asked for? The matrix still has to meet the centred examples.",
            by=whiten_returns_the_matrix_by_eigh),
    mistake("The singular values are taken for variances.",
            "Variances are the singular values squared, over N.",
            by=whiten_by_singular_values),
    mistake("The third part of NumPy's SVD is taken for V, but it is V transposed: its rows are the directions.",
            "np.linalg.svd returns the directions as rows. Which product turns the examples to them?",
            by=whiten_with_vt),
    mistake("The covariance is made the identity by a Cholesky factor, which is not the turn to the principal axes.",
            "Which direction must the first column follow? Other matrices whiten too, but along other axes.",
            by=whiten_by_cholesky),
    mistake("eps is added to all entries of the covariance, not to the variances along the components.",
            "What does eps do off the diagonal of C? Add it to the eigenvalues.",
            by=whiten_with_eps_everywhere),
    mistake("Besides eps a constant of its own keeps the variance from being small: with eps = 0 small data is not white.",
            "What variance has your result for data of the size of 1e-10 and eps = 0? Nothing but eps is to be added.",
            by=whiten_with_a_floor_of_its_own),
]
