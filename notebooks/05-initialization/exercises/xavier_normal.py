"""xavier_normal: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant

from .common import NORMAL, Row, check_scale, check_std, weights, wrong_scales

HINTS = (
    'Both neighbours count, the inputs and the outputs. What does that do to the variance of a square layer?',
    'The variance is 2 divided by something; the standard deviation is its root.',
    'For 30 inputs and 20 outputs: 2/50 = 0.04, a standard deviation of 0.2.',
)


def xavier(fan_in, fan_out):
    return np.sqrt(2 / (fan_in + fan_out))


def test_xavier_normal_has_variance_two_over_both_fans(student, rng):
    """The variance is 2 / (fan_in + fan_out), in wide and in narrow layers.

    A right answer fails with a chance below 1e-8.
    """
    check_scale(student.xavier_normal, xavier, rng)


def test_xavier_normal_treats_both_fans_alike(student, rng):
    """A layer and its mirror image have weights of the same size.

    A right answer fails with a chance below 1e-8.
    """
    for fan_in, fan_out in ((25, 900), (900, 25)):  # 6 standard errors of 22,500 weights: false alarm 4e-9
        w = weights(student.xavier_normal(fan_in, fan_out, rng), fan_in, fan_out)
        check_std(w, np.sqrt(2 / 925), 0.0283, f"fan_in = {fan_in} and fan_out = {fan_out}")


TESTS = family("xavier_normal", NORMAL, Row(lambda student: student.xavier_normal, xavier))


@variant
def with_scale(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=(2 / (fan_in + fan_out)) ** 0.5, size=(fan_in, fan_out))


@variant
def float32(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(np.sqrt(2 / (fan_in + fan_out)))


@variant
def flat_draw(fan_in, fan_out, rng):
    variance = 2 / (fan_in + fan_out)
    return np.sqrt(variance) * rng.normal(size=fan_in * fan_out).reshape(fan_in, fan_out)


@variant
def column_by_column(fan_in, fan_out, rng):
    columns = [rng.standard_normal(fan_in) for _ in range(fan_out)]
    return np.stack(columns, axis=1) * np.sqrt(2 / (fan_in + fan_out))


STD = "np.sqrt(2 / (fan_in + fan_out))"
WAYS = "Xavier is a compromise between the way forward and the way back. Which fan does each want?"
MISTAKES = [
    mistake("The variance is 1 / fan_in: that is LeCun's in this course.",
            "Which fans does the table name for Xavier?",
            {STD: "np.sqrt(1 / fan_in)"}),
    mistake("The variance is 2 / fan_in: fan_out is missing.", WAYS,
            {STD: "np.sqrt(2 / fan_in)"}),
    mistake("The variance is 2 / fan_out: fan_in is missing.", WAYS,
            {STD: "np.sqrt(2 / fan_out)"}),
    mistake("The variance is 1 / fan_out: fan_in is missing.", WAYS,
            {STD: "np.sqrt(1 / fan_out)"}),
    mistake("The 2 is missing.",
            "For fan_in = fan_out the variance should be 1 / fan_in. Is yours?",
            {STD: "np.sqrt(1 / (fan_in + fan_out))"}),
    mistake("The 2 stands outside the root, or it is divided by the mean of the fans instead of by their sum.",
            "Compute the standard deviation for 8 inputs and 24 units by hand, and with your code.",
            {STD: "2 / np.sqrt(fan_in + fan_out)"}),
    mistake("Only the 2 is under the root.",
            "Compute the standard deviation for 8 inputs and 24 units by hand: it is 0.25.",
            {STD: "np.sqrt(2) / (fan_in + fan_out)"}),
    mistake("The fans are multiplied instead of added.",
            "Compute the variance for 8 inputs and 24 units by hand, and with your code.",
            {STD: "np.sqrt(2 / (fan_in * fan_out))"}),
    mistake("The geometric mean of the fans is used; fan_avg is their plain mean.",
            "What is the mean of 8 and 24, and what is the root of their product?",
            {STD: "1 / np.sqrt(np.sqrt(fan_in * fan_out))"}),
    mistake("Brackets are missing: fan_out is added to the fraction instead of to fan_in.",
            "Division binds more tightly than addition. What stands under the fraction bar?",
            {STD: "np.sqrt(2 / fan_in + fan_out)"}),
    *wrong_scales(2, "(fan_in + fan_out)"),
]
