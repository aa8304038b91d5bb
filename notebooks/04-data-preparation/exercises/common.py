"""What the exercises of 04-data-preparation share.

Random exercises are judged by what every correct way to draw has in common, never by a seed; where chance could
fail a right answer, the test says how seldom, always below once in a million gradings.
Principal components have no sign, so columns are compared after turning each to the reference's side.
Data comes in hundreds of examples too, and with spreads below 1e-8: a deviation is none only where it is 0.
Functions are given copies, so that what they do to their inputs does not spoil what is expected.
"""

import numpy as np

from nnlib.checks import assert_shape, require


def array(value, shape, what):
    """A result as an array, which must have this shape and hold finite numbers."""
    plain = isinstance(value, np.ndarray | list | tuple | int | float | np.number)
    require(plain, f"{what} must be an array.")
    try:
        result = np.asarray(value)
    except ValueError:  # rows of unequal length
        result = np.empty(0, dtype=object)
    require(result.dtype.kind in "fiub", f"{what} must be an array of numbers.")
    assert_shape(result, shape, what=what)
    require(np.isfinite(result).all(), f"{what} must be finite.")
    return result


def cloud(rng, n, d, spread=2.0):
    """Correlated points far from the origin; features of very different size, in no order."""
    sizes = rng.permutation(np.logspace(-spread / 2, spread / 2, d))
    mixed = rng.normal(size=(n, d)) @ (np.eye(d) + 0.4 * rng.normal(size=(d, d)))
    return mixed * sizes + 3.0 * rng.normal(size=d) + 1.0


def towards(columns, side):
    """Turn each column to the side of the reference's: a direction has no sign."""
    signs = np.sign((columns * side).sum(axis=0))
    return columns * np.where(signs == 0, 1.0, signs)


def numbered(*shape, dtype=float):
    """Images whose pixels are all different and none is 0."""
    return np.arange(1, np.prod(shape) + 1).reshape(shape).astype(dtype)


# Words of mistakes that several exercises have.
INTO_FLOATS = (
    "The images come back as floats, whatever they were.",
    "np.zeros makes floats unless it is told a dtype. What is images.dtype?",
)
BY_THE_FEATURES = (
    "Sums are divided by the number of features, not of examples.",
    "Which entry of X.shape counts the examples?",
)
