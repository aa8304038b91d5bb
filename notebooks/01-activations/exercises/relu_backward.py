"""relu_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, family, mistake, variant
from nnlib.checks import assert_close

from .common import EITHER_WAY, Backward, leaky_slope, of_a_bend, of_every_backward, passes_negative_gradients

HINTS = (
    'Where z is positive ReLU does nothing. What happens to the gradient there, and what elsewhere?',
    'At z = 0 the course takes the slope on the left. Which comparison says so: > or >=?',
    'z = (−3, 0, 4) and da = (10, 10, 10): the gradient is (0, 0, 10).',
)

TESTS = family(
    "relu_backward",
    (*EITHER_WAY, passes_negative_gradients),
    Backward(lambda student: student.relu_backward, "The gradient passes where z is positive.", lambda z: leaky_slope(z, 0.0)),
)


@easy
def test_relu_backward_at_zero(student):
    """At z = 0 nothing passes, as the text says."""
    assert_close(student.relu_backward(np.array([3.0, -4.0]), np.zeros(2)), np.zeros(2), what="dz at z = 0")


def test_relu_backward_close_to_zero(student):
    """However close to zero, the sign of z decides."""
    da, z = np.array([3.0, 3.0]), np.array([1e-9, -1e-9])
    assert_close(student.relu_backward(da, z), np.array([3.0, 0.0]), what="dz near z = 0")


@easy
def test_relu_backward_does_not_depend_on_the_size_of_z(student):
    """A large z passes the gradient just as a small one does."""
    da, z = np.array([1.5, 1.5, 1.5]), np.array([0.01, 1.0, 1e4])
    assert_close(student.relu_backward(da, z), np.array([1.5, 1.5, 1.5]), what="dz")


@variant
def with_where(da, z):
    return np.where(z > 0, da, 0)


@variant
def copy_and_zero(da, z):
    dz = da.copy()
    dz[z <= 0] = 0
    return dz


@variant
def with_heaviside(da, z):
    return da * np.heaviside(z, 0)


@variant
def from_the_output(da, z):
    a = np.maximum(0, z)
    return np.multiply(da, np.sign(a))


DZ = "da * (z > 0)"
MISTAKES = [
    mistake("Negative gradients are blocked as well.",
            "May a gradient through an active unit be negative? What does the derivative, 1, do to it?",
            {DZ: "da * ((z > 0) & (da > 0))"}),
    mistake("The gradient is multiplied by ReLU's value instead of its slope.",
            "What is the slope of max(0, z) at z = 100? It does not depend on how large z is.",
            {DZ: "da * np.maximum(z, 0)"}),
    mistake("The gradient passes where z is negative.",
            "For which z does ReLU change when z does?",
            {DZ: "da * (z < 0)"}),
    mistake("The gradient passes everywhere, as if there were no bend.",
            "What is the slope of max(0, z) at z = -3?",
            {DZ: "da * np.ones_like(z, dtype=float)"}),
    mistake("z comes out where it is positive: that is ReLU itself, da is not used.",
            "The chain rule multiplies da by the slope. What is the slope where z > 0?",
            {DZ: "np.where(z > 0, z, 0.0)"}),
    mistake("At z = 0 half of the gradient passes; the text takes the slope of the left side there.",
            "What is ReLU's slope just left of zero?",
            {DZ: "da * np.heaviside(z, 0.5)"}),
    mistake("The slope of the negative side is taken to be -1: that is |z|.",
            "ReLU is flat on the left. What is its slope there?",
            {DZ: "da * np.sign(z)"}),
    mistake("The negative side leaks: this is the gradient of leaky ReLU.",
            "What is the slope of max(0, z) at z = -3, exactly?",
            {DZ: "np.where(z > 0, da, 0.01 * da)"}),
    mistake("Only the entries that pass are returned, so that the shape is lost.",
            "dz has the shape of z. What belongs in the other places?",
            {DZ: "da[z > 0]"}),
    mistake("The bend is taken to be at 1 instead of at 0.",
            "Where exactly does ReLU begin to rise?",
            {DZ: "da * (z > 1)"}),
    mistake("One decision is made for the whole array; each entry needs its own.",
            "Which function of NumPy decides entry by entry?",
            {DZ: "da.copy() if np.all(z > 0) else np.zeros_like(da)"}),
    *of_a_bend(),
    *of_every_backward(DZ, "1.0 * ({z} > 0)"),
]
