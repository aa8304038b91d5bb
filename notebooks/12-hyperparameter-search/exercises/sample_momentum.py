"""sample_momentum: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, mistake, variant, weight
from nnlib import sample_log_uniform
from nnlib.checks import assert_close, require

from .common import (
    DRAWS,
    _floats,
    _momentum_place,
    _require_different,
    _require_fresh,
    _require_independent,
    _require_uniform,
)


def _momentum_draw(student, low, high, n, rng):
    return _floats(student.sample_momentum(low, high, n, rng), n)


@easy
def test_sample_momentum_returns_n_numbers(student, rng):
    """There are n finite floats in a row, for any n."""
    for n in (1, 2, 7, 40):
        _momentum_draw(student, 0.8, 0.98, n, rng)


def test_sample_momentum_stays_in_its_range(student, rng):
    """No beta lies outside the range, and the range is used from end to end.

    A right answer leaves a hundredth of the range empty with a chance of 0.99 to the power 20,000, below 1e-80.
    """
    for low, high in [(0.9, 0.999), (0.5, 0.95), (0.0, 0.9)]:
        betas = _momentum_draw(student, low, high, DRAWS, rng)
        require(betas.min() > low - 1e-6 and betas.max() < high + 1e-6, "A beta lies outside the range.")
        places = _momentum_place(betas, low, high)
        require(places.min() < 0.01 and places.max() > 0.99, "The betas do not reach both ends of the range.")


@weight(3)
def test_sample_momentum_treats_all_decades_of_the_window_alike(student, rng):
    """Windows of 10 to 100 steps get as many draws as those of 100 to 1,000.

    Two distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.9, 0.9999), (0.99, 0.999)]:
        _require_uniform(_momentum_place(_momentum_draw(student, low, high, DRAWS, rng), low, high), "A draw of beta")


@weight(3)
def test_sample_momentum_between_any_two_numbers(student, rng):
    """The ends need not be 0.9 or 0.999; zero is allowed.

    Three distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.0, 0.9), (0.55, 0.9875), (0.2, 0.7)]:
        _require_uniform(_momentum_place(_momentum_draw(student, low, high, DRAWS, rng), low, high), "A draw of beta")


def test_sample_momentum_of_a_single_value(student, rng):
    """A range of one value gives that value."""
    for value in (0.0, 0.9, 0.995):
        got = _momentum_draw(student, value, value, 5, rng)
        assert_close(got, np.full(5, value), what="the draws where low == high")
    _require_different(_momentum_draw(student, 0.0, 0.995, 200, rng))


def test_sample_momentum_draws_are_independent(student, rng):
    """The n numbers differ, are in no order, and do not depend on each other.

    Two shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    betas = _momentum_draw(student, 0.3, 0.995, DRAWS, rng)
    _require_different(betas)
    _require_independent(betas)


def test_sample_momentum_draws_anew_from_rng(student):
    """The numbers come from rng alone, and every call draws others.

    A right answer draws the same 40 floats twice with a chance far below 1e-20.
    """
    _require_fresh(lambda rng: _momentum_draw(student, 0.6, 0.995, 40, rng))


@variant
def momentum_draw_in_powers_of_ten(low, high, n, rng):
    return 1 - 10 ** rng.uniform(np.log10(1 - high), np.log10(1 - low), size=n)


@variant
def momentum_draw_by_window(low, high, n, rng):
    windows = sample_log_uniform(1 / (1 - low), 1 / (1 - high), n, rng)
    return [1 - 1 / window for window in windows]


@variant
def momentum_draw_one_by_one(low, high, n, rng):
    found = np.zeros(n)
    start, end = math.log1p(-low), math.log1p(-high)
    for i in range(n):
        found[i] = 1 - math.exp(start + (end - start) * rng.random())
    return found


@variant
def momentum_draw_by_ratio(low, high, n, rng):
    return -np.expm1(np.log1p(-low) + rng.random(n) * (np.log1p(-high) - np.log1p(-low)))


def momentum_draw_is_linear(low, high, n, rng):
    return rng.uniform(low, high, size=n)


def momentum_draw_log_in_beta(low, high, n, rng):
    return np.exp(rng.uniform(np.log(max(low, 1e-12)), np.log(max(high, 1e-12)), size=n))


def momentum_draw_whole_exponents(low, high, n, rng):
    exponents = rng.integers(round(math.log10(1 - high)), round(math.log10(1 - low)), size=n, endpoint=True)
    return 1 - 10.0**exponents


MISTAKES = [
    mistake("Beta is drawn linearly, so that long windows hardly ever come.",
            "Between 0.9 and 0.999, how many of your draws are above 0.99? It should be half of them.",
            by=momentum_draw_is_linear),
    mistake("The logarithm is uniform in beta itself, not in its distance to 1.",
            "log(0.9) and log(0.999) nearly agree. Which quantity runs over powers of ten here?",
            by=momentum_draw_log_in_beta),
    mistake("The distance to 1 is returned, not beta.",
            "A draw between 0.9 and 0.999 should not give 0.05. What did you draw, and what was asked for?",
            {"return 1 -": "return"}),
    mistake("The ends are not turned into distances to 1 before drawing: the range is mirrored.",
            "If beta runs from 0.9 to 0.999, from where to where does 1 - beta run?",
            {"1 - high, 1 - low": "max(low, 1e-12), max(high, 1e-12)"}),
    mistake("The ends of the distances are in the wrong order, so the draw runs from high to low.",
            "Which of the two betas has the smaller distance to 1? It is the lower end for the draw.",
            {"sample_log_uniform": "np.exp(rng.uniform(np.log(1 - low), np.log",
             ", 1 - low, n, rng)": "), size=n))"}),
    mistake("The range 0.9 to 0.999 is written into the function; low and high are not used.",
            "What should come out for low = 0 and high = 0.5?",
            {"np.log10(1 - high), np.log10(1 - low)": "-3, -1"}, of=momentum_draw_in_powers_of_ten),
    mistake("The window 1 / (1 - beta) is drawn linearly, so nearly all windows are long.",
            "Windows of 10 to 100 and of 100 to 1000 should be equally likely. Are they?",
            {"sample_log_uniform": "1 / rng.uniform(1 / (1 - low), 1 /", ", 1 - low, n, rng": "), size=n"}),
    mistake("One beta is drawn and repeated n times.",
            "How many numbers do you ask rng for?",
            {"return 1": "return np.full(n, 1", "low, n, rng)": "low, 1, rng)[0])"}),
    mistake("A single number is returned instead of n.",
            "Where does n enter your draw?",
            {"sample_log_uniform": "np.exp(rng.uniform(np.log", ", 1 - low, n, rng)": "), np.log(1 - low)))"}),
    mistake("A generator of its own with a fixed seed is used, so that every call gives the same numbers.",
            "Draw from the rng that is passed in: it remembers what it has drawn.",
            {"low, n, rng)": "low, n, np.random.default_rng(0))"}),
    mistake("The bases do not match: natural logarithms are drawn, but ten is raised to them.",
            "np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
            {"(np.log10": "(np.log", ", np.log10": ", np.log"}, of=momentum_draw_in_powers_of_ten),
    mistake("The bases do not match: powers of ten are drawn, but np.exp is taken of them.",
            "np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
            {"10 **": "np.exp(", "n)": "n))"}, of=momentum_draw_in_powers_of_ten),
    mistake("The numbers are evenly spaced, not drawn: every call gives the same ones.",
            "np.logspace and np.geomspace make a grid. Where does rng come in?",
            {"sample_log_uniform": "np.geomspace", "low, n, rng": "low, n"}),
    mistake("The betas come back sorted, so they are not independent of each other.",
            "The first of the n should be as likely to be large as the last.",
            {"return 1": "return np.sort(1", "low, n, rng)": "low, n, rng))"}),
    mistake("Only whole exponents are drawn, so nothing but 0.9, 0.99, 0.999 is ever tried.",
            "Should 0.97 be able to come up between 0.9 and 0.99?",
            by=momentum_draw_whole_exponents),
]
