"""What the exercises of 08-learning-rates-and-clipping share.

Schedules are compared at single epochs, whole ones and fractions, out of order and where counting begins. Gradients
have one to three axes, are square too, and have norms above and below 1 on both sides of the threshold, so that a
squared norm, a row's own norm or another kind of norm cannot pass for the right one. Results are compared at their
own scale, so that tiny ones count as well. A test makes all its calls before it compares the first, so that a
diagnosis has them all to go by.
"""

import math

import numpy as np

import nnlib as reference
from nnlib.checks import assert_close


def rates(student, name, cases):
    """Compare a schedule with the reference on tuples of arguments, in the order given."""
    results = [getattr(student, name)(*arguments) for arguments in cases]
    for got, arguments in zip(results, cases, strict=True):
        expected = getattr(reference, name)(*arguments)
        assert_close(got, expected, rtol=1e-6, atol=0.0, what=f"the rate of {name}")


def norm_of(*arrays):
    return math.sqrt(sum(float(np.sum(np.square(np.asarray(g, dtype=float)))) for g in arrays))


def near(got, expected, size, what):
    """Compare at the scale of the result's norm."""
    assert_close(got, expected, atol=1e-8 * size, what=what)


def of_norm(rng, shape, norm):
    g = rng.normal(size=shape)
    return g * (norm / norm_of(g))
