"""What the exercises of 12-hyperparameter-search share.

Hidden tests of 12-hyperparameter-search.

Draws are judged by what every correct way to draw has in common, never by a seed.
Two bounds hold whatever the method, and both give the same margin for n draws: the largest distance of the draws'
distribution from the right one exceeds it (Dvoretzky, Kiefer, Wolfowitz, Massart) with a chance of at most 1e-8, and
so does the distance of a share from its probability (Hoeffding). A test makes at most forty such comparisons, so it
refuses a right answer less than once in two million gradings; where a test rests on something else, it says on what.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import math

import numpy as np

from nnlib.checks import assert_shape, require

DRAWS = 20_000


def _margin(n):
    return math.sqrt(math.log(2 / 1e-8) / (2 * n))


def _floats(value, n):
    """The result of a draw as an array, in whatever kind of sequence it came."""
    kind = isinstance(value, np.ndarray | list | tuple)
    require(kind, "The result must be an array of n numbers.")
    numbers = np.asarray(value)
    assert_shape(numbers, (n,), what="the result")
    require(numbers.dtype.kind == "f" and np.isfinite(numbers).all(), "The numbers must be finite floats.")
    return numbers.astype(float)


def _require_uniform(places, what):
    """Compare the distribution of places in [0, 1] with the uniform one."""
    n, places = len(places), np.sort(places)
    above, below = np.arange(1, n + 1) / n - places, places - np.arange(n) / n
    require(max(above.max(), below.max()) < _margin(n), f"{what} does not have the distribution asked for.")


def _require_independent(numbers):
    """Neighbours of a draw know nothing of each other: pairs that do not overlap rise as often as they fall."""
    first, second = numbers[: len(numbers) // 2 * 2].reshape(-1, 2).T
    shares = {
        "rise": np.mean(first < second),
        "lie on the same side of the middle": np.mean((first < np.median(numbers)) == (second < np.median(numbers))),
    }
    for what, share in shares.items():
        # The median is measured on the same draws, which moves the share by less than 0.01.
        near = abs(share - 0.5) < _margin(len(first)) + 0.01
        require(near, f"The draws are not independent: too many or too few neighbours {what}.")


def _require_fresh(draw):
    """Judge five calls of draw(rng) by where their numbers come from; at least 30 draws of a continuous range.

    Two right draws of this many floats are equal with a chance far below 1e-20.
    """
    first, again, other = (draw(np.random.default_rng(seed)) for seed in (51, 51, 52))
    require(np.array_equal(first, again), "Two generators in the same state must give the same numbers: draw from rng.")
    require(not np.array_equal(first, other), "Generators in other states must give other numbers: draw from rng.")
    rng = np.random.default_rng(53)
    one, two = draw(rng), draw(rng)
    require(not np.array_equal(one, two), "Two calls with one generator gave the same numbers: draw anew each time.")
    require(
        not np.allclose(np.sort(one), np.sort(two), rtol=1e-9, atol=0.0),
        "Two calls gave the same numbers in another order: draw the numbers themselves.",
    )


def _require_different(numbers):
    """Nearly all draws of a continuous range differ (float32 repeats a few)."""
    require(len(np.unique(numbers)) > 0.9 * len(numbers), "Many of the draws are the same number.")


def _log_place(values, low, high):
    require((values > 0).all(), "The numbers must be positive.")
    return (np.log(values) - math.log(low)) / (math.log(high) - math.log(low))


def _momentum_place(betas, low, high):
    require((betas < 1).all(), "A beta must be below 1.")
    return (math.log(1 - low) - np.log(1 - betas)) / (math.log(1 - low) - math.log(1 - high))


def _require_equal_shares(numbers, low, high):
    require(numbers.min() >= low and numbers.max() <= high, "A number lies outside the range.")
    count = high - low + 1
    shares = np.bincount(numbers - low, minlength=count) / len(numbers)
    require(shares.min() > 0, "Some numbers of the range never come: both ends are included.")
    near = np.abs(shares - 1 / count).max() < _margin(len(numbers))
    require(near, "Not all numbers of the range are equally likely.")


def _number(value, what):
    plain = value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value
    fits = isinstance(plain, int | float) and not isinstance(plain, bool)
    require(fits, f"{what} must be a single number.")
    return plain
