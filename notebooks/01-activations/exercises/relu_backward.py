"""relu_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import SHAPES, _away_from_zero, _check_backward, _leaves_da_and_z_alone


def test_relu_backward_of_arrays_of_any_shape(student, rng):
    """The gradient passes where z is positive."""
    for shape in SHAPES:
        z, da = _away_from_zero(rng, shape), rng.normal(size=shape)
        _check_backward(student.relu_backward, np.where(z > 0, da, 0.0), da, z)


def test_relu_backward_passes_negative_gradients(student):
    """What decides is the sign of z, not that of da."""
    da, z = np.array([-1.0, -2.0, 3.0, 4.0]), np.array([5.0, -5.0, 5.0, -5.0])
    assert_close(student.relu_backward(da, z), np.array([-1.0, 0.0, 3.0, 0.0]), what="dz")


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


def test_relu_backward_of_integers(student):
    """Where z holds integers the gradient keeps its fractions."""
    da, z = np.array([0.5, -0.25, 1.5, 0.75]), np.array([-2, 0, 1, 3])
    assert_close(student.relu_backward(da, z), np.array([0.0, 0.0, 1.5, 0.75]), what="dz for integer z")


def test_relu_backward_leaves_its_inputs_alone(student):
    """Neither da nor z is changed."""
    da, z = np.array([2.0, -3.0, 0.5, 1.5]), np.array([-1.2, 0.7, 2.0, -0.4])
    _leaves_da_and_z_alone(student.relu_backward, np.where(z > 0, da, 0.0), da, z)


@variant
def backward_with_where(da, z):
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


def writes_into_da(da, z):
    da[z <= 0] = 0
    return da


def mask_written_into_z(da, z):
    z[z > 0] = 1
    z[z <= 0] = 0
    return da * z


MISTAKES = [
    mistake("The sign of da decides instead of the sign of z.",
            "Which units were switched on in the forward pass? Only z knows.",
            {"(z": "(da"}),
    mistake("Negative gradients are blocked as well.",
            "May a gradient through an active unit be negative? What does the derivative, 1, do to it?",
            {"*": "* (", "0)": "0) & (da > 0))"}),
    mistake("The slope is returned, without the incoming gradient.",
            "The chain rule multiplies. By what?",
            {"da *": "", "0)": "0).astype(float)"}),
    mistake("The gradient is multiplied by ReLU's value instead of its slope.",
            "What is the slope of max(0, z) at z = 100? It does not depend on how large z is.",
            {"(z >": "np.maximum(z,"}),
    mistake("The gradient passes where z is negative.",
            "For which z does ReLU change when z does?",
            {"(z >": "(z <"}),
    mistake("da itself is changed.",
            "The caller may still need da. Work on a copy or build a new array.",
            by=writes_into_da),
    mistake("At z = 0 the gradient passes; the text takes the slope of the left side there.",
            "Which comparison leaves out zero itself?",
            {"(z >": "(z >="}),
    mistake("The gradient passes everywhere, as if there were no bend.",
            "What is the slope of max(0, z) at z = -3?",
            {"(z > 0": "np.ones_like(z, dtype=float"}),
    mistake("z comes out where it is positive: that is ReLU itself, da is not used.",
            "The chain rule multiplies da by the slope. What is the slope where z > 0?",
            {"da, 0": "z, 0.0"}, of=backward_with_where),
    mistake("At z = 0 half of the gradient passes; the text takes the slope of the left side there.",
            "What is ReLU's slope just left of zero?",
            {"0": "0.5"}, of=with_heaviside),
    mistake("The slope of the negative side is taken to be -1: that is |z|.",
            "ReLU is flat on the left. What is its slope there?",
            {"(z > 0": "np.sign(z"}),
    mistake("The negative side leaks: this is the gradient of leaky ReLU.",
            "What is the slope of max(0, z) at z = -3, exactly?",
            {"0)": "0.01 * da)"}, of=backward_with_where),
    mistake("da and z have changed places.",
            "Compare the order of your parameters with the notebook's signature.",
            {"da * (z": "z * (da"}),
    mistake("z itself is changed.",
            "Print z before and after the call. Build the mask as a new array.",
            by=mask_written_into_z),
    mistake("Only the entries that pass are returned, so that the shape is lost.",
            "dz has the shape of z. What belongs in the other places?",
            {"* (z > 0)": "[z > 0]"}),
    mistake("The bend is taken to be at 1 instead of at 0.",
            "Where exactly does ReLU begin to rise?",
            {"0)": "1)"}),
    mistake("The sign is flipped.",
            "Where ReLU is on, its output moves with z. Which sign does the slope have?",
            {"return": "return -"}),
    mistake("@ is the matrix product; a gradient passes an activation entry by entry.",
            "Each entry of z acts on its own output only. Which operator multiplies entry by entry?",
            {"*": "@"}),
    mistake("The gradient is divided by the number of examples.",
            "If the loss is a mean, where is its 1/N already?",
            {"0)": "0) / len(z)"}),
    mistake("One decision is made for the whole array; each entry needs its own.",
            "Which function of NumPy decides entry by entry?",
            {"*": ".copy() if np.all", "0)": "0) else np.zeros_like(da)"}),
]
