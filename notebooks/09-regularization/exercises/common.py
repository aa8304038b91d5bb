"""What the exercises of 09-regularization share.

Hidden tests of 09-regularization: no exercise draws at random, and every bound is exact up to rounding.

Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import nnlib as reference
from nnlib.checks import assert_close, assert_unchanged, require

SHAPES = [(3, 4), (4, 4), (4,), (2, 3, 2), (4, 1), (1, 5), (150, 2)]  # square, without columns, like a bias, and tall


def _weights(rng, shapes=SHAPES, scale=1.0):
    return [scale * rng.normal(size=shape) for shape in shapes]


def _copied(weights):
    return [w.copy() for w in weights]


def _leaves_alone(function, expected, rng, *strength):
    """Compare the weights with what they were, and the result with the reference."""
    weights = _weights(rng, [(3, 2), (4,)])
    before = _copied(weights)
    got = function(weights, *strength)
    assert_unchanged(weights, before, what="weights")
    assert_close(got, expected(before, *strength), what="the result")


def _penalty(function, expected, weights, *strength):
    """Compare a penalty with the reference."""
    assert_close(function(_copied(weights), *strength), expected(weights, *strength), what="the penalty")


def _gradients(function, expected, weights, *strength):
    """Compare the gradients of a penalty with the reference."""
    got = function(_copied(weights), *strength)
    require(isinstance(got, list | tuple), "The result must be a list of arrays, one for each array in weights.")
    require(len(got) == len(weights), f"There must be {len(weights)} gradients here.")
    assert_close(list(got), expected(weights, *strength), what="the gradients")


def _slopes(penalty, weights):
    """Central differences of a penalty in every weight."""
    slopes = []
    for number, w in enumerate(weights):
        rest = weights[:number], weights[number + 1 :]
        slopes.append(reference.numerical_gradient(lambda v, rest=rest: penalty([*rest[0], v, *rest[1]]), w))
    return slopes
