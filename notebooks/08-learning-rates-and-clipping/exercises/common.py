"""What the exercises of 08-learning-rates-and-clipping share.

Hidden tests of 08-learning-rates-and-clipping.

Schedules are compared at single epochs, with whole numbers and fractions, out of order and where counting begins.
Gradients come in shapes of one to three axes, square ones among them, of norms above and below 1 on both sides of
the threshold, so that a squared norm, a row's own norm or a norm of another kind cannot pass for the right one.
Nothing here is left to chance: the generator only fills arrays.
A test makes all its calls before it compares the first, so that a diagnosis has them all to go by.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs; results are
compared at their own scale, so that tiny ones count as well.
"""

import math

import numpy as np

import nnlib as reference
from nnlib.checks import assert_close


def _rates(student, name, cases):
    """Compare a schedule with the reference on tuples of arguments, in the order given."""
    rates = [getattr(student, name)(*arguments) for arguments in cases]
    for got, arguments in zip(rates, cases, strict=True):
        expected = getattr(reference, name)(*arguments)
        assert_close(got, expected, rtol=1e-6, atol=0.0, what=f"the rate of {name}")


def _norm(*arrays):
    return math.sqrt(sum(float(np.sum(np.square(np.asarray(g, dtype=float)))) for g in arrays))


def _near(got, expected, size, what):
    """Compare at the scale of the result's norm."""
    assert_close(got, expected, atol=1e-8 * size, what=what)


def _of_norm(rng, shape, norm):
    g = rng.normal(size=shape)
    return g * (norm / _norm(g))
