"""leaky_relu: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _away_from_zero, _check_forward, _leaves_z_alone


def test_leaky_relu_of_arrays_of_any_shape(student, rng):
    """Negative entries are scaled by 0.01, the others stay."""
    for shape in SHAPES:
        z = 3 * rng.normal(size=shape)
        _check_forward(student.leaky_relu, np.where(z > 0, z, 0.01 * z), z, "leaky ReLU")


def test_leaky_relu_takes_the_slope_it_is_given(student, rng):
    """The slope of the negative side is the argument, and the positive side does not know it."""
    z = _away_from_zero(rng, (3, 4))
    for slope in (0.0, 0.2, 0.9):
        assert_close(student.leaky_relu(z.copy(), slope), np.where(z > 0, z, slope * z), what=f"leaky ReLU with {slope}")


def test_leaky_relu_of_integers(student):
    """Integers give fractions on the negative side."""
    got = student.leaky_relu(np.array([-3, 0, 4]), 0.1)
    assert_close(got, np.array([-0.3, 0.0, 4.0]), what="leaky ReLU of integers")


def test_leaky_relu_goes_on_for_ever(student):
    """Neither side levels off."""
    assert_close(student.leaky_relu(np.array([-1e5, 1e5])), np.array([-1e3, 1e5]), what="leaky ReLU of large numbers")


def test_leaky_relu_close_to_zero(student):
    """However close to zero, the sign of z decides."""
    got = student.leaky_relu(np.array([0.001, -0.001]), 0.5)
    assert_close(got, np.array([0.001, -0.0005]), what="leaky ReLU near 0")


def test_leaky_relu_leaves_z_as_it_was(student):
    """The result is a new array, and z stays as it was."""
    _leaves_z_alone(student.leaky_relu, np.array([[-0.01, 2.0]]), np.array([[-1.0, 2.0]]), "leaky ReLU")


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


def default_of_a_tenth(z, slope=0.1):
    return np.where(z > 0, z, slope * z)


def leaky_writes_into_z(z, slope=0.01):
    z[z < 0] *= slope
    return z


def leaky_integers_cut_off(z, slope=0.01):
    out = z.copy()
    out[z < 0] = slope * z[z < 0]
    return out


def default_of_a_fifth(z, slope=0.2):
    return np.where(z > 0, z, slope * z)


MISTAKES = [
    mistake("The slope is applied to the positive side.",
            "Which side of zero should pass unchanged?",
            {"z, slope * z": "slope * z, z"}),
    mistake("Negative numbers become the slope itself, not slope times z.",
            "What should come out at z = -2 and at z = -4? Not the same number.",
            {"* z)": ")"}),
    mistake("z is compared with the slope instead of with slope times z.",
            "What should come out at z = -2? Read the formula max(s·z, z) again.",
            {"* z": ""}, of=larger_of_two),
    mistake("Nothing leaks: this is ReLU.",
            "What should come out at z = -2?",
            {"slope * z, z": "z, 0"}, of=larger_of_two),
    mistake("The negative side comes out positive.",
            "Which sign should come out at z = -2? Leaky ReLU rises everywhere.",
            {", z,": ", z, -"}),
    mistake("The slope that was passed in is not used.",
            "Call your function with slope 0.5. Does it make a difference?",
            {", z, slope": ", z, 0.01"}),
    mistake("The default slope is 0.1 instead of 0.01.",
            "Look at the signature in the notebook.",
            by=default_of_a_tenth),
    mistake("z itself is changed.",
            "Print z before and after the call. Build a new array instead.",
            by=leaky_writes_into_z),
    mistake("The slope is applied on both sides, so that nothing bends.",
            "What should come out at z = 2, whatever the slope?",
            {"np.where(z > 0, z, slope * z)": "slope * z"}),
    mistake("The slope is added on the positive side as well: ReLU(z) + s·z.",
            "What should come out at z = 2, whatever the slope?",
            {"slope * z, z)": "0, z) + slope * z"}, of=larger_of_two),
    mistake("The result is stored in an array of z's dtype, so that integers cut off the fractions.",
            "What dtype has np.zeros_like, or a copy, of an integer array?",
            by=leaky_integers_cut_off),
    mistake("The negative side levels off at minus the slope.",
            "What should come out at z = -2 and at z = -4? Not the same number.",
            {"slope * z, z": "z, -slope"}, of=larger_of_two),
    mistake("The negative side is multiplied by 1 - s instead of by s.",
            "With s = 0.01, should much or little leak through?",
            {", z, slope": ", z, (1 - slope)"}),
    mistake("The negative side is divided by the slope.",
            "With s = 0.01, should z = -2 come out smaller or larger?",
            {"return": 'with np.errstate(all="ignore"):\n        return', "slope * z)": "z / slope)"}),
    mistake("This is the slope at z, 1 or s, not the value.",
            "What should come out at z = 2.5?",
            {"z, slope * z": "1.0, slope"}),
    mistake("The slope is subtracted from z; it is a factor.",
            "What should come out at z = -2 with s = 0.5?",
            {"slope * z)": "z - slope)"}),
    mistake("The slope is added to z; it is a factor.",
            "What should come out at z = -2 with s = 0.5?",
            {"slope * z)": "z + slope)"}),
    mistake("The default slope is 0.2 instead of 0.01.",
            "Look at the signature in the notebook.",
            by=default_of_a_fifth),
]
