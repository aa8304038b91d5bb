"""relu: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, family, mistake, slip, variant
from nnlib.checks import assert_close

from .common import EITHER_WAY, Forward

HINTS = (
    'What is the larger of two numbers, of which one is z?',
    'NumPy compares entry by entry, and one of its functions takes the larger of two. Does yours give back a '
    'new array?',
    'z = (−3, 0, 4) becomes (0, 0, 4). An array of whole numbers stays one of whole numbers.',
)


def _relu(z):
    return np.where(z > 0, z, 0.0)


TESTS = family(
    "relu", EITHER_WAY,
    Forward(lambda student: student.relu, "Negative entries become zero, the others stay.", _relu, "ReLU"),
)


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


VALUE = "np.maximum(z, 0)"
OF_HALVES = "What should ReLU of 2.5 be?"
BOTH_SIGNS = "What should become of (-3, 2)? Which function of NumPy decides entry by entry?"
MISTAKES = [
    mistake("Negative numbers are turned around instead of set to zero.",
            "What should ReLU of -3 be?",
            {VALUE: "np.abs(z)"}),
    mistake("The negative part is kept instead of the positive one.",
            "Which is larger, 0 or -3? ReLU keeps the larger.",
            {VALUE: "np.minimum(z, 0)"}),
    mistake("The result says where z is positive, not what it is there: that is the slope.", OF_HALVES,
            {VALUE: "(z > 0).astype(float)"}, {VALUE: "np.where(z > 0, 1, 0)"}),
    mistake("np.max(z, 0) takes the maximum along axis 0; it does not compare with 0.",
            "Which NumPy function compares two things entry by entry?",
            {VALUE: "np.max(z, 0)"}),
    mistake("Large numbers are cut off, as ReLU6 does at 6.",
            "ReLU does not saturate on the positive side. What should it give for 2.5, and what for 100?",
            {VALUE: "np.clip(z, 0, 6)"}, {VALUE: "np.clip(z, 0, 1)"}),
    mistake("Everything below 1 is cut off.",
            "Where exactly is the bend?",
            {VALUE: "np.where(z > 1, z, 0)"}),
    mistake("Negative numbers leak through; that is leaky ReLU.",
            "What should ReLU of -100 be, exactly?",
            {VALUE: "np.where(z > 0, z, 0.01 * z)"}),
    mistake("Python's max, or an if, is asked about a whole array at once.",
            "Which function of NumPy compares entry by entry?",
            {VALUE: "max(0, z)"}),
    mistake("Only the positive entries are returned, so that the shape is lost.",
            "The result must have the shape of z. What belongs in the other places?",
            {VALUE: "z[z > 0]"}),
    mistake("This is softplus, log(1 + exp(z)), a smooth relative of ReLU.",
            "What should ReLU of 0 be, exactly?",
            {VALUE: "np.logaddexp(0, z)"}),
    mistake("One decision is made for the whole array; each entry needs its own.", BOTH_SIGNS,
            {VALUE: "z.copy() if np.any(z > 0) else 0.0 * z"}),
    mistake("z comes back as it was: nothing is cut off.", BOTH_SIGNS,
            {VALUE: "np.array(z)"}),
    mistake("z is turned around first: this is max(0, -z).",
            "What should ReLU of 2 be, and what of -2?",
            {VALUE: "np.maximum(0, -z)"}),
    mistake("Fractions are cut off: the result is stored as integers.",
            "What should ReLU of 2.5 be? What is the dtype of your result?",
            {VALUE: "np.maximum(z, 0).astype(int)"}),
    mistake("z is compared with 1 instead of with 0.",
            "What should ReLU of -3 be?",
            {VALUE: "np.maximum(z, 1)"}),
    mistake("The result is one long row; it should have the shape of z.",
            "What does ravel or flatten do? Can NumPy do it without a loop?",
            after=np.ravel),
    slip("writes_into_input", {f"return {VALUE}": "z[z < 0] = 0\n    return z"}, what="z"),
]
