"""sample_log_uniform: what it must do, other right ways, and what goes wrong."""

import math
import random

import numpy as np

from grader.authoring import easy, mistake, variant, weight
from nnlib.checks import assert_close, require

from .common import (
    DRAWS,
    _floats,
    _log_place,
    _require_different,
    _require_fresh,
    _require_independent,
    _require_uniform,
)


def _log_draw(student, low, high, n, rng):
    return _floats(student.sample_log_uniform(low, high, n, rng), n)


@easy
def test_sample_log_uniform_returns_n_numbers(student, rng):
    """There are n finite floats in a row, for any n."""
    for n in (1, 2, 7, 40):
        _log_draw(student, 0.003, 3.0, n, rng)


def test_sample_log_uniform_stays_in_its_range(student, rng):
    """No number lies outside the range, and the range is used from end to end.

    A right answer leaves a hundredth of the range empty with a chance of 0.99 to the power 20,000, below 1e-80.
    """
    for low, high in [(1e-3, 10.0), (0.02, 0.7), (3.0, 5.0)]:
        places = _log_place(_log_draw(student, low, high, DRAWS, rng), low, high)
        require(places.min() > -1e-5 and places.max() < 1 + 1e-5, "A number lies outside the range.")
        require(places.min() < 0.01 and places.max() > 0.99, "The numbers do not reach both ends of the range.")


@weight(3)
def test_sample_log_uniform_treats_all_decades_alike(student, rng):
    """Each power of ten gets the same share, wherever the range lies.

    Four distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(1e-5, 1e-1), (1e-3, 1e2), (10.0, 1e6), (1e-12, 1e-9)]:
        places = _log_place(_log_draw(student, low, high, DRAWS, rng), low, high)
        _require_uniform(places, "A draw over several decades")


@weight(3)
def test_sample_log_uniform_between_any_two_numbers(student, rng):
    """The ends need not be powers of ten, nor far apart.

    Three distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.02, 0.7), (3.0, 5.0), (0.3, 40.0)]:
        places = _log_place(_log_draw(student, low, high, DRAWS, rng), low, high)
        _require_uniform(places, "A draw between ends that are no powers of ten")


def test_sample_log_uniform_of_a_single_value(student, rng):
    """A range of one value gives that value."""
    for value in (0.05, 1.0, 300.0):
        got = _log_draw(student, value, value, 5, rng)
        assert_close(got, np.full(5, value), what="the draws where low == high")
    _require_different(_log_draw(student, 0.05, 300.0, 200, rng))


def test_sample_log_uniform_draws_are_independent(student, rng):
    """The n numbers differ, are in no order, and do not depend on each other.

    Two shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    values = _log_draw(student, 1e-4, 0.5, DRAWS, rng)
    _require_different(values)
    _require_independent(values)


def test_sample_log_uniform_draws_anew_from_rng(student):
    """The numbers come from rng alone, and every call draws others.

    A right answer draws the same 40 floats twice with a chance far below 1e-20.
    """
    _require_fresh(lambda rng: _log_draw(student, 1e-3, 2.0, 40, rng))


@variant
def log_draw_in_powers_of_ten(low, high, n, rng):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), n)


@variant
def log_draw_one_by_one(low, high, n, rng):
    values = []
    for _ in range(n):
        r = rng.random()
        values.append(math.exp(math.log(low) + r * (math.log(high) - math.log(low))))
    return values


@variant
def log_draw_by_ratio(low, high, n, rng):
    return low * (high / low) ** rng.random(n)


@variant
def log_draw_downwards_in_base_two(low, high, n, rng):
    return tuple(np.exp2(np.log2(high) - (np.log2(high) - np.log2(low)) * rng.random(size=n)))


@variant
def log_draw_in_float32(low, high, n, rng):
    u = rng.random(n, dtype=np.float32)
    return np.exp(np.float32(math.log(low)) + u * np.float32(math.log(high / low))).astype(np.float32)


@variant
def log_draw_clipped(low, high, n, rng):
    return np.clip(np.exp(rng.uniform(np.log(low), np.log(high), size=(n,))), low, high)


@variant
def log_draw_with_a_seed_from_rng(low, high, n, rng):
    own = random.Random(int(rng.integers(2**60)))
    return np.array([math.exp(own.uniform(math.log(low), math.log(high))) for _ in range(n)])


def log_draw_whole_exponents(low, high, n, rng):
    exponents = rng.integers(round(math.log10(low)), round(math.log10(high)), size=n, endpoint=True)
    return 10.0**exponents


def log_draw_is_a_logspace(low, high, n, rng):
    return np.geomspace(low, high, n)


def log_draw_shuffles_a_logspace(low, high, n, rng):
    return rng.permutation(np.geomspace(low, high, n))


def log_draw_linear_within_a_decade(low, high, n, rng):
    decades = rng.integers(round(math.log10(low)), max(round(math.log10(high)), round(math.log10(low)) + 1), size=n)
    return 10.0**decades * rng.uniform(1, 10, size=n)


def log_draw_ends_rounded_down(low, high, n, rng):
    return 10.0 ** rng.uniform(math.floor(math.log10(low)), math.floor(math.log10(high)), size=n)


MISTAKES = [
    mistake("The draw is linear: nearly all numbers land in the highest decade.",
            "What must be uniform is the logarithm. What do you have to do before drawing, and what afterwards?",
            {"np.exp(": "", "np.log(low), np.log(high)": "low, high", "))": ")"}),
    mistake("The ends are used as exponents: their logarithm was not taken.",
            "For low = 0.0001 the exponent should start at -4. Where does yours start?",
            {"np.log10(low), np.log10(high),": "low, high, size="}, of=log_draw_in_powers_of_ten),
    mistake("The bases do not match: the exponents are natural logarithms, but ten is raised to them.",
            "np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
            {"np.exp(": "10 **", "))": ")"}),
    mistake("The bases do not match: the exponents are powers of ten, but np.exp is taken of them.",
            "np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
            {"log(low": "log10(low", "log(high": "log10(high"}),
    mistake("Only whole exponents are drawn, so nothing but powers of ten is ever tried.",
            "Should 0.003 be able to come up between 0.001 and 0.01?",
            by=log_draw_whole_exponents),
    mistake("The range 0.0001 to 1 is written into the function; low and high are not used.",
            "What should come out for low = 10 and high = 1000?",
            {"low * (high / low) **": "10 ** (-4 *", "n)": "n))"}, of=log_draw_by_ratio),
    mistake("One number is drawn and repeated n times.",
            "How many numbers do you ask rng for? Every one of the n must be a draw of its own.",
            {"return np": "return np.full(n, np", ", size=n))": ")))"}),
    mistake("A single number is returned instead of n.",
            "Where does n enter your draw?",
            {", size=n": ""}),
    mistake("A generator of its own with a fixed seed is used, so that every call gives the same numbers.",
            "Draw from the rng that is passed in: it remembers what it has drawn.",
            {"(rng": "(np.random.default_rng(0)"}),
    mistake("The numbers are evenly spaced on the log scale, not drawn: every call gives the same ones.",
            "np.logspace and np.geomspace make a grid. Where does rng come in?",
            by=log_draw_is_a_logspace),
    mistake("A fixed list of evenly spaced numbers is shuffled: only the order is random.",
            "Compare the sorted numbers of two calls. Should they be the same?",
            by=log_draw_shuffles_a_logspace),
    mistake("The numbers come back sorted, so they are not independent of each other.",
            "The first of the n should be as likely to be large as the last.",
            {"return np": "return np.sort(np", "))": ")))"}),
    mistake("The exponents themselves are returned; the way back from the logarithm is missing.",
            "Can a learning rate be negative? What undoes a logarithm?",
            {"np.exp(": "", "))": ")"}),
    mistake("The logarithm is taken of a linear draw, instead of drawing between the logarithms.",
            "In which order do the two steps come: the logarithm of the ends, the draw?",
            {"exp": "log", "np.log(low), np.log(high)": "low, high"}),
    mistake("The logarithms are normal, not uniform: most numbers lie near the middle, some outside the range.",
            "Which decade is more likely with your draw, a middle one or one at the end?",
            {"return np.exp(rng.uniform(": "a, b =",
             "high)": "high)\n    return np.exp(rng.normal((a + b) / 2, (b - a) / 4"}),
    mistake("The decade is drawn at random, but within it the draw is linear: 1 to 2 comes as rarely as 8 to 9.",
            "From 1 to 2 is a factor of two. How far does that factor reach from 4, and are both as likely?",
            by=log_draw_linear_within_a_decade),
    mistake("The exponents start at the logarithm of low but end at that of 1: high is not used.",
            "What should the largest number be for high = 0.1?",
            {"rng.uniform": "", ", np.log10(high), n)": "* rng.random(n))"}, of=log_draw_in_powers_of_ten),
    mistake("The logarithm of high is used as the width of the range, which is the difference of both logarithms.",
            "From -4 to 1 is how far?",
            {"low * (high / low) **": "10 ** (np.log10(low) + np.log10(high) *", "n)": "n))"}, of=log_draw_by_ratio),
    mistake("The draw has the right width but starts at 1: low is not added again on the log scale.",
            "With a random number of 0, which value should come out, and which does?",
            {".uniform(": ".random(n) * (np.log(high) -", ", np.log(high), size=n": ""}),
    mistake("The ends are rounded down to whole powers of ten.",
            "What are the logarithms of 0.05 and 0.8? They need not be whole.",
            by=log_draw_ends_rounded_down),
]
