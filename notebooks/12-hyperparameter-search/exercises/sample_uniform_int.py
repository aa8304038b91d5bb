"""sample_uniform_int: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import mistake, variant, weight
from nnlib.checks import assert_close, assert_shape, require

from .common import DRAWS, mistakes_of_a_draw, require_equal_shares, require_fresh, require_independent

HINTS = (
    "Generators have a method for whole numbers. Is its upper end included?",
    "How many numbers are there from low to high, both included? What dtype has your result?",
    "From 3 to 6 there are four numbers, each with a chance of 1/4. Ten thousand draws should hold about 2,500 of each, "
    "and the smallest and largest should be 3 and 6.",
)


def _integers(value, n):
    kind = isinstance(value, np.ndarray | list | tuple)
    require(kind, "The result must be an array of n whole numbers.")
    numbers = np.asarray(value)
    assert_shape(numbers, (n,), what="the result")
    require(numbers.dtype.kind in "iu", "The numbers must be of an integer dtype.")
    return numbers.astype(np.int64)


def _int_draw(student, low, high, n, rng):
    return _integers(student.sample_uniform_int(low, high, n, rng), n)


def test_sample_uniform_int_returns_n_whole_numbers(student, rng):
    """There are n numbers of an integer dtype in a row, for any n, also more than the range has values."""
    for n in (1, 2, 7, 40):
        _int_draw(student, 3, 12, n, rng)


@weight(2)
def test_sample_uniform_int_includes_both_ends(student, rng):
    """Both ends come, and nothing beyond them.

    A right answer misses an end of (0, 1) with a chance of one in 2 to the power 1,000, of (50, 60) below 1e-40.
    """
    for low, high in [(0, 1), (5, 7), (50, 60)]:
        numbers = _int_draw(student, low, high, 1000, rng)
        require(numbers.max() <= high and numbers.min() >= low, "A number lies outside the range.")
        require(numbers.min() == low, "The lower end never comes: it is included.")
        require(numbers.max() == high, "The upper end never comes: it is included.")


def test_sample_uniform_int_favours_nobody(student, rng):
    """Each number of the range is as likely as any other, the ends too.

    Thirteen shares are compared; together they refuse a right answer with a chance below 2e-7.
    """
    for low, high in [(0, 2), (3, 7), (10, 14)]:
        require_equal_shares(_int_draw(student, low, high, DRAWS, rng), low, high)


def test_sample_uniform_int_below_zero(student, rng):
    """Ranges that begin below zero are drawn alike: cutting off the fraction rounds towards zero.

    Nine shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(-3, 2), (-6, -4)]:
        require_equal_shares(_int_draw(student, low, high, DRAWS, rng), low, high)


def test_sample_uniform_int_of_a_single_value(student, rng):
    """A range of one value gives that value."""
    for value in (0, 3, 64):
        assert_close(_int_draw(student, value, value, 6, rng), np.full(6, value), what="the draws where low == high")
    require(len(set(_int_draw(student, 0, 64, 200, rng).tolist())) > 20, "Most of the draws are the same number.")


def test_sample_uniform_int_draws_are_independent(student, rng):
    """The n numbers are in no order and may come again.

    Of 10,000 pairs from 1 to 1,000 a share of 0.4995 rises; it and the share of equal sides are compared, and a
    right answer is refused with a chance below 1e-7.
    """
    numbers = _int_draw(student, 1, 1000, DRAWS, rng)
    require(len(np.unique(numbers)) > 900, "Most of the numbers never come.")
    require_independent(numbers)


def test_sample_uniform_int_draws_anew_from_rng(student):
    """The numbers come from rng alone, and every call draws others.

    A right answer draws the same 40 of 100,000 numbers twice with a chance far below 1e-20.
    """
    require_fresh(lambda rng: _int_draw(student, 1, 100_000, 40, rng))


@variant
def with_high_plus_one(low, high, n, rng):
    return rng.integers(low, high + 1, n)


@variant
def by_choice(low, high, n, rng):
    return rng.choice(range(low, high + 1), size=n)


@variant
def by_floor(low, high, n, rng):
    return np.floor(rng.uniform(low, high + 1, size=n)).astype(np.int32)


@variant
def one_by_one(low, high, n, rng):
    return [int(low + math.floor(rng.random() * (high - low + 1))) for _ in range(n)]


@variant
def by_index(low, high, n, rng):
    return np.arange(low, high + 1)[rng.integers(0, high - low + 1, size=n)]


DRAW = "rng.integers(low, high, size=n, endpoint=True)"
MISTAKES = [
    mistake("The upper end never comes: rng.integers leaves it out unless told otherwise.",
            "Draw a thousand numbers from 2 to 4 and look at the largest.",
            {DRAW: "rng.integers(low, high, size=n)"}),
    mistake("The upper end is passed: one number too many can come.",
            "endpoint=True includes high already. What does adding 1 on top do?",
            {DRAW: "rng.integers(low, high + 1, size=n, endpoint=True)"}),
    mistake("The draw starts at 0: low is not used.",
            "Which is the smallest number that may come up? Which is the smallest of yours?",
            {DRAW: "rng.integers(0, high, size=n, endpoint=True)"}),
    mistake("low is added to a draw up to high, so that the numbers go beyond high.",
            "How many numbers lie from low to high, both included? Draw below that count, then shift.",
            {DRAW: "low + rng.integers(0, max(high, 1), size=n)"}),
    mistake("A linear draw up to high is cut off to whole numbers, so the upper end never comes.",
            "What does the cut make of 3.99? Which draw could ever become 4?",
            {DRAW: "rng.uniform(low, high, size=n).astype(int)"}),
    mistake("Cutting off the fraction rounds towards zero, so that below zero the shares are wrong.",
            "What does int() make of -0.7, and what does np.floor?",
            {DRAW: "rng.uniform(low, high + 1, size=n).astype(int)"}),
    mistake("A linear draw is rounded, so both ends come only half as often as the others.",
            "Which stretch of the line is rounded to low, and which to its neighbour? Compare their lengths.",
            {DRAW: "np.round(rng.uniform(low, high, size=n)).astype(int)"}),
    mistake("A linear draw is rounded up, so the lower end never comes.",
            "Which stretch of the line is rounded up to low?",
            {DRAW: "np.ceil(rng.uniform(low, high, size=n)).astype(int)"}),
    mistake("The numbers are drawn on a log scale and rounded, so that small ones come more often.",
            "From 50 to 100 all are to be equally likely. Which scale is that?",
            {DRAW: "np.round(np.exp(rng.uniform(np.log(low), np.log(high), size=n))).astype(int)"}),
    mistake("The numbers are whole but floats.",
            "Look at the dtype. Can an array have 64.0 rows?",
            {DRAW: "np.floor(rng.uniform(low, high + 1, size=n))"}),
    mistake("No number comes twice, so that there are never more than the range has values.",
            "How would you draw ten times from 2 to 4?",
            {DRAW: "rng.permutation(np.arange(low, high + 1))[:n]"}),
    mistake("Numbers are chosen without replacement, which fails as soon as n exceeds the range.",
            "How would you draw ten times from 2 to 4?",
            {DRAW: "rng.choice(np.arange(low, high + 1), size=n, replace=False)"}),
    mistake("The numbers of the range come one after the other; nothing is drawn.",
            "Where does rng come in?",
            {DRAW: "np.resize(np.arange(low, high + 1), n)"}),
    *mistakes_of_a_draw(DRAW, "rng.integers(low, high + 1)"),
]
