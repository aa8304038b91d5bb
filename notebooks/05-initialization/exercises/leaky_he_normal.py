"""leaky_he_normal: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant
from nnlib.checks import assert_close

from .common import NORMAL, TERMS, Row, check_scale, weights, wrong_scales

HINTS = (
    "A leaky ReLU keeps half of the mean square whole. What does it do to the other half?",
    "A number times slope has a square times slope². Add both halves; the variance of the weights undoes the sum.",
    "For slope 3, which is no leak, the mean square would become (1 + 9) / 2 = 5 times as large: a variance of 1/(5n).",
)
SLOPES = (0.0, 0.45, 1.0)


def std(slope):
    return lambda fan_in, fan_out: np.sqrt(2 / ((1 + slope**2) * fan_in))


def with_slope(slope):
    """The row of leaky_he_normal with a slope."""
    return Row(lambda student: lambda fan_in, fan_out, rng: student.leaky_he_normal(fan_in, fan_out, slope, rng),
               std(slope))


def test_leaky_he_normal_has_the_variance_that_its_slope_asks_for(student, rng):
    """The variance is that of He for slope 0, that of LeCun for slope 1, and the right one between.

    A right answer fails with a chance below 3e-8.
    """
    for row in map(with_slope, SLOPES):
        check_scale(row.of(student), row.std, rng)


def test_leaky_he_normal_keeps_the_mean_square_through_leaky_relu(student, rng):
    """A leaky ReLU layer of any width gives a mean square of 1 for inputs of mean square 1.

    A right answer fails with a chance below 1e-9.
    """
    for fan_in, fan_out in ((50, 400), (400, 50)):
        w = weights(student.leaky_he_normal(fan_in, fan_out, 0.7, rng), fan_in, fan_out)
        z = rng.normal(size=(500, fan_in)) @ w
        out = np.where(z > 0, z, 0.7 * z)
        assert_close(np.mean(out**2), 1.0, rtol=0.2, what="the mean square after a leaky ReLU")


TESTS = family("leaky_he_normal", NORMAL, with_slope(0.6))


@variant
def with_scale(fan_in, fan_out, slope, rng):
    return rng.normal(loc=0.0, scale=(2 / (fan_in + fan_in * slope * slope)) ** 0.5, size=(fan_in, fan_out))


@variant
def float32(fan_in, fan_out, slope, rng):
    scale = np.float32(np.sqrt(2 / fan_in / (1 + slope**2)))
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * scale


@variant
def from_half_a_mean_square(fan_in, fan_out, slope, rng):
    kept = (1 + slope**2) / 2
    return rng.standard_normal((fan_in, fan_out)) / np.sqrt(kept * fan_in)


FANS = "((1 + slope**2) * fan_in)"
STD = f"np.sqrt(2 / {FANS})"
MISTAKES = [
    mistake("The slope is not used: that is He's variance, for a slope of 0.",
            "With slope 1 nothing is cut. Which variance should come out then?",
            {STD: "np.sqrt(2 / fan_in)"}),
    mistake("The slope is not squared, but mean squares are what is kept.",
            "By what is the square of a number multiplied when the number is multiplied by slope?",
            {"slope**2": "slope"}),
    mistake("The square is taken of 1 + slope.",
            "Positive and negative numbers are different ones: add their squares, do not square the sum.",
            {"(1 + slope**2)": "(1 + slope) ** 2"}),
    mistake("The standard deviation is divided by what the variance is to be divided by: a root is missing.",
            "Half the mean square wants twice the variance. How much more is that of the weights themselves?",
            {STD: "np.sqrt(2 / fan_in) / (1 + slope**2)"}),
    mistake("The variance of the activations is kept instead of their mean square.",
            "Behind a ReLU the mean is not zero. Which of the two decides about the next layer's sums?",
            {STD: "np.sqrt(1 / (fan_in * ((1 + slope**2) / 2 - (1 - slope) ** 2 / (2 * np.pi))))"}),
    mistake("The slope's square is subtracted.",
            "Does a leak let more of the mean square through, or less?",
            {"1 + slope**2": "2 - slope**2"}),
    mistake("The slope is subtracted from the 2: that is right for slopes 0 and 1, and for none between.",
            "Two points fix a line. Is the mean square of a leaky ReLU a straight line in its slope?",
            {STD: "np.sqrt((2 - slope) / fan_in)"}),
    mistake("Brackets are missing: fan_in multiplies the slope's square alone.",
            "What does your formula give for slope 0? It should be He's variance.",
            {FANS: "(1 + slope**2 * fan_in)"}),
    mistake("What the slope lets through makes the weights larger.",
            "A larger slope keeps more of the signal. Should the weights be larger or smaller?",
            {STD: "np.sqrt(2 * (1 + slope**2) / fan_in)"}),
    mistake("fan_out is used instead of fan_in.", TERMS,
            {STD: "np.sqrt(2 / ((1 + slope**2) * fan_out))"}),
    mistake("The variance is divided by the mean or the sum of both fans instead of by fan_in.", TERMS,
            {STD: "np.sqrt(4 / ((1 + slope**2) * (fan_in + fan_out)))"},
            {STD: "np.sqrt(2 / ((1 + slope**2) * (fan_in + fan_out)))"}),
    mistake("Only fan_in is under the root; the factor for the slope belongs to the variance as well.",
            "What are you scaling: the variance or the standard deviation? How far does the root reach?",
            {STD: "2 / ((1 + slope**2) * np.sqrt(fan_in))"},
            {STD: "1 / ((1 + slope**2) * np.sqrt(fan_in))"}),
    mistake("The 2 is missing: half of the numbers are positive, and the mean is over all.",
            "With slope 0 the variance should be He's. Is it?",
            {"np.sqrt(2 / ": "np.sqrt(1 / "}),
    *wrong_scales(2, FANS),
]
