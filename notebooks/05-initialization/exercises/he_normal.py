"""he_normal: what it must do, other right ways, and what goes wrong."""

import copy

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import (
    _check_independence,
    _check_mean,
    _check_normal,
    _check_rng,
    _check_scale,
    _check_shape,
    _he,
    _weights,
)


def test_he_normal_has_variance_two_over_fan_in(student, rng):
    """The variance is 2 / fan_in, in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    _check_scale(student.he_normal, _he, rng)


@easy
def test_he_normal_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 1e-8.
    """
    _check_mean(student.he_normal, _he, rng)


def test_he_normal_is_normal(student, rng):
    """The weights follow a bell curve, far-out values included.

    A right answer fails with a chance below 1e-7.
    """
    _check_normal(student.he_normal, rng)


@easy
def test_he_normal_has_a_row_for_each_input(student, rng):
    """The shape is (fan_in, fan_out), whichever is larger."""
    _check_shape(student.he_normal, rng)


def test_he_normal_draws_from_rng(student):
    """The generator decides the weights, and moves on."""
    _check_rng(student.he_normal)


def test_he_normal_draws_every_weight(student, rng):
    """Every weight is a draw of its own.

    A right answer fails with a chance below 1e-7.
    """
    _check_independence(student.he_normal, rng)


def test_he_normal_keeps_the_mean_square_through_relu(student, rng):
    """A ReLU layer of any width gives a mean square of 1 for inputs of mean square 1.

    A right answer fails with a chance below 1e-9.
    """
    for fan_in, fan_out in ((50, 400), (400, 50)):
        w = _weights(student.he_normal(fan_in, fan_out, rng), fan_in, fan_out)
        out = np.maximum(rng.normal(size=(500, fan_in)) @ w, 0)
        assert_close(np.mean(out**2), 1.0, rtol=0.2, what="the mean square behind ReLU")


@variant
def he_with_scale(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=(2 / fan_in) ** 0.5, size=(fan_in, fan_out))


@variant
def he_float32(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(np.sqrt(2 / fan_in))


@variant
def he_flat_draw(fan_in, fan_out, rng):
    variance = 2 / fan_in
    return np.sqrt(variance) * rng.normal(size=fan_in * fan_out).reshape(fan_in, fan_out)


@variant
def he_column_by_column(fan_in, fan_out, rng):
    columns = [rng.standard_normal(fan_in) for _ in range(fan_out)]
    return np.stack(columns, axis=1) * np.sqrt(2 / fan_in)


def he_uses_fan_out(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_out) * rng.standard_normal((fan_in, fan_out))


def he_is_xavier(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


def he_drawn_again_beyond_two(fan_in, fan_out, rng):
    w = rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))
    while (far := np.abs(w) > 2 * np.sqrt(2 / fan_in)).any():
        w[far] = rng.normal(0.0, np.sqrt(2 / fan_in), far.sum())
    return w


def he_standardised(fan_in, fan_out, rng):
    w = rng.standard_normal((fan_in, fan_out))
    with np.errstate(all="ignore"):
        return (w - w.mean()) / w.std() * np.sqrt(2 / fan_in)


def he_copies_the_generator(fan_in, fan_out, rng):
    return copy.deepcopy(rng).normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def he_counts_the_bias(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + 1)) * rng.standard_normal((fan_in, fan_out))


MISTAKES = [
    mistake("The variance is used as the standard deviation: the root is missing.",
            "The table gives variances. What must a standard normal number be multiplied by?",
            {"init_normal": "2 / fan_in * rng.standard_normal(", ", np.sqrt(2 / fan_in), rng": ")"}),
    mistake("fan_out is used instead of fan_in.",
            "How many terms has the sum that one unit computes?",
            by=he_uses_fan_out),
    mistake("The 2 is missing, so that ReLU halves the signal in every layer.",
            "Which half of the numbers does ReLU cut, and what makes up for it?",
            {"init_normal": "np.sqrt(1 / fan_in) * rng.standard_normal(", ", np.sqrt(2 / fan_in), rng": ")"}),
    mistake("The 2 stands outside the root.",
            "Is the 2 part of the variance or of the standard deviation?",
            {"init_normal": "2 / np.sqrt(fan_in) * rng.standard_normal(", ", np.sqrt(2 / fan_in), rng": ")"}),
    mistake("Only the 2 is under the root.",
            "Compute the standard deviation for 8 inputs by hand: it is 0.5.",
            {"init_normal(fan_in, fan_out,": "",
             "/ fan_in), rng": ") / fan_in * rng.standard_normal((fan_in, fan_out)"}),
    mistake("The variance is 2 / (fan_in + fan_out): that is Xavier's.",
            "Which fan does the table name for He?",
            by=he_is_xavier),
    mistake("A generator is made inside, so that every layer of a size gets the same numbers.",
            "Call your function twice: do two layers differ? Draw from the generator you are given.",
            {"init_normal(fan_in, fan_out,": "",
             "), rng)": ") * np.random.default_rng(0).standard_normal((fan_in, fan_out))"}),
    mistake("The shape is (fan_out, fan_in).",
            "x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
            {"init_normal(fan_in, fan_out,": "", "), rng)": ") * rng.standard_normal((fan_out, fan_in))"}),
    mistake("The numbers are uniform between 0 and 1, so they are neither normal nor centred on zero.",
            "What is the mean of your weights? Which method of rng draws standard normal numbers?",
            {"init_normal(fan_in, fan_out,": "", "), rng)": ") * rng.random((fan_in, fan_out))"}),
    mistake("One column is drawn and repeated, so that all units are equal.",
            "How many independent numbers does a layer need?",
            {"init_normal(fan_in, fan_out,": "np.repeat(",
             "), rng)": ") * rng.standard_normal((fan_in, 1)), fan_out, axis=1)"}),
    mistake("One number is drawn for the whole layer, so that all units are equal.",
            "How many independent numbers does a layer need?",
            {"init_normal": "np.full(", ", np": "), rng.normal(0.0, np", "), rng)": ")))"}),
    mistake("One row is drawn and repeated: all inputs of a unit have the same weight.",
            "How many independent numbers does a layer need?",
            {"init_normal(fan_in, fan_out": "np.tile(rng.normal(0.0", "), rng)": "), fan_out), (fan_in, 1))"}),
    mistake("The numbers are uniform; their spread is right, their distribution is not.",
            "Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
            {"init_normal(fan_in, fan_out,": "np.sqrt(3) *",
             "), rng)": ") * (2 * rng.random((fan_in, fan_out)) - 1)"}),
    mistake("The numbers are uniform between minus and plus the standard deviation.",
            "Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
            {"init_normal(fan_in, fan_out,": "", "), rng)": ") * (2 * rng.random((fan_in, fan_out)) - 1)"}),
    mistake("Standard normal numbers are divided by the standard deviation instead of multiplied with it.",
            "What multiplies a standard normal number to give it the spread you want?",
            {"init_normal": "rng.standard_normal(", ", np": ")) / np", "), rng)": ")"}),
    mistake("Numbers beyond two standard deviations are drawn again, so that the distribution is truncated.",
            "The text asks for a normal distribution as it is.",
            by=he_drawn_again_beyond_two),
    mistake("The biases are returned as well.",
            "Only weights are asked for. How many things should come back?",
            {"init_normal(fan_in, fan_out": "rng.normal(0.0", "), rng)": "), (fan_in, fan_out)), np.zeros(fan_out)"}),
    mistake("A list is returned; the weights must be an array.",
            "A layer computes x @ w. What must w be?",
            {"init_normal(fan_in, fan_out": "rng.normal(0.0", "), rng)": "), (fan_in, fan_out)).tolist()"}),
    mistake("The standard deviation is 0.01, whatever was asked for.",
            "Measure np.std of your weights for several layers. What should it be?",
            {"init_normal": "rng.normal(0.0, 0.01,", ", np.sqrt(2 / fan_in), rng": ")"}),
    mistake("The weights are all zero.",
            "What breaks the symmetry of the units? Draw from rng.",
            {"init_normal": "np.zeros(", ", np.sqrt(2 / fan_in), rng": ")"}),
    mistake("The weights are forced to have exactly this spread and mean; a draw has them only about.",
            "Draw ten layers of four weights: should all have the same np.std?",
            by=he_standardised),
    mistake("A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
            "Call your function twice: do two layers differ? Draw from the generator you are given.",
            {"init_normal(fan_in, fan_out": "np.random.default_rng(42).normal(0.0",
             "), rng)": "), (fan_in, fan_out))"}),
    mistake("The generator is copied, so that rng does not move on and the next layer gets the same numbers.",
            "Call your function twice with one rng: do two layers differ?",
            by=he_copies_the_generator),
    mistake("The weights are not scaled: their standard deviation is 1.",
            "How many terms has the sum that one unit computes, and what becomes of its variance?",
            {"init_normal": "rng.standard_normal(", ", np.sqrt(2 / fan_in), rng": ")"}),
    mistake("Numbers beyond two standard deviations are cut off.",
            "The text asks for a normal distribution as it is.",
            {"init_normal(fan_in, fan_out": "np.clip(\n        rng.normal(0.0",
             "), rng)": "), (fan_in, fan_out)), -2 * np.sqrt(2 / fan_in), 2 * np.sqrt(2 / fan_in)\n    )"}),
    mistake("The standard deviation is passed as the mean as well.",
            "Look at the order of rng.normal's arguments. What is the mean of your weights?",
            {"loc=0.0, scale=": "np.sqrt", "** 0.5, size=": ", np.sqrt(2 / fan_in),"}, of=he_with_scale),
    mistake("Mean and standard deviation are exchanged: all weights are equal.",
            "Look at the order of rng.normal's arguments.",
            {"init_normal": "np.full(", ", np": "), np", "), rng": ")"}),
    mistake("The variance is 4 / (fan_in + fan_out): fan_out does not belong here.",
            "How many terms has the sum that one unit computes?",
            {"init_normal": "np.sqrt(4 / (fan_in + fan_out)) * rng.standard_normal(",
             ", np.sqrt(2 / fan_in), rng": ")"}),
    mistake("The 6 belongs to the uniform distribution, where the root is a bound and not a standard deviation.",
            "What is the variance of numbers uniform between -r and r?",
            {"init_normal": "np.sqrt(6 / fan_in) * rng.standard_normal(", ", np.sqrt(2 / fan_in), rng": ")"}),
    mistake("The fans are multiplied; fan_out does not belong here.",
            "How many terms has the sum that one unit computes?",
            {"init_normal(fan_in, fan_out,": "",
             "fan_in), rng)": "(fan_in * fan_out)) * rng.standard_normal((fan_in, fan_out))"}),
    mistake("One is added to fan_in, as if the bias were one of the inputs.",
            "Biases are zero and add no variance. How many terms are left?",
            by=he_counts_the_bias),
]
