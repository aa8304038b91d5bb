"""whiten: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

from .common import BY_THE_FEATURES, array, cloud, towards

HINTS = (
    "You have two functions that already turn a cloud to its axes. What is left to do to the turned columns?",
    "Which number is the variance of a turned column, and does eps belong to the variance or to its root? "
    "Does the variance divide by N or N - 1?",
    "A turned column (3, -3, 3, -3) has the variance 9. With eps = 7 it is divided by the root of 16, and "
    "becomes 0.75, -0.75, ...; with eps = 0 it becomes 1, -1, ...",
)


def _whitened(student, X, eps):
    return array(student.whiten(X.copy(), eps), X.shape, "the whitened examples").astype(float)


def _check_whiten(student, X, eps):
    got, right = _whitened(student, X, eps), reference.whiten(X, eps)
    assert_close(towards(got, right), right, rtol=1e-4, atol=1e-6, what="the whitened examples (signs aside)")


def test_whiten_makes_the_covariance_the_identity(student, rng):
    """With eps = 0 all variances, divided by N, are 1, all covariances 0, and all means 0, however small X is."""
    for n, d, size in [(12, 3, 1.0), (40, 5, 1.0), (7, 2, 1.0), (200, 3, 1.0), (15, 3, 1e-10)]:
        Z = _whitened(student, size * cloud(rng, n, d), 0.0)
        assert_close(Z.mean(axis=0), np.zeros(d), atol=1e-6, what="the means of the whitened examples")
        assert_close(Z.T @ Z / n, np.eye(d), atol=1e-6, what="their covariance")


def test_whiten_goes_along_the_components_in_order(student, rng):
    """Each column is the coordinate along a component, largest variance first, over its deviation."""
    for n, d in [(15, 3), (50, 4)]:
        _check_whiten(student, cloud(rng, n, d), 0.0)


def test_whiten_adds_eps_to_the_variance(student, rng):
    """eps stands under the root, beside the variance: directions that vary less are scaled up less."""
    X = cloud(rng, 20, 3)
    for eps in (1e-2, 1.0, 30.0):
        _check_whiten(student, X, eps)


def test_whiten_divides_variances_by_n(student, rng):
    """With eight examples, and eps large enough to tell, N and N - 1 make a difference."""
    X = cloud(rng, 8, 3)
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
    assert_close(towards(Z[:, :2], right[:, :2]), right[:, :2], rtol=1e-4, what="the directions that vary")
    assert_close(Z[:, 2], np.zeros(30), atol=1e-4, what="the direction that does not vary")


@variant
def by_svd(X, eps):
    centred = X - X.mean(axis=0)
    U, S, _ = np.linalg.svd(centred, full_matrices=False)
    return U * S / np.sqrt(S**2 / len(X) + eps)


@variant
def by_eigh(X, eps):
    Xc = X - np.mean(X, axis=0)
    values, vectors = np.linalg.eigh(np.cov(Xc.T, bias=True))
    values, vectors = values[::-1], vectors[:, ::-1]
    return -(Xc @ vectors) / np.sqrt(values + eps)


@variant
def by_svd_of_the_covariance(X, eps):
    Xc = X - X.mean(axis=0)
    U, S, _ = np.linalg.svd(np.dot(Xc.T, Xc) / Xc.shape[0])
    return np.dot(Xc, U) / np.sqrt(S + eps)


@variant
def by_a_diagonal_matrix(X, eps):
    Xc = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(Xc.T @ Xc / len(X))
    order = np.argsort(values)[::-1]
    return Xc @ vectors[:, order] @ np.diag((values[order] + eps) ** -0.5)


@variant
def along_directions_of_svd(X, eps):
    mean, directions = X.mean(axis=0), np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2].T
    turned = (X - mean) @ directions
    return turned / np.sqrt(turned.var(axis=0) + eps)


def by_cholesky(X, eps):
    centred = X - X.mean(axis=0)
    C = centred.T @ centred / len(X) + eps * np.eye(X.shape[1])
    return centred @ np.linalg.inv(np.linalg.cholesky(C)).T


BOTH = (None, along_directions_of_svd)  # eigh and SVD find the same directions with other signs
FIT = "mean, directions ="
VARIANCE = "turned.var(axis=0)"
ROOT = f"np.sqrt({VARIANCE} + eps)"
WHITENED = f"turned / {ROOT}"
NOT_CENTRED = ("The data was not centred.", "What are the means of your columns? They should be 0.")
MISTAKES = [
    # which directions
    mistake("The features are only standardised: their covariances are not 0.",
            "Compute Z.T @ Z / N. What stands off the diagonal?",
            {WHITENED: "(X - mean) / np.sqrt(X.var(axis=0) + eps)"}),
    mistake(*NOT_CENTRED, {f"{FIT} pca_fit(X, X.shape[1])": f"{FIT} 0.0, np.linalg.eigh(X.T @ X)[1][:, ::-1]",
                           VARIANCE: "(turned**2).mean(axis=0)"}),
    mistake(*NOT_CENTRED, {f"{FIT} X.mean(axis=0), np.linalg.svd(X - X.mean(axis=0)": f"{FIT} 0.0, np.linalg.svd(X",
                           VARIANCE: "(turned**2).mean(axis=0)"}, of=along_directions_of_svd),
    mistake("The directions were measured on the centred data, but the examples were not centred before turning.",
            "What are the means of your columns? They should be 0.",
            {"(X - mean) @": "X @"}, of=along_directions_of_svd),
    mistake("The third part of NumPy's SVD is taken for V, but it is V transposed: its rows are the directions.",
            "np.linalg.svd returns the directions as rows. Which product turns the examples to them?",
            {"U, S, _": "_, S, rows", "U * S": "centred @ rows"}, of=by_svd),
    mistake("The singular values are taken for variances.",
            "Variances are the singular values squared, over N.",
            {"S**2 / len(X)": "S"}, {"S**2": "S"}, of=by_svd),
    mistake("eps is added to all entries of the covariance, not to the variances along the components.",
            "What does eps do off the diagonal of C? Add it to the eigenvalues.",
            {"/ len(X)": "/ len(X) + eps", "values[order] + eps": "values[order]"}, of=by_a_diagonal_matrix),
    mistake("The covariance is made the identity by a Cholesky factor, which is not the turn to the principal axes.",
            "Which direction must the first column follow? Other matrices whiten too, but along other axes.",
            by=by_cholesky),
    # mistakes that can be made with the directions of eigh and with those of an SVD
    *(mistake(says, hint, edits, of=directions)
      for directions in BOTH
      for says, hint, edits in (
          ("The features were standardised before turning: these are the components of other data.",
           "The formula only centres before it turns. Which covariance matrix do its v belong to?",
           {FIT: f"X = (X - X.mean(axis=0)) / X.std(axis=0)\n    {FIT}"}),
          ("The features are scaled first and turned then, with no scaling afterwards: the variances are not 1.",
           "Turn first, then divide each coordinate by its own deviation.",
           {FIT: f"X = X / np.sqrt(X.var(axis=0) + eps)\n    {FIT}", WHITENED: "turned"}),
          ("The examples are only turned to the principal axes, not scaled.",
           "What is the variance of your first column? It should be 1.",
           {WHITENED: "turned"}),
          ("Each coordinate is divided by its variance instead of by the root of it.",
           "If you divide by c, the variance is divided by c². Which c makes it 1?",
           {ROOT: f"({VARIANCE} + eps)"}),
          ("Each coordinate is multiplied by its standard deviation instead of divided by it.",
           "The first column varied most. Does it vary as much as the others now?",
           {WHITENED: f"turned * {ROOT}"}),
          ("The covariance was not divided by N, so everything comes out too small by the root of N.",
           "Compute Z.T @ Z / N for your result. By which factor does it miss the identity?",
           {VARIANCE: "(turned**2).sum(axis=0)"}),
          ("The variances divide by N - 1 instead of N.",
           "np.cov divides by N - 1 unless told otherwise.",
           {VARIANCE: "turned.var(axis=0, ddof=1)"}),
          (*BY_THE_FEATURES,
           {VARIANCE: "(turned**2).sum(axis=0) / X.shape[1]"}),
          ("The coordinates are divided by the deviations of the features, not by their own.",
           "Which variances belong to the directions v: those of X, or the eigenvalues?",
           {VARIANCE: "X.var(axis=0)"}),
          ("Deviations and directions are in opposite order: each coordinate is divided by another's deviation.",
           "You turned the order of the eigenvectors around. Does the same hold for the eigenvalues?",
           {VARIANCE: f"{VARIANCE}[::-1]"}),
          ("All coordinates are divided by one and the same deviation.",
           "Each direction has a variance of its own. Along which axis do you measure it?",
           {VARIANCE: "turned.var()"}),
          ("eps is added to the standard deviation, after the root.",
           "Look at the formula: what stands under the root?",
           {ROOT: "(turned.std(axis=0) + eps)"}),
          ("eps is not used.",
           "What happens to a direction without any variance?",
           {ROOT: "turned.std(axis=0)"}),
          ("eps is squared before it is added.",
           "Look at the formula: what stands beside λ under the root?",
           {"+ eps": "+ eps**2"}),
          ("eps is only a lower bound for the variances, not added to them.",
           "Look at the formula: how do λ and eps come together under the root?",
           {ROOT: f"np.sqrt(np.maximum({VARIANCE}, eps))"}),
          ("eps is a fixed number; the argument is not used.",
           "What should change when eps is 1 instead of 0?",
           {"+ eps": "+ 1e-5"}),
          ("Besides eps another constant keeps the variance from being small: with eps = 0 small data is not white.",
           "What variance does your result have for data of the size of 1e-10 and eps = 0? Only eps is to be added.",
           {VARIANCE: f"np.maximum({VARIANCE}, 1e-12)"}),
          ("The columns come by rising variance: the component of largest variance is the last.",
           "In which order does np.linalg.eigh return eigenvalues?",
           {WHITENED: f"({WHITENED})[:, ::-1]"}),
          ("The whitened examples are turned back to the old axes.",
           "The result should stay in the coordinates along the components.",
           {WHITENED: f"{WHITENED} @ directions.T"}),
          ("The whitening matrix is returned, not the whitened examples.",
           "What shape is asked for? The matrix still has to meet the centred examples.",
           {WHITENED: f"directions / {ROOT}"}),
      )),
    *(slip("writes_into_input", {FIT: f"X -= X.mean(axis=0)\n    {FIT}"}, what="X", of=directions)
      for directions in BOTH),
]
