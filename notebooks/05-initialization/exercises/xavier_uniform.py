"""xavier_uniform: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant

from .common import UNIFORM, WRONG_UNIFORMS, Row, check_scale, check_uniform

HINTS = (
    'A uniform distribution from −r to r has the variance r²/3. Which variance should it have?',
    'Solve r²/3 = the variance for r. Does rng draw from −r, or from 0?',
    'For 30 inputs and 20 outputs the variance is 0.04, so r = √0.12 = 0.346.',
)


def xavier(fan_in, fan_out):
    return np.sqrt(2 / (fan_in + fan_out))


def test_xavier_uniform_fills_its_range_evenly(student, rng):
    """The weights fill the range from minus to plus sqrt(6 / (fan_in + fan_out)) evenly.

    A right answer fails with a chance below 1e-7.
    """
    check_uniform(student.xavier_uniform, lambda fan_in, fan_out: np.sqrt(6 / (fan_in + fan_out)), rng)


def test_xavier_uniform_has_the_variance_of_xavier_normal(student, rng):
    """The variance is 2 / (fan_in + fan_out), in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    check_scale(student.xavier_uniform, xavier, rng)


TESTS = family("xavier_uniform", UNIFORM, Row(lambda student: student.xavier_uniform, xavier))


@variant
def shifted_random(fan_in, fan_out, rng):
    return np.sqrt(6 / (fan_in + fan_out)) * (2 * rng.random((fan_in, fan_out)) - 1)


@variant
def float32(fan_in, fan_out, rng):
    bound = (6 / (fan_in + fan_out)) ** 0.5
    return rng.uniform(-bound, bound, (fan_in, fan_out)).astype(np.float32)


@variant
def random_signs(fan_in, fan_out, rng):
    signs = rng.choice([-1.0, 1.0], size=(fan_in, fan_out))
    return signs * rng.uniform(0, np.sqrt(6 / (fan_in + fan_out)), size=(fan_in, fan_out))


@variant
def flat_draw(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(low=-bound, high=bound, size=fan_in * fan_out).reshape((fan_in, fan_out))


BOUND = "np.sqrt(6 / (fan_in + fan_out))"
MISTAKES = [
    mistake("fan_out is missing from the bound.",
            "Which fans does Xavier's formula name?",
            {BOUND: "np.sqrt(6 / fan_in)"}),
    mistake("fan_in is missing from the bound.",
            "Which fans does Xavier's formula name?",
            {BOUND: "np.sqrt(6 / fan_out)"}),
    mistake("The 6 has become a 3.",
            "The bound is the root of 3 times the variance, and the variance has a 2 of its own.",
            {BOUND: "np.sqrt(3 / (fan_in + fan_out))"}),
    mistake("The 6 has become a 12, as where it is divided by the mean of the fans instead of by their sum.",
            "Compute the bound for 8 inputs and 24 units by hand and with your code.",
            {"np.sqrt(6": "np.sqrt(12"}),
    *WRONG_UNIFORMS,
]
