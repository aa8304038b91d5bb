"""Prepare data before training: split it, centre it, scale it, decorrelate it (lectures 000, 002 and 003).

Whatever is measured (mean, standard deviation, directions) is measured on the training set alone and
applied to all sets: ``..._fit`` measures, ``..._apply`` applies.
"""

from collections.abc import Sequence

import numpy as np

from nnlib._validate import (
    Array,
    as_float,
    require_finite,
    require_int,
    require_ndim,
    require_real,
    require_rng,
    require_rows,
    require_shape,
)

Pair = tuple[Array, Array]


def train_dev_test_split(
    X: Array, y: Array, fractions: Sequence[float], rng: np.random.Generator
) -> tuple[Pair, Pair, Pair]:
    """Deal the examples out at random into training, dev and test set.

    Parameters
    ----------
    X
        Examples ``(N, ...)``.
    y
        Labels or targets ``(N, ...)``.
    fractions
        Shares of training, dev and test set, each at least 0, with sum 1: (0.6, 0.2, 0.2) suits thousands
        of examples, (0.98, 0.01, 0.01) a million.
    rng
        Source of randomness.

    Returns
    -------
    train, dev, test : tuple of Array
        ``(X, y)`` each; every example is in exactly one, its label with it. Sizes are the shares of N
        rounded so that they sum to N.
    """
    X, y = np.asarray(X), np.asarray(y)
    require_rng(rng)
    require_rows(X=X, y=y)
    shares = np.asarray(fractions, dtype=float)
    if shares.shape != (3,) or not (shares >= 0).all() or not np.isclose(shares.sum(), 1.0):
        msg = f"fractions must be three shares that sum to 1 (train, dev, test), got {fractions!r}."
        raise ValueError(msg + " An example: (0.6, 0.2, 0.2).")
    ends = np.rint(np.cumsum(shares) * len(X)).astype(int)
    sizes = np.diff(ends, prepend=0)
    if ((sizes == 0) & (shares > 0)).any():
        msg = f"Every set needs at least one example, got sizes {tuple(sizes.tolist())} for {len(X)} examples."
        raise ValueError(msg + " Use larger shares, or 0 for a set that is not wanted.")
    shuffled = rng.permutation(len(X))
    train, dev, test = np.split(shuffled, ends[:2])
    return (X[train], y[train]), (X[dev], y[dev]), (X[test], y[test])


def standardize_fit(X: Array) -> tuple[Array, Array]:
    """Measure mean and standard deviation of each feature, on the training set.

    Parameters
    ----------
    X
        Training examples ``(N, D)``.

    Returns
    -------
    mean : Array
        ``(D,)``.
    std : Array
        ``(D,)``, the root of the mean squared deviation (divided by N).
        A constant feature gets 1, so that scaling leaves it at 0 instead of 0/0.
    """
    X = _examples(X)
    # Sums of many float32 rows lose digits; the result returns to the data's own precision.
    mean = X.mean(axis=0, dtype=np.float64)
    std = X.std(axis=0, dtype=np.float64)
    # Rounding gives a constant 0.1 a deviation of 1e-17, so constancy is not read off the deviation.
    constant = X.max(axis=0) == X.min(axis=0)
    return mean.astype(X.dtype), np.where(constant, 1.0, std).astype(X.dtype)


def standardize_apply(X: Array, mean: Array, std: Array) -> Array:
    """Centre and scale with a training set's mean and standard deviation.

    Parameters
    ----------
    X
        Examples ``(N, D)`` of any set.
    mean, std
        ``(D,)`` from :func:`standardize_fit`.

    Returns
    -------
    Array
        ``(N, D)``; on the training set itself each feature has mean 0 and deviation 1.
    """
    X = _examples(X)
    mean, std = _per_feature("mean", mean, X), _per_feature("std", std, X)
    if not (std > 0).all():
        bad = int(np.argmin(std > 0))
        msg = f"std must be above 0 for every feature, got {std[bad]:g} for feature {bad}."
        raise ValueError(msg + " A constant feature divides by 1: take std from standardize_fit.")
    scaled: Array = X - mean
    scaled /= std  # in place: a second copy of a large set costs as much as the set
    return scaled


def pca_fit(X: Array, k: int) -> tuple[Array, Array]:
    """Find the ``k`` orthogonal directions along which the training set varies most.

    Parameters
    ----------
    X
        Training examples ``(N, D)``.
    k
        Number of directions, 1 to min(N, D).

    Returns
    -------
    mean : Array
        ``(D,)``.
    components : Array
        ``(D, k)``: orthonormal columns, by falling variance. The largest entry of each is positive, since
        a direction has no sign of its own.
    """
    X = _examples(X)
    require_int("k", k, at_least=1)
    if k > min(X.shape):
        msg = f"k must be at most min(N, D) = {min(X.shape)} for X of shape {X.shape}, got {k}."
        raise ValueError(msg + " There are no more directions in which the data varies.")
    mean, directions, _ = _principal_axes(X)
    return mean, directions[:, :k]


def pca_apply(X: Array, mean: Array, components: Array) -> Array:
    """Express examples by their coordinates along principal components.

    Parameters
    ----------
    X
        Examples ``(N, D)`` of any set.
    mean
        ``(D,)`` from :func:`pca_fit`.
    components
        ``(D, k)`` from :func:`pca_fit`.

    Returns
    -------
    Array
        ``(N, k)``; multiplied by ``components.T``, plus ``mean``, the best picture of X in k numbers.
    """
    X = _examples(X)
    mean, components = _per_feature("mean", mean, X), np.asarray(components)
    if components.ndim != 2 or components.shape[0] != X.shape[1]:
        msg = f"components must have shape ({X.shape[1]}, k) for X of shape {X.shape}, got {components.shape}."
        raise ValueError(msg + " Each column is a direction.")
    return np.asarray((X - mean) @ components)


def whiten_fit(X: Array, eps: float = 1e-5) -> tuple[Array, Array]:
    """Find the map that gives the training set the identity as its covariance.

    Parameters
    ----------
    X
        Training examples ``(N, D)``.
    eps
        Added to each variance before its root, at least 0: keeps directions without variance, which are
        all noise, from being blown up.

    Returns
    -------
    mean : Array
        ``(D,)``.
    components : Array
        ``(D, min(N, D))``: principal components, each divided by its standard deviation. Apply them with
        :func:`pca_apply`.
    """
    X = _examples(X)
    require_real("eps", eps, at_least=0.0)
    mean, directions, variance = _principal_axes(X)
    lost = variance <= variance[0] * (X.shape[1] * np.finfo(X.dtype).eps) ** 2
    if eps == 0 and lost.any():
        msg = f"With eps = 0 every direction must vary, got {int(lost.sum())} of {len(lost)} without variance."
        raise ValueError(msg + " Use eps > 0, or drop directions with pca_fit first.")
    return mean, (directions / np.sqrt(variance + eps)).astype(X.dtype)


def whiten(X: Array, eps: float = 1e-5) -> Array:
    """Rotate a training set to its principal axes and scale each to variance 1.

    Parameters
    ----------
    X
        Training examples ``(N, D)``.
    eps
        Added to each variance before its root; see :func:`whiten_fit`, which other sets need.

    Returns
    -------
    Array
        ``(N, min(N, D))``, axes by falling variance; mean 0, and covariance (divided by N) the identity
        but for ``eps``.
    """
    return pca_apply(X, *whiten_fit(X, eps))


def mean_image(X: Array) -> Array:
    """Average the examples of a training set, pixel by pixel.

    Parameters
    ----------
    X
        Images ``(N, ...)``: flat, grey or colour.

    Returns
    -------
    Array
        One image, the shape of a single example.
    """
    X = as_float(X)
    if X.ndim < 2 or X.size == 0:
        raise ValueError(f"X must hold at least one image, shape (N, ...), got {X.shape}.")
    require_finite("X", X)
    return np.asarray(X.mean(axis=0, dtype=np.float64).astype(X.dtype))


def channel_mean(images: Array) -> Array:
    """Average each colour channel over all pixels of all images of a training set.

    Parameters
    ----------
    images
        ``(N, H, W, C)``, channels last.

    Returns
    -------
    Array
        ``(C,)``: three numbers for RGB.
    """
    images = as_float(images)
    if images.ndim != 4 or images.size == 0:
        msg = f"images must have shape (N, H, W, C), got {images.shape}."
        if images.ndim == 3:
            msg += " Grey images need an axis for their one channel: images[..., np.newaxis]."
        raise ValueError(msg)
    require_finite("images", images)
    return np.asarray(images.mean(axis=(0, 1, 2), dtype=np.float64).astype(images.dtype))


def _principal_axes(X: Array) -> tuple[Array, Array, Array]:
    """Return the mean, all directions ``(D, r)`` and their variances ``(r,)``, r = min(N, D)."""
    mean = X.mean(axis=0, dtype=np.float64).astype(X.dtype)
    # The singular values of the centred data are more exact than the roots of its covariance's eigenvalues.
    _, singular, rows = np.linalg.svd(X - mean, full_matrices=False)
    peaks = np.abs(rows).argmax(axis=1)
    signs = np.where(rows[np.arange(len(rows)), peaks] < 0, -1.0, 1.0).astype(X.dtype)
    return mean, (rows * signs[:, np.newaxis]).T, singular**2 / len(X)


def _examples(X: Array) -> Array:
    X = as_float(X)
    require_ndim("X", X, 2, "(N, D)")
    if X.size == 0:
        raise ValueError(f"X must hold at least one example and one feature, got shape {X.shape}.")
    require_finite("X", X)
    return X


def _per_feature(name: str, values: Array, X: Array) -> Array:
    values = np.asarray(values)
    require_shape(name, values, X.shape[1:], "one entry per feature", "Measure it with axis=0.")
    return values
