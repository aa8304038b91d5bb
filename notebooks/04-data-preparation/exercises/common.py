"""What the exercises of 04-data-preparation share.

Hidden tests of 04-data-preparation.

Random exercises are judged by what every correct way to draw has in common, never by a seed; where chance could
fail a right answer, the test says how seldom, always below once in a million gradings.
Principal components have no sign, so columns are compared after turning each to the reference's side.
Data comes in hundreds of examples too, and with spreads below 1e-8: a deviation is none only where it is 0.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import numpy as np

from nnlib.checks import assert_shape, require


def _array(value, shape, what):
    """A result as an array, which must have this shape and hold finite numbers."""
    plain = isinstance(value, np.ndarray | list | tuple | int | float | np.number)
    require(plain, f"{what} must be an array.")
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal length
        array = np.empty(0, dtype=object)
    require(array.dtype.kind in "fiub", f"{what} must be an array of numbers.")
    assert_shape(array, shape, what=what)
    require(np.isfinite(array).all(), f"{what} must be finite.")
    return array


def _cloud(rng, n, d, spread=2.0):
    """Correlated points far from the origin; features of very different size, in no order."""
    sizes = rng.permutation(np.logspace(-spread / 2, spread / 2, d))
    return (
        (rng.normal(size=(n, d)) @ (np.eye(d) + 0.4 * rng.normal(size=(d, d)))) * sizes + 3.0 * rng.normal(size=d) + 1.0
    )


def _towards(columns, side):
    """Turn each column to the side of the reference's: a direction has no sign."""
    signs = np.sign((columns * side).sum(axis=0))
    return columns * np.where(signs == 0, 1.0, signs)


def _numbered(*shape, dtype=float):
    """Images whose pixels are all different and none is 0."""
    return np.arange(1, np.prod(shape) + 1).reshape(shape).astype(dtype)


def _centred(X):
    return X - X.mean(axis=0)
