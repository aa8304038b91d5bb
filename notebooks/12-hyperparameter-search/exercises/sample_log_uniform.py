"""sample_log_uniform: what it must do, other right ways, and what goes wrong."""

import math
import random

import numpy as np

from grader.authoring import mistake, variant, weight
from nnlib.checks import require

from .common import (
    BASES,
    DRAWS,
    EVENLY_SPACED,
    Continuous,
    continuous,
    log_place,
    mistakes_of_a_draw,
    require_uniform,
)

HINTS = (
    "What should be uniform: the number, or its logarithm? Draw that one, and go back to the number at the end.",
    "Between which two ends does the logarithm lie? Which function undoes the logarithm that you took? And do all n "
    "come from one call of rng, with a size?",
    "From 0.001 to 10 the powers of ten run from -3 to 1. A uniform draw of 0.25 lies a quarter of the way, at "
    "-3 + 0.25 * 4 = -2, and the number is 0.01.",
)

SAMPLER = Continuous(
    "sample_log_uniform", some=(0.003, 3.0), wide=(1e-4, 0.5), other=(1e-3, 2.0), single=(0.05, 1.0, 300.0)
)
TESTS = continuous(SAMPLER)


def test_sample_log_uniform_stays_in_its_range(student, rng):
    """No number lies outside the range, and the range is used from end to end.

    A right answer leaves a hundredth of the range empty with a chance of 0.99 to the power 20,000, below 1e-80.
    """
    for low, high in [(1e-3, 10.0), (0.02, 0.7), (3.0, 5.0)]:
        places = log_place(SAMPLER.drawn(student, low, high, DRAWS, rng), low, high)
        require(places.min() > -1e-5 and places.max() < 1 + 1e-5, "A number lies outside the range.")
        require(places.min() < 0.01 and places.max() > 0.99, "The numbers do not reach both ends of the range.")


@weight(3)
def test_sample_log_uniform_treats_all_decades_alike(student, rng):
    """Each power of ten gets the same share, wherever the range lies.

    Four distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(1e-5, 1e-1), (1e-3, 1e2), (10.0, 1e6), (1e-12, 1e-9)]:
        places = log_place(SAMPLER.drawn(student, low, high, DRAWS, rng), low, high)
        require_uniform(places, "A draw over several decades")


@weight(3)
def test_sample_log_uniform_between_any_two_numbers(student, rng):
    """The ends need not be powers of ten, nor far apart.

    Three distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.02, 0.7), (3.0, 5.0), (0.3, 40.0)]:
        places = log_place(SAMPLER.drawn(student, low, high, DRAWS, rng), low, high)
        require_uniform(places, "A draw between ends that are no powers of ten")


@variant
def in_powers_of_ten(low, high, n, rng):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), n)


@variant
def one_by_one(low, high, n, rng):
    values = []
    for _ in range(n):
        r = rng.random()
        values.append(math.exp(math.log(low) + r * (math.log(high) - math.log(low))))
    return values


@variant
def by_ratio(low, high, n, rng):
    return low * (high / low) ** rng.random(n)


@variant
def downwards_in_base_two(low, high, n, rng):
    return tuple(np.exp2(np.log2(high) - (np.log2(high) - np.log2(low)) * rng.random(size=n)))


@variant
def in_float32(low, high, n, rng):
    u = rng.random(n, dtype=np.float32)
    return np.exp(np.float32(math.log(low)) + u * np.float32(math.log(high / low))).astype(np.float32)


@variant
def clipped(low, high, n, rng):
    return np.clip(np.exp(rng.uniform(np.log(low), np.log(high), size=(n,))), low, high)


@variant
def with_a_seed_from_rng(low, high, n, rng):
    own = random.Random(int(rng.integers(2**60)))
    return np.array([math.exp(own.uniform(math.log(low), math.log(high))) for _ in range(n)])


LOGARITHM = "rng.uniform(np.log(low), np.log(high), size=n)"
DRAW = f"np.exp({LOGARITHM})"
MISTAKES = [
    mistake("The draw is linear: nearly all numbers land in the highest decade.",
            "What must be uniform is the logarithm. What do you have to do before drawing, and what afterwards?",
            {DRAW: "rng.uniform(low, high, size=n)"}),
    mistake("The ends are used as exponents: their logarithm was not taken.",
            "For low = 0.0001 the exponent should start at -4. Where does yours start?",
            {DRAW: "10 ** rng.uniform(low, high, size=n)"}),
    mistake("The exponents themselves are returned; the way back from the logarithm is missing.",
            "Can a learning rate be negative? What undoes a logarithm?",
            {DRAW: LOGARITHM}, {DRAW: "rng.uniform(np.log10(low), np.log10(high), size=n)"}),
    mistake("The logarithm is taken of a linear draw, instead of drawing between the logarithms.",
            "In which order do the two steps come: the logarithm of the ends, the draw?",
            {DRAW: "np.log(rng.uniform(low, high, size=n))"}),
    mistake("Logarithm and exponential have changed places: the draw lies between exp(low) and exp(high).",
            "Which of the two turns 0.001 and 1000 into numbers between which all decades are equally long?",
            {DRAW: "np.log(rng.uniform(np.exp(low), np.exp(high), size=n))"}),
    mistake(*BASES, {DRAW: f"10 ** {LOGARITHM}"}, {DRAW: "np.exp(rng.uniform(np.log10(low), np.log10(high), size=n))"}),
    mistake("Only whole exponents are drawn, so nothing but powers of ten is ever tried.",
            "Should 0.003 be able to come up between 0.001 and 0.01?",
            {DRAW: "10.0 ** rng.integers(round(np.log10(low)), round(np.log10(high)), size=n, endpoint=True)"},
            {DRAW: "10.0 ** rng.integers(int(np.log10(low)), int(np.log10(high)), size=n, endpoint=True)"}),
    mistake("The ends are rounded to whole powers of ten.",
            "What are the logarithms of 0.05 and 0.8? They need not be whole.",
            {DRAW: "10.0 ** rng.uniform(np.floor(np.log10(low)), np.floor(np.log10(high)), size=n)"},
            {DRAW: "10.0 ** rng.uniform(np.floor(np.log10(low)), np.ceil(np.log10(high)), size=n)"},
            {DRAW: "10.0 ** rng.uniform(np.round(np.log10(low)), np.round(np.log10(high)), size=n)"},
            {DRAW: "10.0 ** rng.uniform(np.trunc(np.log10(low)), np.trunc(np.log10(high)), size=n)"}),
    mistake("The decade is drawn at random, but within it the draw is linear: 1 to 2 comes as rarely as 8 to 9.",
            "From 1 to 2 is a factor of two. How far does that factor reach from 4, and are both as likely?",
            {f"return {DRAW}": "first, last = round(np.log10(low)), round(np.log10(high))\n"
                               "    decades = rng.integers(first, max(last, first + 1), size=n)\n"
                               "    return 10.0**decades * rng.uniform(1, 10, size=n)"},
            {f"return {DRAW}": "edges = low * 10.0 ** np.arange(np.ceil(np.log10(high / low)) + 1)\n"
                               "    edges[-1] = high\n"
                               "    widths = np.diff(np.log(edges))\n"
                               "    k = rng.choice(len(widths), size=n, p=widths / widths.sum())\n"
                               "    return rng.uniform(edges[k], edges[k + 1])"}),
    mistake("The logarithms are normal, not uniform: most numbers lie near the middle, some outside the range.",
            "Which decade is more likely with your draw, a middle one or one at the end?",
            {f"return {DRAW}": "a, b = np.log(low), np.log(high)\n"
                               "    return np.exp(rng.normal((a + b) / 2, (b - a) / 4, size=n))"}),
    mistake("The range 0.0001 to 1 is written into the function; low and high are not used.",
            "What should come out for low = 10 and high = 1000?",
            {DRAW: "10 ** (-4 * rng.random(n))"}),
    mistake("The exponents start at the logarithm of low but end at that of 1: high is not used.",
            "What should the largest number be for high = 0.1?",
            {DRAW: "10 ** (np.log10(low) * rng.random(n))"}),
    mistake("The logarithm of high is used as the width of the range, which is the difference of both logarithms.",
            "From -4 to 1 is how far?",
            {DRAW: "10 ** (np.log10(low) + np.log10(high) * rng.random(n))"}),
    mistake("The draw has the right width but starts at 1: low is not added again on the log scale.",
            "With a random number of 0, which value should come out, and which does?",
            {DRAW: "np.exp(rng.random(n) * (np.log(high) - np.log(low)))"}),
    mistake(*EVENLY_SPACED, {DRAW: "np.geomspace(low, high, n)"}),
    mistake("A fixed list of evenly spaced numbers is shuffled: only the order is random.",
            "Compare the sorted numbers of two calls. Should they be the same?",
            {DRAW: "rng.permutation(np.geomspace(low, high, n))"}),
    *mistakes_of_a_draw(DRAW, "np.exp(rng.uniform(np.log(low), np.log(high)))"),
]
