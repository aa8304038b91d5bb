"""relu: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _check_forward, _leaves_z_alone


def test_relu_of_arrays_of_any_shape(student, rng):
    """Negative entries become zero, the others stay."""
    for shape in SHAPES:
        z = 3 * rng.normal(size=shape)
        _check_forward(student.relu, np.where(z > 0, z, 0.0), z, "ReLU")


def test_relu_leaves_z_as_it_was(student):
    """The result is a new array, and z stays as it was."""
    z = np.array([[-1.0, 2.0, -3.0]])
    _leaves_z_alone(student.relu, np.array([[0.0, 2.0, 0.0]]), z, "ReLU")


def test_relu_of_integers(student):
    """Integers work as well."""
    assert_close(student.relu(np.array([-2, 0, 7])), np.array([0.0, 0.0, 7.0]), what="ReLU of integers")


def test_relu_does_not_saturate(student):
    """Large positive numbers stay what they are."""
    z = np.array([6.5, 1e3, 1e6, -1e6])
    assert_close(student.relu(z), np.array([6.5, 1e3, 1e6, 0.0]), what="ReLU of large numbers")


@easy
def test_relu_of_negative_numbers_only(student):
    """A unit that is negative everywhere is silent."""
    assert_close(student.relu(np.array([[-1.0, -0.5], [-2.0, -9.0]])), np.zeros((2, 2)), what="ReLU")


@variant
def with_where(z):
    return np.where(z > 0, z, 0)


@variant
def with_a_mask(z):
    return z * (z > 0)


@variant
def with_a_copy(z):
    out = np.array(z)
    out[out < 0] = 0
    return out


@variant
def half_of_sum(z):
    return (z + np.abs(z)) / 2


@variant
def with_clip(z):
    return np.clip(z, 0, None)


def writes_into_z(z):
    z[z < 0] = 0
    return z


MISTAKES = [
    mistake("Negative numbers are turned around instead of set to zero.",
            "What should ReLU of -3 be?",
            {"maximum(z, 0": "abs(z"}),
    mistake("The negative part is kept instead of the positive one.",
            "Which is larger, 0 or -3? ReLU keeps the larger.",
            {"maximum": "minimum"}),
    mistake("The result says where z is positive, not what it is there.",
            "What should ReLU of 2.5 be?",
            {"np.maximum(z, 0)": "(z > 0).astype(float)"}),
    mistake("z itself is changed.",
            "Print z before and after the call. Which operation writes into the array it was given?",
            by=writes_into_z),
    mistake("np.max(z, 0) takes the maximum along axis 0; it does not compare with 0.",
            "Which NumPy function compares two things entry by entry?",
            {"maximum": "max"}),
    mistake("Large numbers are cut off at 6 (that is ReLU6).",
            "ReLU does not saturate on the positive side. What should it give for 100?",
            {"None": "6"}, of=with_clip),
    mistake("Everything below 1 is cut off.",
            "Where exactly is the bend?",
            {"maximum(": "where(z > 1,"}),
    mistake("Negative numbers leak through; that is leaky ReLU.",
            "What should ReLU of -100 be, exactly?",
            {"0)": "0.01 * z)"}, of=with_where),
    mistake("Python's max, or an if, is asked about a whole array at once.",
            "Which function of NumPy compares entry by entry?",
            {"np.maximum(z, 0": "max(0, z"}),
    mistake("Only the positive entries are returned, so that the shape is lost.",
            "The result must have the shape of z. What belongs in the other places?",
            {"np.maximum(z, 0)": "z[z > 0]"}),
    mistake("This is softplus, log(1 + exp(z)), a smooth relative of ReLU.",
            "What should ReLU of 0 be, exactly?",
            {"maximum(z, 0": "logaddexp(0, z"}),
    mistake("Numbers above 1 are cut off.",
            "ReLU does not saturate on the positive side. What should it give for 2.5?",
            {"None": "1"}, of=with_clip),
    mistake("One decision is made for the whole array; each entry needs its own.",
            "What should become of (-3, 2)? Which function of NumPy decides entry by entry?",
            {"np.maximum(z, 0)": "z.copy() if np.any(z > 0) else 0.0 * z"}),
    mistake("z comes back as it was: nothing is cut off.",
            "What should become of (-3, 2)? A condition on a whole array decides once for all entries.",
            {"maximum(z, 0": "array(z"}),
    mistake("z is turned around first: this is max(0, -z).",
            "What should ReLU of 2 be, and what of -2?",
            {"z, 0": "0, -z"}),
    mistake("This is the slope, 1 or 0 in whole numbers, not the value.",
            "What should ReLU of 2.5 be?",
            {"z,": "1,"}, of=with_where),
    mistake("Fractions are cut off: the result is stored as integers.",
            "What should ReLU of 2.5 be? Which dtype does your result have?",
            {"z, 0)": "0, z).astype(int)"}),
    mistake("z is compared with 1 instead of with 0.",
            "What should ReLU of -3 be?",
            {"z, 0": "1, z"}),
    mistake("The result is one long row; it should have the shape of z.",
            "What does ravel or flatten do? Can NumPy do it without a loop?",
            {"z, 0)": "0, z).ravel()"}),
]
