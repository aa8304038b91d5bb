"""he_uniform: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant

from .common import TERMS, UNIFORM, WRONG_UNIFORMS, Row, check_scale, check_uniform

HINTS = (
    'A uniform distribution from −r to r has the variance r²/3. Which variance did ReLU ask for?',
    'Solve for r, and draw on both sides of zero.',
    'For 50 inputs the variance is 0.04, so r = √0.12 = 0.346.',
)


def he(fan_in, fan_out):
    return np.sqrt(2 / fan_in)


def test_he_uniform_fills_its_range_evenly(student, rng):
    """The weights fill the range from minus to plus sqrt(6 / fan_in) evenly.

    A right answer fails with a chance below 1e-7.
    """
    check_uniform(student.he_uniform, lambda fan_in, fan_out: np.sqrt(6 / fan_in), rng)


def test_he_uniform_has_the_variance_of_he_normal(student, rng):
    """The variance is 2 / fan_in, in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    check_scale(student.he_uniform, he, rng)


TESTS = family("he_uniform", UNIFORM, Row(lambda student: student.he_uniform, he))


@variant
def shifted_random(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * (2 * rng.random((fan_in, fan_out)) - 1)


@variant
def float32(fan_in, fan_out, rng):
    bound = (6 / fan_in) ** 0.5
    return rng.uniform(-bound, bound, (fan_in, fan_out)).astype(np.float32)


@variant
def random_signs(fan_in, fan_out, rng):
    signs = rng.choice([-1.0, 1.0], size=(fan_in, fan_out))
    return signs * rng.uniform(0, np.sqrt(6 / fan_in), size=(fan_in, fan_out))


@variant
def flat_draw(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(low=-bound, high=bound, size=fan_in * fan_out).reshape((fan_in, fan_out))


BOUND = "np.sqrt(6 / fan_in)"
MISTAKES = [
    mistake("fan_out is in the bound, but He's formula has fan_in alone.", TERMS,
            {BOUND: "np.sqrt(6 / (fan_in + fan_out))"}),
    mistake("fan_out is used instead of fan_in.", TERMS,
            {BOUND: "np.sqrt(6 / fan_out)"}),
    mistake("The bound is that of variance 1 / fan_in: the 2 for ReLU is missing.",
            "The bound is the root of 3 times the variance. Which variance is He's?",
            {BOUND: "np.sqrt(3 / fan_in)"}),
    mistake("The 6 has become a 12.",
            "Numbers between -r and r have the variance r²/3; the 12 is for an interval of length 1.",
            {"np.sqrt(6": "np.sqrt(12"}),
    *WRONG_UNIFORMS,
]
