"""elu_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, variant

from .common import (
    EITHER_WAY,
    MEETS_INFINITY,
    RELU_GRADIENT,
    Backward,
    at_zero,
    away_from_zero,
    check_backward,
    elu_slope,
    of_a_bend,
    of_every_backward,
    passes_negative_gradients,
    stored_as_integers,
)

HINTS = (
    'What is the derivative of alpha·(e^z − 1)?',
    'On the right the slope is 1. On the left it is alpha·e^z; which exponentials can overflow where they are '
    'not used?',
    'With alpha 2, z = (−1, 3) and da = (10, 10): the gradient is (2·0.3679·10, 10) = (7.358, 10).',
)

FORMULA = "dz is da times 1 on the positive side and exp(z) on the negative side."
ROW = Backward(lambda student: student.elu_backward, FORMULA, elu_slope)
TESTS = [
    *family("elu_backward", (*EITHER_WAY, passes_negative_gradients), ROW),
    *family("elu_backward", (at_zero,), ROW._replace(rest=(0.5,))),
]


def test_elu_backward_takes_the_alpha_it_is_given(student, rng):
    """On the negative side the slope is alpha times exp(z)."""
    for alpha in (0.2, 1.7, 3.0):
        z, da = away_from_zero(rng, (3, 4)), rng.normal(size=(3, 4))
        check_backward(student.elu_backward, elu_slope, da, z, alpha, what=f"dz with alpha = {alpha}")


def test_elu_backward_far_out(student):
    """Far out the slope is 1 on the right and 0 on the left, never nan."""
    da, z = np.array([2.0, 2.0, -3.0, -3.0]), np.array([1000.0, -1000.0, 800.0, -40.0])
    check_backward(student.elu_backward, elu_slope, da, z, what="dz far out")


@variant
def output_plus_alpha(da, z, alpha=1.0):
    a = np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))
    return da * np.where(z > 0, 1, a + alpha)


@variant
def slopes_first(da, z, alpha=1.0):
    slopes = np.ones(z.shape)
    slopes[z <= 0] = alpha * np.exp(z[z <= 0])
    return da * slopes


@variant
def overflow_unused(da, z, alpha=1.0):
    with np.errstate(over="ignore"):
        return da * np.where(z > 0, 1.0, alpha * np.exp(z))


def infinity_times_zero(da, z, alpha=1.0):
    with np.errstate(all="ignore"):
        return da * ((z > 0) + (z <= 0) * alpha * np.exp(z))


EXP = "np.exp(np.minimum(z, 0))"
LEFT = f"da * alpha * {EXP}"
DZ = f"np.where(z > 0, da, {LEFT})"
SLOPES = "np.where({z} > 0, 1.0, alpha * np.exp(np.minimum({z}, 0)))"
MISTAKES = [
    mistake("The negative side is multiplied by ELU's value, alpha(exp(z) - 1), instead of its slope.",
            "Differentiate alpha(exp(z) - 1). What becomes of the - 1?",
            {LEFT: f"da * alpha * ({EXP} - 1)"}),
    mistake("The slope of the negative side lacks alpha.",
            "Differentiate alpha(exp(z) - 1) with alpha = 3.",
            {LEFT: f"da * {EXP}"}),
    mistake("The slope is taken to be the output plus 1; it is the output plus alpha.",
            "exp(z) = output/alpha + 1. What is alpha times that?",
            {LEFT: f"da * (alpha * ({EXP} - 1) + 1)"}),
    mistake("The slope of the negative side is taken to be alpha everywhere; that is PReLU.",
            "Far out on the left the curve is flat. Is your slope?",
            {LEFT: "da * alpha"}),
    mistake(MEETS_INFINITY,
            "Both sides are computed before one is chosen. What can you put into exp instead of z?",
            by=infinity_times_zero),
    mistake(RELU_GRADIENT,
            "Is ELU flat at z = -1?",
            {DZ: "da * (z > 0)"}),
    mistake("The exponent has the wrong sign, so that the slope grows to the left.",
            "What should the slope be at z = -5?",
            {LEFT: "da * alpha * np.exp(np.minimum(-z, 700))"}),
    mistake("The slope is taken to be z + alpha; it is the output plus alpha.",
            "alpha·exp(z) can be had from the output, not from z. How?",
            {LEFT: "da * (z + alpha)"}),
    mistake("alpha stands in the exponent instead of in front.",
            "Differentiate alpha(exp(z) - 1). Where does alpha stay?",
            {LEFT: "da * np.exp(alpha * np.minimum(z, 0))"}),
    mistake("The positive side is scaled by alpha as well.",
            "What is the slope of z, whatever alpha is?",
            {DZ: f"alpha * np.where(z > 0, da, da * {EXP})"}),
    mistake("elu is called without alpha, so that it uses its default.",
            "Which arguments does your call of elu pass on?",
            {LEFT: f"da * ({EXP} - 1 + alpha)"}),
    mistake("Where z is negative the slope itself is returned, without da.",
            "Try da = 0: how much gradient can go on then?",
            {LEFT: f"alpha * {EXP}"}),
    mistake("The positive side is multiplied by z.",
            "What is the slope of z at z = 100?",
            {DZ: f"np.where(z > 0, da * z, {LEFT})"}),
    mistake("At z = 0 nothing passes; the text takes the slope of the left side there.",
            "Do your two conditions leave out a case?",
            {DZ: f"{DZ} * (z != 0)"}),
    *of_a_bend("the slope of the right side counts"),
    stored_as_integers(DZ, SLOPES.format(z="z")),
    *of_every_backward(DZ, SLOPES),
]
