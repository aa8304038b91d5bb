"""leaky_relu: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, slip, variant
from nnlib.checks import assert_close

from .common import EITHER_WAY, OTHER_SIGNATURE, Forward, away_from_zero, check_forward, leaky_slope, stored_as_integers

HINTS = (
    'There are two lines, one for each side of zero. What are their slopes?',
    'NumPy can choose between two arrays entry by entry. What is chosen at z = 0, and does it matter?',
    'With slope 0.2: z = (−5, 0, 3) becomes (−1, 0, 3).',
)


def _leaky(z, slope=0.01):
    return z * leaky_slope(z, slope)


TESTS = family(
    "leaky_relu", EITHER_WAY,
    Forward(lambda student: student.leaky_relu, "Negative entries are scaled by 0.01, the others stay.", _leaky, "leaky ReLU", (0.1,)),
)


def test_leaky_relu_takes_the_slope_it_is_given(student, rng):
    """The slope of the negative side is the argument, and the positive side does not know it."""
    for slope in (0.0, 0.2, 0.9):
        z = away_from_zero(rng, (3, 4))
        check_forward(student.leaky_relu, _leaky, z, slope, what=f"leaky ReLU with {slope}")


def test_leaky_relu_goes_on_for_ever(student):
    """Neither side levels off."""
    assert_close(student.leaky_relu(np.array([-1e5, 1e5])), np.array([-1e3, 1e5]), what="leaky ReLU of large numbers")


def test_leaky_relu_close_to_zero(student):
    """However close to zero, the sign of z decides."""
    check_forward(student.leaky_relu, _leaky, np.array([0.001, -0.001]), 0.5, what="leaky ReLU near 0")


@variant
def larger_of_two(z, slope=0.01):
    return np.maximum(slope * z, z)


@variant
def sum_of_parts(z, slope=0.01):
    return np.maximum(z, 0) + slope * np.minimum(z, 0)


@variant
def float_copy(z, slope=0.01):
    out = np.array(z, dtype=float)
    out[out < 0] *= slope
    return out


VALUE = "np.where(z > 0, z, slope * z)"
AT_MINUS_TWO = "What should come out at z = -2?"
AT_TWO = "What should come out at z = 2, whatever the slope?"
MISTAKES = [
    mistake("The slope is applied to the positive side.",
            "Which side of zero should pass unchanged?",
            {VALUE: "np.where(z > 0, slope * z, z)"}),
    mistake("Negative numbers become the slope itself, or minus the slope, not slope times z.",
            "What should come out at z = -2 and at z = -4? Not the same number.",
            {VALUE: "np.where(z > 0, z, slope)"}, {VALUE: "np.maximum(z, -slope)"}),
    mistake("z is compared with the slope instead of with slope times z.",
            f"{AT_MINUS_TWO} Read the formula max(s·z, z) again.",
            {VALUE: "np.maximum(slope, z)"}),
    mistake("Nothing leaks: this is ReLU.", AT_MINUS_TWO,
            {VALUE: "np.maximum(z, 0)"}),
    mistake("The negative side comes out positive.",
            "What sign should come out at z = -2? Leaky ReLU rises everywhere.",
            {VALUE: "np.where(z > 0, z, -slope * z)"}),
    slip("fixed", {VALUE: "np.where(z > 0, z, 0.01 * z)"}, what="The slope that was passed in"),
    mistake("The default slope is not 0.01.", OTHER_SIGNATURE,
            {"slope=0.01": "slope=0.1"}, {"slope=0.01": "slope=0.2"}),
    mistake("The slope is applied on both sides, so that nothing bends.", AT_TWO,
            {VALUE: "slope * z"}),
    mistake("The slope is added on the positive side as well: ReLU(z) + s·z.", AT_TWO,
            {VALUE: "np.maximum(z, 0) + slope * z"}),
    mistake("The negative side is multiplied by 1 - s instead of by s.",
            "With s = 0.01, should much or little leak through?",
            {VALUE: "np.where(z > 0, z, (1 - slope) * z)"}),
    mistake("The negative side is divided by the slope.",
            "With s = 0.01, should z = -2 come out smaller or larger?",
            {VALUE: "np.where(z > 0, z, z / slope)"}),
    mistake("This is the slope at z, 1 or s, not the value.",
            "What should come out at z = 2.5?",
            {VALUE: "np.where(z > 0, 1.0, slope)"}),
    mistake("The slope is added to z or subtracted; it is a factor.",
            "What should come out at z = -2 with s = 0.5?",
            {VALUE: "np.where(z > 0, z, z + slope)"}, {VALUE: "np.where(z > 0, z, z - slope)"}),
    slip("writes_into_input", {f"return {VALUE}": "z[z < 0] *= slope\n    return z"}, what="z"),
    stored_as_integers(VALUE),
]
