"""leaky_relu_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, slip, variant

from .common import (
    BENT,
    OTHER_SIGNATURE,
    RELU_GRADIENT,
    Backward,
    away_from_zero,
    check_backward,
    leaky_slope,
    of_a_bend,
    of_every_backward,
    stored_as_integers,
)

HINTS = (
    'The derivative is one of two numbers. Which, and where?',
    'It depends on z, and multiplies da. On which side does z = 0 lie in this course?',
    'With slope 0.2, z = (−5, 0, 3) and da = (10, 10, 10): the gradient is (2, 2, 10).',
)

TESTS = family(
    "leaky_relu_backward", BENT,
    Backward(lambda student: student.leaky_relu_backward, "The gradient passes where z is positive and is scaled by 0.01 elsewhere.", leaky_slope, (0.5,)),
)


def test_leaky_relu_backward_takes_the_slope_it_is_given(student, rng):
    """The slope of the negative side is the argument."""
    for slope in (0.0, 0.2, 0.9):
        z, da = away_from_zero(rng, (3, 4)), rng.normal(size=(3, 4))
        check_backward(student.leaky_relu_backward, leaky_slope, da, z, slope, what=f"dz with slope {slope}")


def test_leaky_relu_backward_does_not_depend_on_the_size_of_z(student):
    """The gradient is scaled by the slope, not by z."""
    da, z = np.full(4, 2.0), np.array([-0.1, -50.0, 0.1, 50.0])
    check_backward(student.leaky_relu_backward, leaky_slope, da, z, 0.1)


@variant
def by_masks(da, z, slope=0.01):
    return da * (z > 0) + slope * da * (z <= 0)


@variant
def slopes_first(da, z, slope=0.01):
    slopes = np.ones(z.shape)
    slopes[z <= 0] = slope
    return slopes * da


@variant
def on_a_copy(da, z, slope=0.01):
    dz = np.array(da, dtype=float)
    dz[z <= 0] = dz[z <= 0] * slope
    return dz


DZ = "np.where(z > 0, da, slope * da)"
SLOPES = "np.where({z} > 0, 1.0, slope)"
MISTAKES = [
    mistake(RELU_GRADIENT,
            "What is the slope of s·z?",
            {DZ: "da * (z > 0)"}),
    mistake("The slope is applied where z is positive.",
            "Which side of zero passes the gradient unchanged?",
            {DZ: "np.where(z > 0, slope * da, da)"}),
    mistake("The negative side is multiplied by s·z, the value, instead of by s, the slope.",
            "What is the derivative of s·z with respect to z?",
            {DZ: "np.where(z > 0, da, slope * z * da)"}),
    slip("fixed", {DZ: "np.where(z > 0, da, 0.01 * da)"}, what="The slope that was passed in"),
    mistake("Where z is negative the slope itself is returned, without da.",
            "Try da = 0: how much gradient can go on then?",
            {DZ: "np.where(z > 0, da, slope)"}),
    mistake("At z = 0 nothing passes; the text takes the slope of the left side there, which is s.",
            "Do your two conditions leave out a case?",
            {"(z <= 0)": "(z < 0)"}, of=by_masks),
    mistake("Where z is negative s·z comes out, the value, and da is not used.",
            "The chain rule multiplies da by the slope. What is the slope there?",
            {DZ: "np.where(z > 0, da, slope * z)"}),
    mistake("The default slope is 0.1 instead of 0.01.", OTHER_SIGNATURE,
            {"slope=0.01": "slope=0.1"}),
    mistake("The gradient is multiplied by leaky ReLU's value instead of by its slope.",
            "What is the slope at z = 100? It does not depend on how large z is.",
            {DZ: "da * np.where(z > 0, z, slope * z)"}),
    mistake("The negative side is multiplied by 1 - s instead of by s.",
            "With s = 0.01, should much or little of the gradient pass on the left?",
            {DZ: "np.where(z > 0, da, (1 - slope) * da)"}),
    mistake("The slope is added on the positive side as well: 1 + s instead of 1.",
            "What is the slope of leaky ReLU at z = 2, exactly?",
            {DZ: "da * (z > 0) + slope * da"}),
    mistake("The sign of the leak is flipped.",
            "Leaky ReLU rises everywhere. What is the sign of its slope on the left?",
            {DZ: "np.where(z > 0, da, -slope * da)"}),
    mistake("The negative side is divided by the slope.",
            "With s = 0.01, should the gradient on the left come out smaller or larger?",
            {DZ: "np.where(z > 0, da, da / slope)"}),
    *of_a_bend("the whole gradient passes"),
    stored_as_integers(DZ, SLOPES.format(z="z")),
    *of_every_backward(DZ, SLOPES),
]
