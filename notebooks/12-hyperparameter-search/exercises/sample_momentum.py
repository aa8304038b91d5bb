"""sample_momentum: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import mistake, variant, weight
from nnlib import sample_log_uniform
from nnlib.checks import require

from .common import (
    BASES,
    DRAWS,
    EVENLY_SPACED,
    Continuous,
    continuous,
    mistakes_of_a_draw,
    momentum_place,
    require_uniform,
)

HINTS = (
    "Which quantity is to be drawn on the scale of powers of ten: beta itself, or its distance to 1?",
    "You have a function for numbers whose logarithm is uniform. What are the smallest and the largest distance to 1, "
    "and which end of beta does each belong to?",
    "For beta from 0.75 to 0.99 the distance runs from 0.25 down to 0.01. Halfway in powers of ten it is 0.05, so "
    "beta is 0.95.",
)

SAMPLER = Continuous(
    "sample_momentum", some=(0.8, 0.98), wide=(0.3, 0.995), other=(0.6, 0.995), single=(0.0, 0.9, 0.995)
)
TESTS = continuous(SAMPLER)


def test_sample_momentum_stays_in_its_range(student, rng):
    """No beta lies outside the range, and the range is used from end to end.

    A right answer leaves a hundredth of the range empty with a chance of 0.99 to the power 20,000, below 1e-80.
    """
    for low, high in [(0.9, 0.999), (0.5, 0.95), (0.0, 0.9)]:
        betas = SAMPLER.drawn(student, low, high, DRAWS, rng)
        require(betas.min() > low - 1e-6 and betas.max() < high + 1e-6, "A beta lies outside the range.")
        places = momentum_place(betas, low, high)
        require(places.min() < 0.01 and places.max() > 0.99, "The betas do not reach both ends of the range.")


@weight(3)
def test_sample_momentum_treats_all_decades_of_the_window_alike(student, rng):
    """Windows of 10 to 100 steps get as many draws as those of 100 to 1,000.

    Two distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.9, 0.9999), (0.99, 0.999)]:
        require_uniform(momentum_place(SAMPLER.drawn(student, low, high, DRAWS, rng), low, high), "A draw of beta")


@weight(3)
def test_sample_momentum_between_any_two_numbers(student, rng):
    """The ends need not be 0.9 or 0.999; zero is allowed.

    Three distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.0, 0.9), (0.55, 0.9875), (0.2, 0.7)]:
        require_uniform(momentum_place(SAMPLER.drawn(student, low, high, DRAWS, rng), low, high), "A draw of beta")


@variant
def in_powers_of_ten(low, high, n, rng):
    return 1 - 10 ** rng.uniform(np.log10(1 - high), np.log10(1 - low), size=n)


@variant
def by_window(low, high, n, rng):
    windows = sample_log_uniform(1 / (1 - low), 1 / (1 - high), n, rng)
    return [1 - 1 / window for window in windows]


@variant
def one_by_one(low, high, n, rng):
    found = np.zeros(n)
    start, end = math.log1p(-low), math.log1p(-high)
    for i in range(n):
        found[i] = 1 - math.exp(start + (end - start) * rng.random())
    return found


@variant
def by_ratio(low, high, n, rng):
    return -np.expm1(np.log1p(-low) + rng.random(n) * (np.log1p(-high) - np.log1p(-low)))


DRAW = "1 - sample_log_uniform(1 - high, 1 - low, n, rng)"
MISTAKES = [
    mistake("Beta is drawn linearly, so that long windows hardly ever come.",
            "Between 0.9 and 0.999, how many of your draws are above 0.99? It should be half of them.",
            {DRAW: "rng.uniform(low, high, size=n)"}),
    mistake("The window 1 / (1 - beta) is drawn linearly, so nearly all windows are long.",
            "Windows of 10 to 100 and of 100 to 1000 should be equally likely. Are they?",
            {DRAW: "1 - 1 / rng.uniform(1 / (1 - low), 1 / (1 - high), size=n)"}),
    mistake("The logarithm is uniform in beta itself, not in its distance to 1.",
            "log(0.9) and log(0.999) nearly agree. Which quantity runs over powers of ten here?",
            {DRAW: "sample_log_uniform(max(low, 1e-12), max(high, 1e-12), n, rng)"},
            {DRAW: "sample_log_uniform(low, high, n, rng)"}),
    mistake("The logarithm is taken of 1 + beta instead of 1 - beta.",
            "Which of the two runs over powers of ten when beta comes near 1?",
            {DRAW: "np.expm1(rng.uniform(np.log1p(low), np.log1p(high), size=n))"}),
    mistake("The distance to 1 is returned, not beta.",
            "A draw between 0.9 and 0.999 should not give 0.05. What did you draw, and what was asked for?",
            {"return 1 -": "return"}),
    mistake("The ends are not turned into distances to 1 before drawing: the range is mirrored.",
            "If beta runs from 0.9 to 0.999, from where to where does 1 - beta run?",
            {"1 - high, 1 - low": "low, high"}, {"1 - high, 1 - low": "max(low, 1e-12), max(high, 1e-12)"}),
    mistake("The distance that was drawn is laid off from low upwards instead of from 1 downwards.",
            "Up to high = 0.999 the smallest distance is 0.001. Which beta does yours make of that one?",
            {DRAW: "low + sample_log_uniform(1 - high, 1 - low, n, rng) - (1 - high)"},
            {DRAW: "low + sample_log_uniform(1 - high, 1 - low, n, rng)"}),
    mistake("The ends of the distances are in the wrong order, so the draw runs from high to low.",
            "Which of the two betas has the smaller distance to 1? It is the lower end for the draw.",
            {"1 - high, 1 - low": "1 - low, 1 - high"}),
    mistake("The range 0.9 to 0.999 is written into the function; low and high are not used.",
            "What should come out for low = 0 and high = 0.5?",
            {DRAW: "1 - 10 ** rng.uniform(-3, -1, size=n)"}),
    mistake(*BASES,
            {DRAW: "1 - 10 ** rng.uniform(np.log(1 - high), np.log(1 - low), size=n)"},
            {DRAW: "1 - np.exp(rng.uniform(np.log10(1 - high), np.log10(1 - low), size=n))"}),
    mistake("Only whole exponents are drawn, so nothing but 0.9, 0.99, 0.999 is ever tried.",
            "Should 0.97 be able to come up between 0.9 and 0.99?",
            {DRAW: "1 - 10.0 ** rng.integers(round(np.log10(1 - high)), round(np.log10(1 - low)), n, endpoint=True)"}),
    mistake(*EVENLY_SPACED, {DRAW: "1 - np.geomspace(1 - high, 1 - low, n)"}),
    *mistakes_of_a_draw(DRAW, "1 - sample_log_uniform(1 - high, 1 - low, 1, rng)[0]"),
]
