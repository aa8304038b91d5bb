"""What the exercises of 02-softmax-and-losses share.

Hidden tests of 02-softmax-and-losses.

Every docstring is a claim that the student reads when the test fails.
Fixtures are chosen to expose bugs: as many examples as classes (a missing keepdims broadcasts silently),
unsorted labels, a class missing from the batch, batches of one and of hundreds, huge scores; of softmax, integers and
float32 as well, which its text promises. What should come out is computed before the call.
They keep away from the kinks of hinge and absolute error, where several answers are right.
"""

import numpy as np

from nnlib.checks import require


def loss_of(result, name):
    """Take the loss from what ``name`` returned."""
    return _pair(result, name)[0]


def gradient_of(result, name):
    """Take the gradient from what ``name`` returned."""
    return _pair(result, name)[1]


def _pair(result, name):
    require(
        isinstance(result, list | tuple) and len(result) == 2,
        f"{name} must return two things, the loss and then its gradient: return loss, gradient.",
    )
    return result


def require_numbers(result, shape, name):
    """Require numbers of a shape, not all zero: enough to tell an answer from a placeholder."""
    numbers = np.asarray(result)
    fits = numbers.shape == shape and numbers.dtype.kind in "biuf" and np.any(numbers)
    require(fits, f"{name} returned no usable numbers: missing, of the wrong shape, or all zero.")


def direction(gradient):
    """Scale a gradient to length 1, so that a constant factor does not matter."""
    gradient = np.asarray(gradient, dtype=float)
    return gradient / np.linalg.norm(gradient)


def eighths(rng, shape, largest=3):
    """Draw scores that are multiples of 1/8: adding 1,000 to them is exact, in float32 as well."""
    return rng.integers(-8 * largest, 8 * largest + 1, size=shape) / 8


def apart(rng, shape):
    """Draw predictions and targets that differ by at least 0.05 everywhere, both ways."""
    difference = rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.05, 3.0, size=shape)
    target = 2 * rng.normal(size=shape)
    return target + difference, target
