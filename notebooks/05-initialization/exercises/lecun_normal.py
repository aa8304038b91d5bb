"""lecun_normal: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close

from .common import NORMAL, TERMS, Row, check_scale, weights, wrong_scales

HINTS = (
    "Var(w) = 1/fan_in. Which number does the bell curve's spread take: that, or its root?",
    'You wrote a function that draws with a given standard deviation. With which one do you call it here?',
    'For 25 inputs the variance is 0.04 and the standard deviation 0.2, whatever fan_out is.',
)


def lecun(fan_in, fan_out):
    return np.sqrt(1 / fan_in)


def test_lecun_normal_has_variance_one_over_fan_in(student, rng):
    """The variance is 1 / fan_in, in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    check_scale(student.lecun_normal, lecun, rng)


def test_lecun_normal_keeps_the_variance_of_a_sum(student, rng):
    """A linear layer of any width gives outputs of variance 1 for inputs of variance 1.

    A right answer fails with a chance below 1e-9.
    """
    for fan_in, fan_out in ((50, 400), (400, 50)):
        w = weights(student.lecun_normal(fan_in, fan_out, rng), fan_in, fan_out)
        assert_close(np.var(rng.normal(size=(500, fan_in)) @ w), 1.0, rtol=0.12, what="the variance of x @ w")


TESTS = family("lecun_normal", NORMAL, Row(lambda student: student.lecun_normal, lecun))


@variant
def with_scale(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=(1 / fan_in) ** 0.5, size=(fan_in, fan_out))


@variant
def float32(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(np.sqrt(1 / fan_in))


@variant
def flat_draw(fan_in, fan_out, rng):
    variance = 1 / fan_in
    return np.sqrt(variance) * rng.normal(size=fan_in * fan_out).reshape(fan_in, fan_out)


@variant
def column_by_column(fan_in, fan_out, rng):
    columns = [rng.standard_normal(fan_in) for _ in range(fan_out)]
    return np.stack(columns, axis=1) * np.sqrt(1 / fan_in)


STD = "np.sqrt(1 / fan_in)"
MISTAKES = [
    mistake("fan_out is used instead of fan_in.", TERMS,
            {STD: "np.sqrt(1 / fan_out)"}),
    mistake("The variance is 2 / fan_in: that is He's.",
            "Which of the three keeps the variance of a linear sum? The 2 is for ReLU.",
            {STD: "np.sqrt(2 / fan_in)"}),
    mistake("The variance is 2 / (fan_in + fan_out): that is Xavier's in this course.",
            "Which fans does the table name for LeCun?",
            {STD: "np.sqrt(2 / (fan_in + fan_out))"}),
    mistake("The variance is 1 / (fan_in + fan_out): fan_out does not belong here.", TERMS,
            {STD: "np.sqrt(1 / (fan_in + fan_out))"}),
    mistake("The variance is half of what it should be.",
            "The table gives 1 / fan_in. For 8 inputs the standard deviation is 0.3536.",
            {STD: "np.sqrt(1 / (2 * fan_in))"}),
    mistake("One is added to fan_in, as if the bias were one of the inputs.",
            "Biases are zero and add no variance. How many terms are left?",
            {STD: "np.sqrt(1 / (fan_in + 1))"}),
    *wrong_scales(1, "fan_in"),
]
