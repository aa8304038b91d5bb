"""he_uniform: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant

from .common import _check_independence, _check_mean, _check_rng, _check_scale, _check_shape, _check_uniform, _he


def _he_bound(fan_in, fan_out):
    return np.sqrt(6 / fan_in)


def test_he_uniform_fills_its_range_evenly(student, rng):
    """The weights fill the range from minus to plus sqrt(6 / fan_in) evenly.

    A right answer fails with a chance below 1e-7.
    """
    _check_uniform(student.he_uniform, _he_bound, rng)


def test_he_uniform_has_the_variance_of_he_normal(student, rng):
    """The variance is 2 / fan_in, in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    _check_scale(student.he_uniform, _he, rng)


@easy
def test_he_uniform_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    _check_mean(student.he_uniform, _he, rng)


@easy
def test_he_uniform_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(student.he_uniform, rng)


def test_he_uniform_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(student.he_uniform)


def test_he_uniform_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(student.he_uniform, rng)


@variant
def he_shifted_random(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * (2 * rng.random((fan_in, fan_out)) - 1)


@variant
def he_uniform_float32(fan_in, fan_out, rng):
    bound = (6 / fan_in) ** 0.5
    return rng.uniform(-bound, bound, (fan_in, fan_out)).astype(np.float32)


@variant
def he_random_signs(fan_in, fan_out, rng):
    signs = rng.choice([-1.0, 1.0], size=(fan_in, fan_out))
    return signs * rng.uniform(0, np.sqrt(6 / fan_in), size=(fan_in, fan_out))


@variant
def he_uniform_flat(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(low=-bound, high=bound, size=fan_in * fan_out).reshape((fan_in, fan_out))


def he_uniform_normal_of_the_right_spread(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(6 / fan_in) / np.sqrt(3), (fan_in, fan_out))


def he_uniform_bound_everywhere(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), np.sqrt(6 / fan_in))


def he_uniform_left_end_of_one(fan_in, fan_out, rng):
    return rng.uniform(-1.0, np.sqrt(6 / fan_in), (fan_in, fan_out))


MISTAKES = [
    mistake("The standard deviation is used as the bound, so that the variance is three times too small.",
            "What is the variance of numbers uniform between -r and r?",
            {".sqrt(6": ".sqrt(2", "size=": ""}),
    mistake("The numbers run from 0 to the bound; none is negative.",
            "What is the mean of your weights? It should be 0.",
            {"* (2": "", "- 1)": ""}, of=he_shifted_random),
    mistake("The numbers run from minus half to plus half of the bound.",
            "How far is it from minus the bound to plus the bound?",
            {"2 *": "", "1": "0.5"}, of=he_shifted_random),
    mistake("The root is missing in the bound.",
            "The 6 comes from 3 times the variance. What turns a variance into a distance?",
            {"np.sqrt(6 / fan_in)": "6 / fan_in", "size=": ""}),
    mistake("The numbers are normal, with the bound as standard deviation.",
            "Which method of rng draws evenly between two numbers?",
            {"(2 * rng.random": "rng.standard_normal", "- 1)": ""}, of=he_shifted_random),
    mistake("fan_out is in the bound, but He's formula has fan_in alone.",
            "How many terms has the sum that one unit computes?",
            {"(6 / fan_in) ** 0.5": "np.sqrt(6 / (fan_in + fan_out))", ".astype(np.float32)": ""}, of=he_uniform_float32),
    mistake("fan_out is used instead of fan_in.",
            "How many terms has the sum that one unit computes?",
            {"(6 / fan_in) ** 0.5": "np.sqrt(6 / fan_out)", ".astype(np.float32)": ""}, of=he_uniform_float32),
    mistake("The bound is that of variance 1 / fan_in: the 2 for ReLU is missing.",
            "The bound is the root of 3 times the variance. Which variance is He's?",
            {".sqrt(6": ".sqrt(3", "size=": ""}),
    mistake("The shape is (fan_out, fan_in).",
            "x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
            {"size=(fan_in, fan_out": "(fan_out, fan_in"}),
    mistake("A generator is made inside, so that every layer of a size gets the same numbers.",
            "Call your function twice: do two layers differ? Draw from the generator you are given.",
            {"rng.": "np.random.default_rng(0).", "size=": ""}),
    mistake("The numbers are normal; their spread is right, their distribution is not.",
            "Draw a histogram: a bell or a box? Which method of rng draws evenly between two numbers?",
            by=he_uniform_normal_of_the_right_spread),
    mistake("The 6 has become a 12.",
            "Numbers between -r and r have the variance r²/3; the 12 is for an interval of length 1.",
            {".sqrt(6": ".sqrt(12", "size=": ""}),
    mistake("The numbers run from -1 to 1; the bound is not used.",
            "Measure np.abs(w).max(). What should it be for a wide layer?",
            {"bound = np.sqrt(6 / fan_in)": "", "bound, bound, size=": "1.0, 1.0,"}),
    mistake("Only the 6 is under the root.",
            "Compute the bound for 8 inputs and 24 units by hand and with your code.",
            {"(6 / fan_in) ** 0.5": "np.sqrt(6) / fan_in", ".astype(np.float32)": ""}, of=he_uniform_float32),
    mistake("All weights are equal to the bound.",
            "Where are the random numbers? The bound is the edge of their range.",
            by=he_uniform_bound_everywhere),
    mistake("The weights are plus or minus the bound, and nothing between.",
            "Draw a histogram: a box or two spikes?",
            {"(2 * rng.random(": "rng.choice([-1, 1],", "- 1)": ""}, of=he_shifted_random),
    mistake("The numbers run from minus the bound to 0; none is positive.",
            "What is the mean of your weights? It should be 0.",
            {"bound, size=": "0.0,"}),
    mistake("One row is drawn and repeated: all inputs of a unit have the same weight.",
            "How many independent numbers does a layer need?",
            {"return": "return np.tile(", "size=(fan_in, fan_out": "fan_out), (fan_in, 1"}),
    mistake("One column is drawn and repeated, so that all units are equal.",
            "How many independent numbers does a layer need?",
            {"return": "return np.repeat(", "size=(fan_in, fan_out))": "(fan_in, 1)), fan_out, axis=1)"}),
    mistake("The difference of two uniform numbers is not uniform: the middle is too full.",
            "Draw a histogram: a box or a tent?",
            {"2 *": "", "1)": "rng.random((fan_in, fan_out)))"}, of=he_shifted_random),
    mistake("Evenly spaced numbers are no random ones.",
            "Which method of rng draws evenly between two numbers?",
            {"rng.uniform": "np.linspace", "size=": "fan_in * fan_out).reshape("}),
    mistake("Evenly spaced numbers in random order are no independent draws: every layer holds the same ones.",
            "Draw two layers: should their sorted weights be the same?",
            {".uniform": ".permutation(np.linspace", "size=": "fan_in * fan_out)).reshape("}),
    mistake("A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
            "Call your function twice: do two layers differ? Draw from the generator you are given.",
            {"rng.": "np.random.default_rng(42).", "size=": ""}),
    mistake("The left end is -1 instead of minus the bound.",
            "Measure w.min() and w.max(). Are they opposite?",
            by=he_uniform_left_end_of_one),
    mistake("The biases are returned as well.",
            "Only weights are asked for. How many things should come back?",
            {"size=": "", "))": ")), np.zeros(fan_out)"}),
]
