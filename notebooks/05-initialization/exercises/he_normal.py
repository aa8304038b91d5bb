"""he_normal: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close

from .common import NORMAL, TERMS, Row, check_scale, two_outside_the_root, weights, wrong_scales

HINTS = (
    "ReLU cuts half of the numbers. By what must the variance be larger than LeCun's to make up for it?",
    'Only the inputs count. Variance or standard deviation: which does your drawing function take?',
    'For 50 inputs: variance 0.04, standard deviation 0.2.',
)


def he(fan_in, fan_out):
    return np.sqrt(2 / fan_in)


def test_he_normal_has_variance_two_over_fan_in(student, rng):
    """The variance is 2 / fan_in, in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    check_scale(student.he_normal, he, rng)


def test_he_normal_keeps_the_mean_square_through_relu(student, rng):
    """A ReLU layer of any width gives a mean square of 1 for inputs of mean square 1.

    A right answer fails with a chance below 1e-9.
    """
    for fan_in, fan_out in ((50, 400), (400, 50)):
        w = weights(student.he_normal(fan_in, fan_out, rng), fan_in, fan_out)
        out = np.maximum(rng.normal(size=(500, fan_in)) @ w, 0)
        assert_close(np.mean(out**2), 1.0, rtol=0.2, what="the mean square after ReLU")


TESTS = family("he_normal", NORMAL, Row(lambda student: student.he_normal, he))


@variant
def with_scale(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=(2 / fan_in) ** 0.5, size=(fan_in, fan_out))


@variant
def float32(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(np.sqrt(2 / fan_in))


@variant
def flat_draw(fan_in, fan_out, rng):
    variance = 2 / fan_in
    return np.sqrt(variance) * rng.normal(size=fan_in * fan_out).reshape(fan_in, fan_out)


@variant
def column_by_column(fan_in, fan_out, rng):
    columns = [rng.standard_normal(fan_in) for _ in range(fan_out)]
    return np.stack(columns, axis=1) * np.sqrt(2 / fan_in)


STD = "np.sqrt(2 / fan_in)"
MISTAKES = [
    mistake("fan_out is used instead of fan_in.", TERMS,
            {STD: "np.sqrt(2 / fan_out)"}),
    mistake("The 2 is missing, so that ReLU halves the signal in every layer.",
            "Which half of the numbers does ReLU cut, and what makes up for it?",
            {STD: "np.sqrt(1 / fan_in)"}),
    two_outside_the_root("fan_in"),
    mistake("Only the 2 is under the root.",
            "Compute the standard deviation for 8 inputs by hand: it is 0.5.",
            {STD: "np.sqrt(2) / fan_in"}),
    mistake("The variance is 2 / (fan_in + fan_out): that is Xavier's.",
            "Which fan does the table name for He?",
            {STD: "np.sqrt(2 / (fan_in + fan_out))"}),
    mistake("The variance is 4 / (fan_in + fan_out): fan_out does not belong here.", TERMS,
            {STD: "np.sqrt(4 / (fan_in + fan_out))"}),
    mistake("The fans are multiplied; fan_out does not belong here.", TERMS,
            {STD: "np.sqrt(2 / (fan_in * fan_out))"}),
    mistake("One is added to fan_in, as if the bias were one of the inputs.",
            "Biases are zero and add no variance. How many terms are left?",
            {STD: "np.sqrt(2 / (fan_in + 1))"}),
    *wrong_scales(2, "fan_in"),
]
